SELECT count(DISTINCT number), min(number) >= 1000 FROM invoices;

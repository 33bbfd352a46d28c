SELECT moving(amount), least_of(amount) FROM sales;

SELECT product, country, price FROM prices ORDER BY product;

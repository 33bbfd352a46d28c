-- Makes room; no row is written.
ALTER TABLE users ALTER COLUMN full_name TYPE text;
ALTER TABLE products ALTER COLUMN sku TYPE varchar(64);

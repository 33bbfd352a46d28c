ALTER TABLE products
    ADD COLUMN color varchar(30),
    ADD COLUMN size_code character(2),
    ADD COLUMN views int,
    ADD COLUMN shelf int2,
    ADD COLUMN available_from timestamp,
    ADD COLUMN ean bpchar;

INSERT INTO "order" (status) VALUES ('open'), ('paid');
INSERT INTO product (name, price) VALUES ('Pen', 1.50), ('Desk', 249.00);

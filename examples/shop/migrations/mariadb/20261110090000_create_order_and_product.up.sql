-- dbtool: revision 20261110090000
-- Create order and product

-- dbtool: step "create order"
CREATE TABLE `order` (
  id int NOT NULL AUTO_INCREMENT,
  status varchar(16) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- dbtool: step "create product"
CREATE TABLE product (
  id int NOT NULL AUTO_INCREMENT,
  name text NOT NULL,
  price decimal(8,2) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT product_price_check CHECK (price > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- dbtool: revision 20261110090000
-- Create todo

-- dbtool: step "create todo"
CREATE TABLE todo (
  id int NOT NULL AUTO_INCREMENT,
  description text NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

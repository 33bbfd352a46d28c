-- dbtool: revision 20261110090000
-- Create roles and users

-- dbtool: step "create roles"
CREATE TABLE roles (
  id int NOT NULL AUTO_INCREMENT,
  name varchar(64),
  PRIMARY KEY (id),
  UNIQUE KEY roles_name_key (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- dbtool: step "create users"
CREATE TABLE users (
  id int NOT NULL AUTO_INCREMENT,
  username varchar(64),
  role_id int,
  PRIMARY KEY (id),
  UNIQUE KEY users_username_idx (username),
  KEY users_role_id_fkey (role_id),
  CONSTRAINT users_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- dbtool: revision 20261110090000
-- Create roles and users

BEGIN IMMEDIATE;

-- dbtool: step "create roles"
CREATE TABLE roles (
  id integer PRIMARY KEY,
  name varchar(64),
  CONSTRAINT roles_name_key UNIQUE (name)
);

-- dbtool: step "create users"
CREATE TABLE users (
  id integer PRIMARY KEY,
  username varchar(64),
  role_id integer,
  CONSTRAINT users_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id)
);
CREATE UNIQUE INDEX users_username_idx ON users (username);

COMMIT;

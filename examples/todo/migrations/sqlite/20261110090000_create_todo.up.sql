-- dbtool: revision 20261110090000
-- Create todo

BEGIN IMMEDIATE;

-- dbtool: step "create todo"
CREATE TABLE todo (
  id integer PRIMARY KEY,
  description text NOT NULL
);

COMMIT;

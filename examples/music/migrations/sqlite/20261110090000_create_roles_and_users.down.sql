-- dbtool: revision 20261110090000
-- Create roles and users
-- Drops table roles, which the way up made, with its rows.
-- Drops table users, which the way up made, with its rows.

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "drop roles"
DROP TABLE roles;

-- dbtool: step "drop users"
DROP TABLE users;

COMMIT;

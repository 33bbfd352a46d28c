-- dbtool: revision 20261110090000
-- Create roles and users
-- Drops table roles, which the way up made, with its rows.
-- Drops table users, which the way up made, with its rows.

-- dbtool: step "drop users" contract
DROP TABLE users;

-- dbtool: step "drop roles" contract
DROP TABLE roles;

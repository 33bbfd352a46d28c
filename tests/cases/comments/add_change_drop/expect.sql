SELECT obj_description('users'::regclass), id FROM users;

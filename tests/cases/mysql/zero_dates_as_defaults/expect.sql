SELECT id, login, registered, born, name FROM users ORDER BY id;
SELECT replace(column_default, '''', '') FROM information_schema.columns WHERE table_schema = database() AND table_name = 'users' AND column_name = 'born';

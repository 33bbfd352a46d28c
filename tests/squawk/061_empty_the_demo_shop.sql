-- The demo shop begins anew every night.
TRUNCATE users CASCADE;
ALTER TABLE users ALTER COLUMN id RESTART WITH 1;
ALTER TABLE orders ALTER COLUMN id SET GENERATED ALWAYS;
ALTER SEQUENCE ticket_number_seq RESTART WITH 1;
INSERT INTO users (email, full_name) VALUES ('demo@example.org', 'Demo');

SET SESSION sql_mode = '';
INSERT INTO users (login) VALUES ('ada'), ('bob');
INSERT INTO users (login, registered, born) VALUES ('eve', '2024-02-03 04:05:06', '2001-00-00');
INSERT INTO gone (id) VALUES (1);

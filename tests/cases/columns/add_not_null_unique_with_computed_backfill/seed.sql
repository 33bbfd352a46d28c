INSERT INTO users (id, email) VALUES (1, 'Ada@x.org'), (2, 'GRACE@x.org');

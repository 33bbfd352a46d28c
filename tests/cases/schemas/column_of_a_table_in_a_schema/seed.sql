INSERT INTO audit.events (id, what) VALUES (1, 'BANG'), (2, 'hush');
INSERT INTO events (id) VALUES (1);

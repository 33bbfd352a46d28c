INSERT INTO `groups` (id) VALUES (1);
INSERT INTO users (id, mail, team) VALUES (1, 'ada@x.org', 1), (2, 'grace@x.org', NULL);

INSERT INTO `groups` (id) VALUES (1);
INSERT INTO todos (id, description, group_id) VALUES (1, 'sweep', 1), (2, 'mop', NULL);

INSERT INTO `order` (id, `select`, `Mixed Case`, `a"b`) VALUES (1, 5, NULL, 7), (2, 6, 'Yes', NULL);

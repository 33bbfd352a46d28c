INSERT INTO `order` VALUES (1, 'a', NULL, 3), (2, 'b', 9, 4);
INSERT INTO `table of ``ticks``` VALUES (1);

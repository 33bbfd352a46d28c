INSERT INTO `new` VALUES (2, 'b');
SELECT * FROM `new` ORDER BY id;

INSERT INTO t VALUES (2, 'x');
SELECT quoted(), plain();
CALL slash();
SELECT * FROM t ORDER BY id;

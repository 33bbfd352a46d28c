UPDATE t SET a = '=' WHERE id = 1;
SELECT * FROM t ORDER BY id;

CALL changed();
SET @b = 'b';
CALL many(5, @b, @c);
SELECT * FROM t ORDER BY id;
SELECT @b, @c;
SELECT * FROM v;

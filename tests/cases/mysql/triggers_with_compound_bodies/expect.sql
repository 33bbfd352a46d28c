INSERT INTO t VALUES (2, 'skip;'), (3, 'it\'s'), (4, 'x');
SELECT text FROM log ORDER BY n;

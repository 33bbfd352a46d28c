SELECT * FROM t;
SELECT hides, new FROM t;

SELECT * FROM t ORDER BY id;
SELECT * FROM parents ORDER BY id;
SELECT * FROM parents_of_parents ORDER BY id;

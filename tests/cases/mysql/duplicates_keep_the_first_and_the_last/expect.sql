SELECT id FROM first ORDER BY id;
SELECT id FROM last ORDER BY id;
SELECT * FROM pointing;

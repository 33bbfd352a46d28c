SELECT id, CASE WHEN set_ THEN 'yes' ELSE 'no' END FROM flags ORDER BY id;

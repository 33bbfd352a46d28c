SELECT 'deletes', d.* FROM deletes AS d UNION ALL SELECT 'empties', e.* FROM empties AS e UNION ALL SELECT 'trees', t.* FROM trees AS t ORDER BY 1, 2;

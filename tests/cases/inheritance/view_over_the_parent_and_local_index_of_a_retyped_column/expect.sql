SELECT p.id, p.name, w.wage FROM people p LEFT JOIN workers w ON w.id = p.id ORDER BY p.id;

SELECT p.id, p.name, w.wage FROM folk p LEFT JOIN staff w ON w.id = p.id ORDER BY p.id;

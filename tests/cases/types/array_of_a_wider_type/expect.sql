SELECT id, tags, numbers FROM docs ORDER BY id;

SELECT id, what, loud FROM audit.events ORDER BY id;

SELECT id, body::jsonb -> 'a' ->> 1 FROM docs ORDER BY id;

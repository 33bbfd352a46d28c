SELECT column_name, character_set_name, column_type FROM information_schema.columns WHERE table_schema = database() AND table_name = 'words' AND character_set_name IS NOT NULL ORDER BY column_name;
SELECT id, word, hex(word), raw, `long` FROM words ORDER BY id;

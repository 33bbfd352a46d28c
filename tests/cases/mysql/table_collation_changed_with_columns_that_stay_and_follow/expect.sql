SELECT table_collation FROM information_schema.tables WHERE table_schema = database() AND table_name = 'words';
SELECT column_name, collation_name FROM information_schema.columns WHERE table_schema = database() AND table_name = 'words' AND collation_name IS NOT NULL ORDER BY column_name;
SELECT id, follows, stays, own, kind, follows = 'Ä', stays = 'ö' FROM words;

SELECT constraint_name, delete_rule, update_rule FROM information_schema.referential_constraints WHERE constraint_schema = database() ORDER BY 1;
BEGIN;
DELETE FROM parents WHERE a = 3;
UPDATE parents SET n = 'z';
SELECT * FROM t ORDER BY id;
ROLLBACK;

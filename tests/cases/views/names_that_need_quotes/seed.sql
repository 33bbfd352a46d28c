INSERT INTO "odd table" VALUES (1, 'x');

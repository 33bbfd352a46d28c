ALTER TABLE users RENAME COLUMN "displayName" TO display_name;

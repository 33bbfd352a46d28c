ALTER TABLE users ADD COLUMN preferences json;
ALTER TABLE payments ADD COLUMN response json DEFAULT '{}';

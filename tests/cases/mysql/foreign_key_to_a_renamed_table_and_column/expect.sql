SELECT * FROM t JOIN elders ON elder_key = `key`;

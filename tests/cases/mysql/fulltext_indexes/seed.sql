INSERT INTO t VALUES (1, 'red house', 'a small garden'), (2, 'blue car', 'four wheels');

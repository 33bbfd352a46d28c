SELECT id, plain, number, word, CASE WHEN flag THEN 'yes' ELSE 'no' END, gone FROM things;

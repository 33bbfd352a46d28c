SELECT rowid, code FROM things ORDER BY rowid;

SELECT rowid, code FROM things ORDER BY _rowid_;

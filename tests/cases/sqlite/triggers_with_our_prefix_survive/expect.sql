SELECT name FROM log; SELECT name FROM sqlite_schema WHERE tbl_name = 'users' AND type <> 'table' ORDER BY name;

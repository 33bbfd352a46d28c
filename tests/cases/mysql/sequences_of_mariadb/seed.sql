INSERT INTO t (a) VALUES ('x'), ('y');
SELECT nextval(changed);

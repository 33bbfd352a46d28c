INSERT INTO t VALUES ('aa'), ('bb');

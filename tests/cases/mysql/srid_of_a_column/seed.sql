INSERT INTO places VALUES (1, st_geomfromtext('POINT(1 2)', 4326));

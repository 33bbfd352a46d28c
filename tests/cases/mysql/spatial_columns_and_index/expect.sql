SELECT id, st_astext(at), st_astext(area), st_astext(`any`) FROM places WHERE st_within(`any`, st_geomfromtext('POLYGON((0 0,0 3,3 3,3 0,0 0))'));

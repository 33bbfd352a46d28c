SELECT id, st_astext(at), st_srid(at) FROM places;

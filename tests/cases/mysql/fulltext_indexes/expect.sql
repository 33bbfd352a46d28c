SELECT id FROM t WHERE match (title, body) against ('garden');

SELECT id FROM t WHERE match (title) against ('seho' IN BOOLEAN MODE);

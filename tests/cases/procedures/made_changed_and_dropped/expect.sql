CALL tidy(1); SELECT count(*) FROM drafts;

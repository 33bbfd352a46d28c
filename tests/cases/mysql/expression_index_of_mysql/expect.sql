SELECT id FROM t WHERE 2 MEMBER OF (data->'$.tags');

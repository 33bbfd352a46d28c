SELECT id, `select`, `Mixed Case`, `a"b`, `from`, `ünï` FROM `order` ORDER BY id;

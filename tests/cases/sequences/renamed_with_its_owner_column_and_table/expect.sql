SELECT last_value, key FROM t, b;

SELECT last_value, id FROM s, a;

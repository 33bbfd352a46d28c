SELECT last_value, id FROM numbers, a;

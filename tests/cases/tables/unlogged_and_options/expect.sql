SELECT id, hits FROM counters ORDER BY id;

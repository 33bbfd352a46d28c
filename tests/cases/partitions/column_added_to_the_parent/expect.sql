SELECT id, at, what, n, k FROM events;

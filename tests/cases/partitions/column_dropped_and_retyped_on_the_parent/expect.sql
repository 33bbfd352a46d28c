SELECT id, what, n FROM events;

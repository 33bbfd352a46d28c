SELECT id, n FROM events;

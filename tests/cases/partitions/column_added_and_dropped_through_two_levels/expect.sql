SELECT id, at, what FROM events;

SELECT id, what FROM events;

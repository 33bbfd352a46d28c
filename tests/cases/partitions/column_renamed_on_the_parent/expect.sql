SELECT id, topic FROM events;

SELECT id, priority, other FROM todos;

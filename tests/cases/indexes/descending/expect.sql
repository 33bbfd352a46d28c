SELECT id, due FROM todos;

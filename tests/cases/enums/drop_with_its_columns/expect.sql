SELECT * FROM todos;

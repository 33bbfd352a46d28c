SELECT id, status FROM app.open_todos;

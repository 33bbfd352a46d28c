SELECT count(email) FROM app.users;

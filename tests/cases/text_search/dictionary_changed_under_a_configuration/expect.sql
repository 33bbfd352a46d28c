SELECT id, words FROM users;

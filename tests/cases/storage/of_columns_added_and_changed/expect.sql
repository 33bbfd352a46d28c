SELECT id, name, mail, old FROM users;

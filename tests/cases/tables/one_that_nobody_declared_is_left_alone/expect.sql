SELECT legacy.word, users.id FROM legacy, users;

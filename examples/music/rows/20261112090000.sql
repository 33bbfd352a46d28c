INSERT INTO tracks (title, genre, user_id) VALUES ('Giant Steps', 'jazz', 3);

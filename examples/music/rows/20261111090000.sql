INSERT INTO tracks (title, genre, user_id) VALUES ('Goldberg Variations', 'classical', 1), ('So What', 'jazz', 2);
INSERT INTO tracks (title, user_id) VALUES ('Paranoid', 2);

-- Rows of the time before `completed` and the lists.
INSERT INTO todo (description) VALUES ('Buy milk'), ('Call Anna'), ('Pay the rent');

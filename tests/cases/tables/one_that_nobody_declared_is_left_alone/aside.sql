CREATE TABLE legacy (id integer PRIMARY KEY, word varchar(20) NOT NULL);
INSERT INTO legacy (id, word) VALUES (1, 'precious');

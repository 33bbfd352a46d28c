INSERT INTO things (id, code) VALUES (1, '007'), (2, '+5'), (3, '1.50'), (4, ' 12 '), (5, '1e3'), (6, '12');

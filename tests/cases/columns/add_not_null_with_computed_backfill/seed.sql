INSERT INTO users (id, email) VALUES (1, 'Ada@x.org'), (2, 'GRACE@x.org'), (3, 'edsger@x.org'), (40, 'Tony@x.org'), (41, 'BARBARA@x.org');

SELECT setval('s', 9);

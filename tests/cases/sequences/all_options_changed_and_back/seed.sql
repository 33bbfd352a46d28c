SELECT setval('s', 77);

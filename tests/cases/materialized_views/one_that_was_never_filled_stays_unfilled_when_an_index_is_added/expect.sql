SELECT relispopulated FROM pg_class WHERE relname = 'ids';

SELECT b_count();

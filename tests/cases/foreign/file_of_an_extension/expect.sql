SELECT a FROM root;

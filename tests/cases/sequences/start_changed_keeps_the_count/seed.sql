SELECT nextval('s'); SELECT nextval('s');

CALL changed();

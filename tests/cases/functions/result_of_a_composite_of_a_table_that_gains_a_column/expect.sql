SELECT name FROM named;

SELECT total();

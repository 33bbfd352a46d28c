BEGIN; UPDATE users SET touched = 1; SELECT touched FROM users; ROLLBACK;

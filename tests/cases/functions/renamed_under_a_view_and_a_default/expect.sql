SELECT users.code, seen.code FROM users, seen;

SELECT size FROM users; SELECT size FROM log;

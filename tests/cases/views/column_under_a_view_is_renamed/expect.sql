SELECT follows.email, star.mail FROM follows, star;

ALTER TABLE users ADD COLUMN handle text UNIQUE;
ALTER TABLE coupons ADD COLUMN min_total numeric(10, 2) CHECK (min_total >= 0);

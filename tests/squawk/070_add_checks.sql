ALTER TABLE reviews ADD CONSTRAINT reviews_rating_check CHECK (rating BETWEEN 1 AND 5);
ALTER TABLE coupons ADD CONSTRAINT coupons_percent_has_to_be_more_than_zero_and_not_more_than_one_hundred CHECK (percent BETWEEN 1 AND 100), ADD CHECK (valid_from <= valid_until);

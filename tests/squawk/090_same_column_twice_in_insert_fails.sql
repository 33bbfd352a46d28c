INSERT INTO coupons (code, percent, percent) VALUES ('SPRING', 10, 15)
    ON CONFLICT (code) DO UPDATE SET percent = 15, percent = 10;

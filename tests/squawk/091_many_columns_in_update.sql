SET lock_timeout = '2s';
UPDATE public.products SET stock = 0, (name, description) = (upper(name), upper(description)), updated_at = now() WHERE stock < 0;
INSERT INTO public.coupons (code, percent, max_uses) VALUES ('SPRING', 10, 100)
    ON CONFLICT (code) DO UPDATE SET percent = excluded.percent, max_uses = excluded.max_uses;

SET lock_timeout = '2s';

ALTER TABLE orders ADD COLUMN public_id uuid;
ALTER TABLE orders ALTER COLUMN public_id SET DEFAULT gen_random_uuid();

-- The orders from before get theirs a thousand at a time, by the application.

ALTER TABLE orders ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE products ADD COLUMN seen_at timestamptz DEFAULT clock_timestamp();

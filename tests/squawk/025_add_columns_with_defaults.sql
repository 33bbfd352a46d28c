-- Each of them is the same value for all rows that are there.
ALTER TABLE products
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN settings jsonb NOT NULL DEFAULT '{}'::jsonb,
    ADD COLUMN unit text DEFAULT lower('PIECE'),
    ADD COLUMN added_by text DEFAULT current_user,
    ADD COLUMN imported_at timestamptz NOT NULL DEFAULT now();

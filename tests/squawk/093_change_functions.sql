CREATE OR REPLACE FUNCTION order_total(order_number bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    -- DROP TABLE in a comment of a body; and a ';' in it.
    SELECT sum(quantity * unit_price - COALESCE(discount, 0)) FROM order_items WHERE order_id = order_number;
$$;
ALTER FUNCTION order_total(bigint) PARALLEL SAFE;
ALTER PROCEDURE purge_carts() SECURITY DEFINER;
ALTER FUNCTION touch_updated_at() RENAME TO set_updated_at;
DROP TRIGGER IF EXISTS products_touch ON products;
CREATE TRIGGER products_touch BEFORE INSERT OR UPDATE ON products FOR EACH ROW EXECUTE FUNCTION set_updated_at();
DROP FUNCTION old_total(integer);

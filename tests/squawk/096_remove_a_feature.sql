-- Nothing of the touching of products, of tickets and of the price with tax is left.
BEGIN;
DROP TRIGGER products_touch ON products;
DROP FUNCTION touch_updated_at();
ALTER TABLE products ALTER COLUMN price_with_tax DROP EXPRESSION;
ALTER TABLE products DROP COLUMN barcode;
DROP INDEX products_name_idx;
DROP SEQUENCE ticket_number_seq;
DROP RULE old_sessions_read_only ON old_sessions;
DROP TABLE IF EXISTS old_sessions, import_rows CASCADE;
DROP TYPE shipping_method;
ALTER TABLE orders DROP CONSTRAINT orders_total_check;
COMMIT;

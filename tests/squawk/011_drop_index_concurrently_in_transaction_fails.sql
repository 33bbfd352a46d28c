START TRANSACTION;
-- Refused: DROP INDEX CONCURRENTLY cannot run inside a transaction block.
DROP INDEX CONCURRENTLY products_category_id_idx;
COMMIT;

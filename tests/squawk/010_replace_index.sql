-- The new one first, so that no query is without.
CREATE INDEX CONCURRENTLY index_orders_on_user_id_and_created_at_for_the_list_of_orders_of_a_user
    ON orders (user_id, created_at DESC);
DROP INDEX CONCURRENTLY orders_user_id_idx;

-- After the upgrade of the operating system's collations.
REINDEX INDEX orders_user_id_idx;
REINDEX SCHEMA billing;
CLUSTER VERBOSE orders USING orders_created_at_idx;

SET lock_timeout TO '5s';
SET statement_timeout TO '10min';
DROP INDEX CONCURRENTLY IF EXISTS products_name_idx;

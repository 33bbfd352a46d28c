-- Search by a part of the name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER EXTENSION pg_trgm UPDATE;
CREATE INDEX CONCURRENTLY "Products_Name_Trigram" ON public."products" USING gin (name gin_trgm_ops);
DROP INDEX products_name_idx;

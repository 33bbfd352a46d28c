-- class AddUniqueIndexToProductsSku < ActiveRecord::Migration[7.1]
BEGIN;
CREATE UNIQUE INDEX "index_products_on_sku" ON "products" ("sku");
INSERT INTO "schema_migrations" ("version") VALUES ('20240301101500');
COMMIT;

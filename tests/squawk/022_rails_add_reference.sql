-- class AddWarehouseToOrders < ActiveRecord::Migration[7.1]
BEGIN;
ALTER TABLE "orders" ADD "warehouse_id" bigint;
CREATE INDEX "index_orders_on_warehouse_id" ON "orders" ("warehouse_id");
ALTER TABLE "orders" ADD CONSTRAINT "fk_rails_1d1b21ca94" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses" ("id");
INSERT INTO "schema_migrations" ("version") VALUES ('20240312081200');
COMMIT;

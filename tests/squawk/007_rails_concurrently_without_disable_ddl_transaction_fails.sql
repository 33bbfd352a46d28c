-- class AddIndexToUsersCountry < ActiveRecord::Migration[7.1]
-- add_index :users, :country, algorithm: :concurrently, and disable_ddl_transaction! was forgotten.
BEGIN;
CREATE INDEX CONCURRENTLY "index_users_on_country" ON "users" ("country");
INSERT INTO "schema_migrations" ("version") VALUES ('20240305092000');
COMMIT;

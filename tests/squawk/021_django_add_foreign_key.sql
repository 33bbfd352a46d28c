--
-- Add field reviewer to product
--
BEGIN;
ALTER TABLE "products" ADD COLUMN "reviewer_id" bigint NOT NULL CONSTRAINT "products_reviewer_id_4f1e7b3c_fk_users_id" REFERENCES "users" ("id") DEFERRABLE INITIALLY DEFERRED;
SET CONSTRAINTS "products_reviewer_id_4f1e7b3c_fk_users_id" IMMEDIATE;
CREATE INDEX "products_reviewer_id_4f1e7b3c" ON "products" ("reviewer_id");
COMMIT;

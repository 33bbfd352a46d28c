--
-- Alter unique_together for review (1 constraint(s))
-- Alter field published on review
--
BEGIN;
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_product_id_user_id_a1b2c3d4_uniq" UNIQUE ("product_id", "user_id");
ALTER TABLE "reviews" ALTER COLUMN "published" SET NOT NULL;
ALTER TABLE "categories" ADD CONSTRAINT "categories_slug_5e6f7a8b_uniq" UNIQUE ("slug");
COMMIT;

--
-- Add field is_gift to order
--
BEGIN;
ALTER TABLE "orders" ADD COLUMN "is_gift" boolean DEFAULT false NOT NULL;
ALTER TABLE "orders" ALTER COLUMN "is_gift" DROP DEFAULT;
COMMIT;

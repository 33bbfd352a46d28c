BEGIN;
SET LOCAL lock_timeout = '1s';
ALTER TABLE public."OrderArchive" RENAME "customerName" TO "customer";
ALTER TABLE public.warehouses RENAME COLUMN "Code" TO code;
COMMIT;

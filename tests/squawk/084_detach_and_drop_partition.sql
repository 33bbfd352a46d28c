BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE public.events DETACH PARTITION public.events_2024;
DROP TABLE public.events_2024;
COMMIT;

-- The terminals go, and with them all that stands in desk (its one table is empty). Triggers: another WHEN, one disabled, one enabled.

DROP FUNCTION desk.debt_of(bigint);
DROP FUNCTION desk.greeting(text, desk.terminal_state);
DROP VIEW desk.shelf_board;
DROP VIEW desk.debtors;
DROP TABLE desk.scan_buffer;
DROP FUNCTION desk.scan_tidy();
DROP SEQUENCE desk.queue_ticket;
DROP TYPE desk.terminal_state;
COMMENT ON SCHEMA desk IS NULL;

DROP TRIGGER loan_fee_changed ON club.loan;
CREATE TRIGGER loan_fee_changed
  AFTER UPDATE OF fee_cents, state ON club.loan
  FOR EACH ROW WHEN (NEW.fee_cents > OLD.fee_cents OR NEW.state = 'lost')
  EXECUTE FUNCTION club.log_row('fee_cents');
COMMENT ON TRIGGER loan_fee_changed ON club.loan IS 'Fees that rose.';

CREATE OR REPLACE TRIGGER loan_stamp
  BEFORE UPDATE ON club.loan
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.remark IS DISTINCT FROM NEW.remark)
  EXECUTE FUNCTION club.stamp_update();

ALTER TABLE club.loan DISABLE TRIGGER loan_log_delete;
ALTER TABLE club.member ENABLE TRIGGER member_welcome;
ALTER TABLE club.staff ENABLE REPLICA TRIGGER staff_log;

DROP TRIGGER booking_in_hours ON club.booking;
CREATE CONSTRAINT TRIGGER booking_in_hours
  AFTER INSERT OR UPDATE OF during, room_id ON club.booking
  DEFERRABLE INITIALLY IMMEDIATE
  FOR EACH ROW WHEN (NOT NEW.cancelled) EXECUTE FUNCTION club.booking_in_hours();
COMMENT ON TRIGGER booking_in_hours ON club.booking IS 'May be put off until the transaction ends.';

-- a month that is closed logs nothing more

CREATE OR REPLACE RULE tariff_keep_old AS ON UPDATE TO club.tariff
  WHERE OLD.daily_cents <> NEW.daily_cents OR OLD.valid <> NEW.valid
  DO ALSO INSERT INTO club.tariff_history (code, daily_cents, replaced_at)
  VALUES (OLD.code, OLD.daily_cents, CURRENT_TIMESTAMP);

ALTER TEXT SEARCH CONFIGURATION public.film_words ADD MAPPING FOR url, host, email WITH pg_catalog.simple;
ALTER TEXT SEARCH CONFIGURATION public.film_words DROP MAPPING FOR float;

ALTER TABLE club.waitlist REPLICA IDENTITY DEFAULT;
ALTER TABLE club.disc REPLICA IDENTITY FULL;
ALTER TABLE club.loan SET WITHOUT CLUSTER;

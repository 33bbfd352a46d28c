-- Partitions: a month, parted by the way of paying; one for the value that change_01 gave the enumeration; a column, an index and the first
-- triggers of the partitioned table.

ALTER TABLE club.payment ADD COLUMN note text;

CREATE TABLE club.payment_2024_04_voucher PARTITION OF club.payment_2024_04 FOR VALUES IN ('voucher');

CREATE TABLE club.payment_2024_05 PARTITION OF club.payment FOR VALUES FROM ('2024-05-01') TO ('2024-06-01')
  PARTITION BY LIST (method);
CREATE TABLE club.payment_2024_05_voucher PARTITION OF club.payment_2024_05 FOR VALUES IN ('voucher');
CREATE TABLE club.payment_2024_05_other PARTITION OF club.payment_2024_05 DEFAULT;
COMMENT ON TABLE club.payment_2024_05_voucher IS 'Counted by hand each evening.';

CREATE INDEX payment_voucher_idx ON club.payment (paid_on) WHERE method = 'voucher';

CREATE FUNCTION club.payment_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NEW.method = 'voucher' AND NEW.amount_cents < 0 THEN
    RAISE EXCEPTION 'vouchers are not paid out' USING ERRCODE = 'check_violation';
  END IF;
  NEW.note := nullif(btrim(NEW.note), '');
  RETURN NEW;
END
$$;

CREATE TRIGGER payment_check
  BEFORE INSERT OR UPDATE OF method, amount_cents, note ON club.payment
  FOR EACH ROW EXECUTE FUNCTION club.payment_check();

CREATE TRIGGER payment_log_refund
  AFTER INSERT ON club.payment
  FOR EACH ROW WHEN (NEW.amount_cents < 0) EXECUTE FUNCTION club.log_row('amount_cents');

COMMENT ON TRIGGER payment_log_refund ON club.payment IS 'Money that goes out.';

CREATE TRIGGER payment_log_statement
  AFTER DELETE ON club.payment
  REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION club.log_statement();

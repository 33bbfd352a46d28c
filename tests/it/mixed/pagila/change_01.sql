-- Bodies of functions, a value for an enumeration, comments, a column with a constant default.

-- only the bodies
CREATE OR REPLACE FUNCTION club.late_fee(p_days integer, p_daily integer DEFAULT 50) RETURNS integer
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  AS $$
BEGIN
  IF p_days IS NULL OR p_days <= 0 THEN
    RETURN 0;
  END IF;
  -- after a month a new disc is cheaper
  RETURN least(p_days, 30) * p_daily;
END
$$;

CREATE OR REPLACE FUNCTION club.log_row() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  v_detail jsonb := jsonb_build_object('key', TG_ARGV[0], 'new', to_jsonb(NEW) -> TG_ARGV[0]);
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_detail := v_detail || jsonb_build_object('old', to_jsonb(OLD) -> TG_ARGV[0]);
  END IF;
  INSERT INTO club.change_log (table_name, action, detail)
  VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP, v_detail);
  RETURN NULL;
END
$$;


COMMENT ON TYPE club.pay_method IS 'How a member pays; vouchers are sold at the counter.';
COMMENT ON TABLE club.loan IS 'One disc with one member, from one day to another.';
COMMENT ON COLUMN public.film.original_title IS NULL;
COMMENT ON COLUMN club.loan.remark IS 'Whatever the counter thought worth writing down.';
COMMENT ON FUNCTION club.late_fee(integer, integer) IS 'Cents for days, of which no more than thirty count.';
COMMENT ON INDEX club.member_email_key IS NULL;
COMMENT ON SEQUENCE club.receipt_no IS 'Printed on receipts.';
COMMENT ON SCHEMA club IS 'Everything the club does with its members, and they with it.';
COMMENT ON TABLE public.person IS 'Somebody who had a part in a film.';

ALTER TABLE club.member ADD COLUMN newsletter boolean NOT NULL DEFAULT false;
CREATE INDEX member_newsletter_idx ON club.member (id) WHERE newsletter;

ALTER SEQUENCE club.receipt_no CACHE 20 NO CYCLE;

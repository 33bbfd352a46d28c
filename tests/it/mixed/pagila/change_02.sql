-- Fees outgrow integer: a column with two levels of views (three with the desk's), a policy, a trigger, a function with a parsed body,
-- indexes and a check on it.

DROP VIEW desk.debtors;
DROP VIEW club.member_account;
DROP VIEW club.loan_overview;
DROP VIEW club.fee_report;
DROP FUNCTION club.loan_totals(bigint);
DROP POLICY loan_clerk_small ON club.loan;
DROP TRIGGER loan_fee_changed ON club.loan;

ALTER TABLE club.loan ALTER COLUMN fee_cents TYPE bigint;

CREATE TRIGGER loan_fee_changed
  AFTER UPDATE OF fee_cents ON club.loan
  FOR EACH ROW WHEN (OLD.fee_cents IS DISTINCT FROM NEW.fee_cents AND NEW.fee_cents > 100)
  EXECUTE FUNCTION club.log_row('fee_cents');
COMMENT ON TRIGGER loan_fee_changed ON club.loan IS 'Fees that somebody touched.';

CREATE POLICY loan_clerk_small ON club.loan FOR UPDATE TO dbtool_test_clerk
  USING (fee_cents < 50000)
  WITH CHECK (fee_cents < 50000 AND state <> 'lost');
COMMENT ON POLICY loan_clerk_small ON club.loan IS 'Large fees are the manager''s.';

CREATE FUNCTION club.loan_totals(p_member bigint, OUT loans bigint, OUT fees bigint)
  LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT count(*), coalesce(sum(l.fee_cents), 0)::bigint FROM club.loan l WHERE l.member_id = p_member;
  END;
REVOKE EXECUTE ON FUNCTION club.loan_totals(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION club.loan_totals(bigint) TO dbtool_test_manager, dbtool_test_auditor;

CREATE VIEW club.loan_overview AS
  SELECT l.id AS loan_id, l.member_id, m.name AS member, f.title, l.taken_on, l.due_on, l.returned_on, l.state,
    l.fee_cents,
    club.days_out(l.taken_on, l.returned_on) AS days,
    club.late_fee(l.due_on, l.returned_on) AS late_cents
  FROM club.loan l
  JOIN club.member m ON m.id = l.member_id
  JOIN club.disc d ON d.id = l.disc_id
  JOIN public.film f ON f.id = d.film_id;
COMMENT ON VIEW club.loan_overview IS 'Loans with names in place of numbers.';
COMMENT ON COLUMN club.loan_overview.days IS 'Days it was away; NULL while it is.';
COMMENT ON COLUMN club.loan_overview.fee_cents IS 'As it stands on the loan.';
GRANT SELECT ON club.loan_overview TO dbtool_test_clerk, dbtool_test_auditor;
GRANT SELECT (loan_id, title, due_on) ON club.loan_overview TO dbtool_test_member;

CREATE VIEW club.member_account AS
  WITH paid AS (
    SELECT p.member_id, sum(p.amount_cents) AS cents
    FROM club.payment p
    GROUP BY p.member_id
  )
  SELECT o.member_id, o.member,
    count(*) AS loans,
    coalesce(sum(o.fee_cents), 0) AS fees_cents,
    coalesce(max(paid.cents), 0) AS paid_cents,
    club.weighted_avg(o.days, o.fee_cents) AS mean_days
  FROM club.loan_overview o
  LEFT JOIN paid ON paid.member_id = o.member_id
  GROUP BY o.member_id, o.member;
COMMENT ON VIEW club.member_account IS 'What a member owes and has paid.';
GRANT SELECT ON club.member_account TO dbtool_test_manager WITH GRANT OPTION;

CREATE VIEW desk.debtors AS
  SELECT a.member_id, a.member, a.fees_cents - a.paid_cents AS owed_cents
  FROM club.member_account a
  WHERE a.fees_cents > a.paid_cents;
COMMENT ON VIEW desk.debtors IS 'To be asked for money.';
GRANT SELECT ON desk.debtors TO dbtool_test_clerk;

CREATE VIEW club.fee_report WITH (security_invoker = true) AS
  SELECT date_trunc('month', l.taken_on::timestamp)::date AS month, l.state, sum(l.fee_cents) AS cents
  FROM club.loan l
  GROUP BY 1, 2
  UNION ALL
  SELECT NULL::date, NULL::club.loan_state, sum(l.fee_cents)
  FROM club.loan l;
GRANT SELECT ON club.fee_report TO dbtool_test_auditor;

-- its result follows the column
DROP FUNCTION club.close_loan(bigint, date);
CREATE FUNCTION club.close_loan(p_loan bigint, p_on date DEFAULT CURRENT_DATE) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = club, pg_temp
  AS $$
DECLARE
  v_fee bigint;
BEGIN
  UPDATE loan
  SET state = 'returned', returned_on = p_on, fee_cents = fee_cents + late_fee(due_on, p_on)
  WHERE id = p_loan AND state = 'out'
  RETURNING fee_cents INTO v_fee;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'loan % is not out', p_loan USING ERRCODE = 'no_data_found';
  END IF;
  RETURN v_fee;
END
$$;
COMMENT ON FUNCTION club.close_loan(bigint, date) IS 'Takes a disc back; what it costs is written to the loan.';
REVOKE EXECUTE ON FUNCTION club.close_loan(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION club.close_loan(bigint, date) TO dbtool_test_clerk;
GRANT EXECUTE ON FUNCTION club.close_loan(bigint, date) TO dbtool_test_manager WITH GRANT OPTION;

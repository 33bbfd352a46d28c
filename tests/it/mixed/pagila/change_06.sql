-- Functions' results: one that views and another function's parsed body stand on; a column for RETURNS TABLE; a parameter and a default more.

DROP VIEW desk.debtors;
DROP VIEW club.member_account;
DROP VIEW club.loan_overview;
DROP FUNCTION club.late_fee(date, date);
DROP FUNCTION club.days_out(date, date);

CREATE FUNCTION club.days_out(p_from date, p_to date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN p_to - p_from;
COMMENT ON FUNCTION club.days_out(date, date) IS 'Days from one day to the other.';
REVOKE EXECUTE ON FUNCTION club.days_out(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION club.days_out(date, date) TO dbtool_test_clerk, dbtool_test_auditor, dbtool_test_member;

-- a default other than it was, under the function that relies on it
CREATE OR REPLACE FUNCTION club.late_fee(p_days integer, p_daily integer DEFAULT 60) RETURNS integer
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

CREATE FUNCTION club.late_fee(p_due date, p_back date) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  BEGIN ATOMIC
    SELECT club.late_fee(club.days_out(p_due, p_back)::integer);
  END;
COMMENT ON FUNCTION club.late_fee(date, date) IS 'Cents for coming back after the day it was due.';
GRANT EXECUTE ON FUNCTION club.late_fee(date, date) TO dbtool_test_member;

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

DROP FUNCTION club.films_at(integer, integer);
CREATE FUNCTION club.films_at(p_branch integer, p_limit integer DEFAULT 10)
  RETURNS TABLE (film_id bigint, title text, copies bigint, formats text[])
  LANGUAGE sql STABLE ROWS 20
  AS $$
  SELECT f.id, f.title, count(*), array_agg(DISTINCT d.format ORDER BY d.format)
  FROM club.disc d
  JOIN public.film f ON f.id = d.film_id
  WHERE d.branch_id = p_branch AND NOT d.retired
  GROUP BY f.id
  ORDER BY count(*) DESC, f.id
  LIMIT p_limit
$$;

DROP FUNCTION club.close_loan(bigint, date);
CREATE FUNCTION club.close_loan(p_loan bigint, p_on date DEFAULT CURRENT_DATE, p_remark text DEFAULT NULL) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = club, pg_temp
  AS $$
DECLARE
  v_fee bigint;
BEGIN
  UPDATE loan
  SET state = 'returned', returned_on = p_on, fee_cents = fee_cents + late_fee(due_on, p_on), remark = coalesce(p_remark, remark)
  WHERE id = p_loan AND state = 'out'
  RETURNING fee_cents INTO v_fee;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'loan % is not out', p_loan USING ERRCODE = 'no_data_found';
  END IF;
  RETURN v_fee;
END
$$;
COMMENT ON FUNCTION club.close_loan(bigint, date, text) IS 'Takes a disc back; what it costs is written to the loan.';
REVOKE EXECUTE ON FUNCTION club.close_loan(bigint, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION club.close_loan(bigint, date, text) TO dbtool_test_clerk;
GRANT EXECUTE ON FUNCTION club.close_loan(bigint, date, text) TO dbtool_test_manager WITH GRANT OPTION;

-- Policies and grants.

ALTER POLICY loan_read ON club.loan TO dbtool_test_auditor USING (state <> 'out' OR taken_on >= '2023-01-01');
ALTER POLICY loan_clerk_small ON club.loan USING (fee_cents < 20000) WITH CHECK (fee_cents < 20000 AND state <> 'lost');
COMMENT ON POLICY loan_clerk_small ON club.loan IS 'Fees of more than 200 are the manager''s.';
CREATE POLICY loan_clerk_read ON club.loan FOR SELECT TO dbtool_test_clerk USING (true);
DROP POLICY loan_lost_hidden ON club.loan;
ALTER TABLE club.loan FORCE ROW LEVEL SECURITY;

-- another command cannot be altered into it
DROP POLICY member_self ON club.member;
CREATE POLICY member_self ON club.member TO dbtool_test_member
  USING (id = club.current_member())
  WITH CHECK (id = club.current_member() AND left_on IS NULL);

DROP POLICY booking_all ON club.booking;
CREATE POLICY booking_see ON club.booking FOR SELECT USING (NOT cancelled);
CREATE POLICY booking_own ON club.booking TO dbtool_test_member USING (member_id = club.current_member());
CREATE POLICY booking_not_past ON club.booking AS RESTRICTIVE FOR DELETE TO PUBLIC
  USING ((upper(during) AT TIME ZONE 'UTC') > '2024-01-01 00:00:00'::timestamp);
COMMENT ON POLICY booking_not_past ON club.booking IS 'What has been stays.';

ALTER TABLE club.waitlist ENABLE ROW LEVEL SECURITY;
CREATE POLICY waitlist_own ON club.waitlist TO dbtool_test_member USING (member_id = club.current_member());

GRANT SELECT, INSERT, DELETE ON club.waitlist TO dbtool_test_member;
GRANT SELECT ON club.waitlist TO dbtool_test_clerk;
GRANT UPDATE (email, home, newsletter) ON club.member TO dbtool_test_member;
REVOKE SELECT (discount) ON club.member FROM dbtool_test_member;
REVOKE UPDATE (fee_cents) ON club.loan FROM dbtool_test_clerk;
REVOKE GRANT OPTION FOR ALL ON club.disc FROM dbtool_test_manager;
REVOKE TRUNCATE, TRIGGER, REFERENCES ON club.payment FROM dbtool_test_manager;
REVOKE SELECT ON public.person FROM PUBLIC;
GRANT SELECT ON public.person TO dbtool_test_clerk, dbtool_test_manager, dbtool_test_auditor, dbtool_test_member;
REVOKE SELECT ON club.open_loan FROM dbtool_test_clerk;
GRANT SELECT ON club.open_loan TO dbtool_test_manager;
GRANT SELECT (due_on, film_id) ON club.next_back TO dbtool_test_member;

REVOKE CREATE ON SCHEMA club FROM dbtool_test_manager;
GRANT USAGE ON SCHEMA desk TO dbtool_test_manager WITH GRANT OPTION;

GRANT SELECT ON SEQUENCE club.receipt_no TO dbtool_test_auditor;
REVOKE UPDATE ON SEQUENCE club.card_no_seq FROM dbtool_test_manager;

REVOKE EXECUTE ON FUNCTION club.films_at(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION club.films_at(integer, integer) TO dbtool_test_clerk, dbtool_test_member;
GRANT EXECUTE ON FUNCTION club.loan_totals(bigint) TO PUBLIC;
REVOKE GRANT OPTION FOR EXECUTE ON FUNCTION club.close_loan(bigint, date, text) FROM dbtool_test_manager;
GRANT EXECUTE ON PROCEDURE club.settle_member(bigint, integer) TO dbtool_test_clerk;
GRANT USAGE ON TYPE club.postal_address TO PUBLIC;
REVOKE GRANT OPTION FOR USAGE ON DOMAIN club.percent FROM dbtool_test_manager;

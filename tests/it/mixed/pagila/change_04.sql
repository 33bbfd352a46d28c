-- A domain's check and default, an attribute for the composite type, and constraints and indexes made otherwise.

ALTER DOMAIN club.percent DROP CONSTRAINT percent_range;
ALTER DOMAIN club.percent ADD CONSTRAINT percent_range CHECK (VALUE >= 0 AND VALUE <= 75);
ALTER DOMAIN club.percent SET DEFAULT 2.5;
COMMENT ON CONSTRAINT percent_range ON DOMAIN club.percent IS 'A quarter is always to be paid.';

ALTER DOMAIN club.email ADD CONSTRAINT email_length CHECK (length(VALUE) <= 120);

ALTER TYPE club.postal_address ADD ATTRIBUTE country public.country_code;
COMMENT ON COLUMN club.postal_address.country IS 'NULL at home.';

CREATE OR REPLACE FUNCTION club.format_address(p club.postal_address, p_one_line boolean DEFAULT true) RETURNS text
  LANGUAGE plpgsql IMMUTABLE
  AS $$
DECLARE
  v_between text := CASE WHEN p_one_line THEN ', ' ELSE E'\n' END;
BEGIN
  RETURN concat_ws(v_between, concat_ws(' ', p.street, p.house_no), concat_ws(' ', p.postcode, p.town), p.country);
END
$$;

ALTER TABLE club.member VALIDATE CONSTRAINT member_name_check;
ALTER TABLE club.waitlist ADD CONSTRAINT waitlist_wanted_since_check CHECK (wanted_since >= '2010-01-01') NOT VALID;

ALTER TABLE club.disc DROP CONSTRAINT disc_format_check;
ALTER TABLE club.disc ADD CONSTRAINT disc_format_check CHECK (format IN ('vhs', 'dvd', 'blu-ray', 'uhd'));

ALTER TABLE public.film_credit DROP CONSTRAINT film_credit_position_key;
ALTER TABLE public.film_credit
  ADD CONSTRAINT film_credit_position_key UNIQUE (film_id, part, "position") DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE club.staff DROP CONSTRAINT staff_branch_id_fkey;
ALTER TABLE club.staff
  ADD CONSTRAINT staff_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES club.branch (id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER INDEX club.loan_taken_on_idx SET (pages_per_range = 64);
DROP INDEX public.film_recent_idx;
CREATE INDEX film_recent_idx ON public.film (released DESC NULLS LAST) INCLUDE (title, minutes)
  WHERE kind IN ('feature', 'documentary');
CREATE INDEX member_home_idx ON club.member (((home).country), ((home).postcode)) WHERE home IS NOT NULL;

ALTER TABLE public.film RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE club.loan SET (fillfactor = 75);

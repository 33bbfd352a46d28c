-- The festival: a schema with types, tables, functions, triggers, views, policies and grants. The empty schema desk goes, and a column.

DROP SCHEMA desk;
ALTER TABLE public.film DROP COLUMN original_title;

CREATE SCHEMA festival;
COMMENT ON SCHEMA festival IS 'A week in autumn.';

CREATE TYPE festival.pass_kind AS ENUM ('day', 'weekend', 'week');
CREATE DOMAIN festival.seat AS text CONSTRAINT seat_shape CHECK (VALUE ~ '^[A-Z][0-9]{1,2}$');
COMMENT ON DOMAIN festival.seat IS 'Row and number.';

CREATE SEQUENCE festival.ticket_no AS integer START WITH 1 INCREMENT BY 7 MAXVALUE 700000;

CREATE FUNCTION festival.ticket_code() RETURNS text
  LANGUAGE plpgsql VOLATILE
  AS $$
BEGIN
  RETURN 'F' || to_char(nextval('festival.ticket_no'), 'FM000000');
END
$$;

CREATE TABLE festival.edition (
  year smallint NOT NULL,
  motto text,
  runs daterange NOT NULL,
  CONSTRAINT edition_pkey PRIMARY KEY (year),
  CONSTRAINT edition_runs_check CHECK (date_part('year', lower(runs)) = year),
  CONSTRAINT edition_runs_excl EXCLUDE USING gist (runs WITH &&)
);

CREATE TABLE festival.showing (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1),
  year smallint NOT NULL,
  film_id bigint NOT NULL,
  room_id integer NOT NULL,
  during tstzrange NOT NULL,
  price_cents integer NOT NULL DEFAULT 800,
  CONSTRAINT showing_pkey PRIMARY KEY (id),
  CONSTRAINT showing_year_fkey FOREIGN KEY (year) REFERENCES festival.edition (year) ON DELETE CASCADE,
  CONSTRAINT showing_film_id_fkey FOREIGN KEY (film_id) REFERENCES public.film (id),
  CONSTRAINT showing_room_id_fkey FOREIGN KEY (room_id) REFERENCES club.room (id),
  CONSTRAINT showing_room_free EXCLUDE USING gist (room_id WITH =, during WITH &&) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX showing_film_id_idx ON festival.showing (film_id);
COMMENT ON TABLE festival.showing IS 'A film in a room at an hour.';

CREATE TABLE festival.ticket (
  code text NOT NULL DEFAULT festival.ticket_code(),
  showing_id integer NOT NULL,
  seat festival.seat NOT NULL,
  member_id bigint,
  pass festival.pass_kind,
  method club.pay_method NOT NULL DEFAULT 'voucher',
  paid_cents integer NOT NULL DEFAULT 0,
  sold_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT ticket_pkey PRIMARY KEY (code),
  CONSTRAINT ticket_seat_key UNIQUE (showing_id, seat),
  CONSTRAINT ticket_showing_id_fkey FOREIGN KEY (showing_id) REFERENCES festival.showing (id) ON DELETE CASCADE,
  CONSTRAINT ticket_member_id_fkey FOREIGN KEY (member_id) REFERENCES club.member (id) ON DELETE SET NULL,
  CONSTRAINT ticket_paid_check CHECK (paid_cents >= 0 AND (paid_cents > 0 OR pass IS NOT NULL OR method = 'voucher'))
);
ALTER SEQUENCE festival.ticket_no OWNED BY festival.ticket.code;
CREATE INDEX ticket_member_id_idx ON festival.ticket (member_id) INCLUDE (showing_id) WHERE member_id IS NOT NULL;
CREATE INDEX ticket_voucher_idx ON festival.ticket (sold_at) WHERE method = 'voucher';

CREATE FUNCTION festival.seats_left(p_showing integer) RETURNS integer
  LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT r.seats - (SELECT count(*) FROM festival.ticket t WHERE t.showing_id = s.id)::integer
    FROM festival.showing s
    JOIN club.room r ON r.id = s.room_id
    WHERE s.id = p_showing;
  END;
COMMENT ON FUNCTION festival.seats_left(integer) IS 'NULL where there is no such showing.';

CREATE FUNCTION festival.ticket_fits() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = festival, pg_temp
  AS $$
BEGIN
  IF seats_left(NEW.showing_id) < 0 THEN
    RAISE EXCEPTION 'showing % is full', NEW.showing_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER ticket_fits
  AFTER INSERT OR UPDATE OF showing_id ON festival.ticket
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION festival.ticket_fits();

CREATE TRIGGER ticket_log
  AFTER INSERT ON festival.ticket
  REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION club.log_statement();

COMMENT ON TRIGGER ticket_fits ON festival.ticket IS 'Looked at last, so that seats may change hands.';

CREATE VIEW festival.programme AS
  SELECT s.id AS showing_id, s.year, fl.title, fl.country, r.name AS room, lower(s.during) AS begins_at,
    festival.seats_left(s.id) AS seats_left
  FROM festival.showing s
  JOIN public.film_list fl ON fl.id = s.film_id
  JOIN club.room r ON r.id = s.room_id;

CREATE VIEW festival.sold_out AS
  SELECT p.showing_id, p.title, p.begins_at
  FROM festival.programme p
  WHERE p.seats_left = 0;

COMMENT ON VIEW festival.programme IS 'What hangs at the door.';
COMMENT ON COLUMN festival.programme.seats_left IS 'Right now.';

CREATE PROCEDURE festival.refund_showing(p_showing integer)
  LANGUAGE sql
  AS $$
  UPDATE festival.ticket SET paid_cents = 0, method = 'voucher' WHERE showing_id = p_showing;
$$;

ALTER TABLE festival.ticket ENABLE ROW LEVEL SECURITY;
CREATE POLICY ticket_counter ON festival.ticket TO dbtool_test_clerk, dbtool_test_manager USING (true) WITH CHECK (true);
CREATE POLICY ticket_own ON festival.ticket FOR SELECT TO dbtool_test_member USING (member_id = club.current_member());
COMMENT ON POLICY ticket_own ON festival.ticket IS 'Members see their own.';

GRANT USAGE ON SCHEMA festival TO PUBLIC;
GRANT SELECT ON festival.programme, festival.sold_out TO PUBLIC;
GRANT SELECT ON festival.edition, festival.showing TO dbtool_test_member;
GRANT SELECT, INSERT, UPDATE ON festival.ticket TO dbtool_test_clerk;
GRANT SELECT (code, showing_id, seat) ON festival.ticket TO dbtool_test_member;
GRANT USAGE ON SEQUENCE festival.ticket_no TO dbtool_test_clerk;
REVOKE EXECUTE ON PROCEDURE festival.refund_showing(integer) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE festival.refund_showing(integer) TO dbtool_test_manager;

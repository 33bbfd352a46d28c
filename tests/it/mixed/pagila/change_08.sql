-- A materialized view's query, an aggregate's state function, a view that goes from under two others, statistics.

DROP VIEW club.top_films;
DROP MATERIALIZED VIEW club.film_popularity;

CREATE MATERIALIZED VIEW club.film_popularity WITH (fillfactor = 70) AS
  SELECT f.id AS film_id, f.title, f.kind,
    count(l.id) FILTER (WHERE l.state <> 'lost') AS loans,
    coalesce(sum(l.fee_cents), 0) AS earned_cents,
    max(l.taken_on) AS last_taken_on
  FROM public.film f
  LEFT JOIN club.disc d ON d.film_id = f.id
  LEFT JOIN club.loan l ON l.disc_id = d.id
  GROUP BY f.id, f.title, f.kind
  WITH DATA;
CREATE UNIQUE INDEX film_popularity_film_id_key ON club.film_popularity (film_id);
CREATE INDEX film_popularity_loans_idx ON club.film_popularity (kind, loans DESC, title);
COMMENT ON MATERIALIZED VIEW club.film_popularity IS 'Made anew every night.';
COMMENT ON COLUMN club.film_popularity.loans IS 'Of all its discs, but for those that never came back.';
COMMENT ON INDEX club.film_popularity_film_id_key IS 'REFRESH ... CONCURRENTLY needs it.';
GRANT SELECT ON club.film_popularity TO PUBLIC;

CREATE VIEW club.top_films AS
  SELECT p.film_id, p.title, p.loans, rank() OVER (PARTITION BY p.kind ORDER BY p.loans DESC) AS place
  FROM club.film_popularity p;
GRANT SELECT ON club.top_films TO PUBLIC;

-- the aggregate is replaced where it stands: club.member_account uses it
CREATE FUNCTION club.weighted_step_known(p_state numeric[], p_value numeric, p_weight numeric) RETURNS numeric[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE
    WHEN p_value IS NULL OR p_weight IS NULL THEN p_state
    ELSE ARRAY[p_state[1] + p_value * p_weight, p_state[2] + p_weight]
  END
$$;
CREATE OR REPLACE AGGREGATE club.weighted_avg(numeric, numeric) (
  SFUNC = club.weighted_step_known,
  STYPE = numeric[],
  FINALFUNC = club.weighted_end,
  INITCOND = '{0,0}',
  PARALLEL = SAFE
);
DROP FUNCTION club.weighted_step(numeric[], numeric, numeric);

-- both find for themselves what is away
CREATE OR REPLACE VIEW club.branch_load AS
  SELECT b.name AS branch, count(l.id) AS discs_out, min(l.due_on) AS next_due
  FROM club.branch b
  LEFT JOIN (club.loan l JOIN club.disc d ON d.id = l.disc_id) ON d.branch_id = b.id AND l.state = 'out'
  GROUP BY b.name;
CREATE OR REPLACE VIEW club.next_back AS
  SELECT DISTINCT ON (d.film_id) d.film_id, d.branch_id, l.due_on
  FROM club.loan l
  JOIN club.disc d ON d.id = l.disc_id
  WHERE l.state = 'out'
  ORDER BY d.film_id, l.due_on, l.id;
DROP VIEW club.open_loan;

DROP STATISTICS club.loan_habits;
CREATE STATISTICS club.loan_habits (ndistinct, dependencies, mcv) ON disc_id, member_id, staff_id, term_days FROM club.loan;
COMMENT ON STATISTICS club.loan_habits IS 'Members borrow at their own branch, and for as long as they always do.';
ALTER STATISTICS club.loan_months SET STATISTICS 400;
CREATE STATISTICS public.film_origin ON released, language_id FROM public.film;
ALTER TABLE public.film ALTER COLUMN genres SET STATISTICS -1;
ALTER TABLE club.member ALTER COLUMN branch_id SET STATISTICS 100;
ALTER TABLE club.member ALTER COLUMN joined_on RESET (n_distinct);

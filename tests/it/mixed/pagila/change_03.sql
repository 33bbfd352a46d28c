-- Columns for views: in the middle of one that three levels of views and a function's result stand on, and at the end of two that
-- can be replaced where they stand.

ALTER TABLE public.film ADD COLUMN country public.country_code;
COMMENT ON COLUMN public.film.country IS 'Where most of it was made.';

DROP VIEW desk.shelf_board;
DROP VIEW club.branch_shelf;
DROP VIEW public.film_catalogue;
DROP FUNCTION public.find_films(text);
DROP VIEW public.film_list;

CREATE VIEW public.film_list AS
  SELECT f.id, f.title, f.kind, f.released, f.country, l.name AS language, f.minutes, f.genres
  FROM public.film f
  LEFT JOIN public.language l ON l.id = f.language_id;
COMMENT ON VIEW public.film_list IS 'Films as they are listed.';
COMMENT ON COLUMN public.film_list.language IS 'That which is spoken most.';
GRANT SELECT ON public.film_list TO PUBLIC;

CREATE FUNCTION public.find_films(p_words text) RETURNS SETOF public.film_list
  LANGUAGE sql STABLE
  AS $$
  SELECT fl.*
  FROM public.film_list fl
  JOIN public.film f ON f.id = fl.id
  WHERE f.search @@ websearch_to_tsquery('public.film_words', p_words)
  ORDER BY fl.id
$$;
COMMENT ON FUNCTION public.find_films(text) IS 'Films for what somebody typed.';

CREATE VIEW public.film_catalogue AS
  SELECT fl.id, fl.title, fl.released, fl.language, directed.names AS directors, acted.names AS actors
  FROM public.film_list fl
  LEFT JOIN LATERAL (
    SELECT string_agg(public.full_name(p), ', ' ORDER BY c."position") AS names
    FROM public.film_credit c
    JOIN public.person p ON p.id = c.person_id
    WHERE c.film_id = fl.id AND c.part = 'direction'
  ) directed ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(public.full_name(p) ORDER BY c."position") AS names
    FROM public.film_credit c
    JOIN public.person p ON p.id = c.person_id
    WHERE c.film_id = fl.id AND c.part = 'cast'
  ) acted ON true;
GRANT SELECT ON public.film_catalogue TO PUBLIC;

CREATE VIEW club.branch_shelf AS
  SELECT b.id AS branch_id, b.name AS branch, fc.id AS film_id, fc.title, fc.directors,
    count(d.id) AS copies,
    count(d.id) FILTER (WHERE d.format = 'dvd') AS on_dvd
  FROM club.branch b
  JOIN club.disc d ON d.branch_id = b.id AND NOT d.retired
  JOIN public.film_catalogue fc ON fc.id = d.film_id
  GROUP BY b.id, b.name, fc.id, fc.title, fc.directors;
COMMENT ON VIEW club.branch_shelf IS 'What a branch has to lend.';
COMMENT ON COLUMN club.branch_shelf.copies IS 'Discs that are not retired.';
GRANT SELECT ON club.branch_shelf TO dbtool_test_member, dbtool_test_clerk;

CREATE VIEW desk.shelf_board ("Branch", "Film", "Shelf mark") AS
  SELECT s.branch, s.title, upper(left(public.slugify(s.title), 3)) || '-' || s.film_id::text
  FROM club.branch_shelf s
  ORDER BY s.branch, s.title;
GRANT SELECT ON desk.shelf_board TO PUBLIC;

-- at the end: what stands on them stays
CREATE OR REPLACE VIEW club.open_loan AS
  SELECT l.id AS loan_id, l.disc_id, l.member_id, l.due_on, d.branch_id, l.taken_on
  FROM club.loan l
  JOIN club.disc d ON d.id = l.disc_id
  WHERE l.state = 'out';

CREATE OR REPLACE VIEW club.branch_staffing AS
  SELECT b.id, b.name, club.format_address(b.address) AS address, count(s.id) AS people, b.opened_on, max(s.hired_on) AS last_hired_on
  FROM club.branch b
  LEFT JOIN club.staff s ON s.branch_id = b.id
  GROUP BY b.id;
COMMENT ON COLUMN club.branch_staffing.last_hired_on IS 'NULL where nobody works.';

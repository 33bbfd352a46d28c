-- Rows for the schema of schema.sql. The same every time: what triggers stamp with the hour is set to a fixed one at the end.

BEGIN;

INSERT INTO public.language (code, name) VALUES
  ('en', 'English'), ('de', 'German'), ('fr', 'French'), ('ja', 'Japanese');

INSERT INTO public.film (title, original_title, kind, released, minutes, language_id, genres, facts, synopsis, list_price, added_at) VALUES
  ('The Glass Harbour', NULL, 'feature', 1962, 104, 1, '{drama}', '{"colour": false}', 'A pilot waits for a ship that never lands.', 9.90, '2023-10-01 09:00+00'),
  ('Nine Lanterns', '九つの灯', 'feature', 1971, 131, 4, '{drama,history}', '{"colour": true, "reels": 7}', 'Nine families share one winter.', 12.50, '2023-10-01 09:00+00'),
  ('A Bridge for Otto', 'Eine Brücke für Otto', 'feature', 1988, 97, 2, '{comedy}', '{}', 'Otto builds a bridge where there is no river.', 9.90, '2023-10-02 09:00+00'),
  ('Salt', 'Sel', 'short', 2004, 14, 3, '{drama}', '{}', NULL, 4.00, '2023-10-02 09:00+00'),
  ('How Bees Vote', NULL, 'documentary', 2015, 88, 1, '{nature,science}', '{"narrated": true}', 'A swarm looks for a house.', 8.00, '2023-10-03 09:00+00'),
  ('The Glass Harbour Again', NULL, 'feature', 1966, 110, 1, '{drama,thriller}', '{"colour": true}', 'The ship has come in.', 9.90, '2023-10-03 09:00+00'),
  ('Night Tram', NULL, 'series', 2019, 50, 1, '{thriller}', '{"parts": 8}', 'Eight nights on line 12.', 19.00, '2023-10-04 09:00+00'),
  ('Untitled Reel', NULL, 'short', NULL, NULL, NULL, '{}', '{}', NULL, 1.00, '2023-10-04 09:00+00');

UPDATE public.film SET sequel_of = 101 WHERE id = 106;

INSERT INTO public.person (given, family, born, aliases) VALUES
  ('Mara', 'Lindqvist', '1931-04-12', NULL),
  ('Kenji', 'Ohara', '1938-09-30', '{"K. Ohara"}'),
  ('Ulrich', 'Baum', '1950-01-05', NULL),
  ('Odile', 'Ferrand', '1975-07-21', '{"O. F.","Odile F."}'),
  (NULL, 'Pelle', NULL, NULL),
  ('Tess', 'Okafor', '1984-11-02', NULL);

INSERT INTO public.film_credit (film_id, person_id, part, "position", "character") VALUES
  (101, 1, 'direction', 1, NULL), (101, 5, 'cast', 1, 'The pilot'), (101, 3, 'cast', 2, 'Harbour master'),
  (102, 2, 'direction', 1, NULL), (102, 2, 'writing', 1, NULL),
  (103, 3, 'direction', 1, NULL), (103, 5, 'cast', 1, 'Otto'),
  (104, 4, 'direction', 1, NULL), (105, 6, 'direction', 1, NULL),
  (106, 1, 'direction', 1, NULL), (106, 4, 'music', 1, NULL), (107, 6, 'writing', 1, NULL);

-- branch and manager point at each other; the key is looked at at the end
INSERT INTO club.branch (name, address, phones, manager_id, opened_on) VALUES
  ('Old Mill', ROW('Mill Lane', '4', '20100', 'Westerby'), '{"020 1000","020 1001"}', 1, '2010-03-01'),
  ('Station', ROW('Platform Road', '12b', '20150', 'Westerby'), '{}', 3, '2014-09-15'),
  ('Quayside', NULL, '{"030 77"}', NULL, '2021-06-01');

INSERT INTO club.staff (branch_id, name, email, hired_on, monthly_pay, badge) VALUES
  (10, 'Ines Roth', 'Ines@filmclub.example', '2010-03-01', 3100.00, '00000000-0000-4000-8000-000000000001'),
  (10, 'Paul Adeyemi', 'paul@filmclub.example', '2018-05-02', 2400.00, NULL),
  (20, 'Jo Tanaka', 'jo@filmclub.example', '2014-09-15', 2900.50, '00000000-0000-4000-8000-000000000003'),
  (30, 'Vera Holm', 'vera@filmclub.example', '2021-06-01', NULL, NULL);

INSERT INTO club.member (name, email, home, branch_id, joined_on, left_on, discount) VALUES
  ('Anna Berg', 'anna@post.example', ROW('Elm Row', '1', '20100', 'Westerby'), 10, '2019-02-03', NULL, 10),
  ('Bilal Khan', 'bilal@post.example', ROW('Elm Row', '17', '20100', 'Westerby'), 10, '2020-08-14', NULL, DEFAULT),
  ('Cleo Marsh', NULL, NULL, 20, '2021-01-01', '2023-12-31', DEFAULT),
  ('Dov Stern', 'dov@post.example', ROW('Kiln Street', '3', '20152', 'Easterby'), 20, '2023-11-11', NULL, 50),
  ('Esi Mensah', 'esi@post.example', ROW('Part 2', '10', '20200', 'Northam'), 30, '2024-01-05', NULL, 0),
  ('Cleo Marsh', 'cleo@post.example', ROW('Kiln Street', '8', '20152', 'Easterby'), 20, '2024-02-10', NULL, 5);

INSERT INTO club.disc (film_id, branch_id, barcode, format, bought_on, retired)
SELECT film_id, branch_id, code || public.ean_digit(code), format, bought_on, retired
FROM (VALUES
  (101, 10, '400638133001', 'dvd', date '2012-01-10', false),
  (101, 20, '400638133002', 'blu-ray', date '2016-04-01', false),
  (102, 10, '400638133003', 'blu-ray', date '2017-05-20', false),
  (102, 30, '400638133004', 'uhd', date '2022-02-02', false),
  (103, 10, '400638133005', 'dvd', date '2011-08-08', true),
  (103, 20, '400638133006', 'blu-ray', date '2019-03-03', false),
  (104, 30, '400638133007', 'blu-ray', NULL, false),
  (105, 10, '400638133008', 'blu-ray', date '2018-06-06', false),
  (106, 10, '400638133009', 'dvd', date '2013-07-07', false),
  (107, 20, '400638133010', 'uhd', date '2020-12-01', false)
) AS d (film_id, branch_id, code, format, bought_on, retired);

INSERT INTO club.loan (disc_id, member_id, staff_id, taken_on, term_days, returned_on, state, fee_cents, remark) VALUES
  (1, 1, 1, '2023-12-01', 7, '2023-12-06', 'returned', 300, NULL),
  (2, 4, 3, '2023-12-04', 7, '2023-12-20', 'returned', 750, 'rang twice'),
  (5, 2, 2, '2023-12-12', 7, '2023-12-15', 'returned', 300, NULL),
  (8, 2, 2, '2023-12-20', 14, '2024-01-02', 'returned', 300, NULL),
  (1, 2, 1, '2024-01-03', 7, '2024-01-08', 'returned', 300, NULL),
  (3, 1, 1, '2024-01-03', 7, '2024-01-13', 'returned', 450, NULL),
  (4, 5, 4, '2024-01-06', 7, '2024-01-12', 'returned', 400, NULL),
  (6, 4, 3, '2024-01-10', 7, '2024-01-17', 'returned', 300, NULL),
  (9, 1, 2, '2024-01-15', 7, '2024-01-20', 'returned', 300, NULL),
  (10, 4, 3, '2024-01-19', 3, '2024-01-22', 'returned', 500, NULL),
  (7, 5, 4, '2024-01-25', 7, '2024-01-26', 'returned', 0, 'disc would not play'),
  (1, 1, 1, '2024-02-01', 7, '2024-02-07', 'returned', 300, NULL),
  (2, 6, 3, '2024-02-12', 7, '2024-02-19', 'returned', 300, NULL),
  (3, 2, 2, '2024-02-14', 7, '2024-02-28', 'returned', 650, NULL),
  (4, 5, NULL, '2024-02-20', 7, NULL, 'lost', 2500, 'left on a ferry'),
  (6, 6, 3, '2024-02-26', 7, '2024-03-04', 'returned', 300, NULL),
  (8, 1, 1, '2024-03-01', 14, '2024-03-12', 'returned', 300, NULL),
  (9, 2, 2, '2024-03-04', 7, '2024-03-11', 'returned', 300, NULL),
  (10, 6, 3, '2024-03-08', 3, '2024-03-13', 'returned', 600, NULL),
  (7, 5, 4, '2024-03-15', 7, '2024-03-22', 'returned', 200, NULL),
  (1, 4, 1, '2024-04-02', 7, NULL, 'out', 300, NULL),
  (3, 1, 2, '2024-04-05', 7, NULL, 'out', 300, NULL),
  (6, 6, 3, '2024-04-09', 7, '2024-04-15', 'returned', 300, NULL),
  (10, 4, 3, '2024-04-12', 3, NULL, 'out', 500, NULL),
  (8, 2, 1, '2024-04-18', 14, NULL, 'out', 0, NULL);

-- all that was returned was paid for, on the day it came back, in turns in one way and another
INSERT INTO club.payment (paid_on, method, loan_id, member_id, amount_cents)
SELECT l.returned_on,
  CASE l.id % 3 WHEN 0 THEN 'cash' WHEN 1 THEN 'card' ELSE 'transfer' END::club.pay_method,
  l.id, l.member_id, l.fee_cents
FROM club.loan l
WHERE l.returned_on IS NOT NULL AND l.fee_cents > 0
ORDER BY l.id;

INSERT INTO club.payment (paid_on, method, loan_id, member_id, amount_cents) VALUES
  ('2024-04-16', 'cash', 24, 4, 200),
  ('2024-04-17', 'cash', NULL, 1, 1500),
  ('2024-03-25', 'card', 20, 5, -200);

INSERT INTO club.waitlist (member_id, film_id, branch_id, wanted_since) VALUES
  (2, 101, 10, '2024-04-03'), (5, 101, NULL, '2024-04-04'), (6, 107, 20, '2024-04-13');

INSERT INTO club.room (branch_id, name, seats, open_hours) VALUES
  (10, 'Loft', 12, DEFAULT), (10, 'Cellar', 30, '[16:00,23:30)'), (20, 'Waiting Room', 18, DEFAULT);

INSERT INTO club.booking (branch_id, room_id, member_id, during, purpose, cancelled) VALUES
  (10, 1, 1, '[2024-04-20 18:00+00,2024-04-20 21:00+00)', 'Birthday', false),
  (10, 1, 2, '[2024-04-20 21:00+00,2024-04-20 22:30+00)', NULL, false),
  (10, 2, 4, '[2024-04-20 18:00+00,2024-04-20 20:00+00)', 'Film school', false),
  (20, 3, 6, '[2024-04-21 11:00+00,2024-04-21 13:00+00)', NULL, true),
  (20, 3, 5, '[2024-04-21 12:00+00,2024-04-21 14:00+00)', 'Bees', false);

INSERT INTO club.tariff (code, daily_cents) VALUES ('late', 50), ('lost', 2500), ('short', 20);
UPDATE club.tariff SET daily_cents = 60 WHERE code = 'late';
UPDATE club.tariff SET daily_cents = 60 WHERE code = 'late';

UPDATE club.tariff_history SET replaced_at = '2024-04-01 08:00+00';
UPDATE club.change_log SET at = '2024-04-01 08:00+00';

COMMIT;

REFRESH MATERIALIZED VIEW club.film_popularity;

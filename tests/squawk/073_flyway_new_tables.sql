-- V12__loyalty.sql
CREATE TABLE loyalty_levels (
    id serial PRIMARY KEY,
    code char(4) NOT NULL,
    name varchar(80) NOT NULL,
    min_points integer NOT NULL,
    rank smallint NOT NULL
);
CREATE UNIQUE INDEX loyalty_levels_code_idx ON loyalty_levels (code);
ALTER TABLE loyalty_levels ADD CONSTRAINT loyalty_levels_points_check CHECK (min_points >= 0);

CREATE TABLE loyalty_accounts (
    id integer PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    level_id integer NOT NULL REFERENCES loyalty_levels (id),
    opened_at timestamp NOT NULL DEFAULT current_timestamp,
    closed_at timestamp without time zone
);

CREATE TABLE IF NOT EXISTS loyalty_bookings (
    id bigserial PRIMARY KEY,
    account_id integer NOT NULL REFERENCES loyalty_accounts (id),
    points smallint NOT NULL,
    reason character varying(200),
    booked_at timestamp(3) NOT NULL
);

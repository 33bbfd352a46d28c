CREATE SCHEMA IF NOT EXISTS reporting;
CREATE DOMAIN reporting.amount AS numeric(14, 2) CHECK (VALUE >= 0);
CREATE TABLE reporting.daily_sales (
    day date PRIMARY KEY,
    orders bigint NOT NULL,
    total reporting.amount NOT NULL
);
ALTER SEQUENCE ticket_number_seq SET SCHEMA reporting;
DROP SCHEMA IF EXISTS reporting_old;

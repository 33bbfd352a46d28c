-- The reports have their own database, which is made anew.
DROP DATABASE IF EXISTS shop_reporting;
CREATE DATABASE shop_reporting TEMPLATE template0;
ALTER DATABASE shop_reporting SET work_mem = '256MB';
ALTER DATABASE shop_reporting CONNECTION LIMIT 10;
ALTER SYSTEM RESET log_min_duration_statement;

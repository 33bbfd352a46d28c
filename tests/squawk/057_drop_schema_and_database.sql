-- The old shop is only read from now on, in a database of its own.
SET lock_timeout = '2s';
DROP SCHEMA legacy CASCADE;
DROP DATABASE IF EXISTS shop_archive;
CREATE DATABASE shop_archive TEMPLATE template0;
ALTER DATABASE shop_archive SET default_transaction_read_only = on;

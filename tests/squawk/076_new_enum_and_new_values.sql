CREATE TYPE return_reason AS ENUM ('broken', 'wrong size', 'other');
ALTER TYPE order_status ADD VALUE 'returned';
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded' AFTER 'shipped';

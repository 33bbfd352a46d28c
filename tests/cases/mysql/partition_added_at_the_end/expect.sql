SELECT partition_name FROM information_schema.partitions WHERE table_schema = database() AND table_name = 'events' ORDER BY partition_ordinal_position;
SELECT * FROM events PARTITION (p2025);

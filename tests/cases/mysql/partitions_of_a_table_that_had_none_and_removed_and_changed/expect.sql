SELECT table_name, count(partition_name), max(partition_method) FROM information_schema.partitions WHERE table_schema = database() AND table_name NOT LIKE 'dbtool%' GROUP BY table_name ORDER BY 1;
SELECT (SELECT count(*) FROM gains), (SELECT count(*) FROM loses), (SELECT count(*) FROM changes), (SELECT group_concat(land ORDER BY land) FROM lists PARTITION (eu));

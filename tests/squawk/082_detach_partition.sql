-- 2024 goes to the archive.
ALTER TABLE events DETACH PARTITION events_2024;
ALTER TABLE events_2024 RENAME TO archived_events_2024;
CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
ALTER TABLE audit_log_archive NO INHERIT audit_log;

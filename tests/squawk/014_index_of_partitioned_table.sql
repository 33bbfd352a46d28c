-- The parent's index is made empty; each partition gets its own and is attached.
CREATE INDEX events_kind_idx ON ONLY events (kind);
CREATE INDEX CONCURRENTLY events_2024_kind_idx ON events_2024 (kind);
CREATE INDEX CONCURRENTLY events_2025_kind_idx ON events_2025 (kind);
CREATE INDEX CONCURRENTLY events_2026_kind_idx ON events_2026 (kind);
ALTER INDEX events_kind_idx ATTACH PARTITION events_2024_kind_idx;
ALTER INDEX events_kind_idx ATTACH PARTITION events_2025_kind_idx;
ALTER INDEX events_kind_idx ATTACH PARTITION events_2026_kind_idx;

-- A dock has one delivery at a time.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_one_per_dock EXCLUDE USING gist (dock WITH =, slot WITH &&);

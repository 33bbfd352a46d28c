-- The list of orders is sorted by the day they were placed.
CREATE INDEX orders_placed_at_idx ON orders (placed_at);

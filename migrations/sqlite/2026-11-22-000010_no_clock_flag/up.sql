-- Nothing reads it: whether a request has events is what its events say.
ALTER TABLE requests DROP COLUMN has_clock_events;

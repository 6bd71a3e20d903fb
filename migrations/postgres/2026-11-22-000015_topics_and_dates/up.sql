-- Topics are kept in small letters, so that a standing position misses no request for a capital.
INSERT INTO request_topics (request_key, authority_key, topic)
    SELECT request_key, authority_key, lower(topic) FROM request_topics WHERE topic <> lower(topic) ON CONFLICT DO NOTHING;
DELETE FROM request_topics WHERE topic <> lower(topic);

-- Filed returns of several authorities are listed by the day they were filed.
CREATE INDEX filed_returns_by_filing ON filed_returns (authority_key, filed_at, number, id);

-- The dates of parts that fall due apart from the date of their request stand beside those of proceedings: one subject has
-- several of one kind.
ALTER TABLE due_dates DROP CONSTRAINT due_dates__subject_id__kind;
ALTER TABLE due_dates ADD CONSTRAINT due_dates__subject_id__kind__due_on PRIMARY KEY (subject_id, kind, due_on);

-- Every open request is looked at again at the next start, which writes them.
DELETE FROM installation WHERE name = 'recalculated_with_calendar_file';

-- Topics are kept in small letters, so that a standing position misses no request for a capital.
INSERT OR IGNORE INTO request_topics (request_key, authority_key, topic)
    SELECT request_key, authority_key, lower(topic) FROM request_topics WHERE topic <> lower(topic);
DELETE FROM request_topics WHERE topic <> lower(topic);

-- Filed returns of several authorities are listed by the day they were filed.
CREATE INDEX filed_returns_by_filing ON filed_returns (authority_key, filed_at, number, id);

-- The dates of parts that fall due apart from the date of their request stand beside those of proceedings: one subject has
-- several of one kind.
CREATE TABLE due_dates_of_parts (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_on DATE NOT NULL,
    provision TEXT NOT NULL,
    PRIMARY KEY (subject_id, kind, due_on)
);
INSERT INTO due_dates_of_parts SELECT request_key, authority_key, subject_id, kind, due_on, provision FROM due_dates;
DROP TABLE due_dates;
ALTER TABLE due_dates_of_parts RENAME TO due_dates;
CREATE INDEX due_dates_by_request ON due_dates (request_key);
CREATE INDEX due_dates_by_day ON due_dates (authority_key, due_on, kind, subject_id);

-- Every open request is looked at again at the next start, which writes them.
DELETE FROM installation WHERE name = 'recalculated_with_calendar_file';

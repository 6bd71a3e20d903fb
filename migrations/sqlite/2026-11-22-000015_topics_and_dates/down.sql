-- Topics stay as they are: how they were written is not kept.
DROP INDEX filed_returns_by_filing;

-- The dates of parts are none of a proceeding.
DELETE FROM due_dates WHERE kind IN ('statutory', 'extended_estimate', 'extended_limit');
CREATE TABLE due_dates_of_proceedings (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_on DATE NOT NULL,
    provision TEXT NOT NULL,
    PRIMARY KEY (subject_id, kind)
);
INSERT INTO due_dates_of_proceedings SELECT request_key, authority_key, subject_id, kind, due_on, provision FROM due_dates;
DROP TABLE due_dates;
ALTER TABLE due_dates_of_proceedings RENAME TO due_dates;
CREATE INDEX due_dates_by_request ON due_dates (request_key);
CREATE INDEX due_dates_by_day ON due_dates (authority_key, due_on, kind, subject_id);

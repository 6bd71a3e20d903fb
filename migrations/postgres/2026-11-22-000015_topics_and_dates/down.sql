-- Topics stay as they are: how they were written is not kept.
DROP INDEX filed_returns_by_filing;

-- The dates of parts are none of a proceeding.
DELETE FROM due_dates WHERE kind IN ('statutory', 'extended_estimate', 'extended_limit');
ALTER TABLE due_dates DROP CONSTRAINT due_dates__subject_id__kind__due_on;
ALTER TABLE due_dates ADD CONSTRAINT due_dates__subject_id__kind PRIMARY KEY (subject_id, kind);

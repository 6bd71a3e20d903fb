-- The key of its row is in every index of SQLite; it is named so that both databases have the same ones.
DROP INDEX case_sheets_by_due;
CREATE INDEX case_sheets_by_due ON case_sheets (authority_key, due_on, mark, settled_on, holds_until, regime, standing,
    changes_on, changed_standing, working_days_taken, request_key);

-- Which requests are due on some days is told by this as well, without a look at the table.
DROP INDEX case_sheets_by_due;
CREATE INDEX case_sheets_by_due ON case_sheets (authority_key, due_on)
    INCLUDE (mark, settled_on, holds_until, regime, standing, changes_on, changed_standing, working_days_taken, request_key);

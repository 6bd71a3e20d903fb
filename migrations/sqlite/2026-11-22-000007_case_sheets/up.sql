-- Requests as figures count them, one row each: a projection of what is recorded, written with every change of it. A row
-- holds for the days from settled_on to holds_until, by the calendars and rules that the mark stands for; for other days
-- figures replay the events, which content has with everything else they are computed from, as JSON. holds_until is empty
-- where it holds for good.
CREATE TABLE case_sheets (
    request_key INTEGER PRIMARY KEY NOT NULL REFERENCES requests (request_key) ON DELETE CASCADE,
    authority_key BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    settled_on DATE NOT NULL,
    holds_until DATE,
    received_on DATE NOT NULL,
    due_on DATE NOT NULL,
    responded_on DATE,
    regime TEXT,
    standing TEXT NOT NULL,
    changes_on DATE,
    changed_standing TEXT,
    working_days_taken INTEGER,
    outcomes TEXT NOT NULL,
    is_closed BOOLEAN NOT NULL,
    content TEXT NOT NULL
);
-- Each has what is counted beside the day, so that the table itself need not be read.
CREATE INDEX case_sheets_by_receipt ON case_sheets (authority_key, received_on, mark, settled_on, holds_until, regime, standing,
    changes_on, changed_standing, working_days_taken);
CREATE INDEX case_sheets_by_due ON case_sheets (authority_key, due_on, mark, settled_on, holds_until, regime, standing,
    changes_on, changed_standing, working_days_taken);
CREATE INDEX case_sheets_by_answer ON case_sheets (authority_key, responded_on, mark, settled_on, holds_until, regime, standing,
    changes_on, changed_standing, working_days_taken, outcomes) WHERE responded_on IS NOT NULL;
-- What a sheet does not hold for, and what is not closed.
CREATE INDEX case_sheets_by_settling ON case_sheets (authority_key, mark, settled_on, received_on, request_key);
CREATE INDEX case_sheets_for_a_time ON case_sheets (authority_key, holds_until, request_key) WHERE holds_until IS NOT NULL;
CREATE INDEX case_sheets_of_several_regimes ON case_sheets (authority_key, received_on, request_key) WHERE regime IS NULL;
CREATE INDEX case_sheets_not_closed ON case_sheets (authority_key, received_on, request_key) WHERE NOT is_closed;

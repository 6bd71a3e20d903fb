-- Who asked and the letter are sealed: with which key. Rows without one are from before, and are sealed at the next start.
ALTER TABLE requesters ADD COLUMN key_id TEXT;
CREATE INDEX requesters_by_key ON requesters (key_id, request_key);

-- An erased request stays as a row of the figures, without words, and is seen by no case worker.
ALTER TABLE requests ADD COLUMN erased_at BIGINT;

-- Why a request must not be erased although nothing is open, where the authority says so.
CREATE TABLE legal_holds (
    request_key INTEGER PRIMARY KEY NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    reason TEXT NOT NULL,
    placed_by TEXT,
    placed_at BIGINT NOT NULL
);

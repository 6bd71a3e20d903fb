-- Authorities and the counters their references are made from.
CREATE TABLE authorities (
    authority_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    nation TEXT NOT NULL,
    reference_pattern TEXT,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX authorities__id ON authorities (id);
CREATE UNIQUE INDEX authorities__name ON authorities (name);

CREATE TABLE reference_counters (
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    year INTEGER NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (authority_key, year)
);

-- Requests. The columns from status to outcome are projections of the events, rebuilt whenever an event changes.
CREATE TABLE requests (
    request_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    authority_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    regime TEXT NOT NULL,
    subject TEXT NOT NULL,
    search_text TEXT NOT NULL,
    recorded_received_on DATE NOT NULL,
    details TEXT NOT NULL,
    received_on DATE NOT NULL,
    status TEXT NOT NULL,
    due_on DATE,
    extended_to DATE,
    lapses_on DATE,
    overdue_after DATE,
    responded_on DATE,
    closed_on DATE,
    on_time BOOLEAN,
    working_days_taken BIGINT,
    outcome TEXT,
    has_clock_events BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX requests__id ON requests (id);
CREATE UNIQUE INDEX requests__authority_key__reference ON requests (authority_key, reference);
CREATE INDEX requests_by_due ON requests (authority_key, due_on, id);
CREATE INDEX requests_by_status_and_due ON requests (authority_key, status, due_on, id);
CREATE INDEX requests_by_received ON requests (authority_key, received_on, id);
CREATE INDEX requests_by_updated ON requests (authority_key, updated_at, id);

CREATE TABLE request_topics (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    topic TEXT NOT NULL,
    PRIMARY KEY (request_key, topic)
);
CREATE INDEX request_topics_by_topic ON request_topics (authority_key, topic, request_key);

-- Who asked and the letter as it came: apart from the request, read at one address only.
CREATE TABLE requesters (
    request_key INTEGER PRIMARY KEY NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    identity TEXT,
    original_text TEXT
);

CREATE TABLE parts (
    part_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    text TEXT NOT NULL,
    regime TEXT,
    valid_request BOOLEAN NOT NULL,
    details TEXT NOT NULL,
    status TEXT,
    due_on DATE,
    extended_to DATE,
    lapses_on DATE,
    outcome TEXT
);
CREATE UNIQUE INDEX parts__request_key__label ON parts (request_key, label);

CREATE INDEX parts_by_lapse ON parts (lapses_on) WHERE lapses_on IS NOT NULL;

-- What happened to a request; nothing is deleted, a mistake is voided.
CREATE TABLE events (
    event_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT NOT NULL,
    effective_on DATE NOT NULL,
    scope TEXT,
    happening TEXT NOT NULL,
    details TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT
);
CREATE UNIQUE INDEX events__id ON events (id);
CREATE INDEX events_by_request ON events (request_key, event_key);
CREATE INDEX events_by_effect ON events (authority_key, effective_on, request_key);

CREATE TABLE responses (
    response_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    issued_on DATE,
    content TEXT NOT NULL,
    findings TEXT NOT NULL,
    override_reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX responses__id ON responses (id);
CREATE INDEX responses_by_request ON responses (request_key, response_key);
CREATE INDEX responses_by_issue ON responses (authority_key, issued_on, request_key);

-- What issued responses answered, by part: the rows that figures are counted from.
CREATE TABLE answers (
    response_key BIGINT NOT NULL REFERENCES responses (response_key),
    response_id TEXT NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    part_label TEXT NOT NULL,
    response_kind TEXT NOT NULL,
    issued_on DATE NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (response_key, part_label)
);
CREATE INDEX answers_by_request ON answers (request_key, issued_on);
CREATE INDEX answers_by_issue ON answers (authority_key, issued_on, request_key);

-- Each ground of an issued response once, an alternative group as one class of its own.
CREATE TABLE citations (
    response_key BIGINT NOT NULL REFERENCES responses (response_key),
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    part_label TEXT NOT NULL,
    response_kind TEXT NOT NULL,
    issued_on DATE NOT NULL,
    regime TEXT NOT NULL,
    citation_class TEXT NOT NULL,
    ncnd BOOLEAN NOT NULL,
    PRIMARY KEY (response_key, part_label, citation_class)
);
CREATE INDEX citations_by_issue ON citations (authority_key, issued_on, request_key);

-- What callers could see happen, in the order in which it was recorded.
CREATE TABLE timeline_entries (
    entry_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT NOT NULL,
    effective_on DATE,
    subject_id TEXT,
    detail TEXT,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX timeline_entries_by_request ON timeline_entries (request_key, entry_key);

-- Erased requests, for those who keep a copy.
CREATE TABLE deletions (
    id TEXT PRIMARY KEY NOT NULL,
    authority_key BIGINT NOT NULL,
    authority_id TEXT NOT NULL,
    deleted_at BIGINT NOT NULL
);
CREATE INDEX deletions_by_time ON deletions (authority_key, deleted_at, id);

-- First answers of keyed POSTs, written with their effect.
CREATE TABLE idempotency_keys (
    credential TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (credential, idempotency_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_request ON idempotency_keys (request_id);

-- GOV.UK bank-holidays files that were loaded; the newest is in use.
CREATE TABLE calendar_files (
    calendar_file_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    loaded_at BIGINT NOT NULL
);

-- What this installation keeps about itself: the key of its cursors, the hash of its bootstrap key.
CREATE TABLE installation (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

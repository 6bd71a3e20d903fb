-- Authorities and the counters their references are made from.
CREATE TABLE authorities (
    authority_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT authorities__authority_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    nation TEXT COLLATE "C" NOT NULL,
    reference_pattern TEXT COLLATE "C",
    settings TEXT COLLATE "C" NOT NULL,
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
    CONSTRAINT reference_counters__authority_key__year PRIMARY KEY (authority_key, year)
);

-- Requests. The columns from status to outcome are projections of the events, rebuilt whenever an event changes.
CREATE TABLE requests (
    request_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT requests__request_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    authority_id TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    recorded_received_on DATE NOT NULL,
    details TEXT COLLATE "C" NOT NULL,
    received_on DATE NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    due_on DATE,
    extended_to DATE,
    lapses_on DATE,
    overdue_after DATE,
    responded_on DATE,
    closed_on DATE,
    on_time BOOLEAN,
    working_days_taken BIGINT,
    outcome TEXT COLLATE "C",
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
    topic TEXT COLLATE "C" NOT NULL,
    CONSTRAINT request_topics__request_key__topic PRIMARY KEY (request_key, topic)
);
CREATE INDEX request_topics_by_topic ON request_topics (authority_key, topic, request_key);

-- Who asked and the letter as it came: apart from the request, read at one address only.
CREATE TABLE requesters (
    request_key BIGINT CONSTRAINT requesters__request_key PRIMARY KEY REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    identity TEXT COLLATE "C",
    original_text TEXT COLLATE "C"
);

CREATE TABLE parts (
    part_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT parts__part_key PRIMARY KEY,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    position INTEGER NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C",
    valid_request BOOLEAN NOT NULL,
    details TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C",
    due_on DATE,
    extended_to DATE,
    lapses_on DATE,
    outcome TEXT COLLATE "C"
);
CREATE UNIQUE INDEX parts__request_key__label ON parts (request_key, label);

CREATE INDEX parts_by_lapse ON parts (lapses_on) WHERE lapses_on IS NOT NULL;

-- What happened to a request; nothing is deleted, a mistake is voided.
CREATE TABLE events (
    event_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT events__event_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    effective_on DATE NOT NULL,
    scope TEXT COLLATE "C",
    happening TEXT COLLATE "C" NOT NULL,
    details TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT COLLATE "C"
);
CREATE UNIQUE INDEX events__id ON events (id);
CREATE INDEX events_by_request ON events (request_key, event_key);
CREATE INDEX events_by_effect ON events (authority_key, effective_on, request_key);

CREATE TABLE responses (
    response_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT responses__response_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    issued_on DATE,
    content TEXT COLLATE "C" NOT NULL,
    findings TEXT COLLATE "C" NOT NULL,
    override_reason TEXT COLLATE "C",
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
    response_id TEXT COLLATE "C" NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    part_label TEXT COLLATE "C" NOT NULL,
    response_kind TEXT COLLATE "C" NOT NULL,
    issued_on DATE NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    CONSTRAINT answers__response_key__part_label PRIMARY KEY (response_key, part_label)
);
CREATE INDEX answers_by_request ON answers (request_key, issued_on);
CREATE INDEX answers_by_issue ON answers (authority_key, issued_on, request_key);

-- Each ground of an issued response once, an alternative group as one class of its own.
CREATE TABLE citations (
    response_key BIGINT NOT NULL REFERENCES responses (response_key),
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    part_label TEXT COLLATE "C" NOT NULL,
    response_kind TEXT COLLATE "C" NOT NULL,
    issued_on DATE NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    citation_class TEXT COLLATE "C" NOT NULL,
    ncnd BOOLEAN NOT NULL,
    CONSTRAINT citations__response_key__part_label__citation_class PRIMARY KEY (response_key, part_label, citation_class)
);
CREATE INDEX citations_by_issue ON citations (authority_key, issued_on, request_key);

-- What callers could see happen, in the order in which it was recorded.
CREATE TABLE timeline_entries (
    entry_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT timeline_entries__entry_key PRIMARY KEY,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    effective_on DATE,
    subject_id TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    recorded_at BIGINT NOT NULL
);
CREATE INDEX timeline_entries_by_request ON timeline_entries (request_key, entry_key);

-- Erased requests, for those who keep a copy.
CREATE TABLE deletions (
    id TEXT COLLATE "C" CONSTRAINT deletions__id PRIMARY KEY,
    authority_key BIGINT NOT NULL,
    authority_id TEXT COLLATE "C" NOT NULL,
    deleted_at BIGINT NOT NULL
);
CREATE INDEX deletions_by_time ON deletions (authority_key, deleted_at, id);

-- First answers of keyed POSTs, written with their effect.
CREATE TABLE idempotency_keys (
    credential TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    CONSTRAINT idempotency_keys__credential__idempotency_key PRIMARY KEY (credential, idempotency_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_request ON idempotency_keys (request_id);

-- GOV.UK bank-holidays files that were loaded; the newest is in use.
CREATE TABLE calendar_files (
    calendar_file_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT calendar_files__calendar_file_key PRIMARY KEY,
    version TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    loaded_at BIGINT NOT NULL
);

-- What this installation keeps about itself: the key of its cursors, the hash of its bootstrap key.
CREATE TABLE installation (
    name TEXT COLLATE "C" CONSTRAINT installation__name PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

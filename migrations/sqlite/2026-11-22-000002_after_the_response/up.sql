-- The chain after the response: reviews, complaints, and what belongs to a complaint. Nothing is deleted, a mistake is voided.
CREATE TABLE proceedings (
    proceeding_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT NOT NULL,
    parent_key BIGINT REFERENCES proceedings (proceeding_key),
    begun_on DATE NOT NULL,
    ended_on DATE,
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT
);
CREATE UNIQUE INDEX proceedings__id ON proceedings (id);
CREATE INDEX proceedings_by_request ON proceedings (request_key, proceeding_key);
CREATE INDEX proceedings_by_beginning ON proceedings (authority_key, kind, begun_on, request_key);
CREATE INDEX proceedings_by_end ON proceedings (authority_key, kind, ended_on, request_key);

-- What falls due besides the answers themselves: a projection of the proceedings, rebuilt with them.
CREATE TABLE due_dates (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_on DATE NOT NULL,
    provision TEXT NOT NULL,
    PRIMARY KEY (subject_id, kind)
);
CREATE INDEX due_dates_by_request ON due_dates (request_key);
CREATE INDEX due_dates_by_day ON due_dates (authority_key, due_on, kind, subject_id);
CREATE INDEX requests_by_extension ON requests (authority_key, extended_to, id) WHERE extended_to IS NOT NULL;

-- Past cases that were recorded whole: what they were recorded from, so that a repeat is known for one.
CREATE TABLE case_histories (
    request_key INTEGER PRIMARY KEY NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    identifiers TEXT NOT NULL
);

-- What a regulator did to a body outside a single complaint.
CREATE TABLE regulatory_actions (
    regulatory_action_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    authority_id TEXT NOT NULL,
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT
);
CREATE UNIQUE INDEX regulatory_actions__id ON regulatory_actions (id);
CREATE INDEX regulatory_actions_by_updated ON regulatory_actions (authority_key, updated_at, id);

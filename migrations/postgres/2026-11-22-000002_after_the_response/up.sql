-- The chain after the response: reviews, complaints, and what belongs to a complaint. Nothing is deleted, a mistake is voided.
CREATE TABLE proceedings (
    proceeding_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT proceedings__proceeding_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    parent_key BIGINT REFERENCES proceedings (proceeding_key),
    begun_on DATE NOT NULL,
    ended_on DATE,
    content TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT COLLATE "C"
);
CREATE UNIQUE INDEX proceedings__id ON proceedings (id);
CREATE INDEX proceedings_by_request ON proceedings (request_key, proceeding_key);
CREATE INDEX proceedings_by_beginning ON proceedings (authority_key, kind, begun_on, request_key);
CREATE INDEX proceedings_by_end ON proceedings (authority_key, kind, ended_on, request_key);

-- What falls due besides the answers themselves: a projection of the proceedings, rebuilt with them.
CREATE TABLE due_dates (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    due_on DATE NOT NULL,
    provision TEXT COLLATE "C" NOT NULL,
    CONSTRAINT due_dates__subject_id__kind PRIMARY KEY (subject_id, kind)
);
CREATE INDEX due_dates_by_request ON due_dates (request_key);
CREATE INDEX due_dates_by_day ON due_dates (authority_key, due_on, kind, subject_id);
CREATE INDEX requests_by_extension ON requests (authority_key, extended_to, id) WHERE extended_to IS NOT NULL;

-- Past cases that were recorded whole: what they were recorded from, so that a repeat is known for one.
CREATE TABLE case_histories (
    request_key BIGINT CONSTRAINT case_histories__request_key PRIMARY KEY REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    identifiers TEXT COLLATE "C" NOT NULL
);

-- What a regulator did to a body outside a single complaint.
CREATE TABLE regulatory_actions (
    regulatory_action_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT regulatory_actions__regulatory_action_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    authority_id TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT COLLATE "C"
);
CREATE UNIQUE INDEX regulatory_actions__id ON regulatory_actions (id);
CREATE INDEX regulatory_actions_by_updated ON regulatory_actions (authority_key, updated_at, id);

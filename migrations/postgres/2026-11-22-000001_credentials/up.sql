-- API keys: the secret is kept as its SHA-256 alone. Keys without an authority open `operator`.
CREATE TABLE api_keys (
    api_key_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT api_keys__api_key_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    authority_key BIGINT REFERENCES authorities (authority_key),
    prefix TEXT COLLATE "C" NOT NULL,
    key_hash TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    expires_on DATE NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_on DATE,
    revoked_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys__id ON api_keys (id);
CREATE UNIQUE INDEX api_keys__prefix ON api_keys (prefix);
CREATE INDEX api_keys__authority_key__id ON api_keys (authority_key, id);

-- Every authority that a key may act for, its own included.
CREATE TABLE api_key_authorities (
    api_key_key BIGINT NOT NULL REFERENCES api_keys (api_key_key),
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    CONSTRAINT api_key_authorities__api_key_key__authority_key PRIMARY KEY (api_key_key, authority_key)
);

-- Keyed hashes of what identifies a requester: they tell that two requests came from one person, and not from whom.
CREATE TABLE requester_matches (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    match_hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT requester_matches__request_key__match_hash PRIMARY KEY (request_key, match_hash)
);
CREATE INDEX requester_matches__authority_key__match_hash ON requester_matches (authority_key, match_hash);

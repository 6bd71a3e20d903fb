-- API keys: the secret is kept as its SHA-256 alone. Keys without an authority open `operator`.
CREATE TABLE api_keys (
    api_key_key INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL,
    authority_key BIGINT REFERENCES authorities (authority_key),
    prefix TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_on DATE NOT NULL,
    created_by TEXT NOT NULL,
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
    PRIMARY KEY (api_key_key, authority_key)
);

-- Keyed hashes of what identifies a requester: they tell that two requests came from one person, and not from whom.
CREATE TABLE requester_matches (
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    match_hash TEXT NOT NULL,
    PRIMARY KEY (request_key, match_hash)
);
CREATE INDEX requester_matches__authority_key__match_hash ON requester_matches (authority_key, match_hash);

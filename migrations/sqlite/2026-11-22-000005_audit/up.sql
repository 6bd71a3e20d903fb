-- The end of each authority's chain: locked while entries are added.
CREATE TABLE audit_heads (
    authority_key INTEGER PRIMARY KEY NOT NULL REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

-- Who did what (DPA 2018 s62), chained by hashes. `content` is the entry as it was hashed; the columns beside it are for queries.
CREATE TABLE audit_entries (
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    operation TEXT NOT NULL,
    actor TEXT,
    case_id TEXT,
    content TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (authority_key, seq)
);
CREATE INDEX audit_entries__authority_key__case_id ON audit_entries (authority_key, case_id, seq);

-- Signed statements of how far a chain went.
CREATE TABLE audit_checkpoints (
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (authority_key, seq)
);

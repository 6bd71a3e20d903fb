-- The end of each authority's chain: locked while entries are added.
CREATE TABLE audit_heads (
    authority_key BIGINT CONSTRAINT audit_heads__authority_key PRIMARY KEY REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);

-- Who did what (DPA 2018 s62), chained by hashes. `content` is the entry as it was hashed; the columns beside it are for queries.
CREATE TABLE audit_entries (
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C",
    case_id TEXT COLLATE "C",
    content TEXT COLLATE "C" NOT NULL,
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT audit_entries__authority_key__seq PRIMARY KEY (authority_key, seq)
);
CREATE INDEX audit_entries__authority_key__case_id ON audit_entries (authority_key, case_id, seq);

-- Signed statements of how far a chain went.
CREATE TABLE audit_checkpoints (
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    CONSTRAINT audit_checkpoints__authority_key__seq PRIMARY KEY (authority_key, seq)
);

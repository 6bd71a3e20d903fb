-- Statements signed by two keys: up to which place of a chain checkpoints by the first count, and by the second after it.
CREATE TABLE audit_successions (
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    seq BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (authority_key, seq)
);

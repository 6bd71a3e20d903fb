-- What was filed: a copy that nothing changes, numbered within the authority.
CREATE TABLE filed_returns (
    filed_return_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT filed_returns__filed_return_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    authority_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    return_kind TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    as_at DATE NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    filed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX filed_returns__id ON filed_returns (id);
CREATE UNIQUE INDEX filed_returns__authority_key__number ON filed_returns (authority_key, number);

-- Figures of a stock, and of a cohort whose grounds are counted.
CREATE INDEX requests_by_closing ON requests (authority_key, closed_on, request_key);
CREATE INDEX requests_not_closed ON requests (authority_key, received_on, request_key) WHERE closed_on IS NULL;
CREATE INDEX citations_by_request ON citations (request_key);

-- Records located, for parts whose answer shows that there is something to locate. What is deleted leaves no row.
CREATE TABLE records (
    record_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT records__record_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    authority_key BIGINT NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX records__id ON records (id);
CREATE INDEX records_by_request ON records (request_key, record_key);

-- The parts that a record answers; frozen once a later answer to the part shows nothing any more.
CREATE TABLE record_parts (
    record_key BIGINT NOT NULL REFERENCES records (record_key),
    request_key BIGINT NOT NULL REFERENCES requests (request_key),
    part_label TEXT COLLATE "C" NOT NULL,
    frozen BOOLEAN NOT NULL,
    CONSTRAINT record_parts__record_key__part_label PRIMARY KEY (record_key, part_label)
);
CREATE INDEX record_parts_by_request ON record_parts (request_key, record_key);

-- Standing positions: topics on which an authority neither confirms nor denies, whatever the facts.
CREATE TABLE ncnd_positions (
    position_key BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT ncnd_positions__position_key PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    authority_key BIGINT NOT NULL REFERENCES authorities (authority_key),
    authority_id TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ncnd_positions__id ON ncnd_positions (id);
CREATE INDEX ncnd_positions_by_authority ON ncnd_positions (authority_key, position_key);

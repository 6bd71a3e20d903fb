CREATE INDEX citations_by_issue ON citations (authority_key, issued_on, request_key);
CREATE INDEX requests_not_closed ON requests (authority_key, received_on, request_key) WHERE closed_on IS NULL;
CREATE UNIQUE INDEX authorities__name ON authorities (name);

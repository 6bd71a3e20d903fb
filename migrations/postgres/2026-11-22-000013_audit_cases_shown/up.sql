-- Which entries of the audit log name a case among those that a list or a table showed: derived from the entries, for the
-- search for a case. The check of the log goes through it by the places of entries, which the index is for.
CREATE TABLE audit_cases_shown (
    authority_key BIGINT NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    CONSTRAINT audit_cases_shown__authority_key__case_id__seq PRIMARY KEY (authority_key, case_id, seq)
);
CREATE INDEX audit_cases_shown_by_place ON audit_cases_shown (authority_key, seq, case_id);

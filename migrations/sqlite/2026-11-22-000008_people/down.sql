DROP TABLE legal_holds;
ALTER TABLE requests DROP COLUMN erased_at;
DROP INDEX requesters_by_key;
ALTER TABLE requesters DROP COLUMN key_id;

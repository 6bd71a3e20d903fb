\set n random(1,199)*200
BEGIN;
SET LOCAL candour.authorities = 1;
SELECT rp.* FROM record_parts rp WHERE rp.request_key = :n;
ROLLBACK;

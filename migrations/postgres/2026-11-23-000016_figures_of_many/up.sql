-- Returns of a year read a sheet of each request, and those of one authority lie far apart among those of many: this has
-- them side by side. A row of an index has room for some 2,700 octets; the few longer ones stay where they are.
CREATE INDEX case_sheets_contents ON case_sheets (authority_key, received_on) INCLUDE (request_key, mark, content)
    WHERE octet_length(content) <= 2000;
CREATE INDEX case_sheets_long_contents ON case_sheets (authority_key, received_on) WHERE octet_length(content) > 2000;

-- Totals of all authorities go from one authority to the next, and several processes can share them. PostgreSQL goes by the size
-- of the table it begins with, which is small, and would leave them to one: as many as max_parallel_workers_per_gather allows.
ALTER TABLE authorities SET (parallel_workers = 8);

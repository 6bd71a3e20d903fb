-- Totals of all authorities go from one authority to the next, and several processes can share them. PostgreSQL goes by the size
-- of the table it begins with, which is small, and would leave them to one: as many as max_parallel_workers_per_gather allows.
ALTER TABLE authorities SET (parallel_workers = 8);

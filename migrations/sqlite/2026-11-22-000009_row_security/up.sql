-- SQLite has no row-level security: a file is for one process and usually one authority.
SELECT 1;

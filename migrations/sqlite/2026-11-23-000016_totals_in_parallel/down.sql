-- SQLite answers one statement by one thread.
SELECT 1;

-- Nothing to do: every index of SQLite has the key of its row.
SELECT 1;

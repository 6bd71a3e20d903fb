ALTER TABLE authorities RESET (parallel_workers);
DROP INDEX case_sheets_long_contents;
DROP INDEX case_sheets_contents;

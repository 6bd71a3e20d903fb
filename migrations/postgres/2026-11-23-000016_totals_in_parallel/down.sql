ALTER TABLE authorities RESET (parallel_workers);

DROP TABLE case_sheets;

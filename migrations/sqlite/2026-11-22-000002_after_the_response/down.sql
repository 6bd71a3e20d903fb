DROP TABLE regulatory_actions;
DROP TABLE case_histories;
DROP INDEX requests_by_extension;
DROP TABLE due_dates;
DROP TABLE proceedings;

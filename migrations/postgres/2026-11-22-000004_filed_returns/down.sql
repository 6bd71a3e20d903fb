DROP INDEX citations_by_request;
DROP INDEX requests_not_closed;
DROP INDEX requests_by_closing;
DROP TABLE filed_returns;

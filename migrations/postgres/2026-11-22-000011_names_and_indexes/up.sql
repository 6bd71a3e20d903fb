-- Two authorities may have one name: they are told apart by their ids.
DROP INDEX authorities__name;
-- Nothing reads these.
DROP INDEX requests_not_closed;
DROP INDEX citations_by_issue;

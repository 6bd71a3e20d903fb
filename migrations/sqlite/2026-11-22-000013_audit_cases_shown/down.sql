DROP TABLE audit_cases_shown;

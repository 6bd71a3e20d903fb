DROP TABLE audit_successions;

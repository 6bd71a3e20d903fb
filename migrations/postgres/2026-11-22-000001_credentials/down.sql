DROP TABLE requester_matches;
DROP TABLE api_key_authorities;
DROP TABLE api_keys;

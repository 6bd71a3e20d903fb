-- Returns of a year read a sheet of each request, and those of one authority lie far apart among those of many: this has
-- them side by side, all but the few long ones, as on PostgreSQL.
CREATE INDEX case_sheets_contents ON case_sheets (authority_key, received_on, request_key, mark, content)
    WHERE octet_length(content) <= 2000;
CREATE INDEX case_sheets_long_contents ON case_sheets (authority_key, received_on) WHERE octet_length(content) > 2000;

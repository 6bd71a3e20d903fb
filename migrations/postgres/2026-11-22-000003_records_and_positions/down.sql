DROP TABLE ncnd_positions;
DROP TABLE record_parts;
DROP TABLE records;

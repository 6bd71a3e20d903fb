//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

#![expect(
    clippy::string_slice,
    clippy::unwrap_in_result,
    clippy::too_many_lines,
    reason = "a test tells one story from beginning to end, and what fails in it may panic"
)]

#[cfg(test)]
mod support;

#[cfg(test)]
mod answers;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod authorities;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod calendar_files;
#[cfg(test)]
mod citations;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod etags;
#[cfg(test)]
mod event_orders;
#[cfg(test)]
mod events;
#[cfg(test)]
mod findings_of_events;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod metrics_over_http;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod ncnd;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod postgres_store;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod published_cases;
#[cfg(test)]
mod reference_data;
#[cfg(test)]
mod request_changes;
#[cfg(test)]
mod request_lists;
#[cfg(test)]
mod request_tables;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod response_lists;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod separation;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod two_servers;

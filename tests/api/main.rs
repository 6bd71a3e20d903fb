//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

#![expect(
    clippy::string_slice,
    clippy::panic_in_result_fn,
    clippy::unwrap_in_result,
    clippy::too_many_lines,
    reason = "a test tells one story from beginning to end, and what fails in it may panic"
)]

#[cfg(test)]
mod support;

#[cfg(test)]
mod absent_and_foreign;
#[cfg(test)]
mod alternatives;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod appeals;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod audit_cases;
#[cfg(test)]
mod audit_successions;
#[cfg(test)]
mod audit_tampering;
#[cfg(test)]
mod authorities;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod breaches;
#[cfg(test)]
mod calendar_files;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod case_histories;
#[cfg(test)]
mod citations;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod complaints;
#[cfg(test)]
mod complete_answers;
#[cfg(test)]
mod compliance;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod cost_estimates;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod cross_origin;
#[cfg(test)]
mod cursors;
#[cfg(test)]
mod decision_notices;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod draft_changes;
#[cfg(test)]
mod due_dates;
#[cfg(test)]
mod encryption;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod erasure_traces;
#[cfg(test)]
mod etags;
#[cfg(test)]
mod event_orders;
#[cfg(test)]
mod events;
#[cfg(test)]
mod figures_as_at;
#[cfg(test)]
mod figures_at_the_edges;
#[cfg(test)]
mod filed_returns;
#[cfg(test)]
mod findings_of_events;
#[cfg(test)]
mod fuzz_corpus;
#[cfg(test)]
mod history_records;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod key_sets;
#[cfg(test)]
mod limits_of_breaches;
#[cfg(test)]
mod lost_answers;
#[cfg(test)]
mod lost_connections;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod memory;
#[cfg(test)]
mod metrics_over_http;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod ncnd;
#[cfg(test)]
mod ncnd_disclosure;
#[cfg(test)]
mod ncnd_guesses;
#[cfg(test)]
mod ncnd_in_figures;
#[cfg(test)]
mod ncnd_positions;
#[cfg(test)]
mod ncnd_words;
#[cfg(test)]
mod non_interference;
#[cfg(test)]
mod notice_particulars;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod older_contract;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod overload;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod postgres_store;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod proceeding_orders;
#[cfg(test)]
mod published_cases;
#[cfg(test)]
mod published_chains;
#[cfg(test)]
mod query_plans;
#[cfg(test)]
mod rate_limits;
#[cfg(test)]
mod records;
#[cfg(test)]
mod redress_figures;
#[cfg(test)]
mod reference_data;
#[cfg(test)]
mod regimes;
#[cfg(test)]
mod regulatory_actions;
#[cfg(test)]
mod released_contract;
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
mod retention;
#[cfg(test)]
mod returns_of_authorities;
#[cfg(test)]
mod returns_of_scotland;
#[cfg(test)]
mod returns_reproduced;
#[cfg(test)]
mod reviews;
#[cfg(test)]
mod row_security;
#[cfg(test)]
mod separation;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod slow_callers;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod token_algorithms;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod two_servers;
#[cfg(test)]
mod upgrade_from_first;
#[cfg(test)]
mod void_letters;
#[cfg(test)]
mod workload;

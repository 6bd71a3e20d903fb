//! HTTP: thin handlers, and what they share. A handler reads its input, runs one use case of `services` and writes the
//! answer; it knows no rule of law and no SQL.

pub mod accept;
pub mod api_keys;
pub mod audit;
pub mod audit_lane;
pub mod authorities;
pub mod calendars;
pub mod caller;
pub mod citations;
pub mod clocks;
pub mod credentials;
pub mod csv;
pub mod cursor;
pub mod deadlines;
pub mod door;
pub mod envelope;
pub mod etag;
pub mod extract;
pub mod metrics;
pub mod openapi;
pub mod operation;
pub mod pages;
pub mod problem;
pub mod provisions;
pub mod reading;
pub mod requests;
pub mod responses;
pub mod scopes;
pub mod state;
pub mod tokens;

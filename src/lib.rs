//! Candour: freedom-of-information casework as a service.
//!
//! # From a URL to its SQL
//!
//! [`routes`] lists every URL. The handler of a resource stands in `api/<resource>`, its use case in
//! `services/<resource>`, the rules it rests on in [`law`] and [`casework`], its rows and queries in `store/<resource>`.
//! The same resource name all along; imports point one way only:
//!
//! ```text
//! routes -> api -> services -> law, casework, metrics
//!                     |
//!                     +-----> store
//! ```
//!
//! [`law`], [`casework`] and [`metrics`] are pure: no HTTP, no database, no time of their own.

pub mod addresses;
pub mod api;
pub mod app;
pub mod audit_keys;
pub mod casework;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod edge;
pub mod encryption_keys;
pub mod fault;
pub mod hexadecimal;
pub mod law;
pub mod metrics;
pub mod routes;
pub mod services;
pub mod store;
pub mod telemetry;
pub mod vocabulary;
pub mod written;

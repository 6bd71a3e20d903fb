//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

mod support;

#[cfg(test)]
mod answers;
#[cfg(test)]
mod event_orders;
#[cfg(test)]
mod events;
#[cfg(test)]
mod metrics_over_http;
#[cfg(test)]
mod ncnd;
#[cfg(test)]
mod published_cases;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod smoke;

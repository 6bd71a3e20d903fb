//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

mod support;

#[cfg(test)]
mod authorities;
#[cfg(test)]
mod etags;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod reference_data;
#[cfg(test)]
mod request_lists;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod smoke;

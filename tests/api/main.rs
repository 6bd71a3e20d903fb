//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

mod support;

#[cfg(test)]
mod citations;
#[cfg(test)]
mod smoke;

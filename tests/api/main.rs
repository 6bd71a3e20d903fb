//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

mod support;

#[cfg(test)]
mod commands;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod postgres_store;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod two_servers;

//! The API over HTTP: the real application on a real SQLite file and a real PostgreSQL, every test on both.

mod support;

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod smoke;

//! What the tests share: a running server, a client, builders of what a test is not about.

pub mod casework;
pub mod client;
pub mod cohort;
pub mod contract;
pub mod keys;
pub mod place;
pub mod process;
pub mod server;
pub mod waiting;
pub mod wire;
pub mod world;

pub use client::{Answer, Client};
pub use place::{Folder, Place};
pub use process::Process;
pub use server::{Database, Server};
pub use waiting::{until, within};

/// Runs a test on SQLite and on PostgreSQL: `on_both! { name(server) { … } }` makes `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($server:ident) $body:block)+) => {$(
        $(#[$meta])*
        fn $name($server: &$crate::support::Server) $body

        mod $name {
            #[test]
            fn sqlite() {
                super::$name(&$crate::support::Server::start($crate::support::Database::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name(&$crate::support::Server::start($crate::support::Database::Postgres));
            }
        }
    )+};
}

/// Runs a test on each database where it starts a server of its own: `on_each! { name(database) { … } }` makes
/// `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_each {
    ($($(#[$meta:meta])* fn $name:ident($database:ident) $body:block)+) => {$(
        $(#[$meta])*
        fn $name($database: $crate::support::Database) $body

        mod $name {
            #[test]
            fn sqlite() {
                super::$name($crate::support::Database::Sqlite);
            }

            #[test]
            fn postgres() {
                super::$name($crate::support::Database::Postgres);
            }
        }
    )+};
}

//! What the tests share: a running server, a client, builders of what a test is not about.

pub mod casework;
pub mod client;
pub mod contract;
pub mod place;
pub mod process;
pub mod server;
pub mod wire;
pub mod world;

pub use client::{Answer, Client};
pub use place::{Folder, Place};
pub use process::Process;
pub use server::{Database, Server};

/// Runs a test on SQLite and on PostgreSQL: `on_both! { name(server) { … } }` makes `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($server:ident) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "some tests need nothing from their file")]
            use super::*;

            fn run($server: &$crate::support::Server) $body

            #[test]
            fn sqlite() {
                run(&$crate::support::Server::start($crate::support::Database::Sqlite));
            }

            #[test]
            fn postgres() {
                run(&$crate::support::Server::start($crate::support::Database::Postgres));
            }
        }
    )+};
}

//! PostgreSQL gone and back while nobody called: no caller is told of it.

use crate::support::{Database, Server, keys::key, server::run_on_cluster};

/// Waits until each session has ended. A key that was not used yet is looked up; the connections for that had died as all others had.
#[test]
fn calls_after_the_database_was_away_are_answered() {
    let server = Server::start(Database::Postgres);
    server.request("2026-06-01", &["1"]);
    let keys = [(); 12].map(|()| key(&server, &["requests:read", "requests:write"]));
    let name = &server.place.name;
    run_on_cluster(&format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"));
    for key in keys {
        server.with_key(&key).get("/v1/requests").expect(200);
    }
    server.request("2026-06-01", &["1"]);
}

//! PostgreSQL: how a session is set up, and the threads that write through ordinary transactions.
//!
//! Writes are not grouped here: the server gathers commits itself, and what a write costs is its round trips.

#![expect(clippy::disallowed_methods, reason = "settings of a session have no other form than raw SQL")]

use crossbeam_channel::Receiver;
use diesel::{Connection as _, PgConnection, RunQueryDsl, connection::SimpleConnection};

use super::{
    connection::{Link, Role},
    database_url::DatabaseRole,
    error::StoreError,
    job::{Job, Verdict},
    transaction,
};

/// Opens a session. One that serves takes the role that is configured; one that migrates stays who connects: the owner.
pub(super) fn open(url: &str, role: Role, serving: Option<&DatabaseRole>) -> Result<PgConnection, StoreError> {
    let mut connection = PgConnection::establish(&with_deadlines(url))?;
    connection.batch_execute(session(role))?;
    connection.batch_execute(UNFENCED)?;
    if let (Role::Reader | Role::Writer, Some(serving)) = (role, serving) {
        connection.batch_execute(&format!("SET ROLE {}", serving.as_str()))?;
    }
    Ok(connection)
}

/// What the service does by itself is done for every authority; what it does for a caller begins with the caller's own
/// (`transaction`). A session that says nothing sees no row.
const UNFENCED: &str = "SET candour.authorities = 'every'";

/// Puts fences around the tables that have none yet, and lets the role that serves use them all.
pub(super) fn fence_tables(connection: &mut PgConnection, serving: Option<&DatabaseRole>) -> Result<(), StoreError> {
    connection.batch_execute("SELECT candour_fence_tables()")?;
    let Some(serving) = serving.map(DatabaseRole::as_str) else { return Ok(()) };
    let grants = format!(
        "DO $$ BEGIN
             EXECUTE format('GRANT USAGE ON SCHEMA %I TO {serving}', current_schema());
             EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {serving}', current_schema());
             -- What the audit log says is added to, never changed.
             REVOKE UPDATE, DELETE ON audit_entries, audit_cases_shown, audit_checkpoints, audit_successions FROM {serving};
             GRANT EXECUTE ON FUNCTION candour_oldest_open_write() TO {serving};
         END $$"
    );
    connection.batch_execute(&grants).map_err(|error| {
        StoreError::Unavailable(format!(
            "CANDOUR_DATABASE_ROLE: {error}; who connects must own the tables and be a member of the role: \
             CREATE ROLE {serving} NOLOGIN; GRANT {serving} TO CURRENT_USER"
        ))
    })
}

/// libpq waits without end for a server that does not answer, unless told how long: 5 seconds for a connection, and half a
/// minute for a machine or a network that has gone without a word. Seconds, but `tcp_user_timeout` in milliseconds.
const DEADLINES: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "15"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "30000"),
];

/// The URL with these deadlines, where it does not say otherwise.
fn with_deadlines(url: &str) -> String {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let names: Vec<&str> = parameters.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let mut complete = url.to_owned();
    for (name, value) in DEADLINES.iter().filter(|(name, _)| !names.contains(name)) {
        let joint = if complete.contains('?') { "&" } else { "?" };
        complete.extend([joint, name, "=", value]);
    }
    complete
}

/// A reader may only read, and sees one state per transaction. A writer's commit is on disk before it is answered, even
/// where the server was configured to answer earlier.
const fn session(role: Role) -> &'static str {
    match role {
        Role::Reader | Role::Backup => {
            "SET application_name = 'candour read';
             SET default_transaction_read_only = on;
             SET default_transaction_isolation = 'repeatable read';
             SET statement_timeout = '30s';
             SET idle_in_transaction_session_timeout = '60s'"
        }
        Role::Writer => {
            "SET application_name = 'candour write';
             SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
             SET lock_timeout = '5s';
             SET statement_timeout = '30s';
             SET idle_in_transaction_session_timeout = '60s'"
        }
        Role::Migration | Role::Checkpoint => "SET application_name = 'candour migrate'",
    }
}

/// Writes until the queue is closed and empty.
pub(super) fn serve(mut link: Link, queue: &Receiver<Box<dyn Job>>) {
    if let Err(error) = link.connection() {
        tracing::warn!(%error, "a writer could not connect; it will try again with the next write");
    }
    for mut job in queue {
        let outcome = write(&mut link, job.as_mut());
        link.discard_unless_sound();
        job.answer(outcome);
    }
}

fn write(link: &mut Link, job: &mut dyn Job) -> Result<(), StoreError> {
    let connection = link.begin(|connection| transaction::begin_write_within(connection, job.fence()))?;
    let ended = match job.run(connection) {
        Verdict::Keep => transaction::commit(connection),
        // A rollback that fails undoes as well: the connection is closed. The job's own error is the better answer.
        Verdict::Undo => transaction::roll_back(connection).or(Ok(())),
    };
    if ended.is_err() {
        let _ = transaction::roll_back(connection);
    }
    ended.map_err(StoreError::from)
}

/// An error if the server is a standby, which takes no writes.
pub(super) fn refuse_standby(connection: &mut PgConnection) -> Result<(), StoreError> {
    let standby = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>("pg_is_in_recovery()"))
        .get_result::<bool>(connection)?;
    if standby { Err(StoreError::Unavailable("the server is a read-only standby".to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::with_deadlines;

    #[test]
    fn what_the_url_does_not_say_is_added() {
        assert_eq!(
            with_deadlines("postgres://clerk@db.example/foi"),
            "postgres://clerk@db.example/foi?connect_timeout=5&keepalives_idle=15&keepalives_interval=5\
             &keepalives_count=3&tcp_user_timeout=30000"
        );
        assert_eq!(
            with_deadlines("postgres://clerk@db.example/foi?tcp_user_timeout=0&keepalives_idle=60&connect_timeout=1"),
            "postgres://clerk@db.example/foi?tcp_user_timeout=0&keepalives_idle=60&connect_timeout=1\
             &keepalives_interval=5&keepalives_count=3"
        );
    }
}

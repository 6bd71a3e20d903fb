//! What the store promises, on PostgreSQL: the same as `src/store/tests.rs` asks of SQLite.

#![expect(clippy::disallowed_methods, reason = "the tests of storage make tables of their own and provoke failures")]

use std::sync::mpsc;

use candour::store::{Connection, Store, StoreError, StoreSettings};
use diesel::{
    Connection as _, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::BigInt,
};

use crate::support::{
    Database, Place,
    server::{database_url, run_on_cluster},
};

/// A store on tables of its own.
fn open() -> (Place, Store) {
    let place = Place::empty(Database::Postgres);
    place.run(
        "CREATE TABLE shelves (key BIGINT CONSTRAINT shelves__key PRIMARY KEY);
         CREATE TABLE notes (
             key BIGINT CONSTRAINT notes__key PRIMARY KEY,
             words TEXT NOT NULL CONSTRAINT notes__words_are_short CHECK (length(words) < 50),
             shelf BIGINT REFERENCES shelves (key), CONSTRAINT notes__words__shelf UNIQUE (words, shelf));
         INSERT INTO shelves VALUES (1), (2)",
    );
    let store = Store::open(&place.url, StoreSettings { readers: 1, writers: 2, queue_length: 64 }).unwrap();
    (place, store)
}

fn break_connections(place: &Place) {
    let name = &place.name;
    run_on_cluster(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

const COUNT: &str = "SELECT count(*) AS number FROM notes";

fn number(connection: &mut Connection, query: &str) -> Result<i64, StoreError> {
    Ok(sql_query(query).get_result::<Number>(connection)?.number)
}

fn run(connection: &mut Connection, statement: &str) -> Result<(), StoreError> {
    Ok(connection.batch_execute(statement)?)
}

async fn write(store: &Store, statement: &'static str) -> Result<(), StoreError> {
    store.write(move |connection| run(connection, statement)).await
}

async fn count(store: &Store) -> i64 {
    store.read_one(|connection| number(connection, COUNT)).await.unwrap()
}

#[tokio::test]
async fn refused_rows_name_their_constraint() {
    let (_place, store) = open();
    let unique = |constraint: &str| Err(StoreError::Unique { constraint: constraint.to_owned() });
    assert_eq!(write(&store, "INSERT INTO notes VALUES (1, 'a', 1)").await, Ok(()));
    assert_eq!(write(&store, "INSERT INTO notes VALUES (1, 'b', 1)").await, unique("notes(key)"));
    assert_eq!(write(&store, "INSERT INTO notes VALUES (2, 'a', 1)").await, unique("notes(words,shelf)"));
    assert_eq!(write(&store, "INSERT INTO notes VALUES (2, 'a', 9)").await, Err(StoreError::ForeignKey));
    assert_eq!(write(&store, "DELETE FROM shelves").await, Err(StoreError::ForeignKey));
    let constraint = "notes__words_are_short".to_owned();
    assert_eq!(
        write(&store, "INSERT INTO notes VALUES (2, repeat('a', 50), 1)").await,
        Err(StoreError::Check { constraint })
    );
    assert_eq!(count(&store).await, 1);
}

/// PostgreSQL answers the COMMIT of a failed transaction with a silent rollback.
#[tokio::test]
async fn a_write_that_hides_a_failed_statement_is_not_acknowledged() {
    let (_place, store) = open();
    let hidden = store.write(|connection| {
        run(connection, "INSERT INTO notes VALUES (1, 'a', 1)")?;
        run(connection, "INSERT INTO notes VALUES (1, 'a', 1)").unwrap_err();
        Ok::<_, StoreError>(())
    });
    assert!(matches!(hidden.await, Err(StoreError::Internal(_))));
    assert_eq!(count(&store).await, 0);
    let nested = store.write(|connection| {
        run(connection, "INSERT INTO notes VALUES (1, 'a', 1)")?;
        connection.transaction(|connection| run(connection, "INSERT INTO notes VALUES (1, 'a', 1)")).unwrap_err();
        Ok::<_, StoreError>(())
    });
    assert_eq!(nested.await, Ok(()));
    assert_eq!(count(&store).await, 1);
}

#[tokio::test]
async fn a_failing_or_panicking_job_is_undone_and_its_thread_lives_on() {
    let (_place, store) = open();
    for _ in 0..5 {
        let panicked = store.write::<(), StoreError, _>(|connection| {
            run(connection, "INSERT INTO notes VALUES (1, 'a', 1)")?;
            connection.transaction(|connection| {
                run(connection, "INSERT INTO notes VALUES (2, 'b', 1)")?;
                panic!("in a nested transaction")
            })
        });
        assert!(matches!(panicked.await, Err(StoreError::Internal(_))));
        let refused = store.write::<(), StoreError, _>(|connection| {
            run(connection, "INSERT INTO notes VALUES (1, 'a', 1)")?;
            Err(StoreError::NotFound)
        });
        assert_eq!(refused.await, Err(StoreError::NotFound));
        let destroyed = store.write(|connection| run(connection, "INSERT INTO notes VALUES (1, 'a', 1); ROLLBACK"));
        assert!(destroyed.await.is_err());
        let panicked = store.read::<(), StoreError, _>(|_| panic!("while reading"));
        assert!(matches!(panicked.await, Err(StoreError::Internal(_))));
        assert_eq!(count(&store).await, 0);
    }
}

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let (place, store) = open();
    for _ in 0..3 {
        break_connections(&place);
        assert_eq!(store.ping(std::time::Duration::from_secs(5)).await, Ok(()));
        assert_eq!(store.read(|connection| number(connection, COUNT)).await, Ok(0));
        assert_eq!(write(&store, "DELETE FROM notes").await, Ok(()));
        assert_eq!(write(&store, "DELETE FROM notes").await, Ok(()));
    }
    let cut_off = store.write(|connection| run(connection, "SELECT pg_terminate_backend(pg_backend_pid())"));
    assert!(matches!(cut_off.await, Err(StoreError::Unavailable(_))));
    let cut_off = store.read_one(|connection| run(connection, "SELECT pg_terminate_backend(pg_backend_pid())"));
    assert!(matches!(cut_off.await, Err(StoreError::Unavailable(_))));
    assert_eq!(count(&store).await, 0);
    assert_eq!(write(&store, "DELETE FROM notes").await, Ok(()));
}

#[tokio::test]
async fn a_reader_cannot_write_and_sees_one_state() {
    let (_place, store) = open();
    for refused in [
        store.read(|connection| run(connection, "DELETE FROM notes")).await,
        store.read_one(|connection| run(connection, "DELETE FROM notes")).await,
    ] {
        assert!(matches!(refused, Err(StoreError::Internal(_))), "{refused:?}");
    }
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (written, is_written) = mpsc::channel::<()>();
    let reading = store.clone();
    let counts = tokio::spawn(async move {
        let counts = reading.read(move |connection| {
            let before = number(connection, COUNT)?;
            begun.send(()).unwrap();
            is_written.recv().unwrap();
            Ok::<_, StoreError>((before, number(connection, COUNT)?))
        });
        counts.await.unwrap()
    });
    has_begun.await.unwrap();
    write(&store, "INSERT INTO notes VALUES (1, 'a', 1)").await.unwrap();
    written.send(()).unwrap();
    assert_eq!(counts.await.unwrap(), (0, 0));
    assert_eq!(count(&store).await, 1);
}

#[tokio::test]
async fn a_deadlock_is_busy() {
    let (_place, store) = open();
    let (mut left, mut right) = (mpsc::channel::<()>(), mpsc::channel::<()>());
    let cross = |first: &'static str, second: &'static str, tell: mpsc::Sender<()>, wait: mpsc::Receiver<()>| {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(move |connection| {
                    run(connection, first)?;
                    tell.send(()).unwrap();
                    wait.recv().unwrap();
                    run(connection, second)
                })
                .await
        })
    };
    let (one, two) = ("UPDATE shelves SET key = key WHERE key = 1", "UPDATE shelves SET key = key WHERE key = 2");
    std::mem::swap(&mut left.1, &mut right.1);
    let results =
        [cross(one, two, left.0, left.1), cross(two, one, right.0, right.1)].map(|task| async { task.await.unwrap() });
    let results: Vec<_> = futures_util::future::join_all(results).await;
    assert!(results.contains(&Ok(())) && results.contains(&Err(StoreError::Busy)), "{results:?}");
}

#[tokio::test]
async fn closing_loses_nothing_that_was_acknowledged() {
    let (place, store) = open();
    let writes: Vec<_> = (0..64)
        .map(|key| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(move |connection| run(connection, &format!("INSERT INTO notes VALUES ({key}, '{key}', 1)")))
                    .await
            })
        })
        .collect();
    while count(&store).await == 0 {}
    let closing = store.clone();
    tokio::task::spawn_blocking(move || closing.close()).await.unwrap();
    let mut acknowledged = 0;
    for write in writes {
        acknowledged += i64::from(write.await.unwrap().is_ok());
    }
    let again = Store::open(&place.url, StoreSettings::default()).unwrap();
    assert_eq!(count(&again).await, acknowledged);
}

#[test]
fn the_reason_is_shown_when_the_database_cannot_be_reached() {
    let Err(error) = Store::open(&database_url("no_such_database"), StoreSettings::default()) else { panic!("opened") };
    assert!(error.to_string().contains("does not exist"), "{error}");
}

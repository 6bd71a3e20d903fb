//! What the store promises, on SQLite and without the service's tables. The same promises on PostgreSQL, and the equality
//! of the two schemas, are tested where a server is at hand: `tests/api`.

#![expect(clippy::disallowed_methods, reason = "the tests of storage make tables of their own and provoke failures")]

use std::{fs, path::PathBuf, sync::mpsc, time::Duration};

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};

use super::*;

/// A folder of its own for each test, gone with it.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("candour-store-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(super) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::sqlite(self.0.join("store with % and ?.db"))
    }

    fn open(&self) -> Store {
        self.open_with(StoreSettings::default())
    }

    fn open_with(&self, settings: StoreSettings) -> Store {
        Store::open(&self.url(), settings).unwrap()
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read_dir(&self.0).unwrap().flat_map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
pub(super) struct Words {
    #[diesel(sql_type = Text)]
    pub(super) words: String,
}

fn number(connection: &mut Connection, query: &str) -> Result<i64, StoreError> {
    Ok(sql_query(query).get_result::<Number>(connection)?.number)
}

fn insert(connection: &mut Connection, key: i64) -> Result<(), StoreError> {
    connection.batch_execute(&format!("INSERT INTO notes (key, words) VALUES ({key}, 'note {key}')"))?;
    Ok(())
}

async fn with_notes(store: Store) -> Store {
    let created = store
        .write(|connection| {
            connection.batch_execute(
                "CREATE TABLE notes (
                     key BIGINT PRIMARY KEY, words TEXT NOT NULL CONSTRAINT notes__words_are_short CHECK (length(words) < 50),
                     reply_to BIGINT REFERENCES notes (key), UNIQUE (words, reply_to));
                 CREATE UNIQUE INDEX notes__folded ON notes (lower(words)) WHERE key < 10",
            )?;
            Ok::<_, StoreError>(())
        })
        .await;
    created.unwrap();
    store
}

async fn keys(store: &Store) -> Vec<i64> {
    store
        .read_one(|connection| {
            Ok::<_, StoreError>(sql_query("SELECT key AS number FROM notes ORDER BY key").load(connection)?)
        })
        .await
        .unwrap()
        .into_iter()
        .map(|row: Number| row.number)
        .collect()
}

/// Queues a write that keeps the writer busy until the answer's sender is used or dropped.
async fn hold_writer(store: &Store) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), StoreError>>) {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let store = store.clone();
    let held = tokio::spawn(async move {
        store
            .write(move |_| {
                let _ = begun.send(());
                let _ = released.recv();
                Ok(())
            })
            .await
    });
    has_begun.await.unwrap();
    (release, held)
}

type Write = Box<dyn FnOnce(&mut Connection) -> Result<(), StoreError> + Send>;

/// Queues the writes behind a busy writer, in their order, so that they share a commit; answers their results.
async fn write_together(store: &Store, writes: Vec<Write>) -> Vec<Result<(), StoreError>> {
    let (release, held) = hold_writer(store).await;
    let mut waiting = Vec::new();
    for write in writes {
        let (queued, store) = (store.waiting_writes(), store.clone());
        let observed = store.clone();
        waiting.push(tokio::spawn(async move { store.write(write).await }));
        while observed.waiting_writes() == queued {
            tokio::task::yield_now().await;
        }
    }
    drop(release);
    let mut results = Vec::new();
    for write in waiting {
        results.push(write.await.unwrap());
    }
    let _ = held.await.unwrap();
    results
}

#[tokio::test]
async fn a_failing_or_panicking_job_leaves_its_neighbours_alone() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let results = write_together(
        &store,
        vec![
            Box::new(|connection| insert(connection, 1)),
            Box::new(|connection| {
                insert(connection, 2)?;
                insert(connection, 1)
            }),
            Box::new(|connection| insert(connection, 3)),
            Box::new(|connection| {
                insert(connection, 4)?;
                panic!("in the middle")
            }),
            Box::new(|connection| {
                insert(connection, 5)?;
                connection.transaction::<(), StoreError, _>(|connection| {
                    insert(connection, 6)?;
                    panic!("in a nested transaction")
                })
            }),
            Box::new(|connection| {
                insert(connection, 7)?;
                connection.transaction(|connection| insert(connection, 7)).unwrap_err();
                insert(connection, 8)
            }),
            Box::new(|connection| {
                insert(connection, 9)?;
                Err(StoreError::NotFound)
            }),
        ],
    )
    .await;
    let kept: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(kept, [true, false, true, false, false, true, false]);
    assert!(matches!(results[1], Err(StoreError::Unique { .. })));
    assert!(matches!(results[3], Err(StoreError::Internal(_))));
    assert_eq!(results[6], Err(StoreError::NotFound));
    assert_eq!(keys(&store).await, [1, 3, 7, 8]);
}

#[tokio::test]
async fn a_job_that_ends_the_transaction_fails_those_before_it_and_none_after() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let results = write_together(
        &store,
        vec![
            Box::new(|connection| insert(connection, 1)),
            Box::new(|connection| {
                connection.batch_execute("ROLLBACK")?;
                Ok(())
            }),
            Box::new(|connection| insert(connection, 3)),
        ],
    )
    .await;
    assert!(matches!(results[0], Err(StoreError::Unavailable(_))));
    assert!(matches!(results[1], Err(StoreError::Unavailable(_))));
    assert_eq!(results[2], Ok(()));
    assert_eq!(keys(&store).await, [3]);
}

#[tokio::test]
async fn a_job_that_finds_the_disk_full_says_so() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let results = write_together(
        &store,
        vec![
            Box::new(|connection| insert(connection, 1)),
            Box::new(|connection| {
                connection.batch_execute("PRAGMA max_page_count = 1; CREATE TABLE large (content)")?;
                Ok(())
            }),
            Box::new(|connection| insert(connection, 3)),
        ],
    )
    .await;
    assert_eq!(results, [Ok(()), Err(StoreError::Full), Ok(())]);
    assert_eq!(keys(&store).await, [1, 3]);
}

#[tokio::test]
async fn refused_rows_name_their_constraint() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let attempt = |statement: &'static str| {
        let store = store.clone();
        async move {
            let write = move |connection: &mut Connection| Ok::<_, StoreError>(connection.batch_execute(statement)?);
            store.write(write).await
        }
    };
    let unique = |constraint: &str| Err(StoreError::Unique { constraint: constraint.to_owned() });
    let insert = "INSERT INTO notes VALUES (1, 'a', NULL), (2, 'b', 1)";
    assert_eq!(attempt(insert).await, Ok(()));
    assert_eq!(attempt("INSERT INTO notes VALUES (1, 'c', NULL)").await, unique("notes(key)"));
    assert_eq!(attempt("INSERT INTO notes VALUES (30, 'b', 1)").await, unique("notes(words,reply_to)"));
    assert_eq!(attempt("INSERT INTO notes VALUES (3, 'A', NULL)").await, unique("notes(folded)"));
    assert_eq!(attempt("INSERT INTO notes VALUES (3, 'c', 9)").await, Err(StoreError::ForeignKey));
    assert_eq!(attempt("DELETE FROM notes WHERE key = 1").await, Err(StoreError::ForeignKey));
    let long = "INSERT INTO notes VALUES (3, hex(zeroblob(50)), NULL)";
    let constraint = "notes__words_are_short".to_owned();
    assert_eq!(attempt(long).await, Err(StoreError::Check { constraint }));
    let missing =
        store.read_one(|connection| number(connection, "SELECT key AS number FROM notes WHERE key = 99")).await;
    assert_eq!(missing, Err(StoreError::NotFound));
}

#[tokio::test]
async fn a_full_queue_is_busy_at_once() {
    let folder = Folder::new();
    let store = folder.open_with(StoreSettings { readers: 1, writers: 1, queue_length: 2 });
    let (release, held) = hold_writer(&store).await;
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.write(|_| Ok::<_, StoreError>(())).await })
        })
        .collect();
    while store.waiting_writes() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.write(|_| Ok(())).await, Err(StoreError::Busy));
    assert_eq!(store.ping(Duration::from_secs(5)).await, Err(StoreError::Busy));
    // Reads have a queue and threads of their own.
    assert_eq!(store.read(|connection| number(connection, "SELECT 1 AS number")).await, Ok(1));
    drop(release);
    held.await.unwrap().unwrap();
    for write in waiting {
        write.await.unwrap().unwrap();
    }
    assert_eq!(store.waiting_writes(), 0);
    assert_eq!(store.ping(Duration::from_secs(5)).await, Ok(()));
}

#[tokio::test]
async fn readiness_does_not_wait_for_a_stuck_writer() {
    let folder = Folder::new();
    let store = folder.open();
    let (release, held) = hold_writer(&store).await;
    assert!(matches!(store.ping(Duration::from_millis(5)).await, Err(StoreError::Unavailable(_))));
    drop(release);
    held.await.unwrap().unwrap();
}

#[tokio::test]
async fn closing_loses_nothing_that_was_acknowledged() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let writes: Vec<_> = (0..200)
        .map(|key| {
            let store = store.clone();
            tokio::spawn(async move { store.write(move |connection| insert(connection, key)).await.map(|()| key) })
        })
        .collect();
    while keys(&store).await.is_empty() {
        tokio::task::yield_now().await;
    }
    let closing = store.clone();
    tokio::task::spawn_blocking(move || closing.close()).await.unwrap();
    let mut acknowledged = Vec::new();
    for write in writes {
        match write.await.unwrap() {
            Ok(key) => acknowledged.push(key),
            Err(error) => assert_eq!(error, StoreError::closing()),
        }
    }
    assert!(!acknowledged.is_empty());
    assert!(matches!(store.ping(Duration::from_secs(5)).await, Err(StoreError::Unavailable(_))));
    assert_eq!(keys(&folder.open()).await, acknowledged);
}

#[tokio::test]
async fn a_caller_who_leaves_does_not_stop_a_queued_write() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let (release, held) = hold_writer(&store).await;
    let writing = store.clone();
    let left = tokio::spawn(async move { writing.write(|connection| insert(connection, 1)).await });
    while store.waiting_writes() == 0 {
        tokio::task::yield_now().await;
    }
    left.abort();
    assert!(left.await.unwrap_err().is_cancelled());
    drop(release);
    held.await.unwrap().unwrap();
    store.write(|connection| insert(connection, 2)).await.unwrap();
    assert_eq!(keys(&store).await, [1, 2]);
}

#[tokio::test]
async fn a_read_sees_one_state_and_every_write_answered_before() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    for key in 0..20 {
        store.write(move |connection| insert(connection, key)).await.unwrap();
        assert_eq!(keys(&store).await.last(), Some(&key));
    }
    let count = "SELECT count(*) AS number FROM notes";
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (written, is_written) = mpsc::channel::<()>();
    let reading = store.clone();
    let counts = tokio::spawn(async move {
        let counts = reading.read(move |connection| {
            let before = number(connection, count)?;
            begun.send(()).unwrap();
            is_written.recv().unwrap();
            Ok::<_, StoreError>((before, number(connection, count)?))
        });
        counts.await.unwrap()
    });
    has_begun.await.unwrap();
    store.write(|connection| insert(connection, 99)).await.unwrap();
    written.send(()).unwrap();
    assert_eq!(counts.await.unwrap(), (20, 20));
    assert_eq!(keys(&store).await.len(), 21);
}

#[tokio::test]
async fn a_reader_cannot_write_and_survives_a_panic() {
    let folder = Folder::new();
    let store = with_notes(folder.open_with(StoreSettings { readers: 1, ..StoreSettings::default() })).await;
    let refused = store.read(|connection| insert(connection, 1)).await;
    assert_eq!(refused, Err(StoreError::Internal("attempt to write a readonly database".to_owned())));
    let refused = store
        .read_one(|connection| {
            connection.batch_execute("PRAGMA query_only = OFF")?;
            insert(connection, 1)
        })
        .await;
    assert!(refused.is_err());
    let panicked = store.read::<(), StoreError, _>(|_| panic!("while reading")).await;
    assert!(matches!(panicked, Err(StoreError::Internal(_))));
    assert_eq!(keys(&store).await, Vec::<i64>::new());
}

#[tokio::test]
async fn deleted_words_leave_the_files() {
    let folder = Folder::new();
    let store = with_notes(folder.open()).await;
    let secret = "a name that must not linger";
    let statement = format!("INSERT INTO notes VALUES (1, '{secret}', NULL)");
    store.write(move |connection| Ok::<_, StoreError>(connection.batch_execute(&statement)?)).await.unwrap();
    let lingers = || folder.bytes().windows(secret.len()).any(|piece| piece == secret.as_bytes());
    assert!(lingers());
    store.write(|connection| Ok::<_, StoreError>(connection.batch_execute("DELETE FROM notes")?)).await.unwrap();
    store.close();
    assert!(!lingers());
}

#[tokio::test]
async fn the_writer_is_durable_and_strict() {
    let folder = Folder::new();
    let store = folder.open();
    let settings = store
        .write(|connection| {
            let setting = |connection: &mut Connection, name: &str| {
                number(connection, &format!("SELECT {name} AS number FROM pragma_{name}"))
            };
            let names = ["foreign_keys", "synchronous", "secure_delete", "trusted_schema"];
            names.map(|name| setting(connection, name)).into_iter().collect::<Result<Vec<_>, StoreError>>()
        })
        .await;
    assert_eq!(settings, Ok(vec![1, 2, 1, 0]));
    let mode = "SELECT journal_mode AS words FROM pragma_journal_mode";
    let mode =
        store.read_one(move |connection| Ok::<_, StoreError>(sql_query(mode).get_result::<Words>(connection)?)).await;
    assert_eq!(mode.unwrap().words, "wal");
    assert_eq!(store.backend(), Backend::Sqlite);
}

#[test]
fn sqlite_is_compiled_as_the_service_needs_it() {
    assert_eq!(sqlite_compile_faults(), Ok(Vec::new()));
}

#[test]
fn a_file_in_a_missing_folder_is_not_created() {
    let folder = Folder::new();
    let url = DatabaseUrl::sqlite(folder.0.join("missing").join("store.db"));
    let Err(error) = Store::open(&url, StoreSettings::default()) else { panic!("opened") };
    assert!(error.to_string().contains("does not exist"), "{error}");
}

//! Restore drills: a copy made while a server writes is started on, and holds what had been answered, the audit chain
//! whole, the filed returns as they were.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::support::{
    Client, Database, Place, Process, Server,
    casework::{disclosed, path, record, sent},
    server::id,
    until, world,
};

/// What a restored server must have: asked of the live one before the copy is made.
struct Before {
    authority: String,
    request: String,
    requester: Value,
    filed: Value,
    entries: i64,
}

fn casework(server: &Server) -> Before {
    let authority = world::only_authority(server);
    let body = json!({"regime": "foia", "received_on": "2026-01-06", "subject": "A subject",
        "requester": {"name": "Mx Example"}, "original_text": "The letter"});
    let request = id(&server.post("/v1/requests", &body).expect(201));
    record(server, &request, "responses", sent("2026-01-20", &[disclosed("1")]));
    server.post("/v1/filed-returns", &json!({"return_kind": "code-part-8", "period": "2026-Q1"})).expect(201);
    let requester = server.get(&format!("{}/requester", path(&request))).expect(200);
    let filed = filed_returns(&server.client);
    Before { authority, request, requester, filed, entries: server.place.count("audit_entries") }
}

/// The list of filed returns, and each with its form.
fn filed_returns(client: &Client) -> Value {
    let list = client.get("/v1/filed-returns").expect(200);
    let each = |one: &Value| client.get(&format!("/v1/filed-returns/{}", id(one))).expect(200);
    let forms: Vec<Value> = list["items"].as_array().unwrap().iter().map(each).collect();
    json!([list, forms])
}

/// Makes a copy while four clients record requests; gives how many had been answered before it began.
fn while_writing(server: &Server, copy: impl FnOnce()) -> i64 {
    let stop = AtomicBool::new(false);
    let client = &server.client;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "Recorded meanwhile"});
                while !stop.load(Ordering::Relaxed) {
                    client.post("/v1/requests", &body).expect(201);
                }
            });
        }
        until("there are twenty requests", || server.place.count("requests") >= 20);
        let answered = server.place.count("requests");
        copy();
        stop.store(true, Ordering::Relaxed);
        answered
    })
}

fn assert_restored(restored: &Place, live: &Server, before: &Before, answered: i64) {
    // The chain's end as it was copied: every call from here on adds to it.
    let hash = restored.words("SELECT hash AS words FROM audit_heads").remove(0);
    let mut process = Process::serve(restored, &[]);
    let client = process.client();
    let (there, in_all) = (restored.count("requests"), live.place.count("requests"));
    assert!((answered..=in_all).contains(&there), "{answered} <= {there} <= {in_all}");
    assert_eq!(restored.count("parts"), there);
    assert_eq!(client.get(&format!("{}/requester", path(&before.request))).expect(200), before.requester);
    assert_eq!(filed_returns(&client), before.filed);
    // The chain is whole up to its end, and its end is an entry of the live chain.
    assert!(restored.count("audit_entries") >= before.entries);
    assert_eq!(live.place.number(&format!("SELECT count(*) AS number FROM audit_entries WHERE hash = '{hash}'")), 1);
    let verified = client.get(&format!(
        "/v1/audit-entries/verification?purpose=integrity_and_security&authority_id={}",
        before.authority
    ));
    assert_eq!(verified.expect(200)["is_intact"], true, "{}", verified.text);
    // It is a database to work on.
    let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "Recorded afterwards"});
    client.post("/v1/requests", &body).expect(201);
    assert_eq!(process.stop().code, Some(0));
}

fn back_up(place: &Place, file: &Path) -> crate::support::process::Ended {
    Process::run(place.folder(), &["backup", file.to_str().unwrap()], &[("CANDOUR_DATABASE_URL", &place.text)])
}

#[test]
fn an_sqlite_file_is_copied_while_a_server_writes() {
    let server = Server::start(Database::Sqlite);
    let before = casework(&server);
    let copy = server.place.folder().join("copy.db");
    let answered = while_writing(&server, || {
        let ended = back_up(&server.place, &copy);
        assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
        assert!(
            ended.output.contains("the copy is whole") && ended.output.contains("candour.db.key"),
            "{}",
            ended.output
        );
    });
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&copy).unwrap().permissions()) & 0o777, 0o600);
    let restored = Place::with_schema(Database::Sqlite);
    fs::copy(&copy, restored.folder().join("candour.db")).unwrap();
    fs::copy(server.place.folder().join("candour.db.key"), restored.folder().join("candour.db.key")).unwrap();
    assert_restored(&restored, &server, &before, answered);
}

#[test]
fn nothing_is_overwritten_and_nothing_half_made_is_left() {
    let server = Server::start(Database::Sqlite);
    casework(&server);
    let folder = server.place.folder();
    let there = folder.join("there.db");
    fs::write(&there, "precious").unwrap();
    for (file, words) in [
        (there.clone(), "exists"),
        (folder.join("candour.db"), "exists"),
        (folder.join("no/such/folder.db"), "No such file"),
    ] {
        let ended = back_up(&server.place, &file);
        assert_eq!((ended.code, ended.output.as_str()), (Some(1), ""));
        assert!(ended.errors.contains(words), "{}", ended.errors);
    }
    assert_eq!(fs::read_to_string(&there).unwrap(), "precious");
    let absent = folder.join("absent.db");
    let url = format!("sqlite://{}", absent.display());
    let ended = Process::run(folder, &["backup", "copy.db"], &[("CANDOUR_DATABASE_URL", &url)]);
    assert_eq!(ended.code, Some(1));
    assert!(!absent.exists() && !folder.join("copy.db").exists());
}

/// A program of PostgreSQL, from where the tests' server may come from.
fn postgres_program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin").join(name)).filter(|file| file.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(name))
}

fn run_program(name: &str, arguments: &[&str]) {
    let output =
        Command::new(postgres_program(name)).args(arguments).output().unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_postgres_database_is_dumped_and_restored_while_a_server_writes() {
    let server = Server::start(Database::Postgres);
    let before = casework(&server);
    let refused = back_up(&server.place, &server.place.folder().join("copy"));
    assert_eq!((refused.code, refused.output.as_str()), (Some(1), ""));
    assert!(refused.errors.contains("pg_dump") && refused.errors.contains("docs/backup.md"), "{}", refused.errors);
    let dump = server.place.folder().join("dump");
    let file = dump.to_str().unwrap();
    let answered = while_writing(&server, || {
        run_program("pg_dump", &["--format=custom", "--file", file, "--dbname", &server.place.text]);
    });
    let restored = Place::empty(Database::Postgres);
    run_program("pg_restore", &["--exit-on-error", "--no-owner", "--dbname", &restored.text, file]);
    assert_restored(&restored, &server, &before, answered);
}

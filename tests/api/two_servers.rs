//! Two servers on one PostgreSQL: no reference twice, no effect twice, nothing missing from the feed of changes.

use std::{
    collections::BTreeSet,
    sync::{Barrier, mpsc},
    thread,
    time::Duration,
};

use candour::{
    app::{Application, ShowKey},
    clock::Clock,
    config::{KeyHash, LogFormat, Settings},
    store::StoreError,
};
use chrono::DateTime;
use serde_json::{Value, json};

use crate::support::{Answer, Database, Place, Server, server::id, until};

fn two() -> (Server, Server) {
    let first = Server::start(Database::Postgres);
    let second = first.another();
    (first, second)
}

/// Sends one call of each client at once.
fn at_once<T: Send>(calls: Vec<impl FnOnce() -> T + Send>) -> Vec<T> {
    let start = Barrier::new(calls.len());
    thread::scope(|scope| {
        let running: Vec<_> = calls
            .into_iter()
            .map(|call| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    call()
                })
            })
            .collect();
        running.into_iter().map(|call| call.join().unwrap()).collect()
    })
}

fn new_request() -> Value {
    json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"})
}

fn with_reference(reference: &str) -> Value {
    json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject", "reference": reference})
}

/// Waits until so many sessions of a database wait for a lock.
fn wait_for_waiting(place: &Place, number: i64) {
    let mut session = place.session();
    let query = "SELECT count(DISTINCT l.pid) AS number FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                 WHERE NOT l.granted AND l.locktype <> 'advisory' AND a.datname = current_database()";
    until(&format!("{number} wait for a lock"), || session.number(query) >= number);
}

#[test]
fn references_made_by_two_servers_are_unique_and_without_gaps() {
    let (first, second) = two();
    first.authority("Force");
    let calls = (0..8).map(|number| {
        let server = if number % 2 == 0 { &first } else { &second };
        move || [(); 5].map(|()| server.post("/v1/requests", &new_request()).expect(201)["reference"].clone()).into()
    });
    let references: Vec<Vec<Value>> = at_once(calls.collect());
    let found: BTreeSet<&str> = references.iter().flatten().map(|reference| reference.as_str().unwrap()).collect();
    let wanted: Vec<String> = (1..=40).map(|number| format!("FOI-2026-{number:05}")).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn of_fifty_clients_with_one_reference_one_gets_it() {
    let (first, second) = two();
    first.authority("Force");
    let calls = (0..50).map(|number| {
        let server = if number % 2 == 0 { &first } else { &second };
        move || server.post("/v1/requests", &with_reference("R/1"))
    });
    let answers: Vec<Answer> = at_once(calls.collect());
    let (recorded, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!((recorded.len(), refused.len()), (1, 49));
    for answer in refused {
        answer.problem(409, "duplicate-reference");
    }
    assert_eq!(first.place.count("requests"), 1);
}

#[test]
fn an_idempotency_key_has_one_effect_across_two_servers() {
    let (first, second) = two();
    first.authority("Force");
    for round in 0..5 {
        let key = format!("key-{round}");
        let body = if round % 2 == 0 { new_request() } else { with_reference(&format!("R/{round}")) };
        let calls = (0..8).map(|number| {
            let (server, key, body) = (if number % 2 == 0 { &first } else { &second }, &key, &body);
            move || server.post_keyed("/v1/requests", key, body)
        });
        let answers: Vec<Answer> = at_once(calls.collect());
        let mut ids = BTreeSet::new();
        for answer in &answers {
            match answer.status {
                201 => drop(ids.insert(id(&answer.json()))),
                _ => drop(answer.problem(409, "idempotency-key-in-use")),
            }
        }
        assert_eq!(ids.len(), 1, "{answers:#?}");
        let firsts =
            answers.iter().filter(|answer| answer.status == 201 && answer.header("idempotency-replayed").is_empty());
        assert_eq!(firsts.count(), 1, "{answers:#?}");
        for server in [&first, &second] {
            let again = server.post_keyed("/v1/requests", &key, &body);
            assert_eq!(again.header("idempotency-replayed"), "true");
            assert_eq!(id(&again.expect(201)), *ids.first().unwrap());
        }
        assert_eq!(first.place.count("requests"), round + 1);
        assert_eq!(first.place.count("idempotency_keys"), round + 1);
    }
}

/// Both are past looking for the key before either has written: the one that comes second gives the first's answer, and
/// does not complain of its reference.
#[test]
fn the_later_of_two_equal_calls_gives_the_answer_of_the_earlier() {
    let (first, second) = two();
    first.authority("Force");
    let mut lock = first.place.session();
    lock.run("BEGIN; LOCK TABLE requests IN SHARE MODE");
    let answers = thread::scope(|scope| {
        let calls = [&first, &second]
            .map(|server| scope.spawn(move || server.post_keyed("/v1/requests", "one-key", &with_reference("R/1"))));
        wait_for_waiting(&first.place, 2);
        lock.run("ROLLBACK");
        calls.map(|call| call.join().unwrap())
    });
    assert_eq!(answers[0].expect(201), answers[1].expect(201));
    assert_eq!(answers[0].header("etag"), answers[1].header("etag"));
    let mut replayed = answers.map(|answer| answer.header("idempotency-replayed").to_owned());
    replayed.sort();
    assert_eq!(replayed, ["", "true"]);
    assert_eq!(first.place.count("requests"), 1);
}

/// The log tells of the later call as of any repetition: once, where the case is, and which case it was.
#[test]
fn what_another_server_answered_is_told_of_with_its_case() {
    let (first, second) = two();
    let [own, _other] = ["Force", "Another force"].map(|name| first.authority(name));
    let request = |reference: &str| {
        let mut whole = with_reference(reference);
        whole["authority_id"] = json!(own);
        whole
    };
    for (address, body, at) in [
        ("/v1/requests", request("R/1"), "/id"),
        ("/v1/case-histories", json!({"request": request("R/2")}), "/request/id"),
    ] {
        let mut lock = first.place.session();
        lock.run("BEGIN; LOCK TABLE requests IN SHARE MODE");
        let answers = thread::scope(|scope| {
            let (address, body) = (&address, &body);
            let calls = [&first, &second].map(|server| scope.spawn(move || server.post_keyed(address, address, body)));
            wait_for_waiting(&first.place, 2);
            lock.run("ROLLBACK");
            calls.map(|call| call.join().unwrap())
        });
        let later = answers.iter().find(|answer| answer.header("idempotency-replayed") == "true").unwrap();
        let case = later.expect(201).pointer(at).unwrap().clone();
        let call = later.header("x-request-id");
        let told =
            first.place.words(&format!("SELECT content AS words FROM audit_entries WHERE content LIKE '%{call}%'"));
        let told: Vec<Value> = told.iter().map(|entry| serde_json::from_str(entry).unwrap()).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        let said = ["authority_id", "operation", "case_id", "address"].map(|name| told[0][name].clone());
        assert_eq!(said, [json!(own), json!("consultation"), case, json!(address)]);
    }
}

#[test]
fn a_key_that_came_with_another_body_meanwhile_is_no_answer() {
    let (first, second) = two();
    first.authority("Force");
    let mut lock = first.place.session();
    lock.run("BEGIN; LOCK TABLE requests IN SHARE MODE");
    let mut answers = thread::scope(|scope| {
        let calls = [(&first, "R/1"), (&second, "R/2")].map(|(server, reference)| {
            scope.spawn(move || server.post_keyed("/v1/requests", "one-key", &with_reference(reference)))
        });
        wait_for_waiting(&first.place, 2);
        lock.run("ROLLBACK");
        calls.map(|call| call.join().unwrap())
    });
    answers.sort_by_key(|answer| answer.status);
    answers[0].expect(201);
    answers[1].problem(409, "idempotency-key-in-use");
    assert_eq!(first.place.count("requests"), 1);
}

/// The database's present instant, which a test of the feed has to live in: PostgreSQL dates transactions by it.
fn present(place: &Place) -> String {
    let micros = place.number("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS number");
    DateTime::from_timestamp_micros(micros).unwrap().to_rfc3339()
}

fn ids_of(answer: &Answer) -> Vec<String> {
    answer.expect(200)["items"].as_array().unwrap().iter().map(id).collect()
}

/// Records an old request, then one while `open` has a transaction open, and looks at the feed before and after its end.
fn assert_feed_waits_for(server: &Server, open: impl FnOnce() -> Box<dyn FnOnce()>) {
    server.set_now("2020-01-02T03:04:05Z");
    let old = server.request("2020-01-02", &["1"]);
    let close = open();
    server.set_now(&present(&server.place));
    let new = server.request("2020-01-02", &["1"]);
    for feed in ["/v1/requests?sort=updated_at", "/v1/requests?updated_at_from=2020-01-01T00:00:00Z"] {
        assert_eq!(ids_of(&server.get(feed)), std::slice::from_ref(&old), "{feed}");
    }
    assert_eq!(ids_of(&server.get("/v1/requests")).len(), 2);
    server.get(&format!("/v1/requests/{new}")).expect(200);
    close();
    for feed in ["/v1/requests?sort=updated_at", "/v1/requests?updated_at_from=2020-01-01T00:00:00Z"] {
        until_feed_shows(server, feed, &[&old, &new]);
    }
}

/// Waits for what the feed must come to show: the server's own housekeeping writes too, and holds it back as any writer.
fn until_feed_shows(server: &Server, feed: &str, ids: &[&str]) {
    until(&format!("{feed} shows {ids:?}"), || ids_of(&server.get(feed)) == ids);
}

#[test]
fn the_feed_waits_for_a_pending_write_of_anybody() {
    let server = Server::start(Database::Postgres);
    assert_feed_waits_for(&server, || {
        let mut session = server.place.session();
        session.run("BEGIN; INSERT INTO installation (name, value) VALUES ('pending', 'write')");
        Box::new(move || session.run("COMMIT"))
    });
}

/// A writer takes its instant of change as soon as its transaction begins, before it has written anything.
#[test]
fn the_feed_waits_for_a_writer_that_has_only_begun() {
    let (server, other) = two();
    let store = other.state.store.clone();
    assert_feed_waits_for(&server, || {
        let (begun, has_begun) = mpsc::channel();
        let (release, wait) = mpsc::channel::<()>();
        let writer = thread::spawn(move || {
            let job = store.write(move |_| {
                begun.send(()).unwrap();
                wait.recv().unwrap_err();
                Ok::<_, StoreError>(())
            });
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(job).unwrap();
        });
        has_begun.recv_timeout(Duration::from_secs(30)).unwrap();
        Box::new(move || {
            drop(release);
            writer.join().unwrap();
        })
    });
}

/// Somebody who reads for long does not hold the feed up.
#[test]
fn the_feed_does_not_wait_for_readers() {
    let server = Server::start(Database::Postgres);
    let mut reader = server.place.session();
    reader.run("BEGIN; SELECT count(*) FROM requests");
    server.set_now(&present(&server.place));
    let request = server.request("2020-01-02", &["1"]);
    until_feed_shows(&server, "/v1/requests?sort=updated_at", &[&request]);
}

/// An installation that was first set up with a key from its environment, and is then started without one by several
/// processes at once: one key is made, and all of them accept it.
#[test]
fn processes_that_start_at_once_make_one_key() {
    let place = Place::with_schema(Database::Postgres);
    let settings = |bootstrap_key| Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        database: place.url.clone(),
        metrics_listen: None,
        bootstrap_key,
        log_format: LogFormat::Json,
        tokens: None,
        edge: candour::edge::EdgeSettings::default(),
        encryption: None,
        audit_key_file: None,
    };
    let build = |settings: &Settings| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Application::build(settings, Clock::system(), ShowKey::Always)).unwrap()
    };
    assert_eq!(build(&settings(Some(KeyHash::of("a key of the environment")))).new_key, None);
    let mut lock = place.session();
    // All six find no key and come up against this one, which then goes again.
    lock.run("BEGIN; INSERT INTO installation (name, value) VALUES ('bootstrap_key_hash', 'pending')");
    let started: Vec<Application> = thread::scope(|scope| {
        let starts: Vec<_> = [(); 6].map(|()| scope.spawn(|| build(&settings(None)))).into();
        wait_for_waiting(&place, 6);
        lock.run("ROLLBACK");
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let keys: Vec<&String> = started.iter().filter_map(|application| application.new_key.as_ref()).collect();
    assert_eq!(keys.len(), 1);
    for application in &started {
        let state = application.state();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(runtime.block_on(state.principal_of(keys[0])).unwrap().is_some());
    }
    assert_eq!(build(&settings(None)).new_key, None);
}

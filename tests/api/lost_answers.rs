//! A caller who never saw the answer, and callers who are too many: one effect, and the same answer for all.

use std::{
    io::Write,
    net::TcpStream,
    sync::{Arc, Mutex, mpsc},
    thread,
};

use candour::store::{StoreError, StoreSettings};
use serde_json::json;

use crate::{
    on_both,
    support::{
        Answer, Database, Server,
        casework::path,
        server::{KEY, id},
        until, wire, world,
    },
};

const BODY: &str = r#"{"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"}"#;

/// Keeps every thread that writes busy while `work` is done.
fn while_writers_wait<T>(server: &Server, work: impl FnOnce() -> T) -> T {
    let writers = match server.database {
        Database::Sqlite => 1,
        Database::Postgres => StoreSettings::default().writers,
    };
    let (begun, begins) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    thread::scope(|scope| {
        for _ in 0..writers {
            let (store, begun, released) = (server.state.store.clone(), begun.clone(), Arc::clone(&released));
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let job = move |_: &mut _| {
                    begun.send(()).unwrap();
                    // Ends when the other end is dropped.
                    let _released = released.lock().unwrap().recv();
                    Ok::<(), StoreError>(())
                };
                runtime.block_on(store.write(job)).unwrap();
            });
        }
        for _ in 0..writers {
            begins.recv().unwrap();
        }
        let done = work();
        drop(release);
        done
    })
}

/// Sends a POST with a key and cuts the connection once its write is queued: nobody hears the answer.
fn post_and_hang_up(server: &Server, target: &str, key: &str, body: &str) {
    while_writers_wait(server, || {
        let waiting = server.state.store.waiting_writes();
        let length = body.len().to_string();
        let authorization = format!("Bearer {KEY}");
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key),
            ("Content-Length", &length),
        ];
        let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
        stream.write_all(&wire::head("POST", target, &headers)).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        until("a write waits", || server.state.store.waiting_writes() > waiting);
        stream.shutdown(std::net::Shutdown::Both).unwrap();
    });
}

on_both! {
    fn a_retry_after_a_lost_answer_replays_it(server) {
        world::only_authority(server);
        post_and_hang_up(server, "/v1/requests", "lost", BODY);
        until("the request is there", || server.place.count("requests") == 1);
        let body = serde_json::from_str(BODY).unwrap();
        let retried = server.post_keyed("/v1/requests", "lost", &body);
        // The bytes of the body are part of the call: another spelling is another call.
        retried.problem(422, "idempotency-key-reused");
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "lost")];
        let retried = server.send("POST", "/v1/requests", &headers, Some(BODY.as_bytes()));
        assert_eq!((retried.status, retried.header("idempotency-replayed")), (201, "true"), "{}", retried.text);
        let request = id(&retried.json());
        assert_eq!(server.get(&path(&request)).expect(200), retried.json());
        assert_eq!(retried.header("location"), path(&request));
        assert_eq!(server.place.count("requests"), 1);
        let event = r#"{"asked_on": "2026-06-02"}"#;
        let target = format!("{}/clarifications", path(&request));
        post_and_hang_up(server, &target, "lost-event", event);
        until("the event is there", || server.place.count("events") == 1);
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "lost-event")];
        let retried = server.send("POST", &target, &headers, Some(event.as_bytes()));
        assert_eq!((retried.status, retried.header("idempotency-replayed")), (201, "true"), "{}", retried.text);
        assert_eq!(server.place.count("events"), 1);
        assert_eq!(server.get(&path(&request)).expect(200)["version"], 2);
    }

    fn an_erasure_whose_answer_was_lost_replays(server) {
        world::only_authority(server);
        let request = server.request("2026-06-01", &["1"]);
        server.post(&format!("{}/withdrawal", path(&request)), &json!({"withdrawn_on": "2026-06-02"})).expect(201);
        let target = format!("{}/erasure", path(&request));
        post_and_hang_up(server, &target, "erase", "{}");
        until("the erasure is done", || server.place.count("deletions") == 1);
        let retried = server.post_keyed(&target, "erase", &json!({}));
        assert_eq!((retried.status, retried.header("idempotency-replayed")), (200, "true"), "{}", retried.text);
        assert_eq!(retried.json(), server.get("/v1/deletions").expect(200)["items"][0]);
    }

    fn a_hundred_clients_with_one_key_record_one_event(server) {
        world::only_authority(server);
        let request = server.request("2026-06-01", &["1"]);
        let target = format!("{}/clarifications", path(&request));
        let client = &server.client;
        let answers: Vec<Answer> = thread::scope(|scope| {
            let call = || client.post_keyed(&target, "key", &json!({"asked_on": "2026-06-02"}));
            let calls: Vec<_> = (0..100).map(|_| scope.spawn(call)).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        assert_eq!(server.place.count("events"), 1);
        let (mut first, mut replayed) = (0, 0);
        for answer in &answers {
            match (answer.status, answer.header("idempotency-replayed")) {
                (201, "") => first += 1,
                (201, "true") => replayed += 1,
                _ => drop(answer.problem(409, "idempotency-key-in-use")),
            }
        }
        assert_eq!(first, 1, "{replayed} replayed");
    }
}

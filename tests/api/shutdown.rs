//! Stopping the program itself: readiness fails first, work in flight ends, nothing that was acknowledged is lost.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    Client, Database, Place, Process,
    process::Ended,
    server::{KEY, id},
    until,
};

/// One test on each database.
macro_rules! on_each {
    ($(fn $name:ident($place:ident) $body:block)+) => {$(
        fn $name($place: &Place) $body

        mod $name {
            use crate::support::{Database, Place};

            #[test]
            fn sqlite() {
                super::$name(&Place::with_schema(Database::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name(&Place::with_schema(Database::Postgres));
            }
        }
    )+};
}

fn authority(client: &Client) {
    client.post("/v1/authorities", &json!({"name": "Force", "nation": "england"})).expect(201);
}

const NEW_REQUEST: &str = r#"{"regime": "foia", "received_on": "2020-01-02", "subject": "A subject"}"#;

/// A POST whose body is still to come: the server has its head and waits.
fn half_a_call(base: &str) -> BufReader<TcpStream> {
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!(
        "POST /v1/requests HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        NEW_REQUEST.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let (mut line, mut blank) = (String::new(), String::new());
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    reader.read_line(&mut blank).unwrap();
    reader
}

fn rest_of_the_call(mut reader: BufReader<TcpStream>) -> String {
    reader.get_mut().write_all(NEW_REQUEST.as_bytes()).unwrap();
    let mut answer = String::new();
    reader.read_to_string(&mut answer).unwrap();
    answer
}

/// Whatever the write-ahead log held is in the file itself.
fn assert_log_is_emptied(place: &Place) {
    if place.database == Database::Sqlite {
        let log = place.folder().join("candour.db-wal");
        assert!(!log.exists() || log.metadata().unwrap().len() == 0, "{}", log.display());
    }
}

#[track_caller]
fn assert_ended_well(ended: &Ended) {
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert!(!ended.errors.contains("\"level\":\"ERROR\"") && !ended.errors.contains("panicked"), "{ended:#?}");
}

on_each! {
    fn readiness_fails_first_and_work_in_flight_ends(place) {
        let mut process = Process::serve(place, &[]);
        let client = process.client();
        authority(&client);
        client.get("/readyz").expect(200);
        let in_flight = half_a_call(&process.base());
        process.signal("TERM");
        // Connections are still taken while readiness says no.
        let mut ready = None;
        until("readiness fails", || ready.insert(client.get("/readyz")).status != 200);
        let refused = ready.unwrap();
        refused.problem(503, "shutting-down");
        assert_eq!(refused.header("retry-after"), "1");
        // Then no more are taken.
        let address = process.base().strip_prefix("http://").unwrap().to_owned();
        until("connections are taken no longer", || TcpStream::connect(&address).is_err());
        let answer = rest_of_the_call(in_flight);
        assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
        assert_ended_well(&process.end());
        assert_eq!(place.count("requests"), 1);
        assert_log_is_emptied(place);
    }

    fn under_load_nothing_that_was_acknowledged_is_lost(place) {
        let mut process = Process::serve(place, &[("CANDOUR_LOG", "warn")]);
        authority(&process.client());
        let base = process.base();
        let (acknowledge, acknowledged) = mpsc::channel();
        let clients: Vec<_> = [(); 8]
            .map(|()| {
                let (client, acknowledge) = (Client::new(&base, Some(KEY)), acknowledge.clone());
                thread::spawn(move || record_until_refused(&client, &acknowledge))
            })
            .into();
        drop(acknowledge);
        let mut ids: Vec<String> = acknowledged.iter().take(50).collect();
        let started = Instant::now();
        process.signal("TERM");
        ids.extend(acknowledged.iter());
        for client in clients {
            client.join().unwrap();
        }
        assert_ended_well(&process.end());
        // Clients that never stop calling do not keep the server from stopping.
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        assert_log_is_emptied(place);
        let mut kept = place.words("SELECT id AS words FROM requests");
        kept.sort();
        for id in &ids {
            assert!(kept.binary_search(id).is_ok(), "{id} was acknowledged and is lost");
        }
        // At most one call of each client may have been cut off after its effect.
        assert!(kept.len() <= ids.len() + 8, "{} of {}", ids.len(), kept.len());
        assert_eq!(place.count("parts"), place.count("requests"));
        assert_eq!(place.number("SELECT last_number AS number FROM reference_counters"), place.count("requests"));
    }

    fn an_interrupt_stops_it_as_well(place) {
        let mut process = Process::serve(place, &[]);
        process.line(crate::support::process::Stream::Output, "is ready on");
        process.signal("INT");
        assert_ended_well(&process.end());
        assert_log_is_emptied(place);
    }

    fn what_was_recorded_is_there_after_the_next_start(place) {
        let mut process = Process::serve(place, &[]);
        let client = process.client();
        authority(&client);
        let request = id(&client.post("/v1/requests", &serde_json::from_str(NEW_REQUEST).unwrap()).expect(201));
        let page = client.get("/v1/requests?limit=1").expect(200);
        assert_ended_well(&process.stop());
        let mut process = Process::serve(place, &[]);
        let client = process.client();
        assert_eq!(client.get("/v1/requests?limit=1").expect(200), page);
        client.get(&format!("/v1/requests/{request}")).expect(200);
        assert_ended_well(&process.stop());
    }
}

/// Records requests until the server is gone, and passes on what was acknowledged.
fn record_until_refused(client: &Client, acknowledge: &mpsc::Sender<String>) {
    let headers = [("Content-Type", "application/json")];
    while let Ok(answer) = client.attempt("POST", "/v1/requests", &headers, Some(NEW_REQUEST.as_bytes())) {
        acknowledge.send(id(&answer.expect(201))).unwrap();
    }
}

/// A process that was killed leaves its write-ahead log behind; the next start finds everything in it.
#[test]
fn a_killed_server_has_kept_what_it_acknowledged() {
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[]);
    let client = process.client();
    authority(&client);
    let body = serde_json::from_str(NEW_REQUEST).unwrap();
    let ids: Vec<String> = [(); 20].map(|()| id(&client.post("/v1/requests", &body).expect(201))).into();
    process.signal("KILL");
    assert_eq!(process.end().code, None);
    assert!(Path::new(&place.folder().join("candour.db-wal")).exists());
    let mut process = Process::serve(&place, &[]);
    let client = process.client();
    for id in ids {
        client.get(&format!("/v1/requests/{id}")).expect(200);
    }
    assert_ended_well(&process.stop());
    assert_log_is_emptied(&place);
}

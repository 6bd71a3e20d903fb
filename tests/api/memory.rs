//! How much memory whole tables and exports take: no more for tens of thousands of rows than for a few. The system tells the
//! most that a process ever held.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    on_each,
    support::{Client, Place, Server, process::Process, server::id},
};

/// How many times the one request and the one entry are there.
const COPIES: i64 = 60_000;
/// What may be held beside what a server holds in any case: pages of rows, and what the allocator keeps.
const SPARE: usize = 16 * 1024 * 1024;

/// Copies the only request, and the last entry of the log, by SQL.
fn multiply(place: &Place) {
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES})");
    let last = place.number("SELECT max(seq) AS number FROM audit_entries");
    place.run(&format!(
        "INSERT INTO requests (id, authority_key, authority_id, reference, regime, subject, search_text, recorded_received_on,
             details, received_on, status, due_on, version, created_at, updated_at)
         {numbers} SELECT '00000000-0000-4000-8000-' || CAST(100000000000 + i AS TEXT), authority_key, authority_id,
             'R' || i, regime, subject, search_text, recorded_received_on, details, received_on, status, due_on, version,
             created_at, updated_at FROM n CROSS JOIN requests;
         INSERT INTO parts (request_key, authority_key, position, label, text, valid_request, details)
         SELECT r.request_key, r.authority_key, p.position, p.label, p.text, p.valid_request, p.details
         FROM requests r CROSS JOIN parts p WHERE r.request_key <> p.request_key;
         INSERT INTO audit_entries (authority_key, seq, recorded_at, operation, actor, case_id, content, previous_hash, hash)
         {numbers} SELECT authority_key, seq + i, recorded_at, operation, actor, case_id,
             replace(content, '\"seq\":{last},', '\"seq\":' || CAST(seq + i AS TEXT) || ','), previous_hash, hash
         FROM n CROSS JOIN audit_entries WHERE seq = {last};
         UPDATE audit_heads SET seq = seq + {COPIES};"
    ));
}

/// The most bytes that the process ever held.
fn most_held(process: &Process) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kibibytes: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kibibytes * 1024
}

fn length(client: &Client, path: &str) -> usize {
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.text.len()
}

on_each! {
    /// The whole list as one table, and the whole log of an authority, are read as the caller takes them.
    fn whole_tables_and_exports_are_not_held_in_memory(database) {
        let place = Place::with_schema(database);
        let mut process = Process::serve(&place, &[]);
        let client = process.client();
        let authority = json!({"name": "Authority of the test", "nation": "england", "kind": "council"});
        let authority = id(&client.post("/v1/authorities", &authority).expect(201));
        let request = client.post(
            "/v1/requests",
            &json!({"authority_id": authority, "regime": "foia", "received_on": "2026-03-02", "subject": "s".repeat(500),
                "parts": [{"label": "1", "text": "t"}]}),
        );
        let request = format!("/v1/requests/{}", id(&request.expect(201)));
        let justification = "j".repeat(500);
        client.send("GET", &request, &[("Candour-Justification", &justification)], None).expect(200);
        let table = "/v1/requests?format=csv".to_owned();
        let export = format!("/v1/audit-entries/export?authority_id={authority}&purpose=lawfulness");
        multiply(&place);
        // A page of each, so that what is held in any case is held.
        client.get("/v1/requests?limit=200").expect(200);
        client.get(&format!("/v1/audit-entries?authority_id={authority}&purpose=lawfulness&limit=200")).expect(200);
        for path in [table, export] {
            let before = most_held(&process);
            let length = length(&client, &path);
            let more = most_held(&process) - before;
            assert!(length > 2 * SPARE, "{path}: {length} bytes show nothing");
            assert!(more < SPARE, "{path}: {more} bytes more were held for {length}");
        }
    }

    /// A page of the longest requests that there can be ends early, and the walk goes on where it ended.
    fn a_page_of_long_requests_ends_early(database) {
        let server = Server::start(database);
        let authority = server.authority("Authority of the test");
        let long = "w".repeat(100_000);
        let parts: Vec<_> = (1..=20).map(|label| json!({"label": label.to_string(), "text": long})).collect();
        for _ in 0..30 {
            let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2026-03-02", "subject": "s", "parts": parts});
            server.post("/v1/requests", &body).expect(201);
        }
        let mut path = "/v1/requests?limit=200".to_owned();
        let mut pages = Vec::new();
        loop {
            let page = server.get(&path).expect(200);
            pages.push(page["items"].as_array().unwrap().len());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/requests?limit=200&cursor={cursor}");
        }
        assert_eq!(pages, [25, 5]);
        assert_eq!(server.get("/v1/requests?format=csv").text.lines().count(), 31);
        // A request does not grow beyond what one call can bring in.
        let request = id(&server.get("/v1/requests?limit=1").expect(200)["items"][0]);
        let part = json!({"label": "21", "text": "w".repeat(90_000)});
        server.post(&format!("/v1/requests/{request}/parts"), &part).expect(201);
        let part = json!({"label": "22", "text": "w".repeat(90_000)});
        let refused = server.post(&format!("/v1/requests/{request}/parts"), &part).problem(409, "not-possible-in-this-state");
        assert!(refused["detail"].as_str().unwrap().contains("2097152 bytes"), "{refused}");
    }

    /// So does one of the longest drafts.
    fn a_page_of_long_drafts_ends_early(database) {
        let server = Server::start(database);
        let authority = server.authority("Authority of the test");
        let labels: Vec<_> = (1..=20).map(|label| label.to_string()).collect();
        let parts: Vec<_> = labels.iter().map(|label| json!({"label": label, "text": "t"})).collect();
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2026-03-02", "subject": "s", "parts": parts});
        let request = format!("/v1/requests/{}", id(&server.post("/v1/requests", &body).expect(201)));
        let long = "w".repeat(10_000);
        let determination = |label: &String| json!({"part": label, "outcome": "disclosed", "explanation": long});
        let determinations: Vec<_> = labels.iter().map(determination).collect();
        let draft = json!({"kind": "initial", "determinations": determinations});
        for _ in 0..30 {
            server.post(&format!("{request}/responses"), &draft).expect(201);
        }
        let first = server.get(&format!("{request}/responses?limit=200")).expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = server.get(&format!("{request}/responses?limit=200&cursor={cursor}")).expect(200);
        let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(id).collect::<Vec<_>>();
        assert_eq!((ids(&first).len(), ids(&second).len(), &second["next_cursor"]), (25, 5, &Value::Null));
        let all: BTreeSet<String> = ids(&first).into_iter().chain(ids(&second)).collect();
        assert_eq!(all.len(), 30);
    }
}

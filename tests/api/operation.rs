//! What operators see: health, versions, log lines without personal data, counters, headers.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use candour::store;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    on_both,
    support::{
        Client, Database, Place, Process, Server,
        process::Stream,
        server::{KEY, id},
    },
};

on_both! {
    fn health_and_version_need_no_key(server) {
        let visitor = server.anonymous();
        for path in ["/livez", "/readyz"] {
            let answer = visitor.get(path);
            assert_eq!(answer.expect(200), json!({"status": "ok"}));
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        let version = visitor.get("/version").expect(200);
        let newest = store::migration_names(server.url.backend()).unwrap().pop().unwrap();
        assert_eq!(version, json!({"version": env!("CARGO_PKG_VERSION"), "contract": "v1", "schema": newest,
            "calendar_version": server.state.calendars().version()}));
    }

    fn a_draining_server_lives_but_is_not_ready(server) {
        server.state.drain();
        let refused = server.get("/readyz");
        refused.problem(503, "shutting-down");
        assert_eq!(refused.header("retry-after"), "1");
        server.get("/livez").expect(200);
        server.authority("Work in flight is still done");
    }
}

/// Whatever the answer, and whoever made it.
#[test]
fn every_answer_has_an_id_and_safe_headers_and_names_no_server() {
    let server = Server::start(Database::Sqlite);
    let request = server.request("2026-06-01", &["1"]);
    let request = format!("/v1/requests/{request}");
    let calls: [(&str, &str, u16); 14] = [
        ("GET", "/livez", 200),
        ("HEAD", "/livez", 200),
        ("GET", "/version", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 308),
        ("GET", "/docs/", 200),
        ("GET", "/v1/provisions?regime=foia", 200),
        ("GET", &request, 200),
        ("OPTIONS", &request, 204),
        ("PUT", &request, 405),
        ("POST", "/v1/requests", 415),
        ("GET", "/v1/requests?limit=0", 400),
        ("GET", "/nowhere", 404),
        ("GET", "/problems/not-found", 200),
    ];
    for (method, path, status) in calls {
        let given = Uuid::new_v4().to_string();
        let body = (method == "POST").then_some("{}".as_bytes());
        let answer = server.send(method, path, &[("X-Request-Id", &given)], body);
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        // Pages run scripts of this server; everything else runs nothing.
        let policy = if path.starts_with("/docs") {
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        };
        for (header, value) in [
            ("x-request-id", given.as_str()),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", policy),
            ("strict-transport-security", ""),
            ("access-control-allow-origin", ""),
            ("server", ""),
            ("x-powered-by", ""),
        ] {
            assert_eq!(answer.header(header), value, "{method} {path}: {header}");
        }
    }
    let anonymous = server.anonymous().get(&request);
    anonymous.problem(401, "unauthenticated");
    assert_eq!(anonymous.header("x-frame-options"), "DENY");
}

#[test]
fn a_request_id_is_taken_when_it_is_a_uuid_and_made_otherwise() {
    let server = Server::start(Database::Sqlite);
    let ids: Vec<String> = ["", "no-uuid", "1; drop table", "00000000"]
        .iter()
        .map(|given| {
            let answer = server.send("GET", "/livez", &[("X-Request-Id", given)], None);
            let made = answer.header("x-request-id").to_owned();
            assert_ne!(made, *given);
            assert_eq!(Uuid::parse_str(&made).unwrap().get_version_num(), 4);
            made
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
    let upper = "0E9B2C0C-64B1-4B0E-9F1C-2F3A4A6A2B10";
    let answer = server.send("GET", "/nowhere", &[("X-Request-Id", upper)], None);
    let problem = answer.problem(404, "not-found");
    assert_eq!(problem["request_id"], upper.to_lowercase());
    assert_eq!(problem["instance"], format!("urn:uuid:{}", upper.to_lowercase()));
}

/// The log line of the call with this id.
fn line_of(process: &mut Process, request_id: &str) -> Value {
    serde_json::from_str(&process.line(Stream::Errors, request_id)).unwrap()
}

#[test]
fn each_call_is_one_line_of_json() {
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[]);
    let client = process.client();
    let authority = id(&client.post("/v1/authorities", &json!({"name": "Force", "nation": "england"})).expect(201));
    let calls = [
        ("GET", format!("/v1/authorities/{authority}"), "/v1/authorities/{authority_id}", 200, "INFO", ""),
        ("HEAD", "/livez".to_owned(), "/livez", 200, "INFO", ""),
        ("GET", "/v1/requests?limit=0".to_owned(), "/v1/requests", 400, "INFO", "invalid-parameter"),
        ("GET", format!("/v1/requests/{authority}"), "/v1/requests/{request_id}", 404, "INFO", "not-found"),
        ("DELETE", "/v1/requests".to_owned(), "/v1/requests", 405, "INFO", "method-not-allowed"),
        ("GET", format!("/{authority}"), "unmatched", 404, "INFO", "not-found"),
    ];
    for (method, path, route, status, level, code) in calls {
        let request_id = Uuid::new_v4().to_string();
        assert_eq!(client.send(method, &path, &[("X-Request-Id", &request_id)], None).status, status);
        let line = line_of(&mut process, &request_id);
        for (member, value) in [
            ("method", json!(method)),
            ("route", json!(route)),
            ("status", json!(status)),
            ("level", json!(level)),
            ("code", json!(code)),
            ("message", json!("request")),
            ("request_id", json!(request_id)),
        ] {
            assert_eq!(line[member], value, "{member} in {line}");
        }
        assert!(line["duration_us"].as_u64().unwrap() < 60_000_000, "{line}");
        assert_eq!(line["trace_id"].as_str().unwrap().len(), 32, "{line}");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
    }
    let ended = process.stop();
    let lines: Vec<Value> = ended.errors.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().filter(|line| line["message"] == "request").count(), 7);
    assert_eq!(ended.output.lines().count(), 1, "{ended:#?}");
}

#[test]
fn a_trace_is_continued_and_a_malformed_one_is_not() {
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[]);
    let client = process.client();
    let mut trace_of = |traceparent: &str| {
        let request_id = Uuid::new_v4().to_string();
        let headers = [("X-Request-Id", request_id.as_str()), ("traceparent", traceparent)];
        client.send("GET", "/livez", &headers, None).expect(200);
        line_of(&mut process, &request_id)["trace_id"].as_str().unwrap().to_owned()
    };
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert_eq!(trace_of(&format!("00-{trace}-00f067aa0ba902b7-01")), trace);
    let made = trace_of(&format!("00-{trace}-0000000000000000-01"));
    assert_ne!(made, trace);
    assert!(made.len() == 32 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
    assert_ne!(trace_of("canary"), made);
}

#[test]
fn the_log_can_be_text_for_people() {
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[("CANDOUR_LOG_FORMAT", "text")]);
    let client = process.client();
    client.get("/livez").expect(200);
    let line = process.line(Stream::Errors, "/livez");
    assert!(serde_json::from_str::<Value>(&line).is_err() && line.contains("status=200"), "{line}");
}

/// Everything a caller can write into a call: none of it may stand in a log, whatever its level.
#[test]
fn no_log_line_has_anything_that_a_caller_wrote() {
    for database in [Database::Sqlite, Database::Postgres] {
        let place = Place::with_schema(database);
        let key = "canary-key-of-more-than-32-characters-canary";
        let mut process = Process::serve(&place, &[("CANDOUR_LOG", "trace"), ("CANDOUR_BOOTSTRAP_KEY", key)]);
        let client = process.client().with_key(key);
        send_canaries(&client, &place);
        let last = Uuid::new_v4().to_string();
        client.send("GET", "/livez", &[("X-Request-Id", &last)], None).expect(200);
        process.line(Stream::Errors, &last);
        let ended = process.stop();
        assert_eq!(ended.code, Some(0));
        for printed in [&ended.errors, &ended.output] {
            let line = printed.lines().find(|line| line.to_lowercase().contains("canary"));
            assert_eq!(line, None, "{database:?}");
        }
        // What the text was refused for is told, though.
        assert!(ended.errors.contains("\"cause\":"), "{database:?}: no cause of the failure was logged");
    }
}

fn send_canaries(client: &Client, place: &Place) {
    client.post("/v1/authorities", &json!({"name": "Canary Police", "nation": "england"})).expect(201);
    let body = json!({"regime": "foia", "received_on": "2020-01-02", "subject": "canary subject", "reference": "canary/1",
        "topics": ["canary-topic"], "requester": {"name": "Canary Person", "email": "canary@example.com"},
        "original_text": "Dear canary", "parts": [{"label": "canary", "text": "canary question"}],
        "external_ids": [{"scheme": "canary", "value": "canary"}]});
    let request = id(&client.post_keyed("/v1/requests", "canary-idempotency", &body).expect(201));
    let path = format!("/v1/requests/{request}");
    client.post("/v1/requests", &body).problem(409, "duplicate-reference");
    client.get("/v1/requests?q=canary&topic=canary-topic").expect(200);
    client.get("/v1/requests?canary=canary").problem(400, "invalid-parameter");
    client.get("/v1/requests?cursor=canary").problem(400, "invalid-cursor");
    client.get("/v1/requests/canary");
    client.get("/canary").problem(404, "not-found");
    client.get(&format!("{path}/requester")).expect(200);
    client.with_key("canary-wrong-key").get(&path).problem(401, "unauthenticated");
    let headers = [
        ("User-Agent", "canary"),
        ("X-Request-Id", "canary"),
        ("traceparent", "canary"),
        ("If-None-Match", "\"canary\""),
    ];
    client.send("GET", &path, &headers, None);
    let json = [("Content-Type", "application/json")];
    for malformed in ["{\"canary\": ", "{\"canary\": 1}", "[\"canary\"]", "canary"] {
        assert_eq!(client.send("POST", "/v1/requests", &json, Some(malformed.as_bytes())).status, 400);
    }
    client
        .send("POST", "/v1/requests", &[("Content-Type", "text/canary")], Some(b"canary"))
        .problem(415, "unsupported-media-type");
    let wrong = json!({"regime": "canary", "received_on": "canary", "subject": "canary"});
    client.post("/v1/requests", &wrong).problem(422, "validation-failed");
    client.patch(&path, "\"canary\"", &json!({"subject": "canary"}));
    let clarification = json!({"asked_on": "2020-01-03", "text": "canary question"});
    client.post(&format!("{path}/clarifications"), &clarification).expect(201);
    let response = json!({"kind": "initial", "record_as": "sent", "issued_on": "2020-01-28",
        "decided_by": {"staff_ref": "canary", "role": "canary"},
        "determinations": [{"part": "canary", "outcome": "withheld", "grounds": [{"provision": "40(2)", "reasons": "canary"}]}]});
    client.post(&format!("{path}/responses"), &response).expect(201);
    // A failure inside, of which PostgreSQL's details repeat the row.
    match place.database {
        Database::Sqlite => {
            let trigger = "CREATE TRIGGER broken BEFORE INSERT ON requesters BEGIN SELECT RAISE(ABORT, 'broken'); END";
            place.run(trigger);
        }
        Database::Postgres => {
            place.run("ALTER TABLE requesters ADD CONSTRAINT broken CHECK (identity IS NULL) NOT VALID");
        }
    }
    let mut other = body;
    other["reference"] = json!("canary/2");
    client.post("/v1/requests", &other).problem(500, "internal-error");
}

#[test]
fn counters_have_a_listener_of_their_own() {
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[("CANDOUR_METRICS_LISTEN", "127.0.0.1:0")]);
    let client = process.client();
    let line: Value = serde_json::from_str(&process.line(Stream::Errors, "counters are served")).unwrap();
    let metrics = Client::new(&format!("http://{}", line["address"].as_str().unwrap()), None);

    let authority = id(&client.post("/v1/authorities", &json!({"name": "Canary", "nation": "england"})).expect(201));
    for _ in 0..3 {
        client.get(&format!("/v1/authorities/{authority}?")).expect(200);
    }
    client.get("/v1/requests?limit=0").problem(400, "invalid-parameter");
    client.get("/canary").problem(404, "not-found");
    client.get("/metrics").problem(404, "not-found");

    let answer = metrics.get("/metrics");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4");
    assert_eq!(answer.header("server"), "");
    for (labels, number) in [
        ("method=\"POST\",route=\"/v1/authorities\",status=\"201\"", 1),
        ("method=\"GET\",route=\"/v1/authorities/{authority_id}\",status=\"200\"", 3),
        ("method=\"GET\",route=\"/v1/requests\",status=\"400\"", 1),
        ("method=\"GET\",route=\"unmatched\",status=\"404\"", 2),
    ] {
        let line = format!("candour_requests_total{{{labels}}} {number}");
        assert!(answer.text.lines().any(|printed| printed == line), "{line} in {}", answer.text);
    }
    let observed = "candour_request_duration_seconds_count{method=\"GET\",route=\"/v1/authorities/{authority_id}\"} 3";
    assert!(answer.text.lines().any(|printed| printed == observed), "{}", answer.text);
    assert!(!answer.text.to_lowercase().contains("canary") && !answer.text.contains(&authority), "{}", answer.text);
    // Nothing else answers there.
    for path in ["/v1/requests", "/livez", "/"] {
        assert_eq!(metrics.with_key(KEY).get(path).status, 404, "{path}");
    }
    process.stop();
}

/// Without the variable there is no listener, and no counters on the API's.
#[test]
fn counters_are_off_unless_asked_for() {
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[]);
    process.client().get("/metrics").problem(404, "not-found");
    assert!(!process.stop().errors.contains("counters are served"));
}

#[test]
fn what_is_no_http_is_refused_and_does_no_harm() {
    let server = Server::start(Database::Sqlite);
    let address = server.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"canary canary canary\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 400 Bad Request\r\n");
    server.get("/livez").expect(200);
}

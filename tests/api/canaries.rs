//! Marked names, addresses, letters and keys sent through the service, well and badly: where they must not turn up.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{
    Answer, Client, Database, Place, Process,
    casework::{disclosed, path, sent, withheld},
    server::{KEY, id},
};

const NAME: &str = "Zaphirname";
const EMAIL: &str = "zaphirmail@example.org";
const ADDRESS: &str = "Zaphirstreet";
const LETTER: &str = "Zaphirletter";
/// What every mark of a person has.
const MARK: &str = "aphir";

/// What a process was sent, and all that it said to anybody who may not see people.
struct Heard {
    texts: Vec<(String, String)>,
}

impl Heard {
    #[track_caller]
    fn hear(&mut self, what: &str, answer: &Answer, status: u16) {
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        let headers: String = answer.headers.values().map(|value| format!("{value}\n")).collect();
        self.texts.push((what.to_owned(), format!("{headers}{}", answer.text)));
    }
}

fn requester() -> Value {
    json!({"name": NAME, "email": EMAIL, "address": format!("1 {ADDRESS}, Town")})
}

fn whole(reference: &str) -> Value {
    json!({"reference": reference, "regime": "foia", "received_on": "2026-06-01", "subject": "Parks", "requester": requester(),
        "original_text": format!("Dear all, {LETTER} and thanks"), "parts": [{"label": "1", "text": "Trees"}, {"label": "2", "text": "Ponds"}]})
}

fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(holder).unwrap()[name] = value;
    document
}

/// Calls that are refused, each with marks in what it sends.
fn refused_calls(client: &Client, request: &str, heard: &mut Heard) {
    let post = |body: &Value| client.post("/v1/requests", body);
    heard.hear("unknown member", &post(&with(whole("A"), "/requester/nickname", json!(NAME))), 400);
    heard.hear("wrong type", &post(&with(whole("A"), "/requester", json!(NAME))), 400);
    heard.hear("wrong type of a letter", &post(&with(whole("A"), "/original_text", json!([LETTER]))), 400);
    heard.hear("missing member", &post(&json!({"requester": requester(), "original_text": LETTER})), 400);
    heard.hear("no date", &post(&with(whole("A"), "/received_on", json!(NAME))), 422);
    heard.hear("no regime", &post(&with(whole("A"), "/regime", json!(NAME))), 422);
    heard.hear("no label", &post(&with(whole("A"), "/parts/0/label", json!(format!("{NAME} !")))), 422);
    heard.hear("too long", &post(&with(whole("A"), "/requester/name", json!(NAME.repeat(100)))), 422);
    heard.hear("too long a letter", &post(&with(whole("A"), "/original_text", json!(LETTER.repeat(20_000)))), 422);
    heard.hear("a day to come", &post(&with(whole("A"), "/received_on", json!("2099-01-01"))), 422);
    heard.hear("duplicate", &post(&whole("FIRST")), 409);
    let broken = format!("{{\"requester\": {{\"name\": \"{NAME}\"}}, \"original_text\": \"{LETTER}");
    let json_type = ("Content-Type", "application/json");
    heard.hear("no JSON", &client.send("POST", "/v1/requests", &[json_type], Some(broken.as_bytes())), 400);
    heard.hear(
        "other media",
        &client.send("POST", "/v1/requests", &[("Content-Type", "text/plain")], Some(LETTER.as_bytes())),
        415,
    );
    heard.hear(
        "too large",
        &client.send("POST", "/v1/requests", &[json_type], Some(LETTER.repeat(200_000).as_bytes())),
        413,
    );
    heard.hear("no such letter", &client.post(&format!("{}/responses", path(request)), &json!({"kind": NAME})), 422);
    heard.hear("wrong query", &client.get(&format!("/v1/requests?limit={NAME}")), 400);
    heard.hear("stale", &client.patch(&path(request), "\"9-0-json\"", &json!({"subject": NAME})), 412);
    heard.hear("no such verb", &client.send("DELETE", &path(request), &[], None), 405);
    let keyed = |body: &Value| client.post_keyed("/v1/requests", "canary-key", body);
    assert_eq!(keyed(&whole("KEYED")).status, 201);
    heard.hear("a key reused", &keyed(&whole("OTHER")), 422);
    heard.hear("a bad key", &client.with_key(&format!("{KEY}-{NAME}")).get("/v1/requests"), 401);
    heard.hear("nobody", &client.anonymous().post("/v1/requests", &whole("A")), 401);
}

/// What is read and exported by those who may not see people.
fn exports(client: &Client, authority: &str, request: &str, heard: &mut Heard) {
    let days = format!("start_on=2026-01-01&end_on=2026-06-30&authority_id={authority}");
    let below = [
        "",
        "/timeline",
        "/clock",
        "/compliance",
        "/responses",
        "/reviews",
        "/complaints",
        "/records",
        "/legal-hold",
        "/related?relation=same_requester",
    ];
    for target in below.map(|below| format!("{}{below}", path(request))) {
        heard.hear(&target, &client.get(&target), 200);
    }
    for target in [
        "/v1/requests".to_owned(),
        format!("/v1/requests?q={NAME}"),
        "/v1/requests?format=csv".to_owned(),
        format!("/v1/metrics/timeliness?basis=received&format=csv&{days}"),
        format!("/v1/metrics/outcomes?format=csv&{days}"),
        format!("/v1/metrics/workload?authority_id={authority}"),
        format!("/v1/returns/cabinet-office?period=2026-Q2&format=csv&authority_id={authority}"),
        format!("/v1/returns/commissioner-self-assessment?period=2026-Q2&authority_id={authority}"),
        format!("/v1/audit-entries?purpose=lawfulness&authority_id={authority}&limit=200"),
        format!("/v1/audit-entries/export?purpose=lawfulness&authority_id={authority}"),
        "/v1/due-dates?within=1000".to_owned(),
        "/v1/deletions".to_owned(),
        "/version".to_owned(),
        "/readyz".to_owned(),
    ] {
        heard.hear(&target, &client.get(&target), 200);
    }
}

fn nothing_of_people_is_told(database: Database) {
    let place = Place::with_schema(database);
    // Whoever binds this port first has it: it is free again when the listener is dropped.
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let sealing = format!("sealing:{}", "5eed".repeat(16));
    let environment = [
        ("CANDOUR_LOG", "debug"),
        ("CANDOUR_METRICS_LISTEN", metrics.as_str()),
        ("CANDOUR_ENCRYPTION_KEYS", sealing.as_str()),
    ];
    let mut process = Process::serve(&place, &environment);
    let client = process.client();
    let authority = id(&client.post("/v1/authorities", &json!({"name": "Authority", "nation": "england"})).expect(201));
    let made = client.post("/v1/api-keys", &json!({"name": "Key", "kind": "person", "scopes": ["requests:read", "requesters:read"], "expires_on": last_day()})).expect(201);
    let api_key = made["key"].as_str().unwrap().to_owned();
    let mut heard = Heard { texts: Vec::new() };
    let first = client.post("/v1/requests", &whole("FIRST"));
    heard.hear("recorded", &first, 201);
    let request = id(&first.json());
    heard.hear("again", &client.post("/v1/requests", &whole("SECOND")), 201);
    heard.hear(
        "answered",
        &client.post(&format!("{}/responses", path(&request)), &sent("2026-06-20", &[disclosed("1"), withheld("2")])),
        201,
    );
    // The one place where people are shown shows them: the marks are where they should be.
    let shown = client.with_key(&api_key).get(&format!("{}/requester", path(&request))).expect(200).to_string();
    assert!([NAME, EMAIL, ADDRESS, LETTER].iter().all(|mark| shown.contains(mark)), "{shown}");
    refused_calls(&client, &request, &mut heard);
    exports(&client, &authority, &request, &mut heard);
    let counters = Client::new(&format!("http://{metrics}"), None).get("/metrics");
    heard.hear("counters", &counters, 200);
    // The database breaks: what is told of that is no more.
    place.run("ALTER TABLE requesters RENAME TO requesters_away");
    heard.hear("broken", &client.post("/v1/requests", &whole("BROKEN")), 500);
    heard.hear("broken reading", &client.get(&format!("{}/requester", path(&request))), 500);
    place.run("ALTER TABLE requesters_away RENAME TO requesters");
    let ended = process.stop();
    assert!(
        ended.output.lines().chain(ended.errors.lines()).filter(|line| line.contains("/v1/requests")).count() > 20,
        "calls are logged"
    );
    heard.texts.push(("log".to_owned(), format!("{}{}", ended.output, ended.errors)));
    for (what, text) in &heard.texts {
        // A search is the caller's own word, and stands in the link to the next page alone.
        for mark in [MARK, KEY, api_key.as_str(), "5eed5eed"] {
            assert!(!text.contains(mark), "{mark} in {what}: {text}");
        }
    }
    for (table, column) in [
        ("requesters", "identity"),
        ("requesters", "original_text"),
        ("idempotency_keys", "body"),
        ("audit_entries", "content"),
    ] {
        let words = place.words(&format!("SELECT {column} AS words FROM {table} WHERE {column} IS NOT NULL")).concat();
        assert!(!words.contains(MARK), "{table}.{column}");
    }
}

/// The last day of a key that is made on the real today.
fn last_day() -> String {
    candour::clock::Clock::system().today().plus_days(30).to_string()
}

#[test]
fn nothing_of_people_is_told_on_sqlite() {
    nothing_of_people_is_told(Database::Sqlite);
}

#[test]
fn nothing_of_people_is_told_on_postgres() {
    nothing_of_people_is_told(Database::Postgres);
}

//! Marked names, addresses, letters, keys and words of casework sent through the service, well and badly: where they must not
//! turn up.

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
/// What was asked, argued or decided in a case: whoever reads the case reads it, and it stands nowhere else.
const WORDS: &str = "Quillonwords";
/// What every mark of such words has.
const MARK_OF_WORDS: &str = "uillon";

/// What a process was sent, and all that it said to anybody who may not see people.
#[derive(Default)]
struct Heard {
    texts: Vec<(String, String)>,
    /// What was told of the case itself.
    of_cases: Vec<(String, String)>,
}

impl Heard {
    #[track_caller]
    fn hear(&mut self, what: &str, answer: &Answer, status: u16) {
        self.texts.push((what.to_owned(), whole_answer(what, answer, status)));
    }

    /// An answer whose body is for whoever may read the case.
    #[track_caller]
    fn hear_of_case(&mut self, what: &str, answer: &Answer, status: u16) {
        self.of_cases.push((what.to_owned(), whole_answer(what, answer, status)));
    }
}

/// Headers and body of an answer, which must have this status.
#[track_caller]
fn whole_answer(what: &str, answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    let headers: String = answer.headers.values().map(|value| format!("{value}\n")).collect();
    format!("{headers}{}", answer.text)
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

/// An entry of a case with marked words: where it is posted, its body, its day, and a member that holds the words.
type Entry = (String, Value, &'static str, &'static str);

/// Entries of every kind that stand below a request and need nothing before them but its letter.
fn entries_of_request() -> Vec<Entry> {
    let entry = |resource: &str, body: Value, day, words| (resource.to_owned(), body, day, words);
    vec![
        entry("clarifications", json!({"asked_on": "2026-03-03", "text": WORDS}), "asked_on", "text"),
        entry(
            "extensions",
            json!({"kind": "public_interest", "notified_on": "2026-03-25", "estimated_on": "2026-04-20", "grounds": ["31(1)(a)"], "reasons": WORDS}),
            "notified_on",
            "reasons",
        ),
        entry("receipt-corrections", json!({"received_on": "2026-02-27", "reason": WORDS}), "received_on", "reason"),
        entry(
            "records",
            json!({"label": "1", "title": WORDS, "dated_on": "2019-05-14", "parts": ["1"], "disposition": "disclosed"}),
            "dated_on",
            "title",
        ),
        entry("reviews", json!({"requested_on": "2026-04-20", "grounds": WORDS}), "requested_on", "grounds"),
        entry(
            "complaints",
            json!({"made_on": "2026-05-05", "reference": WORDS, "issues": [{"topic": "delay", "text": WORDS}]}),
            "made_on",
            "reference",
        ),
    ]
}

/// Entries of every kind that stand below a complaint.
fn entries_of_complaint(complaint: &str) -> Vec<Entry> {
    let entry =
        |resource: &str, body: Value, day, words| (format!("complaints/{complaint}/{resource}"), body, day, words);
    vec![
        entry(
            "position-changes",
            json!({"stated_on": "2026-05-10", "communicated_to": ["regulator"], "grounds_added": [{"provision": "43(2)", "reasons": WORDS}], "reasons": WORDS}),
            "stated_on",
            "reasons",
        ),
        entry(
            "submissions",
            json!({"submitted_on": "2026-05-11", "submitted_by": "authority", "summary": WORDS}),
            "submitted_on",
            "summary",
        ),
        entry(
            "decision-notices",
            json!({"sent_on": "2026-06-10", "reference": WORDS, "findings": [{"provision": "31(1)(a)", "finding": "not_engaged", "reasons": WORDS}],
                "steps": [{"text": WORDS}], "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2026-06-10"}}),
            "sent_on",
            "reference",
        ),
        entry(
            "appeals",
            json!({"tribunal": "first_tier", "made_on": "2026-06-20", "made_by": "authority", "grounds": WORDS}),
            "made_on",
            "grounds",
        ),
    ]
}

/// Records a case with words of every kind, each entry badly as well as well, and gives its id.
fn casework(client: &Client, authority: &str, heard: &mut Heard) -> String {
    let body = json!({"reference": "WORDS", "authority_id": authority, "regime": "foia", "received_on": "2026-03-02", "subject": "Parks",
        "parts": [{"label": "1", "text": WORDS}, {"label": "2", "text": WORDS}]});
    let made = client.post("/v1/requests", &body);
    heard.hear_of_case("a request", &made, 201);
    let request = id(&made.json());
    let mut letter = sent("2026-04-15", &[disclosed("1"), withheld("2")]);
    letter["determinations"][1]["grounds"][0]["reasons"] = json!(WORDS);
    let address = |below: &str| format!("{}/{below}", path(&request));
    heard.hear_of_case("a letter", &client.post(&address("responses"), &letter), 201);
    let mut record = |resource: &str, body: &Value| -> String {
        let made = client.post(&address(resource), body);
        heard.hear_of_case(resource, &made, 201);
        id(&made.json())
    };
    let mut made: Vec<(String, String)> = Vec::new();
    for (resource, body, _, _) in entries_of_request() {
        let id = record(&resource, &body);
        made.push((resource, id));
    }
    let of = |made: &[(String, String)], resource: &str| {
        let found = made.iter().find(|(known, _)| known.ends_with(resource));
        found.map(|(known, id)| format!("{known}/{id}")).unwrap()
    };
    let complaint = of(&made, "complaints").split_once('/').unwrap().1.to_owned();
    for (resource, body, _, _) in entries_of_complaint(&complaint) {
        let id = record(&resource, &body);
        made.push((resource, id));
    }
    let further = [
        ("clarifications", "answer", json!({"answered_on": "2026-03-04", "text": WORDS})),
        (
            "reviews",
            "decision",
            json!({"decided_on": "2026-05-01", "results": [{"part": "2", "result": "position_maintained", "reasons": WORDS}]}),
        ),
        ("appeals", "decision", json!({"decided_on": "2026-07-20", "outcome": "dismissed", "reasons": WORDS})),
        ("submissions", "void", json!({"reason": WORDS})),
    ];
    for (resource, below, body) in &further {
        record(&format!("{}/{below}", of(&made, resource)), body);
    }
    // What is recorded already is refused for what the case says.
    for (resource, below, body) in &further[1..] {
        let again = client.post(&address(&format!("{}/{below}", of(&made, resource))), body);
        heard.hear(&format!("{resource} again"), &again, 409);
    }
    for entry in entries_of_request().into_iter().chain(entries_of_complaint(&complaint)) {
        refused_entry(client, &address(&entry.0), &entry, heard);
    }
    heard.hear_of_case("a hold", &client.put(&address("legal-hold"), "*", &json!({"reason": WORDS})), 200);
    heard.hear("a stale hold", &client.put(&address("legal-hold"), "\"9-0-json\"", &json!({"reason": WORDS})), 412);
    let position = json!({"authority_id": authority, "title": WORDS, "topics": ["parks"], "regime": "foia", "provisions": ["30(3)"], "reasons": WORDS,
        "review_on": "2027-12-01"});
    heard.hear_of_case("a position", &client.post("/v1/ncnd-positions", &position), 201);
    heard.hear(
        "a wrong position",
        &client.post("/v1/ncnd-positions", &with(position, "/provisions", json!([WORDS]))),
        422,
    );
    request
}

/// The entry with what is wrong in it, in every way that still has the words.
fn refused_entry(client: &Client, address: &str, (resource, body, day, words): &Entry, heard: &mut Heard) {
    let mut refused = |what: &str, member: &str, value: Value, status: u16| {
        let answer = client.post(address, &with(body.clone(), &format!("/{member}"), value));
        heard.hear(&format!("{what} of {resource}"), &answer, status);
    };
    refused("an unknown member", WORDS, json!(1), 400);
    refused("an unknown member's value", "nickname", json!(WORDS), 400);
    refused("a wrong type", words, json!([WORDS]), 400);
    refused("no date", day, json!(WORDS), 422);
    refused("too many words", words, json!(WORDS.repeat(20_000)), 422);
}

/// What is read of a case by those who may not see people.
fn readings(client: &Client, request: &str, heard: &mut Heard) {
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
        heard.hear_of_case(&target, &client.get(&target), 200);
    }
}

/// What is listed, counted and exported for those who may not see people.
fn exports(client: &Client, authority: &str, heard: &mut Heard) {
    let days = format!("start_on=2026-01-01&end_on=2026-06-30&authority_id={authority}");
    // Lists of cases tell what was asked; tables of them do not.
    for target in ["/v1/requests".to_owned(), format!("/v1/requests?q={NAME}"), format!("/v1/requests?q={WORDS}")] {
        heard.hear_of_case(&target, &client.get(&target), 200);
    }
    for target in [
        format!("/v1/metrics/provisions?format=csv&{days}"),
        format!("/v1/metrics/ncnd?{days}"),
        format!("/v1/metrics/reviews?format=csv&{days}"),
        format!("/v1/metrics/regulator?format=csv&{days}"),
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
    let mut heard = Heard::default();
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
    let worded = casework(&client, &authority, &mut heard);
    readings(&client, &request, &mut heard);
    readings(&client, &worded, &mut heard);
    // The words are where they should be.
    for resource in ["timeline", "reviews", "complaints", "records", "responses", "legal-hold", "clock"] {
        let told = client.get(&format!("{}/{resource}", path(&worded))).text;
        assert_eq!(told.contains(WORDS), !["timeline", "clock"].contains(&resource), "{resource}: {told}");
    }
    exports(&client, &authority, &mut heard);
    let counters = Client::new(&format!("http://{metrics}"), None).get("/metrics");
    heard.hear("counters", &counters, 200);
    // The database breaks: what is told of that is no more.
    place.run("ALTER TABLE requesters RENAME TO requesters_away");
    heard.hear("broken", &client.post("/v1/requests", &whole("BROKEN")), 500);
    heard.hear("broken reading", &client.get(&format!("{}/requester", path(&request))), 500);
    place.run("ALTER TABLE requesters_away RENAME TO requesters");
    for (table, (resource, body, _, _)) in
        ["events", "records", "proceedings"].into_iter().zip([0, 3, 4].map(|at| entries_of_request().remove(at)))
    {
        place.run(&format!("ALTER TABLE {table} RENAME TO {table}_away"));
        heard.hear(&format!("broken {table}"), &client.post(&format!("{}/{resource}", path(&worded)), &body), 500);
        place.run(&format!("ALTER TABLE {table}_away RENAME TO {table}"));
    }
    let ended = process.stop();
    assert!(
        ended.output.lines().chain(ended.errors.lines()).filter(|line| line.contains("/v1/requests")).count() > 20,
        "calls are logged"
    );
    heard.texts.push(("log".to_owned(), format!("{}{}", ended.output, ended.errors)));
    let telling = heard.texts.iter().filter(|(_, text)| text.contains(MARK_OF_WORDS)).map(|(what, _)| what.as_str());
    // A member that there is not is named to the caller who sent it.
    let telling: Vec<&str> = telling.filter(|what| !what.starts_with("an unknown member of ")).collect();
    assert_eq!(telling, Vec::<&str>::new());
    for (what, text) in heard.texts.iter().chain(&heard.of_cases) {
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
    for (table, column) in [
        ("audit_entries", "content"),
        ("timeline_entries", "detail"),
        ("case_sheets", "content"),
        ("due_dates", "provision"),
        ("requests", "search_text"),
    ] {
        let words = place.words(&format!("SELECT {column} AS words FROM {table} WHERE {column} IS NOT NULL")).concat();
        assert!(!words.contains(MARK_OF_WORDS), "{table}.{column}");
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

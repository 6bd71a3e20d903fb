//! Two authorities live the same life of two hundred requests. One of them works on drafts, searches and keeps records
//! before it neither confirms nor denies; the other does not. Whoever may not see that work sees the same of both.

use std::collections::{BTreeMap, HashMap};

use candour::law::Date;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Answer, Client, Database, Place, Process,
        casework::{disclosed, draft, ncnd, path, sent, withheld, without, without_ids},
        process::Stream,
        server::id,
    },
};

/// How many requests each authority gets.
const REQUESTS: usize = 200;
/// How many of them wait for their answer in the end.
const WAITING: usize = 10;

/// An instant on the day of the test, this many seconds after noon.
fn instant(second: usize) -> String {
    format!("2026-06-30T{:02}:{:02}:{:02}Z", 12 + second / 3600, second / 60 % 60, second % 60)
}

/// Bank holidays of any part of the United Kingdom while the requests come in.
const HOLIDAYS: [&str; 11] = [
    "2025-12-01",
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-01-02",
    "2026-03-17",
    "2026-04-03",
    "2026-04-06",
    "2026-05-04",
    "2026-05-25",
    "2026-06-15",
];

/// A working day for each request, so that no two have the same due date and every list has one order.
fn received_on(number: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2025, 9, 1).unwrap();
    let works = |day: &NaiveDate| {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !HOLIDAYS.contains(&day.to_string().as_str())
    };
    first.iter_days().filter(works).nth(number).unwrap()
}

fn record_request(client: &Client, authority: &str, number: usize) -> String {
    let body = json!({"authority_id": authority, "reference": format!("FOI/{number:03}"), "regime": "foia",
        "received_on": received_on(number).to_string(), "subject": format!("Subject {number}"), "topics": ["technology-partners"], "parts": [
            {"label": "1", "text": "Any agreement"}, {"label": "2", "text": "Any other information", "residual": true}]});
    id(&client.post("/v1/requests", &body).expect(201))
}

fn record_of(label: &str, parts: &[&str]) -> Value {
    json!({"label": label, "title": "A file", "parts": parts, "disposition": "withheld"})
}

/// Drafts, searches and records, of one of several kinds; all that is left of it is gone with the answer.
fn work(client: &Client, request: &str, number: usize) {
    let address = path(request);
    let make = |body: Value| {
        let response =
            client.post_keyed(&format!("{address}/responses"), &format!("draft-{number}-{request}"), &body).expect(201);
        format!("{address}/responses/{}", id(&response))
    };
    let records = format!("{address}/records");
    match number % 5 {
        0 => {
            let response = make(draft(&[disclosed("1"), withheld("2")]));
            client.post_keyed(&records, &format!("record-{request}"), &record_of("1", &["1", "2"])).expect(201);
            client.get(&format!("{response}/checks")).expect(200);
            client.delete(&response, "*").expect(204);
        }
        1 => {
            let response = make(draft(&[withheld("1"), ncnd("2")]));
            let record = id(&client.post(&records, &record_of("1", &["1"])).expect(201));
            client.put(&format!("{records}/{record}"), "*", &record_of("2", &["1"])).expect(200);
            client.post(&records, &record_of("9", &["2"])).problem(409, "part-not-open-to-records");
            client.put(&format!("{response}/determinations/1"), "*", &without(ncnd("1"), &["part"])).expect(200);
        }
        2 => {
            let response = make(draft(&[ncnd("1")]));
            client.put(&format!("{response}/determinations/2"), "*", &json!({"outcome": "not_held"})).expect(200);
            client.post(&format!("{response}/issue"), &json!({"issued_on": "2020-01-01"}));
        }
        3 => {
            make(draft(&[disclosed("1"), disclosed("2")]));
            let record = id(&client.post(&records, &record_of("1", &["1"])).expect(201));
            client.delete(&format!("{records}/{record}"), "*").expect(204);
            client.get(&format!("/v1/requests?q=Subject%20{number}")).expect(200);
            client.get(&records).expect(200);
        }
        _ => {}
    }
}

/// An authority, its requests, and somebody who may read of them.
struct Life {
    authority: String,
    requests: Vec<String>,
    reader: Client,
}

/// All that is neither work on answers nor the audit log: what such a credential sees may not tell of that work.
const OF_A_READER: [&str; 6] =
    ["requests:read", "ncnd:read", "requesters:read", "requesters:match", "complaints:read", "metrics:read"];

fn reader(client: &Client, authority: &str, today: Date) -> Client {
    let body = json!({"authority_id": authority, "name": "A reader", "kind": "person", "scopes": OF_A_READER,
        "expires_on": today.plus_days(300)});
    client.with_key(client.post("/v1/api-keys", &body).expect(201)["key"].as_str().unwrap())
}

/// What both authorities do alike.
fn live(client: &Client, request: &str, number: usize) {
    if number.is_multiple_of(7) {
        let (notified_on, estimated_on) = (received_on(number), received_on(number) + Days::new(40));
        let body = json!({"kind": "public_interest", "notified_on": notified_on.to_string(), "estimated_on": estimated_on.to_string(),
            "grounds": ["31"], "reasons": "It is being weighed.", "particulars": {"internal_review": "stated", "regulator": "stated"}});
        client.post(&format!("{}/extensions", path(request)), &body).expect(201);
    }
    if number.is_multiple_of(11) {
        client.patch(&path(request), "*", &json!({"channel": "post"})).expect(200);
    }
}

fn answer(client: &Client, request: &str) {
    client.post(&format!("{}/responses", path(request)), &sent("2026-06-29", &[ncnd("1"), ncnd("2")])).expect(201);
}

/// An answer but for ids, the authority's name, sealed cursors, tags that are hashes of what the answer says, ids and all, and
/// what names the one call.
fn plain(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let is_hash = |value: &str| {
        value.split('-').any(|piece| piece.len() == 16 && piece.bytes().all(|one| one.is_ascii_hexdigit()))
    };
    let kept = |name: &str| {
        let names_the_call = ["date", "x-request-id", "traceparent"].contains(&name);
        !names_the_call && (name != "etag" || !is_hash(answer.header("etag")))
    };
    let headers = answer.headers.iter().filter(|(name, _)| kept(name));
    let mut headers: Vec<(String, String)> =
        headers.map(|(name, value)| (name.clone(), without_ids(&without_cursor(value)))).collect();
    headers.sort();
    // Instants are kept: the clock of the test shows both the same.
    let text = without_cursor(&answer.text).replace('Z', "z").replace("Plain", "Alive");
    (answer.status, headers, without_ids(&text))
}

/// Each sealed cursor replaced by its length.
fn without_cursor(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    for mark in ["\"next_cursor\":\"", "cursor="] {
        if let Some((before, after)) = rest.split_once(mark) {
            let end = after.find(['"', '>', '&']).unwrap_or(after.len());
            plain = format!("{before}{mark}{}{}", end, &after[end..]);
            rest = &plain;
        }
    }
    if plain.is_empty() { text.to_owned() } else { plain }
}

/// Walks a list to its end and gives each page.
fn walk(client: &Client, address: &str) -> Vec<Answer> {
    let mut pages = vec![client.get(address)];
    while let Some(cursor) = pages.last().unwrap().json()["next_cursor"].as_str().map(str::to_owned) {
        let sign = if address.contains('?') { '&' } else { '?' };
        pages.push(client.get(&format!("{address}{sign}cursor={cursor}")));
    }
    pages
}

/// Everything that a credential without `responses:write`, `records:read` and `audit:read` can read of an authority.
fn everything(client: &Client, authority: &str, requests: &[String]) -> Vec<Answer> {
    let of = |query: &str| format!("/v1/requests?authority_id={authority}&{query}");
    let days = "start_on=2025-01-01&end_on=2026-12-31";
    let mut answers = Vec::new();
    for query in [
        "limit=50",
        "limit=33&sort=-due_on",
        "status=open",
        "status=responded",
        "overdue=true",
        "overdue=false",
        "topic=technology-partners",
        "sort=updated_at&updated_at_from=2026-06-30T12:00:00Z",
        "sort=-received_on",
        "regime=foia",
        "q=Subject%201",
        "due_on_from=2026-01-01",
    ] {
        answers.extend(walk(client, &of(query)));
    }
    answers.push(client.get(&of("format=csv")));
    answers.extend(walk(client, &format!("/v1/deletions?authority_id={authority}")));
    answers.extend(walk(client, &format!("/v1/due-dates?authority_id={authority}&within=365")));
    answers.push(client.get(&format!("/v1/metrics/workload?authority_id={authority}")));
    answers.push(client.get(&format!("/v1/returns/code-part-8?authority_id={authority}&period=2026-Q1")));
    for metric in ["outcomes", "provisions", "ncnd", "reviews", "regulator"] {
        answers.push(client.get(&format!("/v1/metrics/{metric}?authority_id={authority}&{days}&group_by=month")));
        answers.push(client.get(&format!("/v1/metrics/{metric}?authority_id={authority}&{days}&format=csv")));
    }
    for basis in ["received", "closed", "due"] {
        answers
            .push(client.get(&format!(
                "/v1/metrics/timeliness?authority_id={authority}&{days}&basis={basis}&group_by=quarter"
            )));
    }
    for request in requests {
        for below in ["", "/clock", "/timeline", "/compliance", "/precedents", "/requester"] {
            answers.push(client.get(&format!("{}{below}", path(request))));
        }
        for below in ["responses", "reviews", "complaints"] {
            answers.extend(walk(client, &format!("{}/{below}", path(request))));
        }
    }
    answers
}

#[track_caller]
fn same(lives: &[Life; 2], moment: &str) {
    let [one, other] = lives.each_ref().map(|life| everything(&life.reader, &life.authority, &life.requests));
    assert_eq!(one.len(), other.len(), "{moment}");
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.status, 200, "{moment}: {}", one.text);
        assert_eq!(plain(one), plain(other), "{moment}");
        let size = |answer: &Answer| answer.text.len();
        assert_eq!(size(one), size(other), "{moment}");
    }
}

on_both! {
    fn two_hundred_requests_look_alike_whatever_was_drafted_searched_and_recorded(server) {
        server.set_now(&instant(0));
        let today: Date = "2026-06-30".parse().unwrap();
        let mut lives = ["Plain", "Alive"].map(|name| {
            let authority = server.authority(name);
            let reader = reader(&server.client, &authority, today);
            Life { authority, requests: Vec::new(), reader }
        });
        for number in 0..REQUESTS {
            server.set_now(&instant(number));
            for life in &mut lives {
                life.requests.push(record_request(&server.client, &life.authority, number));
            }
            work(&server.client, &lives[1].requests[number], number);
            for life in &lives {
                live(&server.client, &life.requests[number], number);
            }
        }
        same(&lives, "while the drafts lie about");
        for number in 0..REQUESTS - WAITING {
            server.set_now(&instant(REQUESTS + number));
            for life in &lives {
                answer(&server.client, &life.requests[number]);
            }
        }
        same(&lives, "once answered");
        let letters = lives[1].reader.get(&format!("{}/responses", path(&lives[1].requests[0]))).expect(200);
        assert_eq!(letters["items"].as_array().unwrap().len(), 1, "the letter alone is seen");
        let draft = lives[1].reader.get(&format!("{}/responses", path(&lives[1].requests[REQUESTS - 2]))).expect(200);
        assert_eq!(draft["items"], json!([]), "a draft is not");
        lives[1].reader.get(&format!("{}/records", path(&lives[1].requests[0]))).problem(403, "insufficient-scope");
    }
}

/// A log line but for ids, instants and durations.
fn plain_line(line: &str) -> Value {
    without(serde_json::from_str(line).unwrap(), &["request_id", "trace_id", "timestamp", "duration_us"])
}

/// Two lives of ten requests each, of which the second works before its answers.
fn short_lives(client: &Client) -> [Life; 2] {
    let today = candour::clock::Clock::system().today();
    ["Plain", "Alive"].map(|name| {
        let authority = id(&client.post("/v1/authorities", &json!({"name": name, "nation": "england"})).expect(201));
        let requests: Vec<String> = (0..10).map(|number| record_request(client, &authority, number)).collect();
        for (number, request) in requests.iter().enumerate() {
            if name == "Alive" {
                work(client, request, number);
            }
            answer(client, request);
        }
        let reader = reader(client, &authority, today);
        Life { authority, requests, reader }
    })
}

#[test]
fn the_log_lines_of_a_reader_are_the_same() {
    for database in [Database::Sqlite, Database::Postgres] {
        let place = Place::with_schema(database);
        let mut process = Process::serve(&place, &[]);
        let lives = short_lives(&process.client());
        let [one, other] = lives.each_ref().map(|life| {
            let read = everything(&life.reader, &life.authority, &life.requests);
            let lines = read.iter().map(|answer| process_line(&mut process, answer.header("x-request-id")));
            lines.collect::<Vec<Value>>()
        });
        assert!(one.len() > 60);
        assert_eq!(one, other, "{database:?}");
        let mut counted: HashMap<String, usize> = HashMap::new();
        for line in &one {
            *counted.entry(line["route"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        assert!(counted.len() >= 8, "{counted:?}");
    }
}

fn process_line(process: &mut Process, request_id: &str) -> Value {
    plain_line(&process.line(Stream::Errors, request_id))
}

/// Every counter, and the count of every histogram, as they stand; how long things took is for `bench/`.
fn counters(metrics: &Client) -> BTreeMap<String, i64> {
    let text = metrics.get("/metrics").text;
    let kinds: HashMap<&str, &str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    let counts = |series: &str| {
        let name = series.split('{').next().unwrap_or(series);
        let of_histogram = |name: &str| kinds.get(name) == Some(&"histogram");
        kinds.get(name) == Some(&"counter") || name.strip_suffix("_count").is_some_and(of_histogram)
    };
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
    lines
        .filter(|(series, _)| counts(series))
        .map(|(series, value)| (series.to_owned(), value.parse().unwrap()))
        .collect()
}

/// By how much the counters grew while something was done.
fn grown(metrics: &Client, done: impl FnOnce()) -> BTreeMap<String, i64> {
    let before = counters(metrics);
    done();
    let after = counters(metrics).into_iter();
    let grown = after.map(|(series, value)| (series.clone(), value - before.get(&series).copied().unwrap_or_default()));
    grown.filter(|(_, growth)| *growth != 0).collect()
}

#[test]
fn the_counters_of_a_reader_are_the_same() {
    for database in [Database::Sqlite, Database::Postgres] {
        let place = Place::with_schema(database);
        let mut process = Process::serve(&place, &[("CANDOUR_METRICS_LISTEN", "127.0.0.1:0")]);
        let line: Value = serde_json::from_str(&process.line(Stream::Errors, "counters are served")).unwrap();
        let metrics = Client::new(&format!("http://{}", line["address"].as_str().unwrap()), None);
        let lives = short_lives(&process.client());
        let [one, other] = lives.each_ref().map(|life| {
            grown(&metrics, || {
                everything(&life.reader, &life.authority, &life.requests);
                life.reader.get(&format!("{}/records", path(&life.requests[0]))).problem(403, "insufficient-scope");
            })
        });
        assert_eq!(one, other, "{database:?}");
        let clocks = "{method=\"GET\",route=\"/v1/requests/{request_id}/clock\"";
        assert_eq!(one[&format!("candour_requests_total{clocks},status=\"200\"}}")], 10);
        assert_eq!(one[&format!("candour_request_duration_seconds_count{clocks}}}")], 10);
        assert!(one.len() > 30, "{one:?}");
        // Nothing that is counted is counted by authority, request or credential.
        let text = metrics.get("/metrics").text;
        for life in &lives {
            let named = [life.authority.as_str(), life.requests[0].as_str(), "Alive", "Plain"];
            assert!(!named.iter().any(|name| text.contains(name)), "{text}");
        }
    }
}

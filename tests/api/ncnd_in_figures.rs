//! NCND in figures over HTTP: what became of such answers, who is told, and attacks on suppressed cells by everything else
//! that the same credential may ask.

use std::{collections::BTreeSet, ops::RangeInclusive};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Client, Server,
        casework::{ncnd, path, sent, withheld},
        cohort::{Story, record_all},
        keys::{LAST_DAY, made},
        server::id,
    },
};

const NCND: &str = "neither_confirmed_nor_denied";
const YEAR: &str = "start_on=2024-01-01&end_on=2024-12-31";
/// The topics of the tables; an empty one stands for requests without a topic.
const TOPICS: [&str; 4] = ["informants", "parking", "surveillance", ""];
/// How many tables of random counts are attacked.
const TABLES: usize = 5;

/// How many requests of each topic were answered by NCND.
type Cells = [u32; 4];

/// A client with a key of these scopes that belongs to an authority.
fn with_scopes(server: &Server, authority: &str, scopes: &[&str]) -> Client {
    let wanted = json!({"authority_id": authority, "name": "Figures", "kind": "person", "scopes": scopes, "expires_on": LAST_DAY});
    server.with_key(made(server, &wanted)["key"].as_str().unwrap())
}

/// Requests of one quarter: of each topic so many answered by NCND, in the order of the days on which they were answered.
fn quarter(topics: &[&str]) -> Vec<Story> {
    let of = |number: usize, topic: &str, outcome: &str, ground: &str| {
        let mut story = Story::new("foia", "2024-04-15");
        if !topic.is_empty() {
            story.request["topics"] = json!([topic]);
        }
        story.answered(&format!("2024-05-{:02}", 7 + number), outcome, &[ground])
    };
    let with_ncnd = topics.iter().enumerate().map(|(number, topic)| of(number, topic, NCND, "31(3)"));
    let others = ["informants", "parking", "surveillance"].iter().enumerate();
    let others = others.map(|(number, topic)| of(20 + number, topic, "withheld", "31(1)(a)"));
    with_ncnd.chain(others).collect()
}

/// What the table of a quarter shows of these counts, as the definition `ncnd-by-topic` has it.
fn shown(cells: &Cells) -> [Option<u32>; 4] {
    let any_small = cells.iter().any(|cell| (1..=4).contains(cell));
    let is_alone = cells.iter().filter(|cell| **cell < 10).count() < 2;
    cells.map(|cell| (!any_small || (cell >= 10 && !is_alone)).then_some(cell))
}

/// Other tables with the same total that show the same: for each suppressed cell there is one that differs in it.
fn alike(cells: &Cells) -> Vec<Cells> {
    let total: u32 = cells.iter().sum();
    let mut spreads = Vec::new();
    for first in 0..=total {
        for second in 0..=total - first {
            let rest = total - first - second;
            spreads.extend((0..=rest).map(|third| [first, second, third, rest - third]));
        }
    }
    spreads.retain(|other| shown(other) == shown(cells));
    let differs = |other: &Cells, at: usize| other[at] != cells[at];
    let mut chosen: Vec<Cells> = Vec::new();
    for at in (0..cells.len()).filter(|at| shown(cells)[*at].is_none()) {
        if !chosen.iter().any(|other| differs(other, at)) {
            let unlike = |other: &&Cells| (0..cells.len()).filter(|at| differs(other, *at)).count();
            let found = spreads.iter().filter(|other| differs(other, at)).max_by_key(unlike);
            chosen.push(*found.unwrap_or_else(|| panic!("cell {at} of {cells:?} can be worked out from the table")));
        }
    }
    chosen
}

/// Tables of random small counts; in some of them the first is too great to be suppressed with others.
fn random_tables() -> Vec<Cells> {
    let mut runner = TestRunner::deterministic();
    let strategy = (0..10_u32, 0..4_u32, 0..4_u32, 0..3_u32);
    std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap().current())
        .map(|(first, second, third, none)| [if first < 5 { first } else { first + 5 }, second, third, none])
        .take(TABLES)
        .collect()
}

/// The topics of the requests behind a table.
fn topics_of(cells: &Cells) -> Vec<&'static str> {
    TOPICS.iter().zip(cells).flat_map(|(topic, count)| vec![*topic; usize::try_from(*count).unwrap()]).collect()
}

/// What the precedents of every request of the authority say of topics and quarters, each row once.
fn every_precedent(server: &Server, authority: &str) -> BTreeSet<String> {
    let requests = server.get(&format!("/v1/requests?authority_id={authority}&limit=200")).expect(200);
    let of_request = |request: &Value| {
        let found = server.get(&format!("{}/precedents", path(&id(request)))).expect(200);
        found["rows"].as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>()
    };
    requests["items"].as_array().unwrap().iter().flat_map(of_request).collect()
}

/// Everything that may be asked with `metrics:read` and `ncnd:read`, in both forms, but for the names of the authority.
fn everything(client: &Client, (authority, name): (&str, &str), days: RangeInclusive<u32>) -> Vec<(String, String)> {
    let mut questions = Vec::new();
    let months = (4..=7).map(|month| format!("start_on=2024-{month:02}-01&end_on=2024-{month:02}-28"));
    let days = days.map(|day| format!("start_on=2024-05-{day:02}&end_on=2024-05-{day:02}"));
    let stretches: Vec<String> =
        [YEAR.to_owned(), format!("{YEAR}&group_by=month")].into_iter().chain(months).chain(days).collect();
    for stretch in &stretches {
        questions.extend(
            ["outcomes", "provisions", "ncnd", "reviews", "regulator"]
                .map(|metric| format!("metrics/{metric}?{stretch}")),
        );
        questions
            .extend(["received", "closed", "due"].map(|basis| format!("metrics/timeliness?{stretch}&basis={basis}")));
    }
    for metric in [
        "timeliness&basis=received",
        "timeliness&basis=closed",
        "timeliness&basis=due",
        "outcomes",
        "provisions",
        "ncnd",
        "workload",
        "reviews",
        "regulator",
    ] {
        questions.push(format!("metrics/comparison?metric={metric}&{YEAR}"));
    }
    for as_at in ["2024-05-08", "2024-05-20", "2024-06-30", "2024-07-01"] {
        questions.extend(
            ["outcomes", "provisions", "ncnd"]
                .map(|metric| format!("metrics/{metric}?{YEAR}&as_at={as_at}&regime=foia")),
        );
        questions.push(format!("metrics/workload?as_at={as_at}"));
        for kind in ["code-part-8", "cabinet-office", "scottish-commissioner", "commissioner-self-assessment"] {
            questions.extend(
                ["2024-Q2", "2024-25-Q1", "2024"].map(|period| format!("returns/{kind}?period={period}&as_at={as_at}")),
            );
        }
    }
    for period in ["2024-Q1", "2024-Q2", "2024-25-Q1", "2024-Q3"] {
        questions.push(format!("metrics/ncnd-by-topic?period={period}"));
    }
    let mut answers = Vec::new();
    for question in questions {
        for format in ["json", "csv"] {
            let named =
                if question.contains("comparison") { String::new() } else { format!("&authority_id={authority}") };
            let found = client.get(&format!("/v1/{question}{named}&format={format}"));
            assert_eq!(found.status, 200, "{question}: {}", found.text);
            answers.push((
                format!("{question} {format}"),
                nameless(&found.text.replace(authority, "id").replace(name, "name")),
            ));
        }
    }
    answers
}

/// Without the ids and references of the requests that are listed.
fn nameless(text: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return without_references(text) };
    for list in ["/rows/0/oldest", "/document/overdue"] {
        for one in document.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            one["request_id"] = Value::Null;
            one["reference"] = Value::Null;
        }
    }
    document.to_string()
}

/// A table without the numbers of its references, which follow the order in which the requests were recorded.
fn without_references(table: &str) -> String {
    let mut pieces = table.split("FOI-2024-");
    let before = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(before, |text, piece| {
        text + "FOI-2024-" + piece.trim_start_matches(|letter: char| letter.is_ascii_digit())
    })
}

on_both! {
    fn no_suppressed_cell_follows_from_anything_else_that_may_be_asked(server) {
        // Four tables that differ in cells of 0 to 4 and have one total: whoever could work a cell out could tell them apart.
        let tables: [&[&str]; 4] = [
            &["informants", "informants", "informants", "parking"],
            &["parking", "informants", "parking", "parking"],
            &["surveillance", "surveillance", "informants", "parking"],
            &["parking", "surveillance", "informants", "surveillance"],
        ];
        let mut seen: Vec<Vec<(String, String)>> = Vec::new();
        for (number, topics) in tables.iter().enumerate() {
            let name = format!("Authority of table {number}");
            let authority = server.authority(&name);
            record_all(server, &authority, &quarter(topics));
            let client = with_scopes(server, &authority, &["metrics:read", "ncnd:read"]);
            let by_topic = client.get("/v1/metrics/ncnd-by-topic?period=2024-Q2").expect(200);
            let suppressed: Vec<&Value> = by_topic["rows"].as_array().unwrap().iter().map(|row| &row["suppressed"]).collect();
            assert_eq!(json!(suppressed), json!([true, true, true, true]));
            client.get("/v1/requests").problem(403, "insufficient-scope");
            // Figures name requests; what topics these have is not for those who may not read requests.
            let workload = client.get("/v1/metrics/workload?as_at=2024-05-20").expect(200);
            let named = workload["rows"][0]["oldest"][0]["request_id"].as_str().unwrap();
            client.get(&format!("{}/precedents", path(named))).problem(403, "insufficient-scope");
            seen.push(everything(&client, (&authority, &name), 7..=31));
        }
        for other in &seen[1..] {
            for (one, other) in seen[0].iter().zip(other) {
                assert_eq!(one, other);
            }
        }
        assert!(seen[0].len() > 500, "{}", seen[0].len());
    }

    /// One request answered in the quarter, and thirteen, all of them by NCND: which topics they are on, no row tells.
    fn a_quarter_of_ncnd_alone_tells_of_no_topic(server) {
        let mut number = 0;
        let mut told = |topics: &[&str]| {
            number += 1;
            let name = format!("Authority {number}");
            let authority = server.authority(&name);
            let of = |topic: &&str| quarter(&[*topic]).remove(0);
            record_all(server, &authority, &topics.iter().map(of).collect::<Vec<_>>());
            let client = with_scopes(server, &authority, &["metrics:read", "ncnd:read"]);
            let by_topic = client.get("/v1/metrics/ncnd-by-topic?period=2024-Q2").expect(200);
            let rows: Vec<(Value, Value)> = by_topic["rows"].as_array().unwrap().iter().map(|row| (row["topic"].clone(), row["requests_with_ncnd"].clone())).collect();
            assert_eq!(every_precedent(server, &authority), BTreeSet::new());
            (rows, everything(&client, (&authority, &name), 7..=8))
        };
        let (rows, one) = told(&["informants"]);
        assert_eq!(rows, [(Value::Null, Value::Null)]);
        assert_eq!(told(&["surveillance"]).1, one);
        assert_eq!(told(&[""]).1, one);
        let (rows, many) = told(&[["surveillance"; 12].as_slice(), &["informants"]].concat());
        assert_eq!(rows, [(Value::Null, json!(13))]);
        assert_eq!(told(&["informants"; 13]).1, many);
    }

    fn no_suppressed_cell_of_any_small_table_follows_from_anything_else(server) {
        let attack = |cells: &Cells, name: &str| {
            let authority = server.authority(name);
            record_all(server, &authority, &quarter(&topics_of(cells)));
            let client = with_scopes(server, &authority, &["metrics:read", "ncnd:read"]);
            let by_topic = client.get("/v1/metrics/ncnd-by-topic?period=2024-Q2").expect(200);
            let told: Vec<(Value, Value)> = by_topic["rows"].as_array().unwrap().iter().map(|row| (row["topic"].clone(), row["requests_with_ncnd"].clone())).collect();
            let of = |topic: &str| told.iter().find(|(other, _)| other.as_str().unwrap_or_default() == topic).unwrap().1.as_u64();
            assert_eq!(TOPICS.map(of), shown(cells).map(|cell| cell.map(u64::from)), "{cells:?}");
            // Precedents tell a count where the table does, and how many requests there were only beside one.
            for row in every_precedent(server, &authority) {
                let row: Value = serde_json::from_str(&row).unwrap();
                assert_eq!(row["requests_with_ncnd"].as_u64(), of(row["topic"].as_str().unwrap()), "{row}");
                assert!(row["requests"].is_null(), "{row}");
            }
            everything(&client, (&authority, name), 7..=9)
        };
        let mut attacked = 0;
        for (number, cells) in random_tables().iter().enumerate() {
            let others = alike(cells);
            if others.is_empty() {
                continue;
            }
            let seen = attack(cells, &format!("Authority of table {number}"));
            for (other, counts) in others.iter().enumerate() {
                let differing = attack(counts, &format!("Authority {other} like that of table {number}"));
                for (one, other) in seen.iter().zip(&differing) {
                    assert_eq!(one, other, "{cells:?} and {counts:?}");
                }
                assert_eq!(seen.len(), differing.len());
                attacked += 1;
            }
        }
        assert!(attacked >= TABLES / 2, "{attacked}");
    }

    fn figures_of_ncnd_are_for_those_who_are_cleared(server) {
        let authority = server.authority("Force");
        record_all(server, &authority, &quarter(&["informants", "parking"]));
        let plain = with_scopes(server, &authority, &["metrics:read"]);
        let cleared = with_scopes(server, &authority, &["metrics:read", "ncnd:read"]);
        let nothing = with_scopes(server, &authority, &["requests:read", "ncnd:read"]);
        let mut questions = vec![format!("/v1/metrics/provisions?{YEAR}")];
        questions.push("/v1/metrics/ncnd-by-topic?period=2024-Q2".to_owned());
        questions.push(format!("/v1/metrics/comparison?metric=provisions&{YEAR}"));
        for question in &questions {
            plain.get(question).problem(403, "insufficient-scope");
            nothing.get(question).problem(403, "insufficient-scope");
            server.anonymous().get(question).problem(401, "unauthenticated");
            assert!(cleared.get(question).expect(200).is_object(), "{question}");
        }
        for metric in ["timeliness&basis=due", "outcomes", "ncnd", "workload", "reviews", "regulator"] {
            let report = plain.get(&format!("/v1/metrics/comparison?metric={metric}&{YEAR}")).expect(200);
            assert_eq!(report["authorities"].as_array().unwrap().len(), 1, "{metric}");
            assert!(!report.to_string().contains("31(3)"));
        }
        // How often is told to all who see figures, what became of it is not.
        let told = plain.get(&format!("/v1/metrics/ncnd?{YEAR}")).expect(200)["rows"][0].clone();
        assert_eq!((&told["requests_with_ncnd"]["numerator"], told.get("redress")), (&json!(2), None));
        let csv = plain.get(&format!("/v1/metrics/ncnd?{YEAR}&format=csv")).text;
        assert!(!csv.contains("not_engaged"), "{csv}");
        assert!(cleared.get(&format!("/v1/metrics/ncnd?{YEAR}")).expect(200)["rows"][0]["redress"].is_object());
    }

    fn a_comparison_has_the_authorities_of_the_credential_and_no_other(server) {
        let [first, second] = ["First", "Second"].map(|name| server.authority(name));
        record_all(server, &first, &quarter(&["informants"]));
        record_all(server, &second, &quarter(&["informants", "parking"]));
        let names = |client: &Client| {
            // The report names the basis it is on, where there is one.
            for (asked, told) in [("timeliness", json!("received")), ("timeliness&basis=due", json!("due")), ("outcomes&basis=due", json!("closed"))] {
                assert_eq!(client.get(&format!("/v1/metrics/comparison?metric={asked}&{YEAR}")).expect(200)["basis"], told);
            }
            let report = client.get(&format!("/v1/metrics/comparison?metric=outcomes&{YEAR}")).expect(200);
            let names: Vec<Value> = report["authorities"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
            let total = report["total"].as_array().unwrap().iter().find(|one| one["name"] == "withheld_in_full").unwrap();
            (json!(names), total["figure"].clone())
        };
        let own = with_scopes(server, &second, &["metrics:read"]);
        assert_eq!(names(&own), (json!(["Second"]), json!({"numerator": 3, "denominator": 5, "ratio": 0.6})));
        let all = with_scopes(server, &first, &["metrics:all"]);
        let (named, total) = names(&all);
        assert_eq!((named.as_array().unwrap().len(), total), (2, json!({"numerator": 6, "denominator": 9, "ratio": 6.0 / 9.0})));
        let encoded = all.get(&format!("/v1/metric%73/comparison?metric=outcomes&{YEAR}")).expect(200);
        let plain = all.get(&format!("/v1/metrics/comparison?metric=outcomes&{YEAR}")).expect(200);
        assert_eq!(encoded, plain, "however the address is written");
        let report = all.get(&format!("/v1/metrics/comparison?metric=ncnd&{YEAR}&rank_by=requests_with_ncnd")).expect(200);
        assert_eq!((&report["authorities"][0]["name"], &report["authorities"][0]["figures"][0]["figure"]["numerator"]), (&json!("Second"), &json!(2)));
    }

    fn provisions_are_compared_with_those_that_no_other_authority_cites(server) {
        let [first, second, idle] = ["First", "Second", "Idle"].map(|name| server.authority(name));
        record_all(server, &first, &quarter(&["informants"]));
        record_all(server, &second, &quarter(&["informants", "parking"]));
        let scotland = json!({"regime": "foisa", "received_on": "2024-05-01", "subject": "A subject", "authority_id": second});
        let request = path(&id(&server.post("/v1/requests", &scotland).expect(201)));
        let ground = json!({"provision": "38(1)(b)", "as_cited": "section 38(1)(b)"});
        let refused = json!({"part": "1", "outcome": "withheld", "grounds": [ground]});
        server.post(&format!("{request}/responses"), &sent("2024-05-20", &[refused])).expect(201);
        let cleared = with_scopes(server, &idle, &["metrics:all", "ncnd:read"]);
        let question = format!("/v1/metrics/comparison?metric=provisions&{YEAR}");
        let report = cleared.get(&format!("{question}&rank_by=foia%2031(3)")).expect(200);
        let shares = |figures: &Value| -> Vec<(String, u64, u64)> {
            let share = |one: &Value| {
                let number = |name: &str| one["figure"][name].as_u64().unwrap();
                (one["name"].as_str().unwrap().to_owned(), number("numerator"), number("denominator"))
            };
            figures.as_array().unwrap().iter().map(share).collect()
        };
        let expected = |cited: [(u64, u64); 3]| -> Vec<(String, u64, u64)> {
            let names = ["foia 31(1)(a)", "foia 31(3)", "foisa 38(1)(b)"].map(str::to_owned);
            names.into_iter().zip(cited).map(|(name, (citing, answered))| (name, citing, answered)).collect()
        };
        let found: Vec<(Value, Vec<(String, u64, u64)>)> = report["authorities"].as_array().unwrap().iter().map(|one| (one["name"].clone(), shares(&one["figures"]))).collect();
        assert_eq!(found, [
            (json!("Second"), expected([(3, 6), (2, 6), (1, 6)])),
            (json!("First"), expected([(3, 4), (1, 4), (0, 4)])),
            (json!("Idle"), expected([(0, 0), (0, 0), (0, 0)])),
        ]);
        assert_eq!(shares(&report["total"]), expected([(6, 10), (3, 10), (1, 10)]));
        let unknown = cleared.get(&format!("{question}&rank_by=foia%2040(2)"));
        assert_eq!(unknown.problem(400, "invalid-parameter")["errors"][0]["parameter"], "rank_by");
        with_scopes(server, &idle, &["metrics:all"]).get(&question).problem(403, "insufficient-scope");
    }

    fn what_became_of_each_provision_is_told(server) {
        let authority = server.authority("Force");
        let answered = |part: Value| {
            let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A subject"});
            let request = path(&id(&server.post("/v1/requests", &body).expect(201)));
            server.post(&format!("{request}/responses"), &sent("2024-02-05", &[part])).expect(201);
            request
        };
        let review = |request: &str, result: &str| {
            let decision = json!({"decided_on": "2024-03-18", "results": [{"part": "1", "result": result}]});
            server.post(&format!("{request}/reviews"), &json!({"requested_on": "2024-03-04", "decision": decision})).expect(201);
        };
        let notice = |request: &str, provision: &str, finding: &str| {
            let complaint = id(&server.post(&format!("{request}/complaints"), &json!({"made_on": "2024-04-08"})).expect(201));
            let notice = json!({"sent_on": "2024-09-02", "findings": [{"provision": provision, "finding": finding}]});
            server.post(&format!("{request}/complaints/{complaint}/decision-notices"), &notice).expect(201);
        };
        let (kept, changed, untouched, refused) = (answered(ncnd("1")), answered(ncnd("1")), answered(ncnd("1")), answered(withheld("1")));
        review(&kept, "position_maintained");
        review(&changed, "overturned");
        review(&refused, "partly_changed");
        notice(&kept, "31(3)", "not_engaged");
        notice(&refused, "section 31(1)(a)", "correctly_applied");
        notice(&untouched, "10(1)", "breach");
        let read = |question: &str| server.get(&format!("/v1/metrics/{question}&authority_id={authority}")).expect(200)["rows"].clone();
        let rows = read(&format!("provisions?{YEAR}"));
        let told = |row: &Value| {
            let (review, found) = (&row["at_review"], &row["at_regulator"]);
            json!([row["provision"], row["times_cited"], review["position_maintained"]["numerator"], review["partly_changed"]["numerator"],
                review["overturned"]["numerator"], found["correctly_applied"]["numerator"], found["not_engaged"]["numerator"], found["partly"]["denominator"]])
        };
        let rows: Vec<Value> = rows.as_array().unwrap().iter().map(told).collect();
        assert_eq!(json!(rows), json!([["31(1)(a)", 1, 0, 1, 0, 1, 0, 1], ["31(3)", 3, 1, 0, 1, 0, 1, 3]]));
        let third = json!({"numerator": 1, "denominator": 3, "ratio": 1.0 / 3.0});
        let redress = json!({"maintained_at_review": third, "changed_at_review": third, "found_not_engaged": third});
        assert_eq!(read(&format!("ncnd?{YEAR}"))[0]["redress"], redress);
        // Before the reviews were decided nothing had become of anything.
        let before = read(&format!("ncnd?{YEAR}&as_at=2024-03-17"))[0]["redress"].clone();
        assert_eq!(before["maintained_at_review"], json!({"numerator": 0, "denominator": 3, "ratio": 0.0}));
        assert_eq!(read(&format!("provisions?{YEAR}&as_at=2024-09-01"))[1]["at_regulator"]["not_engaged"]["numerator"], 0);
        let csv = server.get(&format!("/v1/metrics/provisions?{YEAR}&format=csv&authority_id={authority}")).text;
        assert!(csv.lines().next().unwrap().ends_with("regulator_not_examined_numerator,regulator_not_examined_denominator,regulator_not_examined_ratio"), "{csv}");
    }

    fn reviews_and_notices_of_authorities_stand_side_by_side(server) {
        let [first, second] = ["First", "Second"].map(|name| server.authority(name));
        for (authority, decided_on) in [(&first, "2024-03-05"), (&second, "2024-04-08")] {
            let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A subject"});
            let request = path(&id(&server.post("/v1/requests", &body).expect(201)));
            server.post(&format!("{request}/responses"), &sent("2024-02-05", &[withheld("1")])).expect(201);
            let decision = json!({"decided_on": decided_on, "results": [{"part": "1", "result": "position_maintained"}]});
            server.post(&format!("{request}/reviews"), &json!({"requested_on": "2024-03-04", "decision": decision})).expect(201);
            if authority == &second {
                let complaint = id(&server.post(&format!("{request}/complaints"), &json!({"made_on": "2024-04-08"})).expect(201));
                let notice = json!({"sent_on": "2024-09-02", "findings": [{"provision": "10(1)", "finding": "breach"}]});
                server.post(&format!("{request}/complaints/{complaint}/decision-notices"), &notice).expect(201);
            }
        }
        let all = with_scopes(server, &first, &["metrics:all"]);
        let ranked = |metric: &str, figure: &str| {
            let report = all.get(&format!("/v1/metrics/comparison?metric={metric}&{YEAR}&rank_by={figure}")).expect(200);
            let each = report["authorities"].as_array().unwrap().iter().map(|one| {
                let found = one["figures"].as_array().unwrap().iter().find(|each| each["name"] == figure).unwrap();
                json!([one["rank"], one["name"], found["figure"]["numerator"], found["figure"]["denominator"]])
            });
            json!(each.collect::<Vec<_>>())
        };
        assert_eq!(ranked("reviews", "within_20_working_days"), json!([[1, "First", 1, 1], [2, "Second", 0, 1]]));
        assert_eq!(ranked("regulator", "notices_finding_a_breach"), json!([[1, "Second", 1, 1], [2, "First", 0, 0]]));
        assert_eq!(ranked("regulator", "complaints_made"), json!([[1, "Second", 1, 0], [2, "First", 0, 0]]), "a count has no denominator");
    }
}

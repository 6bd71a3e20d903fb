//! Lists of requests: filters, orders, walks by cursor while others write, search, CSV, the change feed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Server, server::id},
};

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

fn record(server: &Server, members: Value) -> Value {
    let mut body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    server.post("/v1/requests", &body).expect(201)
}

fn list(server: &Server, query: &str) -> Vec<Value> {
    let page = server.get(&format!("/v1/requests?limit=200&{query}")).expect(200);
    assert!(page.get("next_cursor").is_none(), "{query}");
    page["items"].as_array().unwrap().clone()
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(id).collect()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A number from 0 to `below`, by a fixed sequence: a run that fails can be run again.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Requests that differ in everything a list can be narrowed to, at instants of their own.
fn varied(server: &Server) {
    let authorities = [server.authority("Force"), server.authority("Council")];
    let mut sequence = Sequence(7);
    for at in 0..36_u64 {
        server.set_now(&format!("2026-06-30T12:00:{:02}Z", at / 2));
        let regime = ["foia", "eir", "foisa", "eisr"][usize::try_from(sequence.next(4)).unwrap()];
        let topics: Vec<&str> =
            ["training", "technology", "Learning"].into_iter().filter(|_| sequence.next(3) == 0).collect();
        let request = record(
            server,
            json!({
                "authority_id": authorities[usize::try_from(sequence.next(2)).unwrap()], "regime": regime, "topics": topics,
                "received_on": format!("2026-0{}-{:02}", 4 + sequence.next(3), 1 + sequence.next(28)), "subject": format!("Subject {}", at % 5),
                "parts": [{"label": "1", "text": "x", "valid_request": sequence.next(6) != 0}],
            }),
        );
        let path = format!("/v1/requests/{}", id(&request));
        match at % 6 {
            0 => drop(
                server
                    .post(
                        &format!("{path}/responses"),
                        &json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-30",
                "determinations": [{"part": "1", "outcome": "disclosed"}]}),
                    )
                    .expect(201),
            ),
            1 => drop(server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2026-06-29"})).expect(201)),
            2 => drop(server.post(&format!("{path}/withdrawal"), &json!({"withdrawn_on": "2026-06-29"})).expect(201)),
            3 => drop(
                server
                    .post(&format!("{path}/fee-notices"), &json!({"given_on": "2026-06-29", "amount": "1"}))
                    .expect(201),
            ),
            _ => {}
        }
    }
}

/// The six orders with the member they sort by, and whether they descend.
const ORDERS: [(&str, &str, bool); 6] = [
    ("due_on", "due_on", false),
    ("-due_on", "due_on", true),
    ("received_on", "received_on", false),
    ("-received_on", "received_on", true),
    ("updated_at", "updated_at", false),
    ("-updated_at", "updated_at", true),
];

/// Whether `items` are in the order of `member`, those without it last; among equals any order is as good.
fn is_sorted(items: &[Value], member: &str, descending: bool) -> bool {
    let keys: Vec<Option<&str>> = items.iter().map(|item| item[member].as_str()).collect();
    keys.windows(2).all(|pair| match (pair[0], pair[1]) {
        (Some(one), Some(next)) if descending => one >= next,
        (Some(one), Some(next)) => one <= next,
        (None, Some(_)) => false,
        (_, None) => true,
    })
}

/// The pages of a list, one after the other; `between` runs after each but the last.
fn walk(server: &Server, query: &str, limit: usize, mut between: impl FnMut(usize)) -> Vec<Value> {
    let mut seen = Vec::new();
    let mut address = format!("/v1/requests?{query}&limit={limit}");
    for page_number in 0.. {
        let answer = server.get(&address);
        let page = answer.expect(200);
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(answer.header("link"), "", "no link on the last page");
            assert!(items.len() <= limit);
            break;
        };
        assert_eq!(items.len(), limit, "a page with another after it is full");
        assert!(!answer.header("link").is_empty());
        address = next_link(&answer);
        assert!(address.ends_with(&format!("&cursor={cursor}")), "{address}");
        between(page_number);
    }
    seen
}

/// The address in `Link: <…>; rel="next"`.
fn next_link(answer: &Answer) -> String {
    let link = answer.header("link");
    link.strip_prefix('<')
        .and_then(|rest| rest.strip_suffix(">; rel=\"next\""))
        .unwrap_or_else(|| panic!("{link:?}"))
        .to_owned()
}

on_both! {
    fn each_filter_finds_what_it_names_and_nothing_else(server) {
        varied(server);
        let all = list(server, "");
        assert_eq!(all.len(), 36);
        let text = |item: &Value, member: &str| item[member].as_str().map(str::to_owned);
        let check = |query: &str, admits: &dyn Fn(&Value) -> bool| {
            let expected: BTreeSet<String> = all.iter().filter(|item| admits(item)).map(id).collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{query} narrows nothing, or to nothing");
            let found = list(server, query);
            assert_eq!(found.len(), expected.len(), "{query}");
            assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), expected, "{query}");
        };
        for status in ["open", "awaiting_clarification", "awaiting_fee", "responded", "withdrawn"] {
            check(&format!("status={status}"), &|item| item["status"] == status);
        }
        for regime in ["foia", "eir", "foisa", "eisr"] {
            check(&format!("regime={regime}"), &|item| item["regime"] == regime);
        }
        for overdue in [true, false] {
            check(&format!("overdue={overdue}"), &|item| item["overdue"] == overdue);
        }
        // Whatever the capitals.
        for topic in ["training", "Training", "technology", "Learning"] {
            check(&format!("topic={topic}"), &|item| item["topics"].as_array().unwrap().contains(&json!(topic.to_lowercase())));
        }
        let at_or_after = |item: &Value, member: &str, day: &str| text(item, member).is_some_and(|value| *value >= *day);
        let at_or_before = |item: &Value, member: &str, day: &str| text(item, member).is_some_and(|value| *value <= *day);
        let a_due_date = all.iter().filter_map(|item| text(item, "due_on")).nth(15).unwrap();
        let a_receipt = text(&all[15], "received_on").unwrap();
        check(&format!("due_on_from={a_due_date}"), &|item| at_or_after(item, "due_on", &a_due_date));
        check(&format!("due_on_to={a_due_date}"), &|item| at_or_before(item, "due_on", &a_due_date));
        check(&format!("due_on_from={a_due_date}&due_on_to={a_due_date}"), &|item| item["due_on"] == *a_due_date);
        check(&format!("received_on_from={a_receipt}"), &|item| at_or_after(item, "received_on", &a_receipt));
        check(&format!("received_on_to={a_receipt}"), &|item| at_or_before(item, "received_on", &a_receipt));
        check(&format!("received_on_from={a_receipt}&received_on_to={a_receipt}"), &|item| item["received_on"] == *a_receipt);
        check("updated_at_from=2026-06-30T12:00:10Z", &|item| at_or_after(item, "updated_at", "2026-06-30T12:00:10"));
        check("q=SUBJECT+3", &|item| item["subject"] == "Subject 3");
        let authority = text(&all[0], "authority_id").unwrap();
        check(&format!("authority_id={authority}"), &|item| item["authority_id"] == *authority);
        check(&format!("authority_id={authority}&status=open&overdue=true"),
            &|item| item["authority_id"] == *authority && item["status"] == "open" && item["overdue"] == true);
        check("regime=foia&q=subject&received_on_from=2026-05-01&due_on_to=2026-07-15&overdue=false", &|item| {
            item["regime"] == "foia" && item["overdue"] == false && at_or_after(item, "received_on", "2026-05-01")
                && at_or_before(item, "due_on", "2026-07-15")
        });
        assert_eq!(list(server, "status=transferred"), Vec::<Value>::new());
        server.get("/v1/requests?authority_id=6b1c2d34-0000-4000-8000-000000000000").problem(404, "not-found");
    }

    fn each_order_is_kept_and_rows_without_a_due_date_come_last(server) {
        varied(server);
        assert!(list(server, "").iter().any(|item| item.get("due_on").is_none()));
        for (sort, member, descending) in ORDERS {
            let items = list(server, &format!("sort={sort}"));
            assert_eq!(items.len(), 36, "{sort}");
            assert!(is_sorted(&items, member, descending), "{sort}");
        }
        assert_eq!(list(server, ""), list(server, "sort=due_on"), "the most urgent come first");
        assert_eq!(list(server, "updated_at_from=2005-01-01T00:00:00Z"), list(server, "sort=updated_at"));
        assert_eq!(list(server, "updated_at_from=2005-01-01T00:00:00Z&sort=-due_on"), list(server, "sort=-due_on"));
    }

    fn a_walk_shows_each_row_once(server) {
        varied(server);
        for (sort, _, _) in ORDERS {
            let all = ids(&list(server, &format!("sort={sort}")));
            for limit in [1, 2, 3, 5, 7, 12, 18, 36, 37] {
                assert_eq!(ids(&walk(server, &format!("sort={sort}"), limit, |_| {})), all, "{sort} by {limit}");
            }
        }
        for query in ["status=open", "overdue=false", "q=subject", "topic=training", "due_on_from=2026-06-01", "updated_at_from=2026-06-30T12:00:05Z"] {
            let all = ids(&list(server, query));
            for limit in [1, 2, 5] {
                assert_eq!(ids(&walk(server, query, limit, |_| {})), all, "{query} by {limit}");
            }
        }
    }

    fn a_walk_shows_each_unchanged_row_once_while_others_change(server) {
        server.authority("Force");
        let mut sequence = Sequence(11);
        let mut make = |at: u64, subject: &str| {
            server.set_now(&format!("2026-06-30T12:{:02}:{:02}Z", at / 120, (at / 2) % 60));
            // Few days and many rows: most keys are shared, so that the id decides.
            record(server, json!({"received_on": format!("2026-06-{:02}", 1 + sequence.next(6)), "subject": subject,
                "parts": [{"label": "1", "text": "x", "valid_request": sequence.next(5) != 0}]}))
        };
        let volatile: Vec<String> = (0..8).map(|at| id(&make(at, "Volatile"))).collect();
        let stable: BTreeMap<String, Value> = (8..28).map(|at| { let item = make(at, "Stable"); (id(&item), item) }).collect();
        let mut at = 28;
        let mut choice = Sequence(13);
        for (sort, member, descending) in ORDERS {
            for limit in 1..=7 {
                let mut writes = 0;
                let seen = walk(server, &format!("sort={sort}"), limit, |_| {
                    // A bounded number of writes: new rows at the end of the order would make the walk endless.
                    if writes == 2 {
                        return;
                    }
                    writes += 1;
                    at += 1;
                    make(at, "New");
                    let path = format!("/v1/requests/{}", volatile[usize::try_from(choice.next(8)).unwrap()]);
                    let day = format!("2026-06-{:02}", 1 + choice.next(6));
                    server.patch(&path, "*", &json!({"subject": "Volatile again"})).expect(200);
                    server.post(&format!("{path}/receipt-corrections"), &json!({"received_on": day, "reason": "Stamp"})).expect(201);
                });
                assert!(writes == 2, "nothing was written meanwhile");
                let unchanged: Vec<Value> = seen.iter().filter(|item| stable.contains_key(&id(item))).cloned().collect();
                assert_eq!(unchanged.len(), stable.len(), "{sort} by {limit}");
                for item in &unchanged {
                    assert_eq!(item, &stable[&id(item)], "{sort} by {limit}");
                }
                assert_eq!(ids(&unchanged).into_iter().collect::<BTreeSet<_>>().len(), stable.len(), "{sort} by {limit}");
                assert!(is_sorted(&unchanged, member, descending), "{sort} by {limit}");
            }
        }
    }

    fn a_walk_by_change_shows_what_changed_behind_it_again(server) {
        server.authority("Force");
        let made: Vec<String> = (0..6).map(|at| {
            server.set_now(&format!("2026-06-30T12:00:0{at}Z"));
            id(&record(server, json!({})))
        }).collect();
        server.set_now("2026-06-30T13:00:00Z");
        let seen = walk(server, "updated_at_from=2026-06-30T12:00:00Z", 2, |page| {
            if page == 0 {
                server.patch(&format!("/v1/requests/{}", made[0]), "*", &json!({"subject": "Changed"})).expect(200);
            }
        });
        let expected = [0, 1, 2, 3, 4, 5, 0].map(|at| made[at].clone());
        assert_eq!(ids(&seen), expected);
        assert_eq!((&seen[0]["subject"], &seen[6]["subject"]), (&json!("A subject"), &json!("Changed")));
    }

    fn the_change_feed_begins_at_its_instant(server) {
        server.authority("Force");
        let made: Vec<String> = (0..3).map(|at| {
            server.set_now(&format!("2026-06-30T12:00:0{at}Z"));
            id(&record(server, json!({})))
        }).collect();
        let from = |instant: &str| ids(&list(server, &format!("updated_at_from={instant}")));
        assert_eq!(from("2026-06-30T12:00:01Z"), made[1..]);
        assert_eq!(from("2026-06-30T12:00:01.000001Z"), made[2..]);
        assert_eq!(from("2026-06-30T12:00:03Z"), Vec::<String>::new());
        assert_eq!(from("2026-06-30T13:00:01%2B01:00"), made[1..], "an offset counts");
        assert_eq!(from("2026-06-30T13:00:01+01:00"), made[1..], "also when the plus sign was not encoded");
        server.set_now("2026-06-30T14:00:00Z");
        server.post(&format!("/v1/requests/{}/clarifications", made[0]), &json!({"asked_on": "2026-06-30"})).expect(201);
        assert_eq!(from("2026-06-30T12:00:02Z"), [made[2].clone(), made[0].clone()]);
        for wrong in ["2026-06-30", "yesterday", "2026-06-30T12:00:00", "2026-02-30T12:00:00Z", ""] {
            let answer = server.get(&format!("/v1/requests?updated_at_from={wrong}"));
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [fault("updated_at_from", "invalid-parameter")], "{wrong}");
        }
    }

    fn erased_requests_are_a_list_of_their_own(server) {
        let authority = server.authority("Force");
        record(server, json!({}));
        for query in ["", "?limit=1", "?deleted_at_from=2026-01-01T00:00:00Z", &format!("?authority_id={authority}")] {
            let answer = server.get(&format!("/v1/deletions{query}"));
            assert_eq!(answer.expect(200), json!({"items": []}), "{query}");
            assert_eq!(answer.header("link"), "");
        }
        server.get("/v1/deletions?authority_id=6b1c2d34-0000-4000-8000-000000000000").problem(404, "not-found");
        server.get("/v1/deletions?limit=0").problem(400, "invalid-parameter");
        server.get("/v1/deletions?cursor=AAAA").problem(400, "invalid-cursor");
        server.anonymous().get("/v1/deletions").problem(401, "unauthenticated");
    }

    fn a_cursor_is_good_for_its_list_only(server) {
        let authority = server.authority("Force");
        for at in 0..6 {
            let request = record(server, json!({"topics": ["t"]}));
            if at == 0 {
                let path = format!("/v1/requests/{}", id(&request));
                server.patch(&path, "*", &json!({"subject": "S"})).expect(200);
            }
        }
        let page = server.get("/v1/requests?regime=foia&topic=t&limit=2").expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        let all = ids(&list(server, "regime=foia&topic=t"));
        // Neither the size of the page, nor the form, nor the order of the parameters matters.
        for (query, expected) in [("regime=foia&topic=t&limit=2", &all[2..4]), ("regime=foia&topic=t", &all[2..]),
            ("topic=t&limit=3&regime=foia", &all[2..5]), ("limit=200&regime=foia&topic=t", &all[2..])] {
            let next = server.get(&format!("/v1/requests?{query}&cursor={cursor}")).expect(200);
            assert_eq!(ids(next["items"].as_array().unwrap()), expected, "{query}");
        }
        assert_eq!(server.get(&format!("/v1/requests?regime=foia&topic=t&format=csv&cursor={cursor}")).text.lines().count(), 5);
        for query in ["", "regime=foia", "topic=t", "regime=eir&topic=t", "regime=foia&topic=u", "regime=foia&topic=t&overdue=false",
            "regime=foia&topic=t&sort=due_on", "regime=foia&topic=t&sort=-due_on", &format!("regime=foia&topic=t&authority_id={authority}")] {
            server.get(&format!("/v1/requests?{query}&cursor={cursor}")).problem(400, "invalid-cursor");
        }
        let timeline = format!("/v1/requests/{}/timeline", all[0]);
        for address in ["/v1/authorities", "/v1/deletions", &timeline] {
            server.get(&format!("{address}?cursor={cursor}")).problem(400, "invalid-cursor");
        }
        let letters: Vec<char> = cursor.chars().collect();
        let mut forged: Vec<String> = ["", "A", "AAAAAAAAAAAAAAAAAAAAAAAA", "null", "ü"].map(str::to_owned).to_vec();
        forged.extend([format!("{cursor}A"), format!("{cursor}="), letters[1..].iter().collect(), letters[..letters.len() - 1].iter().collect()]);
        forged.extend((0..letters.len()).step_by(5).map(|at| {
            let mut letters = letters.clone();
            letters[at] = if letters[at] == 'B' { 'C' } else { 'B' };
            letters.into_iter().collect()
        }));
        for forged in forged {
            server.get(&format!("/v1/requests?regime=foia&topic=t&cursor={}", encoded(&forged))).problem(400, "invalid-cursor");
        }
        // Another installation has another key.
        let other = Server::start(server.database);
        other.get(&format!("/v1/requests?regime=foia&topic=t&cursor={cursor}")).problem(400, "invalid-cursor");
    }

    fn a_cursor_of_a_timeline_is_good_for_its_request_only(server) {
        server.authority("Force");
        let paths = [0, 1].map(|_| format!("/v1/requests/{}/timeline", id(&record(server, json!({})))));
        for path in &paths {
            let request = path.strip_suffix("/timeline").unwrap();
            for number in 1..=4 {
                server.patch(request, "*", &json!({"subject": format!("S{number}")})).expect(200);
            }
        }
        let whole = server.get(&paths[0]).expect(200)["items"].as_array().unwrap().clone();
        assert_eq!(whole.len(), 5);
        for limit in 1..=6 {
            let mut seen = Vec::new();
            let mut address = format!("{}?limit={limit}", paths[0]);
            loop {
                let answer = server.get(&address);
                seen.extend(answer.expect(200)["items"].as_array().unwrap().clone());
                if answer.header("link").is_empty() {
                    break;
                }
                address = next_link(&answer);
            }
            assert_eq!(seen, whole, "limit {limit}");
        }
        let cursor = server.get(&format!("{}?limit=2", paths[0])).expect(200)["next_cursor"].as_str().unwrap().to_owned();
        server.get(&format!("{}?limit=2&cursor={cursor}", paths[0])).expect(200);
        server.get(&format!("{}?limit=2&cursor={cursor}", paths[1])).problem(400, "invalid-cursor");
    }

    fn parameters_are_known_given_once_and_of_their_form(server) {
        server.authority("Force");
        for (query, parameter) in [("limit=0", "limit"), ("limit=201", "limit"), ("limit=-1", "limit"), ("limit=1.5", "limit"),
            ("limit=%2B5", "limit"), ("limit=", "limit"), ("limit=many", "limit"), ("limit=99999999999", "limit"), ("status=lost", "status"),
            ("overdue=yes", "overdue"), ("overdue=TRUE", "overdue"), ("regime=gdpr", "regime"), ("topic=", "topic"), ("q=", "q"),
            ("q=%00", "q"), ("q=%FF", "q"), ("sort=subject", "sort"), ("sort=--due_on", "sort"), ("format=xml", "format"),
            ("due_on_from=2026-02-30", "due_on_from"), ("due_on_to=tomorrow", "due_on_to"), ("received_on_from=2004-12-31", "received_on_from"),
            ("authority_id=1", "authority_id"), ("held=true", "held"), ("due_on=2026-06-30", "due_on"), ("status=open&status=open", "status"),
            ("Status=open", "Status")] {
            let answer = server.get(&format!("/v1/requests?{query}"));
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [fault(parameter, "invalid-parameter")], "{query}");
        }
        let long = "x".repeat(201);
        server.get(&format!("/v1/requests?q={long}")).problem(400, "invalid-parameter");
        let answer = server.get("/v1/requests?limit=0&regime=gdpr&held=1");
        let faults: BTreeSet<_> = answer.faults().into_iter().map(|(place, _)| place).collect();
        assert_eq!(faults, BTreeSet::from(["limit".to_owned(), "regime".to_owned(), "held".to_owned()]), "all at once");
        server.anonymous().get("/v1/requests?limit=0").problem(401, "unauthenticated");
        assert_eq!(server.get("/v1/requests?limit=1").expect(200), json!({"items": []}));
        assert_eq!(server.get("/v1/requests?limit=200").expect(200), json!({"items": []}));
    }

    fn a_page_has_fifty_rows_unless_told_otherwise(server) {
        server.authority("Force");
        let client = &server.client;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(move || for _ in 0..13 {
                    client.post("/v1/requests", &json!({"regime": "foia", "received_on": "2026-06-01", "subject": "S"})).expect(201);
                });
            }
        });
        let page = server.get("/v1/requests").expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 50);
        let cursor = page["next_cursor"].as_str().unwrap();
        let last = server.get(&format!("/v1/requests?cursor={cursor}")).expect(200);
        assert_eq!(last["items"].as_array().unwrap().len(), 2);
        assert!(last.get("next_cursor").is_none(), "{last}");
    }

    fn a_search_takes_every_character_at_its_word(server) {
        server.authority("Force");
        let subjects = ["50% of Grants", "50 of grants", "snake_case", "snakeXcase", "back\\slash", "ÄRGER in Zürich", "Ελλάδα ΣΑΣ",
            "quote ' and \" mark", "Œuvre d’art", "emoji 🚓 car", "a [b] * c?", "日本語の件名"];
        for (at, subject) in subjects.iter().enumerate() {
            record(server, json!({"subject": subject, "reference": format!("REF/{at}/x")}));
        }
        let found = |words: &str| -> BTreeSet<String> {
            list(server, &format!("q={}", encoded(words))).iter().map(|item| item["subject"].as_str().unwrap().to_owned()).collect()
        };
        let only = |subjects: &[&str]| subjects.iter().map(|subject| (*subject).to_owned()).collect::<BTreeSet<_>>();
        for (words, expected) in [
            ("50%", &["50% of Grants"][..]), ("%", &["50% of Grants"]), ("GRANTS", &["50% of Grants", "50 of grants"]),
            ("e_c", &["snake_case"]), ("_", &["snake_case"]), ("ecase", &[]), ("SNAKE", &["snake_case", "snakeXcase"]),
            ("\\", &["back\\slash"]), ("\\s", &["back\\slash"]), ("\\%", &[]), ("ärger", &["ÄRGER in Zürich"]), ("ZÜRICH", &["ÄRGER in Zürich"]),
            ("zurich", &[]), ("ελλάδα", &["Ελλάδα ΣΑΣ"]), ("ΕΛΛΆΔΑ", &["Ελλάδα ΣΑΣ"]), ("' and \"", &["quote ' and \" mark"]), ("œUVRE", &["Œuvre d’art"]),
            ("🚓", &["emoji 🚓 car"]), ("[B]", &["a [b] * c?"]), ("*", &["a [b] * c?"]), ("日本語", &["日本語の件名"]),
            ("ref/3/", &["snakeXcase"]), ("REF/1/X", &["50 of grants"]), ("nothing like it", &[]), ("%%%", &[]), ("50_of", &[]),
        ] {
            assert_eq!(found(words), only(expected), "{words}");
        }
        assert_eq!(found("ref/").len(), subjects.len());
        // A walk through a search is a walk like any other.
        assert_eq!(walk(server, &format!("q={}", encoded("RÉF/".replace('É', "E").as_str())), 5, |_| {}).len(), subjects.len());
    }
}

//! Reference data: provisions, calendars and deadlines, open to anyone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, server},
};

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

fn get(server: &Server, path: &str) -> Value {
    server.anonymous().get(path).expect(200)
}

fn items(document: &Value) -> &Vec<Value> {
    document["items"].as_array().unwrap()
}

fn ids(document: &Value) -> BTreeSet<String> {
    items(document).iter().map(server::id).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A number from 0 to `below`, by a fixed sequence: a run that fails can be run again.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[usize::try_from(self.next(u64::try_from(among.len()).unwrap())).unwrap()]
    }
}

/// A request with events recorded over HTTP, and the same as a what-if.
struct Twin<'a> {
    server: &'a Server,
    path: String,
    events: Vec<Value>,
    refused: usize,
}

impl Twin<'_> {
    /// Records an event; what cannot have happened is left out on both sides. Gives the event's id.
    fn happen(&mut self, below: &str, body: &Value, what_if: Value) -> Option<String> {
        let answer = self.server.post(&format!("{}/{below}", self.path), body);
        if answer.status == 409 {
            let code = if below == "responses" { "not-possible-in-this-state" } else { "impossible-order" };
            let told = &answer.json()["code"];
            assert!(told == code || told == "impossible-order", "{}", answer.text);
            self.refused += 1;
            return None;
        }
        let id = server::id(&answer.expect(201));
        let mut event = what_if;
        event["id"] = json!(id);
        self.events.push(event);
        Some(id)
    }

    /// Something that may happen to a request on `on`.
    fn random_event(
        &mut self,
        sequence: &mut Sequence,
        on: &str,
        questions: &mut Vec<String>,
        notices: &mut Vec<String>,
    ) {
        let event = |kind: &str| json!({"kind": kind, "effective_on": on});
        match sequence.next(11) {
            0 | 1 => {
                questions.extend(self.happen("clarifications", &json!({"asked_on": on}), event("clarification_asked")));
            }
            2 | 3 => {
                if let Some(question) = questions.pop() {
                    let mut what_if = event("clarification_answered");
                    what_if["answers"] = json!(question);
                    self.happen(&format!("clarifications/{question}/answer"), &json!({"answered_on": on}), what_if);
                }
            }
            4 => notices.extend(self.happen(
                "fee-notices",
                &json!({"given_on": on, "amount": "25"}),
                event("fee_notice_given"),
            )),
            5 | 6 => {
                if let Some(notice) = notices.pop() {
                    let mut what_if = event("fee_paid");
                    what_if["answers"] = json!(notice);
                    self.happen(&format!("fee-notices/{notice}/payment"), &json!({"paid_on": on}), what_if);
                }
            }
            7 => {
                let kind = sequence.pick(&["public_interest", "complexity_and_volume"]);
                let estimated_on = (day(on) + Days::new(sequence.next(60))).to_string();
                let mut what_if = event("extension");
                what_if["extension_kind"] = json!(kind);
                what_if["estimated_on"] = json!(estimated_on);
                self.happen(
                    "extensions",
                    &json!({"kind": kind, "notified_on": on, "estimated_on": estimated_on, "grounds": ["31(1)(a)"]}),
                    what_if,
                );
            }
            8 => drop(self.happen(
                "receipt-corrections",
                &json!({"received_on": on, "reason": "Stamp"}),
                event("receipt_correction"),
            )),
            9 => drop(self.happen("reopening", &json!({"received_on": on}), event("reopening"))),
            _ => match sequence.next(4) {
                0 => drop(self.happen("withdrawal", &json!({"withdrawn_on": on}), event("withdrawal"))),
                1 => drop(self.happen("lapse", &json!({"lapsed_on": on}), event("lapse"))),
                2 => drop(self.happen(
                    "transfers",
                    &json!({"transferred_on": on, "transferred_to": "Council"}),
                    event("transfer"),
                )),
                _ => drop(self.happen(
                    "responses",
                    &json!({"kind": "initial", "record_as": "sent", "issued_on": on,
                    "determinations": [{"part": "1", "outcome": "disclosed"}]}),
                    event("response"),
                )),
            },
        }
    }
}

on_both! {
    fn reference_data_need_no_key_and_may_be_kept(server) {
        let anonymous = server.anonymous();
        for path in ["/v1/provisions", "/v1/provisions?regime=foia&kind=ncnd", "/v1/provisions/foia-31-3", "/v1/calendars",
            "/v1/calendars/uk_any/days?start_on=2025-01-01&end_on=2025-12-31", "/v1/deadlines?regime=foia&received_on=2019-11-07"] {
            let answer = anonymous.get(path);
            answer.expect(200);
            let tag = answer.header("etag");
            assert!(tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag:?}");
            assert_eq!(answer.header("cache-control"), "public, max-age=300", "{path}");
            let again = anonymous.send("GET", path, &[("If-None-Match", tag)], None);
            assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag), "{path}");
            assert_eq!(anonymous.send("GET", path, &[("If-None-Match", "\"other\"")], None).text, answer.text, "{path}");
            let head = anonymous.send("HEAD", path, &[], None);
            assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", tag), "{path}");
            // A key does no harm, whatever it is.
            assert_eq!(server.get(path).text, answer.text);
            assert_eq!(server.with_key("unknown").get(path).text, answer.text);
            anonymous.send("GET", path, &[("Accept", "text/html")], None).problem(406, "not-acceptable");
            anonymous.send("DELETE", path, &[], None).problem(405, "method-not-allowed");
        }
        let what_if = anonymous.post("/v1/deadlines", &json!({"regime": "foia", "received_on": "2019-11-07"}));
        assert_eq!(what_if.expect(200)["parts"][0]["due_on"], "2019-12-06");
    }

    fn an_answer_before_the_only_question_is_an_order_that_cannot_have_been(server) {
        let anonymous = server.anonymous();
        let ask = |regime: &str, events: Value| anonymous.post("/v1/deadlines", &json!({"regime": regime, "received_on": "2024-03-01", "events": events}));
        for (question, answer, asked_on, answered_on) in [("clarification_asked", "clarification_answered", "2024-03-27", "2024-03-20"),
            ("fee_notice_given", "fee_paid", "2024-03-27", "2024-03-26")] {
            let problem = ask("foia", json!([{"kind": question, "effective_on": asked_on}, {"kind": answer, "effective_on": answered_on}])).problem(409, "impossible-order");
            let detail = problem["detail"].as_str().unwrap();
            for named in [format!("`{question}` event-1 of {asked_on}"), format!("`{answer}` event-2 of {answered_on}")] {
                assert!(detail.contains(&named), "{detail}");
            }
            // Without any question there is nothing to answer.
            let alone = ask("foia", json!([{"kind": answer, "effective_on": answered_on}]));
            alone.problem(422, "validation-failed");
            assert_eq!(alone.faults(), [("#/events/0/answers".to_owned(), "inconsistent-members".to_owned())]);
        }
    }

    fn provisions_are_narrowed_by_regime_kind_and_day(server) {
        let all = get(server, "/v1/provisions");
        assert_eq!(ids(&all).len(), items(&all).len(), "ids are unique");
        let check = |query: &str, admits: &dyn Fn(&Value) -> bool| {
            let expected: BTreeSet<String> = items(&all).iter().filter(|item| admits(item)).map(server::id).collect();
            assert!(!expected.is_empty() && expected.len() < items(&all).len(), "{query}");
            let found = get(server, &format!("/v1/provisions?{query}"));
            assert_eq!(ids(&found), expected, "{query}");
            assert_eq!(items(&found).len(), expected.len(), "{query}");
        };
        for regime in ["foia", "eir", "foisa", "eisr"] {
            check(&format!("regime={regime}"), &|item| item["regime"] == regime);
        }
        for kind in ["exemption", "ncnd", "procedural_refusal", "not_a_ground"] {
            check(&format!("kind={kind}"), &|item| item["kind"] == kind);
        }
        let in_force = |item: &Value, day: &str| {
            *item["in_force_from"].as_str().unwrap() <= *day && item["in_force_to"].as_str().is_none_or(|last| *day <= *last)
        };
        for day in ["2018-05-24", "2018-05-25", "2026-06-30"] {
            check(&format!("in_force_on={day}"), &|item| in_force(item, day));
        }
        check("regime=foia&kind=ncnd&in_force_on=2019-11-07", &|item| item["regime"] == "foia" && item["kind"] == "ncnd" && in_force(item, "2019-11-07"));
        assert_ne!(ids(&get(server, "/v1/provisions?in_force_on=2018-05-24")), ids(&get(server, "/v1/provisions?in_force_on=2018-05-25")));
        for (query, parameter) in [("regime=gdpr", "regime"), ("kind=exception", "kind"), ("in_force_on=2018-02-30", "in_force_on"), ("held=true", "held"), ("limit=5", "limit")] {
            let answer = server.anonymous().get(&format!("/v1/provisions?{query}"));
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [fault(parameter, "invalid-parameter")]);
        }
    }

    fn a_provision_says_what_must_go_with_it(server) {
        let ncnd = get(server, "/v1/provisions/foia-31-3");
        for (member, value) in [("id", json!("foia-31-3")), ("regime", json!("foia")), ("provision", json!("31(3)")), ("citation", json!("section 31(3)")),
            ("kind", json!("ncnd")), ("basis", json!("prejudice")), ("absolute", json!("no")), ("requires_public_interest_test", json!("yes")),
            ("harm_thresholds", json!(["would", "would_be_likely"])), ("in_force_from", json!("2005-01-01")), ("verified", json!(true))] {
            assert_eq!(ncnd[member], value, "{member}");
        }
        assert!(ncnd["ncnd_of"].as_array().unwrap().contains(&json!("foia-31-1-a")), "{ncnd}");
        assert!(ncnd.get("in_force_to").is_none());
        let all = get(server, "/v1/provisions");
        for item in items(&all) {
            assert_eq!(get(server, &format!("/v1/provisions/{}", server::id(item))), *item);
        }
        for absent in ["foia-99", "FOIA-31-3", "31(3)"] {
            server.anonymous().get(&format!("/v1/provisions/{absent}")).problem(404, "not-found");
        }
    }

    fn five_calendars_say_how_far_they_reach(server) {
        let calendars = get(server, "/v1/calendars");
        let told: BTreeMap<&str, &Value> = items(&calendars).iter().map(|item| (item["id"].as_str().unwrap(), &item["nations"])).collect();
        assert_eq!(items(&calendars).len(), 5);
        assert_eq!(told, BTreeMap::from([("uk_any", &json!(["england", "wales", "scotland", "northern_ireland"])), ("scotland", &json!(["scotland"])),
            ("england", &json!(["england"])), ("wales", &json!(["wales"])), ("northern_ireland", &json!(["northern_ireland"]))]));
        let version = get(server, "/version")["calendar_version"].clone();
        for item in items(&calendars) {
            assert_eq!((&item["version"], &item["official_until"]), (&version, &json!("2028-12-31")));
        }
    }

    fn non_working_weekdays_are_named_in_order(server) {
        let days = |calendar: &str, start_on: &str, end_on: &str| {
            let document = get(server, &format!("/v1/calendars/{calendar}/days?start_on={start_on}&end_on={end_on}"));
            assert_eq!((&document["calendar"], &document["start_on"], &document["end_on"]), (&json!(calendar), &json!(start_on), &json!(end_on)));
            document["days"].as_array().unwrap().clone()
        };
        let dates = |calendar: &str| -> Vec<String> {
            days(calendar, "2025-01-01", "2025-12-31").iter().map(|day| day["date"].as_str().unwrap().replace("2025-", "")).collect()
        };
        assert_eq!(dates("england"), ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"]);
        assert_eq!(dates("wales"), dates("england"));
        assert_eq!(dates("scotland"), ["01-01", "01-02", "04-18", "05-05", "05-26", "08-04", "12-01", "12-25", "12-26"]);
        assert_eq!(dates("northern_ireland"), ["01-01", "03-17", "04-18", "04-21", "05-05", "05-26", "07-14", "08-25", "12-25", "12-26"]);
        assert_eq!(dates("uk_any"), ["01-01", "01-02", "03-17", "04-18", "04-21", "05-05", "05-26", "07-14", "08-04", "08-25", "12-01", "12-25", "12-26"]);
        // Both ends are included.
        let boxing_day = json!({"date": "2025-12-26", "reason": "Boxing Day", "nations": ["england", "wales", "scotland", "northern_ireland"]});
        let christmas_day = json!({"date": "2025-12-25", "reason": "Christmas Day", "nations": ["england", "wales", "scotland", "northern_ireland"]});
        assert_eq!(days("uk_any", "2025-12-25", "2025-12-26"), [christmas_day, boxing_day.clone()]);
        assert_eq!(days("uk_any", "2025-12-26", "2025-12-26"), [boxing_day]);
        assert_eq!(days("uk_any", "2025-12-27", "2025-12-31"), Vec::<Value>::new());
        assert_eq!(days("uk_any", "2026-06-15", "2026-06-15")[0]["nations"], json!(["scotland"]));
        assert_eq!(days("england", "2026-06-15", "2026-06-15"), Vec::<Value>::new());
        let long = days("uk_any", "2020-01-01", "2029-12-31");
        assert!(long.windows(2).all(|pair| pair[0]["date"].as_str() < pair[1]["date"].as_str()));
    }

    fn days_are_asked_for_in_order(server) {
        let anonymous = server.anonymous();
        let ask = |query: &str| anonymous.get(&format!("/v1/calendars/uk_any/days?{query}"));
        ask("start_on=2005-01-01&end_on=2099-12-31").expect(200);
        for (query, parameter) in [("start_on=2025-12-26&end_on=2025-12-25", "end_on"),
            ("start_on=2025-02-30&end_on=2025-12-25", "start_on"), ("start_on=2025-01-01", "end_on"), ("end_on=2025-01-01", "start_on"),
            ("start_on=2004-12-31&end_on=2005-01-31", "start_on"), ("start_on=2099-01-01&end_on=2100-01-01", "end_on")] {
            let answer = ask(query);
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [fault(parameter, "invalid-parameter")], "{query}");
        }
        let answer = anonymous.get("/v1/calendars/france/days?start_on=2025-01-01&end_on=2025-12-31");
        answer.problem(400, "invalid-parameter");
        assert_eq!(answer.faults(), [fault("calendar_id", "invalid-parameter")]);
    }

    fn deadlines_of_the_published_cases_are_explained(server) {
        let deadline = get(server, "/v1/deadlines?regime=foia&received_on=2019-11-07");
        let weekend = |saturday: &str, sunday: &str| [json!({"date": saturday, "reason": "Saturday"}), json!({"date": sunday, "reason": "Sunday"})];
        let mut skipped = [weekend("2019-11-09", "2019-11-10"), weekend("2019-11-16", "2019-11-17"), weekend("2019-11-23", "2019-11-24"),
            weekend("2019-11-30", "2019-12-01")].concat();
        skipped.push(json!({"date": "2019-12-02", "reason": "St Andrew's Day (substitute day)", "nations": ["scotland"]}));
        assert_eq!(deadline, json!({"regime": "foia", "received_on": "2019-11-07", "due_on": "2019-12-06", "working_days": 20,
            "provision": "section 10(1)", "calendar": "uk_any", "calendar_version": get(server, "/version")["calendar_version"],
            "skipped": skipped, "beyond_official_data": false}));
        for (received_on, due_on, forty) in [("2023-07-26", "2023-08-24", "2023-09-22"), ("2019-11-07", "2019-12-06", "2020-01-09"), ("2023-02-13", "2023-03-13", "2023-04-13")] {
            for (days, expected) in [("", due_on), ("&working_days=20", due_on), ("&working_days=40", forty)] {
                assert_eq!(get(server, &format!("/v1/deadlines?regime=foia&received_on={received_on}{days}"))["due_on"], expected, "{received_on}{days}");
            }
        }
        // From the day after the answer, 40 working days to ask for a review.
        assert_eq!(get(server, "/v1/deadlines?regime=foia&received_on=2023-08-22&working_days=40")["due_on"], "2023-10-18");
    }

    fn deadlines_of_four_regimes_account_for_every_day(server) {
        for (received_on, uk_any, scotland) in [("2005-01-04", "2005-02-01", "2005-02-01"), ("2011-04-20", "2011-05-24", "2011-05-23"),
            ("2022-08-26", "2022-09-27", "2022-09-26"), ("2024-03-15", "2024-04-17", "2024-04-15"), ("2026-06-13", "2026-07-14", "2026-07-13"),
            ("2027-12-24", "2028-01-27", "2028-01-27"), ("2028-12-22", "2029-01-25", "2029-01-25")] {
            for (regime, provision, calendar, due_on) in [("foia", "section 10(1)", "uk_any", uk_any), ("eir", "regulation 5(2)", "uk_any", uk_any),
                ("foisa", "section 10(1)", "scotland", scotland), ("eisr", "regulation 5(2)(a)", "scotland", scotland)] {
                let deadline = get(server, &format!("/v1/deadlines?regime={regime}&received_on={received_on}"));
                assert_eq!(deadline["due_on"], due_on, "{regime} {received_on}");
                assert_eq!((&deadline["provision"], &deadline["calendar"]), (&json!(provision), &json!(calendar)));
                assert_eq!(deadline["beyond_official_data"], *due_on > *"2028-12-31");
                let skipped: BTreeSet<NaiveDate> = deadline["skipped"].as_array().unwrap().iter().map(|skipped| day(skipped["date"].as_str().unwrap())).collect();
                let counted = day(received_on).iter_days().skip(1).take_while(|date| *date <= day(due_on)).filter(|date| !skipped.contains(date)).count();
                assert_eq!(counted, 20, "{regime} {received_on}");
                assert!(skipped.iter().all(|date| *date > day(received_on) && *date < day(due_on)), "{regime} {received_on}");
            }
        }
        for (query, parameter) in [("received_on=2019-11-07", "regime"), ("regime=foia", "received_on"), ("regime=gdpr&received_on=2019-11-07", "regime"),
            ("regime=foia&received_on=2019-02-30", "received_on"), ("regime=foia&received_on=0000-01-01", "received_on"),
            ("regime=foia&received_on=99999-01-01", "received_on"), ("regime=foia&received_on=2019-11-07&working_days=0", "working_days"),
            ("regime=foia&received_on=2019-11-07&working_days=-1", "working_days"), ("regime=foia&received_on=2019-11-07&working_days=1001", "working_days"),
            ("regime=foia&received_on=2019-11-07&working_days=1000000", "working_days"), ("regime=foia&received_on=2019-11-07&held=1", "held")] {
            let answer = server.anonymous().get(&format!("/v1/deadlines?{query}"));
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [fault(parameter, "invalid-parameter")], "{query}");
        }
        assert_eq!(get(server, "/v1/deadlines?regime=foia&received_on=2099-12-31&working_days=1000")["beyond_official_data"], true);
    }

    fn a_what_if_names_its_events_or_finds_what_they_answer(server) {
        let ask = |events: Value| server.anonymous().post("/v1/deadlines", &json!({"regime": "foia", "received_on": "2019-11-07", "events": events}));
        let question = json!({"kind": "clarification_asked", "effective_on": "2019-11-12"});
        let answer = json!({"kind": "clarification_answered", "effective_on": "2019-11-18"});
        let due_on = |events: Value| ask(events).expect(200)["parts"][0]["due_on"].as_str().unwrap().to_owned();
        assert_eq!(due_on(json!([question, answer])), "2019-12-17");
        assert_eq!(due_on(json!([answer, question])), "2019-12-17", "in any order");
        let named = json!([{"id": "q", "kind": "clarification_asked", "effective_on": "2019-11-12"},
            {"kind": "clarification_answered", "effective_on": "2019-11-18", "answers": "q"}]);
        assert_eq!(due_on(named), "2019-12-17");
        for (events, faults) in [
            (json!([answer]), vec![fault("#/events/0/answers", "inconsistent-members")]),
            (json!([question, {"kind": "clarification_answered", "effective_on": "2019-11-18", "answers": "nobody"}]), vec![fault("#/events/1/answers", "inconsistent-members")]),
            (json!([question, {"kind": "fee_paid", "effective_on": "2019-11-18"}]), vec![fault("#/events/1/answers", "inconsistent-members")]),
            (json!([{"id": "a", "kind": "withdrawal", "effective_on": "2019-11-18"}, {"id": "a", "kind": "lapse", "effective_on": "2019-11-18"}]), vec![fault("#/events/1/id", "duplicate-value")]),
            (json!([{"kind": "party", "effective_on": "2019-11-31"}]), vec![fault("#/events/0/kind", "unknown-value"), fault("#/events/0/effective_on", "invalid-date")]),
        ] {
            let refused = ask(events);
            refused.problem(422, "validation-failed");
            assert_eq!(refused.faults(), faults);
        }
        ask(json!([{"kind": "withdrawal", "effective_on": "2019-11-06"}])).problem(409, "impossible-order");
        let many: Vec<Value> = (0..201).map(|_| json!({"kind": "extension", "effective_on": "2019-11-12"})).collect();
        assert_eq!(ask(json!(many)).faults(), [fault("#/events", "invalid-value")]);
        assert_eq!(ask(json!(many[..200])).status, 200);
        ask(json!([{"kind": "withdrawal", "effective_on": "2019-11-18", "held": true}])).problem(400, "unknown-member");
    }

    fn of_several_corrections_the_last_one_recorded_stands(server) {
        server.authority("Force");
        for days in [["2019-11-04", "2019-11-06"], ["2019-11-06", "2019-11-04"]] {
            let events = days.map(|day| json!({"kind": "receipt_correction", "effective_on": day}));
            let what_if = server.anonymous().post("/v1/deadlines", &json!({"regime": "foia", "received_on": "2019-11-07", "events": events})).expect(200);
            let request = server.request("2019-11-07", &["1"]);
            for day in days {
                server.post(&format!("/v1/requests/{request}/receipt-corrections"), &json!({"received_on": day, "reason": "Stamp"})).expect(201);
            }
            let recorded = server.get(&format!("/v1/requests/{request}")).expect(200);
            assert_eq!(recorded["received_on"], days[1]);
            assert_eq!(what_if["parts"][0]["due_on"], recorded["due_on"], "{days:?}");
        }
    }

    fn a_what_if_answers_as_the_clock_of_the_same_events(server) {
        server.authority("Force");
        let mut sequence = Sequence(1);
        let (mut recorded, mut refused, mut states) = (0, 0, BTreeSet::new());
        for round in 0..20 {
            let regime = ["foia", "eir", "foisa", "eisr"][round % 4];
            let received_on = day("2024-01-01") + Days::new(sequence.next(400));
            let body = json!({"regime": regime, "received_on": received_on.to_string(), "subject": "S"});
            let path = format!("/v1/requests/{}", server::id(&server.post("/v1/requests", &body).expect(201)));
            let mut twin = Twin { server, path, events: Vec::new(), refused: 0 };
            let (mut questions, mut notices) = (Vec::new(), Vec::new());
            let mut on = received_on;
            for _ in 0..8 {
                on = on + Days::new(sequence.next(25));
                twin.random_event(&mut sequence, &on.to_string(), &mut questions, &mut notices);
            }
            let clock = server.get(&format!("{}/clock", twin.path)).expect(200);
            let what_if = json!({"regime": regime, "received_on": received_on.to_string(), "events": twin.events});
            assert_eq!(server.anonymous().post("/v1/deadlines", &what_if).expect(200), clock, "round {round}: {what_if}");
            let request = server.get(&twin.path).expect(200);
            assert_eq!((&request["due_on"], &request["status"]), (&clock["parts"][0]["due_on"], &clock["parts"][0]["state"]), "round {round}: {what_if}");
            recorded += twin.events.len();
            refused += twin.refused;
            states.insert(request["status"].as_str().unwrap().to_owned());
        }
        assert!(recorded > 60 && refused > 0 && states.len() >= 4, "the sequence is too tame: {recorded} {refused} {states:?}");
    }
}

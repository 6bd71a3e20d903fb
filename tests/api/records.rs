//! Records located and their redactions: only where the answer itself shows that there is something, and seen by nobody
//! who must not know.

use serde_json::{Value, json};

use crate::{
    on_both,
    published_cases::record_all,
    support::{
        Answer, Database, Server,
        casework::{
            address_of, disclosed, draft, ncnd, path, record_response, responses, sent, with, withheld, without,
        },
        keys::client,
        server::id,
    },
};

fn records(request: &str) -> String {
    format!("{}/records", path(request))
}

fn record(label: &str, parts: &[&str]) -> Value {
    json!({"label": label, "title": format!("Record {label}"), "parts": parts, "disposition": "disclosed"})
}

fn redacted(label: &str, parts: &[&str], redactions: Value) -> Value {
    with(record(label, parts), &json!({"disposition": "redacted", "redactions": redactions}))
}

#[track_caller]
fn listed(server: &Server, request: &str) -> Vec<String> {
    let list = server.get(&records(request)).expect(200);
    list["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

/// The refusal without what names this one call.
#[track_caller]
fn refusal(answer: &Answer) -> String {
    without(answer.problem(409, "part-not-open-to-records"), &["instance", "request_id"]).to_string()
}

/// A part withheld under sections 23(1) and 24(1) in the alternative.
fn in_the_alternative(part: &str) -> Value {
    json!({"part": part, "outcome": "withheld", "grounds": [
        {"provision": "23(1)", "alternative_group": "security", "reasons": "One of the two applies."},
        {"provision": "24(1)", "alternative_group": "security"}],
      "public_interest_tests": [{"provisions": ["24(1)"], "factors_for": [{"text": "Openness"}],
        "factors_against": [{"text": "Safety"}], "balance": "maintain"}]})
}

on_both! {
    fn the_records_of_case_002_are_four_of_which_three_were_redacted(server) {
        let case = &record_all(server)[2];
        let (request, told) = (case.request.clone(), case.file["history"]["responses"][0]["records"].as_array().unwrap());
        let list = server.get(&records(&request)).expect(200);
        let items = list["items"].as_array().unwrap();
        let of = |disposition: &str| items.iter().filter(|item| item["disposition"] == disposition).count();
        assert_eq!(
            json!({"located": items.len(), "disclosed_in_full": of("disclosed"), "redacted": of("redacted")}),
            *case.expected("records")
        );
        assert_eq!(items[2]["marking"], json!({"words": "Official Sensitive", "former": true, "removed": true}));
        for (item, body) in items.iter().zip(told) {
            for (name, value) in body.as_object().unwrap().iter().filter(|(name, _)| *name != "redactions") {
                assert_eq!(item[name], *value, "{name}");
            }
        }
        assert_eq!(items[0]["redactions"][0], json!({"category": "security_detail", "alternative_group": "security", "out_of_scope": false}));
        assert_eq!(listed(server, &request), ["1", "2", "3", "4"]);
    }

    fn every_part_that_is_not_open_gives_one_same_refusal(server) {
        let request = server.request("2026-06-01", &["1", "2", "3", "4", "5", "6"]);
        let not_held = json!({"part": "2", "outcome": "not_held"});
        let cost = json!({"part": "3", "outcome": "refused_cost", "grounds": [{"provision": "12(2)"}]});
        record_response(server, &request, &sent("2026-06-29", &[ncnd("1"), not_held, cost, disclosed("6")]));
        record_response(server, &request, &draft(&[ncnd("4")]));
        let before = server.get(&records(&request)).text;
        let mut refusals: Vec<String> = ["1", "2", "3", "4", "5", "no-such-part"]
            .iter()
            .map(|part| refusal(&server.post(&records(&request), &record("1", &[part]))))
            .collect();
        refusals.push(refusal(&server.post(&records(&request), &record("1", &["6", "1"]))));
        refusals.push(refusal(&server.post(
            &records(&request),
            &redacted("1", &["1"], json!([{"category": "names", "ground": "99"}])),
        )));
        refusals.dedup();
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert_eq!(server.get(&records(&request)).text, before, "nothing was written");
        server.post(&records(&request), &record("1", &["6"])).expect(201);
    }

    fn each_outcome_that_shows_something_is_open_as_a_draft_and_as_issued(server) {
        for outcome in ["disclosed", "partly_disclosed", "withheld", "accessible_elsewhere"] {
            let request = server.request("2026-06-01", &["1"]);
            let draft = record_response(server, &request, &draft(&[json!({"part": "1", "outcome": outcome})]));
            server.post(&records(&request), &record("1", &["1"])).expect(201);
            let issue = json!({"issued_on": "2026-06-30", "override": {"reason": "A test of records."}});
            server.post(&format!("{}/issue", address_of(&draft)), &issue).expect(200);
            server.post(&records(&request), &record("2", &["1"])).expect(201);
            assert_eq!(listed(server, &request), ["1", "2"], "{outcome}");
        }
    }

    fn a_later_answer_that_neither_confirms_nor_denies_freezes_the_records_of_the_earlier(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        record_response(server, &request, &sent("2026-06-15", &[withheld("1"), disclosed("2")]));
        let frozen = server.post(&records(&request), &record("1", &["1"])).expect(201);
        let mixed = server.post(&records(&request), &record("2", &["1", "2"])).expect(201);
        server.post(&records(&request), &record("3", &["2"])).expect(201);
        let revised = with(sent("2026-06-29", &[ncnd("1")]), &json!({"kind": "revised"}));
        record_response(server, &request, &revised);
        assert_eq!(listed(server, &request), ["2", "3"]);
        let list = server.get(&records(&request)).expect(200);
        assert_eq!((&list["items"][0]["parts"], &list["items"][0]["frozen"]), (&json!(["2"]), &json!(false)));
        let address = format!("{}/{}", records(&request), id(&frozen));
        let kept = server.get(&address).expect(200);
        assert_eq!(kept, with(frozen.clone(), &json!({"frozen": true})));
        let never = refusal(&server.post(&records(&request), &record("9", &["no-such-part"])));
        for record in [&frozen, &mixed] {
            let address = format!("{}/{}", records(&request), id(record));
            assert_eq!(refusal(&server.put(&address, "*", &self::record("1", &["2"]))), never);
            assert_eq!(refusal(&server.delete(&address, "*")), never);
        }
        assert_eq!(server.get(&address).expect(200), kept);
        // A fresh answer opens the part again, and what is frozen stays so; its label is free.
        record_response(server, &request, &with(sent("2026-06-30", &[withheld("1")]), &json!({"kind": "fresh"})));
        server.post(&records(&request), &record("1", &["1"])).expect(201);
        assert_eq!(listed(server, &request), ["2", "3", "1"]);
    }

    fn records_of_a_draft_go_with_it(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        let first = record_response(server, &request, &draft(&[withheld("1"), disclosed("2")]));
        let of_both = server.post(&records(&request), &record("1", &["1", "2"])).expect(201);
        let of_one = server.post(&records(&request), &record("2", &["1"])).expect(201);
        server.put(&format!("{}/determinations/1", address_of(&first)), "*", &without(ncnd("1"), &["part"])).expect(200);
        assert_eq!(listed(server, &request), ["1"]);
        server.get(&format!("{}/{}", records(&request), id(&of_one))).problem(404, "not-found");
        assert_eq!(server.get(&format!("{}/{}", records(&request), id(&of_both))).expect(200)["parts"], json!(["2"]));
        server.delete(&address_of(&first), "*").expect(204);
        assert_eq!(listed(server, &request), Vec::<String>::new());
        server.get(&format!("{}/{}", records(&request), id(&of_both))).problem(404, "not-found");
    }

    fn records_go_when_the_first_answer_is_to_neither_confirm_nor_deny(server) {
        let request = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &draft(&[withheld("1")]));
        let made = server.post_keyed(&records(&request), "key", &record("1", &["1"]));
        record_response(server, &request, &sent("2026-06-30", &[ncnd("1")]));
        server.get(&format!("{}/{}", records(&request), id(&made.expect(201)))).problem(404, "not-found");
        // The stored answer is forgotten too; a late retry is told so, and another body is another call.
        let again = server.post_keyed(&records(&request), "key", &record("1", &["1"]));
        assert!(again.problem(409, "not-possible-in-this-state")["detail"].as_str().unwrap().contains("deleted since"));
        server.post_keyed(&records(&request), "key", &record("1", &["no-such-part"])).problem(422, "idempotency-key-reused");
    }

    fn what_was_sent_decides_before_a_draft_that_was_left_behind(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        record_response(server, &request, &draft(&[disclosed("1"), disclosed("2")]));
        let made = server.post(&records(&request), &record("1", &["1", "2"])).expect(201);
        record_response(server, &request, &sent("2026-06-29", &[ncnd("1")]));
        let never = refusal(&server.post(&records(&request), &record("9", &["no-such-part"])));
        assert_eq!(refusal(&server.post(&records(&request), &record("2", &["1"]))), never);
        let address = format!("{}/{}", records(&request), id(&made));
        assert_eq!(refusal(&server.put(&address, "*", &record("1", &["1"]))), never);
        assert_eq!(server.get(&address).expect(200)["parts"], json!(["2"]));
        // The part without an answer is still open by the draft.
        server.post(&records(&request), &record("2", &["2"])).expect(201);
        // A draft of a later letter opens nothing before it is issued, and closes nothing.
        record_response(server, &request, &with(draft(&[disclosed("1")]), &json!({"kind": "fresh"})));
        assert_eq!(refusal(&server.post(&records(&request), &record("3", &["1"]))), never);
        record_response(server, &request, &with(sent("2026-06-30", &[disclosed("1")]), &json!({"kind": "fresh"})));
        record_response(server, &request, &with(draft(&[ncnd("1")]), &json!({"kind": "revised"})));
        server.post(&records(&request), &record("3", &["1"])).expect(201);
    }

    fn writing_records_takes_who_may_read_them_or_the_drafts(server) {
        let (drafted, other) = (server.request("2026-06-01", &["1"]), server.request("2026-06-01", &["1"]));
        record_response(server, &drafted, &draft(&[disclosed("1")]));
        record_response(server, &other, &draft(&[ncnd("1")]));
        let blind = client(server, &["records:write", "requests:read", "ncnd:read"]);
        let refusals: Vec<String> = [&drafted, &other]
            .map(|request| blind.post(&records(request), &record("1", &["1"])).problem(403, "insufficient-scope"))
            .map(|problem| without(problem, &["instance", "request_id"]).to_string())
            .to_vec();
        assert_eq!(refusals[0], refusals[1]);
        assert!(refusals[0].contains("Needs `records:write` and `records:read`, or `records:write` and `responses:write`."), "{}", refusals[0]);
        for further in ["records:read", "responses:write"] {
            let clerk = client(server, &["records:write", further]);
            let made = id(&clerk.post(&records(&drafted), &record("1", &["1"])).expect(201));
            let address = format!("{}/{made}", records(&drafted));
            blind.put(&address, "*", &record("2", &["1"])).problem(403, "insufficient-scope");
            blind.delete(&address, "*").problem(403, "insufficient-scope");
            clerk.put(&address, "*", &record("2", &["1"])).expect(200);
            clerk.delete(&address, "*").expect(204);
            clerk.post(&records(&other), &record("1", &["1"])).problem(409, "part-not-open-to-records");
        }
    }

    fn a_late_retry_does_not_bring_back_what_was_deleted(server) {
        let request = server.request("2026-06-01", &["1"]);
        let body = draft(&[disclosed("1")]);
        let kept = server.post_keyed(&responses(&request), "kept", &body).expect(201);
        let gone = server.post_keyed(&responses(&request), "draft", &body).expect(201);
        server.delete(&address_of(&gone), "*").expect(204);
        let of_record = server.post_keyed(&records(&request), "record", &record("1", &["1"])).expect(201);
        server.delete(&format!("{}/{}", records(&request), id(&of_record)), "*").expect(204);
        for (address, key, body) in [(responses(&request), "draft", body.clone()), (records(&request), "record", record("1", &["1"]))] {
            for _ in 0..2 {
                let again = server.post_keyed(&address, key, &body);
                let problem = again.problem(409, "not-possible-in-this-state");
                assert!(problem["detail"].as_str().unwrap().contains("deleted since"), "{problem}");
                assert_eq!(again.header("idempotency-replayed"), "");
            }
            server.post_keyed(&address, key, &json!({})).problem(400, "missing-member");
            server.post_keyed(&address, key, &with(body, &json!({"left_open": []}))).problem(if key == "draft" { 422 } else { 400 },
                if key == "draft" { "idempotency-key-reused" } else { "unknown-member" });
        }
        assert_eq!((server.place.count("responses"), server.place.count("records")), (1, 0));
        // Only key, fingerprint and that it was carried out are left.
        let left = server.place.words("SELECT headers || body AS words FROM idempotency_keys WHERE status = 410");
        assert_eq!(left, ["[]", "[]"]);
        let replayed = server.post_keyed(&responses(&request), "kept", &body);
        assert_eq!((replayed.header("idempotency-replayed"), &replayed.expect(201)), ("true", &kept));
        // After 72 hours the key is free, as that of any call.
        server.set_now("2026-07-03T12:00:01Z");
        server.post_keyed(&records(&request), "record", &record("1", &["1"])).expect(201);
        server.delete(&address_of(&kept), "*").expect(204);
    }

    fn a_replay_gives_nobody_what_another_wrote(server) {
        let request = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &draft(&[disclosed("1")]));
        let blind = client(server, &["records:write", "responses:write"]);
        let made = blind.post_keyed(&records(&request), "key", &record("1", &["1"])).expect(201);
        let address = format!("{}/{}", records(&request), id(&made));
        // Its own words come back as they are now.
        let own = blind.put(&address, "*", &with(record("1", &["1"]), &json!({"title": "Renamed"}))).expect(200);
        let again = blind.post_keyed(&records(&request), "key", &record("1", &["1"]));
        assert_eq!((again.header("idempotency-replayed"), again.expect(201)), ("true", own));
        server.put(&address, "*", &with(record("1", &["1"]), &json!({"title": "Another's words"}))).expect(200);
        blind.get(&address).problem(403, "insufficient-scope");
        for _ in 0..2 {
            let again = blind.post_keyed(&records(&request), "key", &record("1", &["1"]));
            let problem = again.problem(409, "not-possible-in-this-state");
            assert!(problem["detail"].as_str().unwrap().contains(&format!("`{address}`")), "{problem}");
            assert!(!again.text.contains("Another's") && again.header("etag").is_empty() && again.header("idempotency-replayed").is_empty());
            blind.post_keyed(&records(&request), "key", &record("2", &["1"])).problem(422, "idempotency-key-reused");
        }
        let left = server.place.words("SELECT headers || body AS words FROM idempotency_keys WHERE status = 409");
        assert_eq!(left, [format!(r#"[["location","{address}"]]"#)]);
        assert_eq!(server.place.count("records"), 1);
        // Deleted, it is that alone.
        server.delete(&address, "*").expect(204);
        let problem = blind.post_keyed(&records(&request), "key", &record("1", &["1"])).problem(409, "not-possible-in-this-state");
        assert!(problem["detail"].as_str().unwrap().contains("deleted since"), "{problem}");
    }

    fn a_record_is_replaced_and_deleted_by_its_version(server) {
        let request = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &draft(&[withheld("1")]));
        let made = server.post(&records(&request), &with(record("1", &["1"]), &json!({"dated_on": "2026-05-01", "date_precision": "month"})));
        let address = format!("{}/{}", records(&request), id(&made.expect(201)));
        assert_eq!(made.header("location"), address);
        assert_eq!(server.get(&address).header("etag"), made.header("etag"));
        let fresh = server.send("GET", &address, &[("If-None-Match", made.header("etag"))], None);
        assert_eq!(fresh.status, 304);
        let body = redacted("1", &["1"], json!([{"category": "names", "ground": "31(1)(a)"}]));
        let unmatched = server.send("PUT", &address, &[("Content-Type", "application/json")], Some(body.to_string().as_bytes()));
        unmatched.problem(428, "precondition-required");
        let changed = server.put(&address, made.header("etag"), &body);
        let document = changed.expect(200);
        assert_eq!((&document["version"], document.get("dated_on")), (&json!(2), None));
        assert_eq!(document["redactions"], json!([{"category": "names", "ground": "31(1)(a)", "out_of_scope": false}]));
        server.put(&address, made.header("etag"), &body).problem(412, "precondition-failed");
        server.delete(&address, made.header("etag")).problem(412, "precondition-failed");
        server.delete(&address, changed.header("etag")).expect(204);
        server.get(&address).problem(404, "not-found");
        server.delete(&address, "*").problem(404, "not-found");
    }

    fn what_cannot_be_is_told_all_at_once_and_nothing_is_written(server) {
        let request = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &draft(&[withheld("1")]));
        let bad = json!({"label": "1", "title": "A title", "parts": ["1", "1"], "disposition": "disclosed", "dated_on": "2026-07-01",
            "date_precision": "year", "redactions": [{"category": "names"}, {"category": "names", "ground": "40(2)", "out_of_scope": true}]});
        let answer = server.post(&records(&request), &bad);
        answer.problem(422, "validation-failed");
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(answer.faults(), [
            fault("#/parts/1", "duplicate-value"),
            fault("#/dated_on", "date-in-future"),
            fault("#/dated_on", "inconsistent-members"),
            fault("#/redactions", "inconsistent-members"),
            fault("#/redactions/0", "inconsistent-members"),
            fault("#/redactions/1", "inconsistent-members"),
        ]);
        server.post(&records(&request), &record("1", &["1"])).expect(201);
        let clashing = redacted("1", &["1"], json!([{"category": "names", "ground": "3(3)"}, {"category": "names", "ground": "31(3)"},
            {"category": "names", "alternative_group": "security"}]));
        let answer = server.post(&records(&request), &clashing);
        answer.problem(422, "validation-failed");
        assert_eq!(answer.faults(), [
            fault("#/redactions/0/ground", "unknown-provision"),
            fault("#/redactions/1/ground", "inconsistent-members"),
            fault("#/redactions/2/alternative_group", "invalid-value"),
            fault("#/label", "duplicate-value"),
        ]);
        assert_eq!(server.post(&records(&request), &json!({"label": "2", "title": "x", "parts": ["1"], "disposition": "found"})).faults(),
            [fault("#/disposition", "unknown-value")]);
        server.post(&records(&request), &with(record("2", &["1"]), &json!({"held": true}))).problem(400, "unknown-member");
        assert_eq!(listed(server, &request), ["1"]);
    }

    fn pages_of_records_go_on_where_they_ended(server) {
        let request = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &draft(&[withheld("1")]));
        for label in ["1", "2", "3", "4", "5"] {
            server.post(&records(&request), &record(label, &["1"])).expect(201);
        }
        let labels = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
        };
        let first = server.get(&format!("{}?limit=2", records(&request)));
        let page = first.expect(200);
        assert_eq!(labels(&page), ["1", "2"]);
        assert!(first.header("link").contains("rel=\"next\""));
        // The last of the page goes: the next page still begins behind it.
        server.delete(&format!("{}/{}", records(&request), id(&page["items"][1])), "*").expect(204);
        let next = server.get(&format!("{}?limit=2&cursor={}", records(&request), page["next_cursor"].as_str().unwrap())).expect(200);
        assert_eq!(labels(&next), ["3", "4"]);
        let last = server.get(&format!("{}?limit=2&cursor={}", records(&request), next["next_cursor"].as_str().unwrap())).expect(200);
        assert_eq!((labels(&last), last.get("next_cursor")), (vec!["5".to_owned()], None));
    }

    fn work_on_records_never_moves_the_request(server) {
        let request = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &sent("2026-06-29", &[withheld("1")]));
        let everything = || {
            [path(&request), format!("{}/timeline", path(&request)), format!("{}/clock", path(&request)), responses(&request), "/v1/requests".to_owned()]
                .map(|address| { let answer = server.get(&address); (answer.text.clone(), answer.header("etag").to_owned()) })
        };
        let before = everything();
        server.set_now("2026-06-30T15:00:00Z");
        let made = id(&server.post(&records(&request), &record("1", &["1"])).expect(201));
        let address = format!("{}/{made}", records(&request));
        server.put(&address, "*", &record("2", &["1"])).expect(200);
        assert_eq!(everything(), before);
        server.delete(&address, "*").expect(204);
        assert_eq!(everything(), before);
    }

    fn another_authority_and_another_request_do_not_show_a_record(server) {
        let request = server.request("2026-06-01", &["1"]);
        let other = server.request("2026-06-01", &["1"]);
        record_response(server, &request, &draft(&[withheld("1")]));
        let made = id(&server.post(&records(&request), &record("1", &["1"])).expect(201));
        server.get(&format!("{}/{made}", records(&other))).problem(404, "not-found");
        server.put(&format!("{}/{made}", records(&other)), "*", &record("1", &["1"])).problem(404, "not-found");
        server.delete(&format!("{}/{made}", records(&other)), "*").problem(404, "not-found");
        server.get(&records("00000000-0000-4000-8000-000000000000")).problem(404, "not-found");
        assert_eq!(listed(server, &other), Vec::<String>::new());
    }

    fn a_redaction_never_names_one_of_several_alternatives(server) {
        let request = server.request("2026-06-01", &["1"]);
        let response = record_response(server, &request, &draft(&[json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": "24(1)"}]})]));
        let alone = redacted("1", &["1"], json!([{"category": "security_detail", "ground": "24(1)"}]));
        let made = server.post(&records(&request), &alone).expect(201);
        server.put(&format!("{}/determinations/1", address_of(&response)), "*", &without(in_the_alternative("1"), &["part"])).expect(200);
        // What was said of one ground before shows as the group from then on, and no member can be named any more.
        let shown = server.get(&format!("{}/{}", records(&request), id(&made))).expect(200);
        assert_eq!(shown["redactions"], json!([{"category": "security_detail", "alternative_group": "security", "out_of_scope": false}]));
        for ground in ["24(1)", "23(1)", "section 24(1)", "24"] {
            let body = redacted("2", &["1"], json!([{"category": "names", "ground": ground}]));
            let answer = server.post(&records(&request), &body);
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [("#/redactions/0/ground".to_owned(), "inconsistent-members".to_owned())], "{ground}");
        }
        server.post(&records(&request), &redacted("2", &["1"], json!([{"category": "names", "alternative_group": "security"}]))).expect(201);
        let list = server.get(&records(&request)).text;
        assert!(!list.contains("24(1)") && !list.contains("23(1)"), "{list}");
    }
}

#[test]
fn deleted_records_are_nowhere_on_disk() {
    let mut server = Server::start(Database::Sqlite);
    let request = server.request("2026-06-01", &["1", "2"]);
    let response = record_response(&server, &request, &draft(&[withheld("1"), disclosed("2")]));
    let canary = |name: &str| format!("canary-{name}-{}", "sings".repeat(40));
    let titled = |label: &str, part: &str, name: &str| with(record(label, &[part]), &json!({"title": canary(name)}));
    let add = |key: &str, body: &Value| id(&server.post_keyed(&records(&request), key, body).expect(201));
    let deleted = add("key-1", &titled("1", "1", "deleted"));
    let replaced = add("key-2", &titled("2", "2", "former"));
    add("key-3", &titled("3", "1", "drafted"));
    server.put(&format!("{}/{replaced}", records(&request)), "*", &titled("2", "2", "present")).expect(200);
    server.delete(&format!("{}/{deleted}", records(&request)), "*").expect(204);
    server.put(&format!("{}/determinations/1", address_of(&response)), "*", &without(ncnd("1"), &["part"])).expect(200);
    server.stop();
    let bytes = server.bytes_on_disk();
    let found = |name: &str| bytes.windows(canary(name).len()).any(|window| window == canary(name).as_bytes());
    assert!(found("present"), "the search finds what is there");
    for gone in ["deleted", "former", "drafted"] {
        assert!(!found(gone), "{gone} is still on disk");
    }
}

//! Letters that were recorded by mistake, over HTTP: they stay readable, and never were.

use serde_json::{Value, json};

use crate::{
    complaints::{answered, complain},
    on_both,
    support::{
        Server,
        casework::{
            address_of, disclosed, draft, ncnd, path, read, record, record_response, responses, sent, state, with,
            withheld, without,
        },
        keys::client,
        server::id,
        world,
    },
};

const MISTAKE: &str = "Recorded on the wrong request.";

fn voiding() -> Value {
    json!({"reason": MISTAKE})
}

#[track_caller]
fn void(server: &Server, letter: &Value) -> Value {
    server.post(&format!("{}/void", address_of(letter)), &voiding()).expect(201)
}

/// What is counted of the year, what a regulator would find, and what stands beside the request.
fn counted(server: &Server, request: &str) -> Vec<Value> {
    let days = "start_on=2026-01-01&end_on=2026-12-31";
    let figures = [
        format!("timeliness?{days}&basis=received"),
        format!("timeliness?{days}&basis=closed&as_at=2026-06-29"),
        format!("outcomes?{days}"),
        format!("provisions?{days}"),
        format!("ncnd?{days}"),
    ];
    let mut told: Vec<Value> = figures.map(|figure| server.get(&format!("/v1/metrics/{figure}")).expect(200)).into();
    told.push(server.get(&format!("{}/compliance", path(request))).expect(200));
    told.push(server.get(&format!("{}/precedents", path(request))).expect(200));
    told.push(server.get("/v1/requests?status=responded").expect(200));
    told
}

on_both! {
    fn a_void_letter_never_was_and_stays_readable(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let (before, figures) = (state(server, &request), counted(server, &request));
        let version = read(server, &request)["version"].as_i64().unwrap();
        let letter = record_response(server, &request, &sent("2026-06-29", &[disclosed("1"), ncnd("2")]));
        let tag = server.get(&address_of(&letter)).header("etag").to_owned();
        assert_eq!(read(server, &request)["outcome"], "partly_withheld", "it counted until it was voided");
        assert_ne!(counted(server, &request), figures);

        let answer = server.post_keyed(&format!("{}/void", address_of(&letter)), "key", &voiding());
        let voided = answer.expect(201);
        let moved = json!({"status": "void", "version": 2, "void_reason": MISTAKE, "voided_at": voided["voided_at"],
            "updated_at": voided["updated_at"]});
        assert_eq!(voided, with(letter.clone(), &moved));
        assert!(voided["voided_at"].as_str().unwrap().starts_with("2026-06-30T"), "{voided}");
        assert_eq!(state(server, &request), before);
        assert_eq!(counted(server, &request), figures);
        assert_eq!(read(server, &request)["version"], version + 2);

        let again = server.post_keyed(&format!("{}/void", address_of(&letter)), "key", &voiding());
        assert_eq!((again.expect(201), again.header("idempotency-replayed")), (voided.clone(), "true"));
        let read_back = server.get(&address_of(&letter));
        assert_eq!((read_back.expect(200), read_back.header("etag")), (voided.clone(), answer.header("etag")));
        assert_ne!(read_back.header("etag"), tag);
        assert_eq!(server.get(&responses(&request)).expect(200)["items"], json!([voided]));
        let reader = client(server, &["requests:read", "ncnd:read"]);
        assert_eq!(reader.get(&address_of(&letter)).expect(200), voided, "it is no draft");
        assert_eq!(reader.get(&responses(&request)).expect(200)["items"], json!([voided]));
        let notice = server.get(&format!("{}/notice", address_of(&letter))).expect(200);
        assert_eq!(
            (&notice["status"], &notice["draft_note"]),
            (&json!("void"), &json!("Void: this letter was recorded by mistake."))
        );
        let checks = server.get(&format!("{}/checks", address_of(&letter))).expect(200);
        assert_eq!(checks["findings"], voided["findings"]);
        let timeline = server.get(&format!("{}/timeline", path(&request))).expect(200);
        let entry = without(timeline["items"].as_array().unwrap().last().unwrap().clone(), &["recorded_at"]);
        assert_eq!(
            entry,
            json!({"kind": "response_voided", "effective_on": "2026-06-29", "subject_id": id(&letter), "detail": "initial"})
        );
        let log = server.get(&format!("/v1/audit-entries?purpose=lawfulness&case_id={request}&limit=200")).expect(200);
        let entries = log["items"].as_array().unwrap().iter().map(|item| &item["content"]);
        let calls = entries.filter(|entry| entry["action"] == "void_response");
        let mut told: Vec<&str> = calls.map(|entry| entry["operation"].as_str().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, ["alteration", "consultation"], "the repetition showed the letter again");

        record_response(server, &request, &sent("2026-06-26", &[disclosed("1"), disclosed("2")]));
        let answered = read(server, &request);
        assert_eq!(
            (&answered["outcome"], &answered["responded_on"], &answered["on_time"]),
            (&json!("granted_in_full"), &json!("2026-06-26"), &json!(true)),
            "the first answer may be recorded again"
        );
        let parts = format!("{}/parts", path(&request));
        server.post(&format!("{parts}/1/split"), &json!({"labels": ["1a", "1b"]})).problem(409, "not-possible-in-this-state");
    }

    fn what_is_no_letter_cannot_be_voided(server) {
        let request = server.request("2026-06-08", &["1"]);
        let draft = record_response(server, &request, &draft(&[disclosed("1")]));
        let address = |response: &Value| format!("{}/void", address_of(response));
        let refused = server.post(&address(&draft), &voiding()).problem(409, "not-possible-in-this-state");
        assert_eq!(refused["detail"], "The response is a draft, which is deleted rather than voided.");
        let letter = record_response(server, &request, &sent("2026-06-29", &[disclosed("1")]));
        server.post(&address(&letter), &json!({})).problem(400, "missing-member");
        let elsewhere = format!("{}/{}/void", responses(&server.request("2026-06-08", &["1"])), id(&letter));
        server.post(&elsewhere, &voiding()).problem(404, "not-found");
        client(server, &["requests:read"]).post(&address(&letter), &voiding()).problem(403, "insufficient-scope");
        assert_eq!(server.get(&address_of(&letter)).expect(200), letter);
        let voided = void(server, &letter);
        server.post(&address(&letter), &voiding()).problem(409, "not-possible-in-this-state");
        for (method, at, body) in [
            ("PATCH", "", "{\"left_open\":null}"),
            ("PUT", "/determinations/1", "{\"outcome\":\"not_held\"}"),
        ] {
            let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
            let answer = server.send(method, &format!("{}{at}", address_of(&letter)), &headers, Some(body.as_bytes()));
            answer.problem(409, "not-possible-in-this-state");
        }
        server.delete(&address_of(&letter), "*").problem(409, "not-possible-in-this-state");
        assert_eq!(server.get(&address_of(&letter)).expect(200), voided);
        server.post(&format!("{}/issue", address_of(&draft)), &json!({"issued_on": "2026-06-30"})).expect(200);
    }

    fn what_rests_on_a_letter_is_voided_before_it(server) {
        let request = answered(server);
        let first = server.get(&responses(&request)).expect(200)["items"][0].clone();
        let review = record(server, &request, "reviews", json!({"requested_on": "2020-01-10"}));
        let body = json!({"kind": "review", "review_id": id(&review), "supersedes": id(&first)});
        let body = with(sent("2020-01-30", &[disclosed("1")]), &body);
        let second = record_response(server, &request, &body);
        let pending = record_response(server, &request, &without(with(body, &json!({"record_as": "draft"})), &["issued_on"]));
        let refused = server.post(&format!("{}/void", address_of(&first)), &voiding());
        let refused = refused.problem(409, "not-possible-in-this-state");
        assert!(refused["detail"].as_str().unwrap().contains(&id(&second)), "{refused}");
        void(server, &second);
        void(server, &first);
        assert_eq!(read(server, &request)["status"], "open", "the review stays, and needs no answer");
        let supersedes = json!({"kind": "revised", "supersedes": id(&first)});
        let draft = server.post(&responses(&request), &with(draft(&[disclosed("1")]), &supersedes));
        draft.problem(422, "validation-failed");
        assert_eq!(draft.faults(), [("#/supersedes".to_owned(), "invalid-value".to_owned())]);
        let issue = json!({"issued_on": "2026-06-30", "override": {"reason": "In haste."}});
        let refused = server.post(&format!("{}/issue", address_of(&pending)), &issue);
        let refused = refused.problem(409, "not-possible-in-this-state");
        assert_eq!(refused["detail"], "The letter that the draft supersedes was voided since. Make a new draft.");
    }

    fn a_letter_that_complied_with_a_notice_is_voided_after_it(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let notices = format!("{complaint}/decision-notices");
        let fresh = with(sent("2020-07-01", &[disclosed("1")]), &json!({"kind": "fresh"}));
        let fresh = record_response(server, &request, &fresh);
        let notice = record(server, &request, &notices, json!({"sent_on": "2020-06-23",
            "steps": [{"text": "Give a fresh answer.", "parts": ["1"]}],
            "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"},
            "compliance": {"complied_on": "2020-07-01", "response_id": id(&fresh)}}));
        let refused = server.post(&format!("{}/void", address_of(&fresh)), &voiding());
        let refused = refused.problem(409, "not-possible-in-this-state");
        assert!(refused["detail"].as_str().unwrap().contains(&id(&notice)), "{refused}");
        record(server, &request, &format!("{notices}/{}/void", id(&notice)), voiding());
        void(server, &fresh);
        let refused = server.post(&format!("{}/{notices}", path(&request)), &json!({"sent_on": "2020-06-23",
            "compliance": {"complied_on": "2020-07-01", "response_id": id(&fresh)}}));
        refused.problem(422, "validation-failed");
    }

    fn records_follow_the_answers_that_stand(server) {
        let request = server.request("2026-06-08", &["1"]);
        let records = format!("{}/records", path(&request));
        let first = record_response(server, &request, &sent("2026-06-22", &[disclosed("1")]));
        let located = json!({"label": "A", "title": "Located", "parts": ["1"], "disposition": "disclosed"});
        let located = server.post(&records, &located).expect(201);
        let address = format!("{records}/{}", id(&located));
        let closing = with(sent("2026-06-29", &[ncnd("1")]), &json!({"kind": "revised"}));
        let closing = record_response(server, &request, &closing);
        assert_eq!(server.get(&address).expect(200)["frozen"], true);
        void(server, &closing);
        assert_eq!(server.get(&records).expect(200)["items"], json!([located]), "open as if nothing had been");
        let opening = with(sent("2026-06-30", &[disclosed("1")]), &json!({"kind": "revised"}));
        record_response(server, &request, &opening);
        void(server, &first);
        assert_eq!(server.get(&address).expect(200)["frozen"], false, "another answer shows that there is something");
        let other = server.request("2026-06-08", &["1"]);
        let letter = record_response(server, &other, &sent("2026-06-29", &[withheld("1")]));
        let withheld = json!({"label": "B", "title": "Located", "parts": ["1"], "disposition": "withheld"});
        let records = format!("{}/records", path(&other));
        let address = format!("{records}/{}", id(&server.post(&records, &withheld).expect(201)));
        void(server, &letter);
        server.get(&address).problem(404, "not-found");
        server.post(&records, &withheld).problem(409, "part-not-open-to-records");
    }

    fn what_a_letter_hid_stays_hidden_when_it_is_void(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        let letter = record_response(server, &request, &sent("2026-06-15", &[ncnd("1"), disclosed("2")]));
        let review = record(server, &request, "reviews",
            json!({"requested_on": "2026-06-16", "parts": ["1"], "grounds": "Section 31(3) does not apply."}));
        let drafter = client(server, &["requests:read", "responses:write"]);
        let answer = drafter.post(&format!("{}/void", address_of(&letter)), &voiding());
        let voided = answer.expect(201);
        assert_eq!((&voided["status"], voided.get("void_reason")), (&json!("void"), None));
        assert_eq!(voided["determinations"][0], json!({"part": "1", "outcome": "neither_confirmed_nor_denied"}));
        assert_eq!(drafter.get(&address_of(&letter)).expect(200), voided);
        assert_eq!(drafter.get(&responses(&request)).expect(200)["items"], json!([voided]));
        drafter.get(&format!("{}/notice", address_of(&letter))).problem(403, "insufficient-scope");
        let seen = drafter.get(&format!("{}/reviews/{}", path(&request), id(&review))).expect(200);
        assert_eq!((&seen["requested_on"], seen.get("grounds")), (&json!("2026-06-16"), None));
        server.post(&format!("{}/parts/1/split", path(&request)), &json!({"labels": ["1a", "1b"]})).expect(200);
        let of_split = drafter.get(&format!("{}/reviews/{}", path(&request), id(&review))).expect(200);
        assert_eq!((&of_split["parts"], of_split.get("grounds")), (&json!(["1a", "1b"]), None));
        assert_eq!(server.get(&address_of(&letter)).expect(200)["void_reason"], MISTAKE);
        let plain = record_response(server, &request, &sent("2026-06-15", &[disclosed("2")]));
        let voided = drafter.post(&format!("{}/void", address_of(&plain)), &voiding()).expect(201);
        assert_eq!(voided["void_reason"], MISTAKE, "a letter that hides nothing says why it is void");
    }

    /// One of the new parts, or a later one, has the old label.
    fn what_a_letter_hid_stays_hidden_whatever_the_parts_are_called_since(server) {
        world::only_authority(server);
        let drafter = client(server, &["requests:read", "responses:write"]);
        for (labels, added) in [(json!(["1", "1b"]), None), (json!(["1a", "1b"]), Some("1"))] {
            let request = server.request("2026-06-01", &["1", "2"]);
            let letter = record_response(server, &request, &sent("2026-06-15", &[ncnd("1"), disclosed("2")]));
            let [of_first, of_second] = ["1", "2"].map(|part| {
                let review = json!({"requested_on": "2026-06-16", "parts": [part], "grounds": "Section 31(3) does not apply.",
                    "decision": {"decided_on": "2026-06-20", "results": [{"part": part, "result": "position_maintained", "reasons": "Section 31(3) does."}]}});
                format!("{}/reviews/{}", path(&request), id(&record(server, &request, "reviews", review)))
            });
            void(server, &letter);
            server.post(&format!("{}/parts/1/split", path(&request)), &json!({"labels": labels})).expect(200);
            if let Some(label) = added {
                server.post(&format!("{}/parts", path(&request)), &json!({"label": label, "text": "Another"})).expect(201);
            }
            let seen = drafter.get(&of_first).expect(200);
            assert_eq!(seen["parts"], labels);
            assert!(!seen.to_string().contains("31(3)"), "{seen}");
            let other = drafter.get(&of_second).expect(200);
            assert_eq!(other["grounds"], "Section 31(3) does not apply.", "of a part that was never guarded");
        }
    }

    /// It was recorded by mistake: the requester need not have had what it says.
    fn a_void_letter_to_a_guarded_part_tells_neither_why_nor_on_what_grounds(server) {
        let request = server.request("2026-06-01", &["1"]);
        let drafter = client(server, &["requests:read", "responses:write"]);
        let letter = record_response(server, &request, &sent("2026-06-10", &[withheld("1")]));
        void(server, &letter);
        assert_eq!(drafter.get(&address_of(&letter)).expect(200)["void_reason"], MISTAKE);
        record_response(server, &request, &sent("2026-06-15", &[ncnd("1")]));
        let seen = drafter.get(&address_of(&letter)).expect(200);
        assert_eq!((&seen["status"], seen.get("void_reason")), (&json!("void"), None));
        assert_eq!(seen["determinations"], json!([{"part": "1", "outcome": "withheld"}]));
        assert_eq!(server.get(&address_of(&letter)).expect(200)["void_reason"], MISTAKE);
    }

    /// The letter calls the part what it was; a tag of what it told before is another.
    fn a_void_letter_to_a_part_that_was_split_tells_no_more(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        let drafter = client(server, &["requests:read", "responses:write"]);
        let [letter, other] = ["1", "2"].map(|part| record_response(server, &request, &sent("2026-06-10", &[withheld(part)])));
        void(server, &letter);
        void(server, &other);
        server.post(&format!("{}/parts/1/split", path(&request)), &json!({"labels": ["1a", "1b"]})).expect(200);
        let before = drafter.get(&address_of(&letter));
        assert_eq!(before.expect(200)["void_reason"], MISTAKE);
        record_response(server, &request, &sent("2026-06-15", &[ncnd("1b")]));
        let after = drafter.send("GET", &address_of(&letter), &[("If-None-Match", before.header("etag"))], None);
        assert_eq!(after.expect(200)["determinations"], json!([{"part": "1", "outcome": "withheld"}]));
        assert_eq!(after.json().get("void_reason"), None);
        assert_eq!(drafter.get(&address_of(&other)).expect(200)["void_reason"], MISTAKE, "of a part that is not guarded");
    }

    fn a_filed_return_tells_of_a_void_letter_by_its_drift_alone(server) {
        let request = server.request("2026-01-12", &["1"]);
        let authority = read(server, &request)["authority_id"].as_str().unwrap().to_owned();
        let letter = record_response(server, &request, &sent("2026-02-02", &[disclosed("1")]));
        let filing = json!({"return_kind": "code-part-8", "period": "2026-Q1", "as_at": "2026-06-30", "authority_id": authority});
        let filed = server.post("/v1/filed-returns", &filing).expect(201);
        let address = format!("/v1/filed-returns/{}", id(&filed));
        assert_eq!(server.get(&format!("{address}/drift")).expect(200)["has_drifted"], false);
        void(server, &letter);
        assert_eq!(server.get(&address).expect(200), filed);
        assert_eq!(server.get(&format!("{address}/drift")).expect(200)["has_drifted"], true);
    }
}

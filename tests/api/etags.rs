//! Entity tags: what they change with, what they spare, and what they guard.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Server, contract::operations, server::id},
};

fn known(server: &Server, path: &str, tags: &str) -> Answer {
    server.send("GET", path, &[("If-None-Match", tags)], None)
}

fn tag(server: &Server, path: &str) -> String {
    let answer = server.get(path);
    answer.expect(200);
    answer.header("etag").to_owned()
}

/// A request received on 1 June 2026, due on 30 June.
fn record(server: &Server) -> String {
    format!("/v1/requests/{}", server.request("2026-06-01", &["1", "2"]))
}

fn answer_all(server: &Server, path: &str) -> Value {
    server
        .post(
            &format!("{path}/responses"),
            &json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-30",
        "determinations": [{"part": "1", "outcome": "disclosed"}, {"part": "2", "outcome": "disclosed"}]}),
        )
        .expect(201)
}

#[test]
fn every_single_resource_says_that_it_has_a_tag() {
    // Of the service itself, whatever it holds; and the log, which is another at each look.
    const WITHOUT: &[&str] =
        &["get_liveness", "get_readiness", "get_version", "get_problem_code", "export_audit_entries"];
    for operation in operations().into_iter().filter(|operation| operation.method == "GET") {
        let is_list = operation.parameters("query").iter().any(|parameter| parameter["name"] == "cursor");
        if is_list || WITHOUT.contains(&operation.id()) {
            continue;
        }
        let answers = &operation.value["responses"];
        assert!(answers["200"]["headers"]["ETag"].is_object(), "{} has no ETag", operation.id());
        assert!(answers["304"].is_object(), "{} has no 304", operation.id());
    }
}

on_both! {
    fn every_single_resource_has_a_strong_tag_and_spares_its_body(server) {
        let path = record(server);
        let event = server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2026-06-02"})).expect(201);
        let response = answer_all(server, &path);
        let authority = id(&server.get("/v1/authorities").expect(200)["items"][0]);
        for address in [
            path.clone(),
            format!("{path}/requester"),
            format!("{path}/clock"),
            format!("{path}/events/{}", id(&event)),
            format!("{path}/responses/{}", id(&response)),
            format!("/v1/authorities/{authority}"),
        ] {
            let tag = tag(server, &address);
            assert!(tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'), "{address}: {tag}");
            let others = format!("\"other\", {tag}");
            for tags in [&tag, &format!("W/{tag}"), &others, "*"] {
                let answer = known(server, &address, tags);
                assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{address}: {tags}");
                assert_eq!(answer.header("etag"), tag);
            }
            let answer = known(server, &address, "\"other\"");
            assert_eq!(answer.status, 200, "{address}");
            assert_eq!(answer.text, server.get(&address).text, "{address}");
            let head = server.send("HEAD", &address, &[], None);
            assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", tag.as_str()));
            assert_eq!(server.send("HEAD", &address, &[("If-None-Match", &tag)], None).status, 304, "{address}");
        }
    }

    fn what_is_reckoned_for_each_call_has_a_tag_too(server) {
        let path = record(server);
        let draft = server.post(&format!("{path}/responses"), &json!({"kind": "initial", "determinations": [{"part": "1", "outcome": "disclosed"}]})).expect(201);
        let quarter = json!({"return_kind": "code-part-8", "period": "2026-Q1", "as_at": "2026-06-30"});
        let filed = server.post("/v1/filed-returns", &quarter).expect(201);
        let figures = "start_on=2026-01-01&end_on=2026-06-30&basis=received";
        for address in [
            format!("{path}/compliance"),
            format!("{path}/precedents"),
            format!("{path}/responses/{}/checks", id(&draft)),
            format!("/v1/filed-returns/{}/drift", id(&filed)),
            "/v1/metrics/definitions".to_owned(),
            "/v1/metrics/definitions?format=csv".to_owned(),
            format!("/v1/metrics/timeliness?{figures}"),
            format!("/v1/metrics/timeliness?{figures}&format=csv"),
            "/v1/returns/code-part-8?period=2026-Q1".to_owned(),
            "/v1/whoami".to_owned(),
        ] {
            let first = server.get(&address);
            let tag = first.header("etag");
            assert!(tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'), "{address}: {tag}");
            for tags in [tag, &format!("W/{tag}"), "*"] {
                let answer = known(server, &address, tags);
                assert_eq!((answer.status, answer.text.as_str(), answer.header("etag")), (304, "", tag), "{address}: {tags}");
                assert_eq!(answer.header("cache-control"), "no-store", "{address}");
            }
            let other = known(server, &address, "\"other\"");
            assert_eq!((other.status, &other.text, other.header("etag")), (200, &first.text, tag), "{address}");
            let head = server.send("HEAD", &address, &[], None);
            assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", tag), "{address}");
        }
        let as_table = server.get("/v1/metrics/definitions?format=csv");
        assert_ne!(tag(server, "/v1/metrics/definitions"), as_table.header("etag"));
        // What is said changes its tag: a letter that came late is found by the compliance.
        let before = tag(server, &format!("{path}/compliance"));
        server.set_now("2026-07-02T12:00:00Z");
        let after = known(server, &format!("{path}/compliance"), &before);
        after.expect(200);
        assert_ne!(after.header("etag"), before);
        // Each look at the log is an entry of the log: another answer, with another tag.
        let verification = "/v1/audit-entries/verification?purpose=lawfulness";
        let seen = tag(server, verification);
        let again = known(server, verification, &seen);
        assert_eq!(again.expect(200)["is_intact"], true);
        assert_ne!(again.header("etag"), seen);
        assert_eq!(known(server, verification, "*").status, 304);
    }

    fn forms_of_one_request_do_not_share_a_tag(server) {
        let path = record(server);
        let tags = ["", "/requester", "/clock"].map(|below| tag(server, &format!("{path}{below}")));
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
        for (below, other) in [("", &tags[2]), ("/clock", &tags[0]), ("/requester", &tags[0])] {
            assert_eq!(known(server, &format!("{path}{below}"), other).status, 200);
        }
    }

    fn every_change_that_callers_see_makes_a_new_tag(server) {
        let path = record(server);
        let mut seen = vec![tag(server, &path)];
        let mut changed = |answer: Answer| {
            assert!((200..300).contains(&answer.status), "{}", answer.text);
            let new = tag(server, &path);
            assert!(!seen.contains(&new), "{new} again");
            let old = seen.last().unwrap().clone();
            assert_eq!(known(server, &path, &old).status, 200);
            assert_eq!(known(server, &path, &new).status, 304);
            server.patch(&path, &old, &json!({"subject": "Lost update"})).problem(412, "precondition-failed");
            seen.push(new);
            answer
        };
        changed(server.patch(&path, "*", &json!({"subject": "S"})));
        changed(server.post(&format!("{path}/parts"), &json!({"label": "3", "text": "x"})));
        changed(server.put(&format!("{path}/parts/3"), "*", &json!({"text": "y"})));
        changed(server.post(&format!("{path}/parts/3/split"), &json!({"labels": ["3a", "3b"]})));
        let question = changed(server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2026-06-02"}))).json();
        changed(server.post(&format!("{path}/clarifications/{}/void", id(&question)), &json!({"reason": "Not asked"})));
        changed(server.post(&format!("{path}/receipt-corrections"), &json!({"received_on": "2026-05-29", "reason": "Stamp"})));
        changed(server.post(&format!("{path}/responses"), &json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-30",
            "determinations": [{"part": "1", "outcome": "disclosed"}]})));
        assert_eq!(server.get(&path).json()["version"], 9);
    }

    fn work_on_a_draft_is_invisible(server) {
        let path = record(server);
        let addresses = [path.clone(), format!("{path}/clock"), format!("{path}/timeline"), "/v1/requests".to_owned(),
            "/v1/requests?updated_at_from=2026-06-30T12:00:01Z".to_owned()];
        let look = || addresses.clone().map(|address| {
            let answer = server.get(&address);
            (answer.header("etag").to_owned(), answer.text)
        });
        let before = look();
        server.set_now("2026-06-30T13:00:00Z");
        let draft = server.post(&format!("{path}/responses"), &json!({"kind": "initial"})).expect(201);
        let draft = format!("{path}/responses/{}", id(&draft));
        assert_eq!(look(), before);
        server.put(&format!("{draft}/determinations/1"), "*", &json!({"outcome": "disclosed"})).expect(200);
        assert_eq!(look(), before);
        server.get(&format!("{draft}/checks")).expect(200);
        let deleted = server.delete(&draft, "*");
        assert!((200..300).contains(&deleted.status), "{}", deleted.text);
        assert_eq!(look(), before);
    }

    fn an_open_request_has_a_tag_for_each_day_in_london(server) {
        let path = record(server);
        let first = tag(server, &path);
        let clock = tag(server, &format!("{path}/clock"));
        server.set_now("2026-06-30T22:59:59.999999Z");
        assert_eq!(tag(server, &path), first);
        assert_eq!(known(server, &path, &first).status, 304);
        server.set_now("2026-06-30T23:30:00Z");
        let second = tag(server, &path);
        assert_ne!(second, first);
        assert_ne!(tag(server, &format!("{path}/clock")), clock);
        let fresh = known(server, &path, &first);
        assert_eq!(fresh.expect(200)["overdue"], true, "the day changed what is said");
        server.set_now("2026-07-01T12:00:00Z");
        assert_eq!(tag(server, &path), second);
        server.set_now("2026-07-02T12:00:00Z");
        assert_ne!(tag(server, &path), second);
        // The version is what a change is based on: the tag of an earlier day is as good.
        assert_eq!(server.patch(&path, &first, &json!({"subject": "S"})).expect(200)["version"], 2);
    }

    fn in_winter_the_day_changes_at_midnight_utc(server) {
        let path = record(server);
        server.set_now("2026-12-01T23:30:00Z");
        let first = tag(server, &path);
        server.set_now("2026-12-02T00:00:00Z");
        assert_ne!(tag(server, &path), first);
    }

    fn a_closed_request_has_one_tag_whatever_the_day(server) {
        let path = record(server);
        let response = answer_all(server, &path);
        let closed = tag(server, &path);
        let of_response = tag(server, &format!("{path}/responses/{}", id(&response)));
        for instant in ["2026-06-30T23:30:00Z", "2026-07-01T12:00:00Z", "2030-01-01T00:00:00Z"] {
            server.set_now(instant);
            assert_eq!(tag(server, &path), closed, "{instant}");
            assert_eq!(known(server, &path, &closed).status, 304);
            assert_eq!(tag(server, &format!("{path}/responses/{}", id(&response))), of_response);
        }
    }

    fn a_request_that_lapses_by_date_changes_its_tag_once_more(server) {
        server.set_now("2026-06-08T12:00:00Z");
        let path = record(server);
        server.post(&format!("{path}/fee-notices"), &json!({"given_on": "2026-06-08", "amount": "25"})).expect(201);
        server.set_now("2026-09-07T12:00:00Z");
        assert_eq!(server.get(&path).json()["status"], "awaiting_fee");
        let awaiting = tag(server, &path);
        server.set_now("2026-09-08T12:00:00Z");
        assert_eq!(known(server, &path, &awaiting).expect(200)["status"], "lapsed");
        let lapsed = tag(server, &path);
        assert_ne!(lapsed, awaiting);
        server.set_now("2027-01-01T12:00:00Z");
        assert_eq!(tag(server, &path), lapsed);
    }

    fn changes_and_deletions_name_the_version_they_rest_on(server) {
        let path = record(server);
        let draft = server.post(&format!("{path}/responses"), &json!({"kind": "initial"})).expect(201);
        let draft = format!("{path}/responses/{}", id(&draft));
        let authority = format!("/v1/authorities/{}", id(&server.get("/v1/authorities").expect(200)["items"][0]));
        let calls = [
            ("PATCH", path.clone(), path.clone(), json!({"subject": "S"})),
            ("PUT", format!("{path}/parts/1"), path.clone(), json!({"text": "x"})),
            ("PATCH", authority.clone(), authority, json!({"name": "N"})),
            ("PUT", format!("{draft}/determinations/1"), draft.clone(), json!({"outcome": "disclosed"})),
            ("PATCH", draft.clone(), draft.clone(), json!({"decided_by": {"staff_ref": "S-1"}})),
            ("DELETE", format!("{draft}/determinations/1"), draft.clone(), Value::Null),
            ("DELETE", draft.clone(), draft, Value::Null),
        ];
        for (method, address, guarded, body) in calls {
            let body = if body.is_null() { None } else { Some(body.to_string()) };
            let call = |headers: &[(&str, &str)]| {
                let json = [("Content-Type", "application/json")];
                let headers = if body.is_some() { [&json, headers].concat() } else { headers.to_vec() };
                server.send(method, &address, &headers, body.as_ref().map(String::as_bytes))
            };
            let before = server.get(&guarded);
            call(&[]).problem(428, "precondition-required");
            for stale in ["\"0-0-json\"", "\"99-20260630-json\"", "\"\"", &format!("W/{}", before.header("etag"))] {
                call(&[("If-Match", stale)]).problem(412, "precondition-failed");
            }
            for malformed in ["nonsense", "", "\"a\" \"b\"", &format!("\"{}\"", "a".repeat(1_000))] {
                let refusal = call(&[("If-Match", malformed)]).problem(400, "invalid-parameter");
                assert_eq!(refusal["errors"][0]["header"], "If-Match", "{malformed}");
            }
            let calendars = server.send("GET", "/v1/calendars", &[("If-None-Match", "nonsense")], None);
            calendars.problem(400, "invalid-parameter");
            let refusal = server.send("GET", &guarded, &[("If-None-Match", "nonsense")], None);
            assert_eq!(refusal.problem(400, "invalid-parameter")["errors"][0]["header"], "If-None-Match");
            let after = server.get(&guarded);
            assert_eq!((after.header("etag"), &after.text), (before.header("etag"), &before.text), "{method} {address}");
            let made = call(&[("If-Match", before.header("etag"))]);
            assert!((200..300).contains(&made.status), "{method} {address}: {}", made.text);
            if method != "DELETE" {
                assert_ne!(tag(server, &guarded), before.header("etag"), "{method} {address}");
                call(&[("If-Match", before.header("etag"))]).problem(412, "precondition-failed");
            }
        }
    }

    fn a_draft_is_issued_in_the_version_that_was_approved_if_one_is_named(server) {
        let path = format!("/v1/requests/{}", server.request("2026-06-08", &["1"]));
        let outcome = json!({"part": "1", "outcome": "disclosed"});
        let body = json!({"kind": "initial", "particulars": {"internal_review": "stated", "regulator": "stated"}, "determinations": [outcome]});
        let draft = format!("{path}/responses/{}", id(&server.post(&format!("{path}/responses"), &body).expect(201)));
        let approved = tag(server, &draft);
        let changed = json!({"outcome": "not_held", "explanation": "Nobody ever held it."});
        server.put(&format!("{draft}/determinations/1"), &approved, &changed).expect(200);
        let issue = |tags: &str| {
            let headers = [("Content-Type", "application/json"), ("If-Match", tags)];
            server.send("POST", &format!("{draft}/issue"), &headers, Some(b"{\"issued_on\": \"2026-06-30\"}"))
        };
        issue(&approved).problem(412, "precondition-failed");
        issue("nonsense").problem(400, "invalid-parameter");
        issue("").problem(400, "invalid-parameter");
        assert_eq!(server.get(&draft).expect(200)["status"], "draft");
        assert_eq!(issue(&tag(server, &draft)).expect(200)["status"], "issued");
    }

    fn of_changes_based_on_one_version_one_is_made(server) {
        let path = record(server);
        let tag = tag(server, &path);
        let (client, path, tag) = (&server.client, &path, &tag);
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..20)
                .map(|at| scope.spawn(move || match at % 2 {
                    0 => client.patch(path, tag, &json!({"subject": format!("Subject {at}")})).status,
                    _ => client.put(&format!("{path}/parts/1"), tag, &json!({"text": format!("Text {at}")})).status,
                }))
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![200], vec![412; 19]].concat());
        let request = server.get(path).expect(200);
        assert_eq!(request["version"], 2);
    }
}

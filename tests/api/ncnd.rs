//! Neither confirming nor denying, as a property of the service: drafts leave no trace that anybody outside could see, no
//! document has a place for what is held, and nothing shows which of several alternatives applied.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Database, Server,
        casework::{
            disclosed, draft, finding, finding_ids, ncnd, path, sent, walk, weighing, with, without, without_ids,
        },
        server::id,
    },
};

/// A request of an authority, with the same reference everywhere.
fn request_of(server: &Server, authority: &str) -> String {
    let body = json!({"authority_id": authority, "reference": "FOI/1", "regime": "foia", "received_on": "2026-06-01",
        "subject": "Any contact with a company", "topics": ["technology-partners"], "requester": {"name": "A. Person"},
        "parts": [{"label": "1", "text": "Any agreement"}, {"label": "2", "text": "Any other information", "residual": true}]});
    id(&server.post("/v1/requests", &body).expect(201))
}

/// Everything that a caller without the right to work on drafts can read of an authority with one request: bodies and
/// tags, with ids by order of appearance. Instants stay as they are.
fn everything_outside(server: &Server, authority: &str, request: &str) -> Vec<(String, String, String)> {
    let days = "start_on=2026-01-01&end_on=2026-12-31";
    let addresses = [
        path(request),
        format!("{}/clock", path(request)),
        format!("{}/timeline", path(request)),
        format!("{}/requester", path(request)),
        format!("/v1/requests?authority_id={authority}"),
        format!("/v1/requests?authority_id={authority}&sort=-updated_at&updated_at_from=2026-06-30T12:00:00Z"),
        format!("/v1/requests?authority_id={authority}&format=csv"),
        format!("/v1/requests?authority_id={authority}&status=responded"),
        format!("/v1/deletions?authority_id={authority}"),
        format!("/v1/metrics/timeliness?authority_id={authority}&{days}&basis=received"),
        format!("/v1/metrics/timeliness?authority_id={authority}&{days}&basis=closed&format=csv"),
        format!("/v1/metrics/timeliness?authority_id={authority}&{days}&basis=due"),
        format!("/v1/metrics/outcomes?authority_id={authority}&{days}"),
        format!("/v1/metrics/provisions?authority_id={authority}&{days}"),
        format!("/v1/metrics/ncnd?authority_id={authority}&{days}"),
    ];
    addresses
        .iter()
        .map(|address| {
            let answer = server.get(address);
            assert_eq!(answer.status, 200, "{address}: {}", answer.text);
            // The tag of a figure is a hash of all that it says, the id of the authority too.
            let tag = if address.starts_with("/v1/metrics/") { "" } else { answer.header("etag") }.to_owned();
            let address = address.replace(authority, "A").replace(request, "R");
            (address, tag, with_ids_numbered(&answer.text))
        })
        .collect()
}

/// As `without_ids`, but instants stay.
fn with_ids_numbered(text: &str) -> String {
    let hidden = text.replace('Z', "z");
    without_ids(&hidden)
}

/// Works on a draft and deletes it: create, determine in several ways, check, fail to issue, delete.
fn work_on_a_draft_and_delete_it(server: &Server, request: &str, key: &str) {
    let responses = format!("{}/responses", path(request));
    let response = server.post_keyed(&responses, key, &draft(&[disclosed("1"), ncnd("2")])).expect(201);
    let address = format!("{responses}/{}", id(&response));
    server.put(&format!("{address}/determinations/1"), "*", &without(ncnd("1"), &["part"])).expect(200);
    server.put(&format!("{address}/determinations/2"), "*", &json!({"outcome": "not_held"})).expect(200);
    server.get(&format!("{address}/checks")).expect(200);
    server.delete(&format!("{address}/determinations/2"), "*").expect(200);
    server
        .patch(&address, "*", &json!({"left_open": [{"part": "2", "reason": "Later."}], "particulars": null}))
        .expect(200);
    server.put(&format!("{address}/determinations/2"), "*", &json!({"outcome": "withheld"})).expect(200);
    server.post(&format!("{address}/issue"), &json!({"issued_on": "2026-06-30"})).problem(422, "notice-checks-failed");
    server.delete(&address, "*").expect(204);
}

on_both! {
    fn a_life_with_drafts_looks_like_a_life_without(server) {
        let plain = server.authority("Plain");
        let drafting = server.authority("Draft");
        let lives = [plain, drafting].map(|authority| {
            let request = request_of(server, &authority);
            (authority, request)
        });
        let work = |at: usize, number: usize| {
            if at == 1 {
                work_on_a_draft_and_delete_it(server, &lives[1].1, &format!("key-{number}"));
            }
        };
        let same = |moment: &str| {
            let [one, other] = [0, 1].map(|at| everything_outside(server, &lives[at].0, &lives[at].1));
            for (one, other) in one.iter().zip(&other) {
                assert_eq!(one, other, "{moment}");
            }
        };
        same("at first");
        for at in 0..2 {
            work(at, 1);
        }
        same("before anything happened");
        server.set_now("2026-06-30T13:00:00Z");
        for (at, (_, request)) in lives.iter().enumerate() {
            work(at, 2);
            server.post(&format!("{}/clarifications", path(request)), &json!({"asked_on": "2026-06-05"})).expect(201);
            work(at, 3);
        }
        same("while waiting");
        // A draft that stays while others look.
        let kept =
            server.post(&format!("{}/responses", path(&lives[1].1)), &draft(&[disclosed("1"), ncnd("2")])).expect(201);
        same("with a draft lying about");
        server.set_now("2026-06-30T14:00:00Z");
        for (_, request) in &lives {
            server.patch(&path(request), "*", &json!({"channel": "post"})).expect(200);
            server.post(&format!("{}/parts", path(request)), &json!({"label": "3", "text": "One more"})).expect(201);
            server.post(&format!("{}/parts/3/split", path(request)), &json!({"labels": ["3a", "3b"]})).expect(200);
            let reworded = server.send(
                "PUT",
                &format!("{}/parts/3a", path(request)),
                &[("Content-Type", "application/json"), ("If-Match", "*")],
                Some(br#"{"text": "One more question"}"#),
            );
            reworded.expect(200);
        }
        same("after changes to the parts");
        server.delete(&format!("{}/responses/{}", path(&lives[1].1), id(&kept)), "*").expect(204);
        for (at, (_, request)) in lives.iter().enumerate() {
            work(at, 4);
            let letter = sent("2026-06-30", &[ncnd("1"), ncnd("2"), ncnd("3a"), ncnd("3b")]);
            server.post(&format!("{}/responses", path(request)), &letter).expect(201);
        }
        same("once answered");
        let letters = lives
            .clone()
            .map(|(_, request)| with_ids_numbered(&server.get(&format!("{}/responses", path(&request))).text));
        assert_eq!(letters[0], letters[1], "the letters themselves");
    }

    fn work_on_a_draft_never_moves_the_request(server) {
        let authority = server.authority("Force");
        let request = request_of(server, &authority);
        let before = server.get(&path(&request));
        let since = "2026-06-30T12:30:00Z";
        let check = |moment: &str| {
            let now = server.get(&path(&request));
            assert_eq!(
                (now.text.as_str(), now.header("etag")),
                (before.text.as_str(), before.header("etag")),
                "{moment}"
            );
            let changed = server.get(&format!("/v1/requests?updated_at_from={since}")).expect(200);
            assert_eq!(changed["items"], json!([]), "{moment}");
            let timeline = server.get(&format!("{}/timeline", path(&request))).expect(200);
            assert_eq!(timeline["items"].as_array().unwrap().len(), 1, "{moment}");
            let fresh = server.send("GET", &path(&request), &[("If-None-Match", before.header("etag"))], None);
            assert_eq!(fresh.status, 304, "{moment}");
        };
        server.set_now("2026-06-30T13:00:00Z");
        let responses = format!("{}/responses", path(&request));
        let response = server.post(&responses, &draft(&[ncnd("1")])).expect(201);
        check("created");
        server.set_now("2026-06-30T14:00:00Z");
        let address = format!("{responses}/{}", id(&response));
        server.put(&format!("{address}/determinations/2"), "*", &without(ncnd("2"), &["part"])).expect(200);
        check("determined");
        server.post(&format!("{address}/issue"), &json!({"issued_on": "2026-07-01"})).problem(422, "validation-failed");
        check("not issued");
        server.delete(&address, "*").expect(204);
        check("deleted");
    }

    fn an_outcome_shows_only_once_it_is_issued(server) {
        let request = server.request("2026-06-01", &["1"]);
        let responses = format!("{}/responses", path(&request));
        let response = server.post(&responses, &draft(&[ncnd("1")])).expect(201);
        let shown = |document: &Value| document.to_string().contains("neither_confirmed_nor_denied");
        let open = server.get(&path(&request)).expect(200);
        assert!(!shown(&open) && open["parts"][0].get("outcome").is_none() && open.get("outcome").is_none());
        let metric = "/v1/metrics/ncnd?start_on=2026-01-01&end_on=2026-12-31";
        assert_eq!(
            server.get(metric).expect(200)["rows"][0]["requests_with_ncnd"],
            json!({"numerator": 0, "denominator": 0, "ratio": null})
        );
        assert_eq!(
            server.get("/v1/metrics/provisions?start_on=2026-01-01&end_on=2026-12-31").expect(200)["rows"],
            json!([])
        );
        server.post(&format!("{responses}/{}/issue", id(&response)), &json!({"issued_on": "2026-06-30"})).expect(200);
        let answered = server.get(&path(&request)).expect(200);
        assert_eq!(
            (&answered["parts"][0]["outcome"], &answered["outcome"]),
            (&json!("neither_confirmed_nor_denied"), &json!("neither_confirmed_nor_denied"))
        );
        assert_eq!(
            server.get(metric).expect(200)["rows"][0]["requests_with_ncnd"],
            json!({"numerator": 1, "denominator": 1, "ratio": 1.0})
        );
    }

    fn no_document_has_a_place_for_what_is_held(server) {
        let reference = [
            "/v1/provisions",
            "/v1/calendars",
            "/v1/deadlines?regime=foia&received_on=2026-06-01",
            "/v1/metrics/definitions",
        ];
        let reference = reference.map(|address| server.get(address).expect(200));
        for document in every_document(server).into_iter().chain(reference) {
            walk(&document, &mut |at, name, _| {
                let words: Vec<&str> = name.split('_').collect();
                assert!(!words.contains(&"held") && !words.contains(&"holds"), "{at} in {document}");
            });
        }
        let contract = server.get("/openapi.json").expect(200);
        walk(&contract, &mut |at, name, _| assert_ne!(name, "held", "{at}"));
        let request = server.request("2026-06-01", &["1"]);
        for (address, body) in [
            (
                "/v1/requests".to_owned(),
                json!({"regime": "foia", "received_on": "2026-06-01", "subject": "x", "held": true}),
            ),
            (format!("{}/parts", path(&request)), json!({"label": "2", "text": "x", "held": false})),
            (format!("{}/responses", path(&request)), with(draft(&[]), &json!({"held": true}))),
            (format!("{}/responses", path(&request)), draft(&[with(ncnd("1"), &json!({"held": true}))])),
            (
                format!("{}/responses", path(&request)),
                draft(&[
                    json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": "31(3)", "held": true}]}),
                ]),
            ),
            (format!("{}/clarifications", path(&request)), json!({"asked_on": "2026-06-02", "held": true})),
        ] {
            server.post(&address, &body).problem(400, "unknown-member");
        }
    }

    fn no_document_shows_a_key_of_the_database(server) {
        let documents = every_document(server);
        let mut ids = 0;
        for document in &documents {
            walk(document, &mut |at, name, value| {
                // The ids of findings are words.
                if (name == "id" || name.ends_with("_id")) && !at.contains("/findings/") {
                    let id = value.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok());
                    assert_eq!(id.map(|id| id.get_version_num()), Some(4), "{at}: {value}");
                    ids += 1;
                }
                assert!(!name.ends_with("_key") && name != "key" && name != "position", "{at}");
            });
        }
        assert!(ids > 50, "the walk finds ids: {ids}");
    }

    fn what_tells_against_neither_confirming_nor_denying_is_warned_of(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        let about =
            |resource: &str, body: Value| server.post(&format!("{}/{resource}", path(&request)), &body).expect(201);
        about("fee-notices", json!({"given_on": "2026-06-02", "amount": "10", "parts": ["1"]}));
        about(
            "extensions",
            json!({"kind": "public_interest", "notified_on": "2026-06-15", "estimated_on": "2026-07-20", "grounds": ["31(1)(a)"], "reasons": "Weighing.", "parts": ["1"]}),
        );
        about("transfers", json!({"transferred_on": "2026-06-16", "transferred_to": "Another force", "parts": ["1"]}));
        let mut telling = ncnd("1");
        telling["grounds"][0]["cost_estimate"] = json!({"hours": "20", "amount": "500"});
        telling["grounds"][0]["applies_to"] = json!("The minutes of the meeting");
        let warnings = [
            "ncnd-fee-notice",
            "ncnd-cost-estimate",
            "ncnd-transfer-or-advice",
            "ncnd-extension-named-exemption",
            "ncnd-detail",
        ];
        let response =
            server.post(&format!("{}/responses", path(&request)), &draft(&[telling.clone(), ncnd("2")])).expect(201);
        let checks = server.get(&format!("{}/responses/{}/checks", path(&request), id(&response))).expect(200);
        for warning in warnings {
            let found = finding(&checks["findings"], warning);
            assert_eq!((&found["severity"], &found["facts"]["part"]), (&json!("warning"), &json!("1")), "{found}");
        }
        assert_eq!(
            checks["findings"].as_array().unwrap().len(),
            warnings.len(),
            "part 2 has none: {:?}",
            finding_ids(&checks["findings"])
        );
        assert_eq!(checks["can_be_issued"], true);
        assert_eq!(finding(&checks["findings"], "ncnd-extension-named-exemption")["facts"]["named"], "31(1)(a)");
        let letter = server
            .post(&format!("{}/responses", path(&request)), &sent("2026-06-30", &[telling, ncnd("2")]))
            .expect(201);
        for warning in warnings {
            finding(&letter["findings"], warning);
        }
    }

    fn a_complexity_extension_before_ncnd_is_warned_of(server) {
        server.authority("Force");
        let request = id(&server
            .post("/v1/requests", &json!({"regime": "eir", "received_on": "2026-06-01", "subject": "A site"}))
            .expect(201));
        server
            .post(
                &format!("{}/extensions", path(&request)),
                &json!({"kind": "complexity_and_volume", "notified_on": "2026-06-10", "reasons": "Many files."}),
            )
            .expect(201);
        let determination = json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "12(6)", "reasons": "Either would harm.",
            "relies_on": [{"provision": "12(5)(a)", "threshold": "would"}], "consistency_reasons": "Always so."}], "public_interest_tests": [weighing("12(6)")]});
        let letter =
            server.post(&format!("{}/responses", path(&request)), &sent("2026-06-29", &[determination])).expect(201);
        assert_eq!(finding(&letter["findings"], "ncnd-complexity-extension")["severity"], "warning");
    }

    fn members_of_an_alternative_group_are_never_told_apart(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        // Everything is wrong with one member, nothing with the other; and the other way round.
        let poor = json!({"provision": "24(1)", "alternative_group": "security"});
        let rich = json!({"provision": "23(1)", "alternative_group": "security", "reasons": "It concerns such matters.",
            "statement_omitted": {"under": "17(4)", "covers": ["17(1)(c)", "9(9)"]}});
        let withheld = |part: &str, grounds: Value| json!({"part": part, "outcome": "withheld", "grounds": grounds});
        let letter = sent("2026-06-30", &[withheld("1", json!([poor, rich])), withheld("2", json!([rich, poor]))]);
        let response = server.post(&format!("{}/responses", path(&request)), &letter).expect(201);
        let findings = response["findings"].as_array().unwrap();
        let of_group: Vec<&Value> =
            findings.iter().filter(|finding| finding["pointer"].as_str().unwrap().contains("/grounds")).collect();
        assert!(of_group.len() >= 4, "{:?}", finding_ids(&response["findings"]));
        for finding in of_group {
            assert!(finding["pointer"].as_str().unwrap().ends_with("/grounds"), "{finding}");
            let said = finding.to_string();
            assert_eq!(said.contains("24(1)"), said.contains("23(1)"), "{finding}");
        }
        let by_part = |part: &str| -> Vec<Value> {
            let of_part = findings.iter().filter(|finding| finding["facts"]["part"] == part);
            of_part
                .map(|finding| {
                    json!([
                        finding["id"],
                        finding["message"].as_str().unwrap().replace(&format!("part {part}"), "the part"),
                        finding["facts"]["provision"]
                    ])
                })
                .collect()
        };
        assert_eq!(by_part("1"), by_part("2"), "the order of the letter makes no difference");
        let rows = server.get("/v1/metrics/provisions?start_on=2026-01-01&end_on=2026-12-31").expect(200);
        let cited: Vec<Value> = rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| json!([row["provision"], row["times_cited"], row["requests_citing"]["numerator"]]))
            .collect();
        assert_eq!(json!(cited), json!([["23(1) or 24(1)", 2, 1]]));
    }
}

/// A document of every kind that the service answers with, around an NCND answer.
fn every_document(server: &Server) -> Vec<Value> {
    let authority = server.authority("Force");
    let request = request_of(server, &authority);
    let address = path(&request);
    let mut documents = Vec::new();
    let mut posted = |resource: &str, body: Value| {
        let document = server.post(&format!("{address}/{resource}"), &body).expect(201);
        let id = id(&document);
        documents.push(document);
        id
    };
    let question = posted("clarifications", json!({"asked_on": "2026-06-02", "text": "Which company?"}));
    posted(&format!("clarifications/{question}/answer"), json!({"answered_on": "2026-06-03"}));
    let notice = posted("fee-notices", json!({"given_on": "2026-06-04", "amount": "10"}));
    posted(&format!("fee-notices/{notice}/payment"), json!({"paid_on": "2026-06-05"}));
    posted("extensions", json!({"kind": "public_interest", "notified_on": "2026-06-08"}));
    let correction = posted("receipt-corrections", json!({"received_on": "2026-05-29", "reason": "A slip."}));
    posted(&format!("receipt-corrections/{correction}/void"), json!({"reason": "It was no slip."}));
    let unsent = posted("responses", draft(&[ncnd("1")]));
    posted("responses", sent("2026-06-30", &[ncnd("1"), disclosed("2")]));
    let days = "start_on=2026-01-01&end_on=2026-12-31";
    for address in [
        address.clone(),
        format!("{address}/clock"),
        format!("{address}/timeline"),
        format!("{address}/requester"),
        format!("{address}/responses"),
        format!("{address}/responses/{unsent}"),
        format!("{address}/responses/{unsent}/checks"),
        format!("{address}/events/{question}"),
        "/v1/requests".to_owned(),
        "/v1/deletions".to_owned(),
        "/v1/authorities".to_owned(),
        format!("/v1/authorities/{authority}"),
        format!("/v1/metrics/timeliness?{days}&basis=received"),
        format!("/v1/metrics/outcomes?{days}"),
        format!("/v1/metrics/provisions?{days}"),
        format!("/v1/metrics/ncnd?{days}"),
    ] {
        documents.push(server.get(&address).expect(200));
    }
    documents.push(
        server
            .post(&format!("{address}/responses/{unsent}/issue"), &json!({"issued_on": "2026-06-30"}))
            .problem(409, "not-possible-in-this-state"),
    );
    documents
}

#[test]
fn deleted_text_of_a_draft_is_nowhere_on_disk() {
    let mut server = Server::start(Database::Sqlite);
    let request = server.request("2026-06-01", &["1", "2"]);
    let responses = format!("{}/responses", path(&request));
    let canary = |name: &str| format!("canary-{name}-{}", "sings".repeat(40));
    let with_reasons = |part: &str, name: &str| {
        let mut determination = ncnd(part);
        determination["grounds"][0]["reasons"] = json!(canary(name));
        determination
    };
    // One draft is deleted, another is changed and stays.
    let deleted = server.post_keyed(&responses, "key-1", &draft(&[with_reasons("1", "created")])).expect(201);
    let address = format!("{responses}/{}", id(&deleted));
    server
        .put(&format!("{address}/determinations/2"), "*", &without(with_reasons("2", "determined"), &["part"]))
        .expect(200);
    server
        .put(
            &format!("{address}/determinations/2"),
            "*",
            &json!({"outcome": "not_held", "explanation": canary("replaced")}),
        )
        .expect(200);
    let kept = server.post_keyed(&responses, "key-2", &draft(&[with_reasons("1", "former")])).expect(201);
    let kept_address = format!("{responses}/{}", id(&kept));
    let changed = server
        .put(&format!("{kept_address}/determinations/1"), "*", &without(with_reasons("1", "present"), &["part"]))
        .expect(200);
    server.delete(&address, "*").expect(204);
    let replayed = server.post_keyed(&responses, "key-2", &draft(&[with_reasons("1", "former")]));
    // Whoever made the draft may not be cleared for what somebody else wrote into it since.
    let guarded = json!([{"part": "1", "outcome": "neither_confirmed_nor_denied"}]);
    assert_eq!(
        (replayed.expect(201), replayed.header("idempotency-replayed")),
        (with(changed, &json!({"determinations": guarded})), "true"),
        "the draft as it stands"
    );
    server.stop();
    let bytes = server.bytes_on_disk();
    let found = |name: &str| bytes.windows(canary(name).len()).any(|window| window == canary(name).as_bytes());
    assert!(found("present"), "the search finds what is there");
    for gone in ["created", "determined", "replaced", "former"] {
        assert!(!found(gone), "{gone} is still on disk");
    }
}

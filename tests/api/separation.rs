//! What a credential sees of casework: drafts, grounds of answers that neither confirm nor deny, who asked.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{disclosed, draft, ncnd, path, sent, with, withheld, without},
        keys::client,
        server::id,
        world,
    },
};

/// Every text of an answer that tells what the NCND answer of these tests rests on.
const TELLING: &[&str] = &["31(3)", "31(1)(a)", "prejudice", "consistency", "policing", "Openness"];

fn answered(server: &Server) -> (String, String) {
    let request = server.request("2019-11-07", &["1", "2"]);
    let letter = server
        .post(&format!("{}/responses", path(&request)), &sent("2019-12-02", &[disclosed("1"), ncnd("2")]))
        .expect(201);
    (request, id(&letter))
}

fn tells(text: &str) -> Option<&'static str> {
    TELLING.iter().copied().find(|word| text.contains(word))
}

on_both! {
    fn grounds_of_ncnd_answers_are_for_those_who_may_read_them(server) {
        world::only_authority(server);
        let (request, letter) = answered(server);
        let address = format!("{}/responses/{letter}", path(&request));
        let (cleared, other) = (client(server, &["requests:read", "ncnd:read"]), client(server, &["requests:read"]));
        let whole = cleared.get(&address).expect(200);
        assert_eq!(whole["determinations"][1]["grounds"][0]["provision"], "31(3)");
        let answer = other.get(&address);
        let masked = answer.expect(200);
        assert_eq!(masked["determinations"][0], whole["determinations"][0]);
        assert_eq!(masked["determinations"][1], json!({"part": "2", "outcome": "neither_confirmed_nor_denied"}));
        assert_ne!(answer.header("etag"), cleared.get(&address).header("etag"));
        for target in [address.clone(), format!("{address}/checks"), format!("{}/responses", path(&request)), path(&request),
            format!("{}/timeline", path(&request)), format!("{}/clock", path(&request)), "/v1/requests".to_owned()] {
            let text = other.get(&target).text;
            assert_eq!(tells(&text), None, "{target} {text}");
        }
        other.get(&format!("{address}/notice")).problem(403, "insufficient-scope");
        assert!(cleared.get(&format!("{address}/notice")).expect(200).to_string().contains("31(3)"));
        // The outcome is no secret: the letter says it.
        assert_eq!(other.get(&path(&request)).expect(200)["parts"][1]["outcome"], "neither_confirmed_nor_denied");
    }

    fn a_draft_is_refused_before_it_is_read(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        let response = id(&server.post(&format!("{}/responses", path(&request)), &draft(&[disclosed("1")])).expect(201));
        // Nobody can read it: who may not see it is not told so, for its content decides nothing.
        server.place.run("UPDATE responses SET content = 'no JSON', findings = 'no JSON'");
        let reader = client(server, &["requests:read", "ncnd:read"]);
        let address = |response: &str| format!("{}/responses/{response}", path(&request));
        let absent = address("6b1c2d34-0000-4000-8000-000000000000");
        for below in ["", "/checks", "/notice"] {
            let hidden = reader.get(&format!("{}{below}", address(&response))).problem(404, "not-found");
            let nothing = reader.get(&format!("{absent}{below}")).problem(404, "not-found");
            assert_eq!(without(hidden, &["instance", "request_id"]), without(nothing, &["instance", "request_id"]), "{below}");
        }
        server.get(&address(&response)).problem(500, "internal-error");
    }

    fn a_letter_without_ncnd_is_shown_whole(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        let letter = id(&server.post(&format!("{}/responses", path(&request)), &sent("2019-12-02", &[withheld("1")])).expect(201));
        let address = format!("{}/responses/{letter}", path(&request));
        let other = client(server, &["requests:read"]);
        assert_eq!(other.get(&address).expect(200), server.get(&address).expect(200));
        other.get(&format!("{address}/notice")).expect(200);
    }

    fn an_ncnd_ground_beside_others_hides_them_all(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        let mut mixed = withheld("1");
        mixed["grounds"].as_array_mut().unwrap().push(ncnd("1")["grounds"][0].clone());
        let letter = id(&server.post(&format!("{}/responses", path(&request)), &sent("2019-12-02", &[mixed])).expect(201));
        let other = client(server, &["requests:read"]);
        let masked = other.get(&format!("{}/responses/{letter}", path(&request))).expect(200);
        assert_eq!(masked["determinations"], json!([{"part": "1", "outcome": "withheld"}]));
        assert_eq!(tells(&masked.to_string()), None, "{masked}");
    }

    fn an_extension_that_names_an_ncnd_ground_does_not_tell_it(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        let body = json!({"kind": "public_interest", "notified_on": "2019-11-29", "estimated_on": "2019-12-20", "grounds": ["31(3)"], "reasons": "Effective policing"});
        let event = server.post(&format!("{}/extensions", path(&request)), &body).expect(201);
        let address = format!("{}/events/{}", path(&request), id(&event));
        assert_eq!(server.get(&address).expect(200)["grounds"], json!(["31(3)"]));
        let other = client(server, &["requests:read"]);
        assert_eq!(tells(&other.get(&address).text), None);
        let writer = client(server, &["requests:write"]);
        let another = server.request("2019-11-07", &["1"]);
        assert_eq!(tells(&writer.post(&format!("{}/extensions", path(&another)), &body).expect(201).to_string()), None);
    }

    fn what_a_regulator_finds_and_is_told_does_not_tell_ncnd_grounds(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1", "2"]);
        let mut bare = ncnd("2");
        bare["grounds"][0].as_object_mut().unwrap().remove("prejudice");
        let letter = sent("2020-01-28", &[disclosed("1"), bare]);
        server.post(&format!("{}/responses", path(&request)), &letter).expect(201);
        let complaints = format!("{}/complaints", path(&request));
        let complaint = id(&server.post(&complaints, &json!({"made_on": "2020-02-03"})).expect(201));
        let changes = format!("{complaints}/{complaint}/position-changes");
        let change = json!({"stated_on": "2020-03-02", "communicated_to": ["regulator"], "parts": ["2"],
            "grounds_added": [{"provision": "24(2)", "reasons": "Effective policing"}], "grounds_dropped": [{"provision": "31(3)"}],
            "reasons": "31(3) is given up for 24(2)"});
        server.post(&changes, &change).expect(201);
        let compliance = format!("{}/compliance", path(&request));
        let found = |answer: &Value| answer["findings"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let whole = found(&server.get(&compliance).expect(200));
        assert!(whole.iter().any(|finding| finding.contains("ncnd")), "{whole:?}");
        let other = client(server, &["requests:read", "complaints:read"]);
        let masked = other.get(&compliance).expect(200);
        assert_eq!(tells(&masked.to_string()), None, "{masked}");
        // That the answer was late stays.
        assert!(found(&masked).contains(&"late-response".to_owned()), "{masked}");
        let listed = other.get(&changes).expect(200);
        assert_eq!(tells(&listed.to_string()), None, "{listed}");
        assert!(!listed.to_string().contains("24(2)"), "{listed}");
        assert_eq!(server.get(&changes).expect(200)["items"][0]["grounds_added"][0]["provision"], "24(2)");
    }

    fn drafts_are_for_those_who_work_on_them(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1", "2"]);
        let list = format!("{}/responses", path(&request));
        let other = client(server, &["requests:read", "ncnd:read"]);
        let before: Vec<Value> = [path(&request), list.clone(), format!("{}/timeline", path(&request))].iter().map(|target| other.get(target).expect(200)).collect();
        let made = id(&server.post(&list, &draft(&[disclosed("1"), ncnd("2")])).expect(201));
        let after: Vec<Value> = [path(&request), list.clone(), format!("{}/timeline", path(&request))].iter().map(|target| other.get(target).expect(200)).collect();
        assert_eq!(before, after);
        for below in ["", "/checks", "/notice"] {
            other.get(&format!("{list}/{made}{below}")).problem(404, "not-found");
        }
        let drafter = client(server, &["requests:read", "responses:write", "ncnd:read"]);
        assert_eq!(drafter.get(&list).expect(200)["items"][0]["id"], made);
        for below in ["", "/checks", "/notice"] {
            drafter.get(&format!("{list}/{made}{below}")).expect(200);
        }
    }

    fn what_others_put_into_a_draft_does_not_come_back_with_a_replay(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        let list = format!("{}/responses", path(&request));
        let drafter = client(server, &["requests:read", "responses:write"]);
        let body = draft(&[disclosed("1")]);
        let made = id(&drafter.post_keyed(&list, "one", &body).expect(201));
        let mut determination = ncnd("1");
        determination.as_object_mut().unwrap().remove("part");
        let changed = server.put(&format!("{list}/{made}/determinations/1"), "*", &determination).expect(200);
        assert_eq!(changed["determinations"][0]["grounds"][0]["provision"], "31(3)");
        let again = drafter.post_keyed(&list, "one", &body);
        assert_eq!((again.header("idempotency-replayed"), tells(&again.text)), ("", None), "{}", again.text);
        let problem = again.problem(409, "not-possible-in-this-state");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("`{list}/{made}`")), "{problem}");
        assert_eq!(server.place.count("responses"), 1);
        // What the drafter puts into it itself comes back, in the form for those who work on drafts.
        let own = drafter.put(&format!("{list}/{made}/determinations/1"), "*", &without(disclosed("1"), &["part"])).expect(200);
        let again = drafter.post_keyed(&list, "one", &body);
        assert_eq!((again.header("idempotency-replayed"), again.expect(201)), ("true", own));
    }

    fn no_notice_tells_which_letter_left_an_ncnd_part_open(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1", "2", "3"]);
        let list = format!("{}/responses", path(&request));
        let open = with(sent("2019-12-02", &[disclosed("1")]), &json!({"left_open": [{"part": "2", "reason": "Being considered"}, {"part": "3", "reason": "Later"}]}));
        let before = id(&server.post(&list, &open).expect(201));
        let reader = client(server, &["requests:read"]);
        reader.get(&format!("{list}/{before}/notice")).expect(200);
        let ncnd = id(&server.post(&list, &sent("2019-12-05", &[ncnd("2")])).expect(201));
        let after = id(&server.post(&list, &sent("2019-12-06", &[disclosed("3")])).expect(201));
        let refused = |letter: &str| {
            let problem = reader.get(&format!("{list}/{letter}/notice")).problem(403, "insufficient-scope");
            without(problem, &["instance", "request_id"])
        };
        let detail = "An answer to the request, or the draft, neither confirms nor denies: its notices need `ncnd:read`.";
        assert_eq!(refused(&before)["detail"], detail);
        assert_eq!((refused(&before), refused(&after)), (refused(&ncnd), refused(&ncnd)));
        for letter in [&before, &ncnd, &after] {
            reader.get(&format!("{list}/{letter}")).expect(200);
            client(server, &["requests:read", "ncnd:read"]).get(&format!("{list}/{letter}/notice")).expect(200);
        }
    }

    fn issuing_past_a_failed_check_needs_a_scope_of_its_own(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        let list = format!("{}/responses", path(&request));
        let mut bare = withheld("1");
        bare.as_object_mut().unwrap().remove("grounds");
        let made = id(&server.post(&list, &draft(&[bare])).expect(201));
        let address = format!("{list}/{made}");
        let body = json!({"issued_on": "2019-12-02", "override": {"reason": "Sent already"}});
        let drafter = client(server, &["requests:read", "responses:write"]);
        let problem = drafter.post(&format!("{address}/issue"), &body).problem(403, "insufficient-scope");
        assert_eq!(problem["detail"], "Needs `responses:override`.");
        assert_eq!(server.get(&address).expect(200)["status"], "draft");
        drafter.post(&format!("{address}/issue"), &json!({"issued_on": "2019-12-02"})).problem(422, "notice-checks-failed");
        let chief = client(server, &["responses:write", "responses:override"]);
        assert_eq!(chief.post(&format!("{address}/issue"), &body).expect(200)["status"], "issued");
    }

    fn the_same_person_is_found_by_references_and_dates_only(server) {
        world::only_authority(server);
        let ask = |received_on: &str, reference: &str, requester: Value| {
            let body = json!({"regime": "foia", "received_on": received_on, "subject": "A subject", "reference": reference, "requester": requester});
            id(&server.post("/v1/requests", &body).expect(201))
        };
        let first = ask("2019-11-07", "A", json!({"name": "Ann Canary", "email": "Ann@Example.org"}));
        ask("2019-12-02", "B", json!({"name": "A. Canary", "email": " ann@example.ORG"}));
        let third = ask("2020-01-06", "C", json!({"name": "ann  CANARY", "address": "1 High Street"}));
        ask("2020-02-03", "D", json!({"name": "Ann Canary", "address": "1 high street", "email": "ann@example.org"}));
        ask("2020-02-04", "E", json!({"name": "Ann Canary"}));
        let related = |request: &str| format!("{}/related?relation=same_requester", path(request));
        let matcher = client(server, &["requesters:match"]);
        let answer = matcher.get(&related(&first));
        assert_eq!(answer.expect(200), json!({"items": [
            {"reference": "D", "received_on": "2020-02-03", "working_days_together": 58}, {"reference": "B", "received_on": "2019-12-02", "working_days_together": 17}]}));
        // Those that may be counted together for section 12: received within so many working days, both days included.
        let within = |days: u32| -> Vec<String> {
            let found = matcher.get(&format!("{}&within_working_days={days}", related(&first))).expect(200);
            found["items"].as_array().unwrap().iter().map(|item| item["reference"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((within(60), within(58), within(57), within(16)), (vec!["D".to_owned(), "B".to_owned()], vec!["D".to_owned(), "B".to_owned()], vec!["B".to_owned()], vec![]));
        matcher.get(&format!("{}&within_working_days=0", related(&first))).problem(400, "invalid-parameter");
        assert_eq!(matcher.get(&related(&third)).expect(200), json!({"items": [{"reference": "D", "received_on": "2020-02-03", "working_days_together": 21}]}));
        let one = matcher.get(&format!("{}&limit=1", related(&first))).expect(200);
        let next = format!("{}&limit=1&cursor={}", related(&first), one["next_cursor"].as_str().unwrap());
        assert_eq!(matcher.get(&next).expect(200), json!({"items": [{"reference": "B", "received_on": "2019-12-02", "working_days_together": 17}]}));
        matcher.get(&format!("{}/requester", path(&first))).problem(403, "insufficient-scope");
        matcher.get(&format!("{}/related", path(&first))).problem(400, "invalid-parameter");
        matcher.get(&format!("{}/related?relation=cousin", path(&first))).problem(400, "invalid-parameter");
        matcher.get(&related(&uuid::Uuid::new_v4().to_string())).problem(404, "not-found");
    }
}

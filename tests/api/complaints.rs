//! Complaints over HTTP: regulators by regime, positions that move, submissions in confidence, and what nothing may tell.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            finding, finding_ids, names_both, ncnd, path, read, record, record_response, respond, sent, with, withheld,
        },
        keys::client,
        server::id,
    },
};

/// Grounds 23(1) and 24(1) in the alternative, as one letter relies on them.
pub fn alternatives(part: &str) -> Value {
    let ground = |provision: &str| json!({"provision": provision, "alternative_group": "security", "reasons": "One or the other applies."});
    json!({"part": part, "outcome": "withheld", "grounds": [ground("23(1)"), ground("24(1)")],
        "public_interest_tests": [{"provisions": ["23(1)", "24(1)"], "factors_for": [{"text": "Openness"}],
            "factors_against": [{"text": "Security"}], "balance": "maintain"}]})
}

/// A request answered on 5 December 2019: part 1 withheld, 2 neither confirmed nor denied, 3 in the alternative.
pub fn answered(server: &Server) -> String {
    let request = server.request("2019-11-07", &["1", "2", "3"]);
    record_response(server, &request, &sent("2019-12-05", &[withheld("1"), ncnd("2"), alternatives("3")]));
    request
}

/// Records a complaint of 19 February 2020 and gives its resource below the request.
pub fn complain(server: &Server, request: &str) -> String {
    format!("complaints/{}", id(&record(server, request, "complaints", json!({"made_on": "2020-02-19"}))))
}

fn position(server: &Server, request: &str, complaint: &str, part: &str) -> Value {
    let complaint = server.get(&format!("{}/{complaint}", path(request))).expect(200);
    let positions = complaint["positions"].as_array().unwrap();
    positions.iter().find(|position| position["part"] == part).unwrap().clone()
}

on_both! {
    fn a_complaint_needs_neither_review_nor_answer(server) {
        let request = server.request("2019-11-07", &["1"]);
        let complaint = record(server, &request, "complaints", json!({"made_on": "2020-02-19", "notified_on": "2020-03-02",
            "reference": "FS50901234", "issues": [{"topic": "delay", "text": "No answer came."}]}));
        assert_eq!(complaint["regulator"], "Information Commissioner");
        assert_eq!((&complaint["status"], &complaint["parts"], &complaint["regimes"]), (&json!("open"), &json!(["1"]), &json!(["foia"])));
        assert_eq!((&complaint["positions"], &complaint["findings"]), (&json!([]), &json!([])));
        let ended = record(server, &request, &format!("complaints/{}/outcome", id(&complaint)),
            json!({"ended_on": "2020-04-01", "outcome": "informally_resolved"}));
        assert_eq!((&ended["status"], &ended["outcome"]["ended_on"], &ended["version"]), (&json!("closed"), &json!("2020-04-01"), &json!(2)));
        let address = format!("{}/complaints/{}", path(&request), id(&complaint));
        server.post(&format!("{address}/outcome"), &json!({"ended_on": "2020-04-01", "outcome": "withdrawn"})).problem(409, "not-possible-in-this-state");
        server.post(&format!("{address}/decision-notices"), &json!({"sent_on": "2020-04-02"})).problem(409, "not-possible-in-this-state");
        assert_eq!(server.get(&address).expect(200), ended);
    }

    fn the_regulator_is_that_of_the_regime_or_of_the_settings(server) {
        let authority = |name: &str, settings: Value| {
            id(&server.post("/v1/authorities", &with(json!({"name": name, "nation": "scotland"}), &settings)).expect(201))
        };
        let plain = authority("Plain", json!({}));
        let set = authority("Set", json!({"regulator_particulars": {"name": "The regulator of the settings"}}));
        for (authority, regime, named, regulator) in [
            (&plain, "foia", None, "Information Commissioner"),
            (&plain, "eir", None, "Information Commissioner"),
            (&plain, "foisa", None, "Scottish Information Commissioner"),
            (&plain, "eisr", None, "Scottish Information Commissioner"),
            (&set, "foia", None, "The regulator of the settings"),
            (&set, "foia", Some("Somebody else"), "Somebody else"),
        ] {
            let body = json!({"regime": regime, "received_on": "2019-11-07", "subject": "A subject", "authority_id": authority});
            let request = id(&server.post("/v1/requests", &body).expect(201));
            let mut complaint = json!({"made_on": "2020-02-19"});
            if let Some(named) = named {
                complaint["regulator"] = json!(named);
            }
            assert_eq!(record(server, &request, "complaints", complaint)["regulator"], regulator, "{regime}");
        }
    }

    fn in_scotland_a_review_comes_first(server) {
        server.authority("Authority of the test");
        let body = json!({"regime": "foisa", "received_on": "2019-11-07", "subject": "A subject"});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let made = |made_on: &str| record(server, &request, "complaints", json!({"made_on": made_on}));
        let early = made("2020-02-19");
        let before = finding(&early["findings"], "complaint-before-review");
        assert_eq!((&before["severity"], &before["provision"]), (&json!("warning"), &json!("section 47(1)")));
        record(server, &request, "reviews", json!({"requested_on": "2020-02-10"}));
        // The time for the review ends on 9 March.
        assert_eq!(finding_ids(&made("2020-03-09")["findings"]), ["complaint-before-review"]);
        assert_eq!(made("2020-03-10")["findings"], json!([]));
    }

    fn positions_move_as_they_are_stated(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        assert_eq!(position(server, &request, &complaint, "1"), json!({"part": "1", "outcome": "withheld", "provisions": ["31(1)(a)"]}));
        assert_eq!(position(server, &request, &complaint, "3")["provisions"], json!(["23(1) or 24(1)"]));
        let change = |body: Value| record(server, &request, &format!("{complaint}/position-changes"), body);
        let added = change(json!({"stated_on": "2020-03-01", "communicated_to": ["regulator", "requester"], "parts": ["1"],
            "grounds_added": [{"provision": "43(2)", "threshold": "would_be_likely"}]}));
        assert_eq!(added["complaint_id"], complaint.trim_start_matches("complaints/"));
        assert_eq!(position(server, &request, &complaint, "1")["provisions"], json!(["31(1)(a)", "43(2)"]));
        // Recorded later, stated before: the order of the days counts.
        change(json!({"stated_on": "2020-02-25", "communicated_to": ["regulator"], "parts": ["1"], "grounds_dropped": [{"provision": "43(2)"}]}));
        assert_eq!(position(server, &request, &complaint, "1")["provisions"], json!(["31(1)(a)", "43(2)"]));
        let turned = change(json!({"stated_on": "2020-03-02", "communicated_to": ["regulator"], "parts": ["1"], "determination": "disclosed",
            "grounds_dropped": [{"provision": "31(1)(a)"}, {"provision": "43(2)"}]}));
        assert_eq!(position(server, &request, &complaint, "1"), json!({"part": "1", "outcome": "disclosed", "provisions": []}));
        record(server, &request, &format!("{complaint}/position-changes/{}/void", id(&turned)), json!({"reason": "Never sent."}));
        assert_eq!(position(server, &request, &complaint, "1")["outcome"], "withheld");
        change(json!({"stated_on": "2020-03-02", "communicated_to": ["regulator"], "parts": ["3"], "grounds_dropped": [{"alternative_group": "security"}],
            "grounds_added": [{"provision": "31(1)(a)"}]}));
        assert_eq!(position(server, &request, &complaint, "3")["provisions"], json!(["31(1)(a)"]));
        // A letter that is issued later is the position from then on.
        record_response(server, &request, &with(sent("2020-03-05", &[ncnd("3")]), &json!({"kind": "revised", "complaint_id": complaint.trim_start_matches("complaints/")})));
        assert_eq!(position(server, &request, &complaint, "3"), json!({"part": "3", "outcome": "neither_confirmed_nor_denied", "provisions": ["31(3)"]}));
    }

    fn no_change_tells_the_members_of_a_group_apart(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let before = read(server, &request);
        let address = format!("{}/{complaint}/position-changes", path(&request));
        let change = |members: Value| server.post(&address, &with(json!({"stated_on": "2020-03-01", "communicated_to": ["regulator"], "parts": ["3"]}), &members));
        for (members, pointer, code) in [
            (json!({"grounds_dropped": [{"provision": "23(1)"}]}), "#/grounds_dropped/0/provision", "inconsistent-members"),
            (json!({"grounds_dropped": [{"provision": "section 24(1)"}]}), "#/grounds_dropped/0/provision", "inconsistent-members"),
            (json!({"grounds_added": [{"provision": "24(1)"}]}), "#/grounds_added/0/provision", "inconsistent-members"),
            (json!({"grounds_dropped": [{"alternative_group": "other"}]}), "#/grounds_dropped/0/alternative_group", "invalid-value"),
            (json!({"grounds_dropped": [{"provision": "31(1)(a)", "alternative_group": "security"}]}), "#/grounds_dropped/0", "inconsistent-members"),
            (json!({"grounds_added": [{"as_cited": "sections 31(1)(a) and 24(1)"}]}), "#/grounds_added/0/as_cited", "inconsistent-members"),
            (json!({"grounds_added": [{"provision": "sections 23(1), 24(1)"}]}), "#/grounds_added/0/provision", "inconsistent-members"),
            (json!({}), "#/determination", "inconsistent-members"),
            (json!({"communicated_to": [], "determination": "disclosed"}), "#/communicated_to", "invalid-value"),
            (json!({"parts": ["9"], "determination": "disclosed"}), "#/parts/0", "unknown-part"),
            (json!({"stated_on": "2026-07-01", "determination": "disclosed"}), "#/stated_on", "date-in-future"),
        ] {
            let answer = change(members);
            answer.problem(422, "validation-failed");
            assert!(answer.faults().contains(&(pointer.to_owned(), code.to_owned())), "{pointer}: {:?}", answer.faults());
        }
        assert_eq!(read(server, &request), before);
        assert_eq!(server.get(&address).expect(200), json!({"items": []}));
    }

    fn a_citation_that_means_nothing_is_recorded_and_told_of(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let address = format!("{}/{complaint}/position-changes", path(&request));
        let change = server.post(&address, &json!({"stated_on": "2020-03-01", "communicated_to": ["regulator"], "parts": ["1"],
            "grounds_added": [{"provision": "3(3)", "relies_on": [{"provision": "31(1)(zz)"}]}, {"provision": "section 43(2)"}],
            "grounds_dropped": [{"provision": "99"}]})).expect(201);
        assert_eq!(change["grounds_added"], json!([{"as_cited": "3(3)", "relies_on": [{"provision": "31(1)(zz)"}]},
            {"provision": "43(2)", "as_cited": "section 43(2)"}]));
        assert_eq!(change["grounds_dropped"], json!([{"provision": "99"}]));
        let told = |change: &Value| -> Vec<(String, String)> {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            change["checks"].as_array().unwrap().iter().map(|check| {
                assert_eq!((&check["id"], &check["severity"]), (&json!("unknown-provision-named"), &json!("warning")));
                (text(&check["pointer"]), text(&check["facts"]["cited"]))
            }).collect()
        };
        assert_eq!(told(&change), [("/grounds_added/0/as_cited", "3(3)"), ("/grounds_added/0/relies_on/0/provision", "31(1)(zz)"),
            ("/grounds_dropped/0/provision", "99")].map(|(at, cited)| (at.to_owned(), cited.to_owned())));
        assert_eq!(position(server, &request, &complaint, "1")["provisions"], json!(["31(1)(a)", "43(2)"]));
        let sound = server.post(&address, &json!({"stated_on": "2020-03-02", "communicated_to": ["regulator"], "parts": ["1"],
            "grounds_dropped": [{"provision": "43(2)"}]})).expect(201);
        assert_eq!(sound["checks"], json!([]));
        // What names a provision for answers that neither confirm nor deny is for those who are cleared, however it is written.
        let listed = server.post(&address, &json!({"stated_on": "2020-03-03", "communicated_to": ["regulator"], "parts": ["2"],
            "grounds_added": [{"provision": "sections 24(2), 31(3)"}]})).expect(201);
        assert_eq!(told(&listed), [("/grounds_added/0/as_cited".to_owned(), "sections 24(2), 31(3)".to_owned())]);
        let other = client(server, &["requests:read", "complaints:read"]).get(&format!("{address}/{}", id(&listed))).expect(200);
        assert_eq!((&other["grounds_added"], &other["checks"]), (&json!([]), &json!([])));
    }

    fn what_is_confidential_is_kept_elsewhere(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let address = format!("{}/{complaint}/submissions", path(&request));
        let open = server.post(&address, &json!({"submitted_on": "2020-03-01", "submitted_by": "authority", "summary": "The harm, at length."})).expect(201);
        assert_eq!((&open["summary"], &open["confidential"]), (&json!("The harm, at length."), &json!(false)));
        let sealed = json!({"submitted_on": "2020-03-01", "submitted_by": "authority", "confidential": true, "documents": [{"uri": "file://7"}]});
        assert_eq!(server.post(&address, &sealed).expect(201)["documents"], json!([{"uri": "file://7"}]));
        for (members, pointer) in [
            (json!({"summary": "A word in confidence"}), "#/summary"),
            (json!({"documents": [{"uri": "file://7", "title": "A title in confidence"}]}), "#/documents/0/title"),
            (json!({"documents": []}), "#/documents"),
            (json!({"confidential": false, "documents": []}), "#/summary"),
        ] {
            let answer = server.post(&address, &with(sealed.clone(), &members));
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [(pointer.to_owned(), "inconsistent-members".to_owned())]);
            assert!(!answer.text.contains("in confidence\""), "{}", answer.text);
        }
        assert_eq!(server.get(&address).expect(200)["items"].as_array().unwrap().len(), 2);
    }

    fn nothing_comes_before_what_it_belongs_to(server) {
        let request = answered(server);
        names_both(&server.post(&format!("{}/complaints", path(&request)), &json!({"made_on": "2019-11-06"})).problem(409, "impossible-order"),
            "request_received", "complaint_made");
        let complaint = complain(server, &request);
        let before = read(server, &request);
        for (below, body, kind) in [
            ("outcome", json!({"ended_on": "2020-02-18", "outcome": "withdrawn"}), "complaint_ended"),
            ("position-changes", json!({"stated_on": "2020-02-18", "communicated_to": ["regulator"], "determination": "disclosed"}), "position_stated"),
            ("submissions", json!({"submitted_on": "2020-02-18", "submitted_by": "authority", "summary": "So."}), "submission_made"),
            ("decision-notices", json!({"sent_on": "2020-02-18"}), "decision_notice_sent"),
        ] {
            let answer = server.post(&format!("{}/{complaint}/{below}", path(&request)), &body);
            names_both(&answer.problem(409, "impossible-order"), "complaint_made", kind);
        }
        assert_eq!(read(server, &request), before);
    }

    fn a_complaint_with_entries_is_not_voided_before_them(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let notice = id(&record(server, &request, &format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23"})));
        let void = |resource: &str| server.post(&format!("{}/{resource}/void", path(&request)), &json!({"reason": "Another case."}));
        let problem = void(&complaint).problem(409, "not-possible-in-this-state");
        assert!(problem["detail"].as_str().unwrap().contains(&notice), "{problem}");
        void(&format!("{complaint}/decision-notices/{notice}")).expect(201);
        assert_eq!(server.get(&format!("{}/{complaint}", path(&request))).expect(200)["status"], "open");
        let voided = void(&complaint).expect(201);
        assert_eq!(voided["void_reason"], "Another case.");
        server.post(&format!("{}/{complaint}/submissions", path(&request)), &json!({"submitted_on": "2020-03-01", "submitted_by": "authority", "summary": "So."}))
            .problem(409, "not-possible-in-this-state");
        assert_eq!(server.get("/v1/due-dates?within=1000").expect(200), json!({"items": []}));
    }

    fn entries_of_one_complaint_are_not_found_below_another(server) {
        let request = answered(server);
        let (one, other) = (complain(server, &request), complain(server, &request));
        let notice = id(&record(server, &request, &format!("{one}/decision-notices"), json!({"sent_on": "2020-06-23"})));
        server.get(&format!("{}/{one}/decision-notices/{notice}", path(&request))).expect(200);
        server.get(&format!("{}/{other}/decision-notices/{notice}", path(&request))).problem(404, "not-found");
        server.get(&format!("{}/{one}/appeals/{notice}", path(&request))).problem(404, "not-found");
        assert_eq!(server.get(&format!("{}/{other}/decision-notices", path(&request))).expect(200), json!({"items": []}));
        respond(server, &server.request("2019-11-07", &["1"]), "2019-12-05");
    }
}

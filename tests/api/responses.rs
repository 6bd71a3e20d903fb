//! Responses over HTTP: the life of a draft, letters already sent, and what the statute says of both.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        casework::{
            address_of, disclosed, draft, finding, finding_ids, path, read, record_response, responses, sent, with,
            withheld, without,
        },
        server::id,
    },
};

on_both! {
    fn a_draft_is_worked_on_checked_and_issued(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let created = server.post(&responses(&request), &draft(&[disclosed("1")]));
        let response = created.expect(201);
        assert_eq!(created.header("location"), address_of(&response));
        assert_eq!(
            (&response["status"], &response["kind"], &response["version"]),
            (&json!("draft"), &json!("initial"), &json!(1))
        );
        assert_eq!(response.get("issued_on"), None);
        assert_eq!(finding_ids(&response["findings"]), ["part-not-answered"]);
        let checks = server.get(&format!("{}/checks", address_of(&response))).expect(200);
        assert_eq!(
            checks,
            json!({"response_id": id(&response), "can_be_issued": false, "findings": response["findings"]})
        );

        let determination = without(withheld("2"), &["part"]);
        let put =
            server.put(&format!("{}/determinations/2", address_of(&response)), created.header("etag"), &determination);
        let determined = put.expect(200);
        assert_eq!(determined["determinations"], json!([disclosed("1"), withheld("2")]));
        assert_eq!((&determined["version"], &determined["findings"]), (&json!(2), &json!([])));
        assert_ne!(put.header("etag"), created.header("etag"));
        let read_back = server.get(&address_of(&response));
        assert_eq!((read_back.expect(200), read_back.header("etag")), (determined.clone(), put.header("etag")));

        let replaced = server.put(
            &format!("{}/determinations/2", address_of(&response)),
            put.header("etag"),
            &json!({"outcome": "not_held"}),
        );
        assert_eq!(
            replaced.expect(200)["determinations"],
            json!([disclosed("1"), {"part": "2", "outcome": "not_held"}]),
            "one answer to each part"
        );
        assert_eq!(server.get(&format!("{}/checks", address_of(&response))).expect(200)["can_be_issued"], true);

        let issued = server.post(&format!("{}/issue", address_of(&response)), &json!({"issued_on": "2026-06-30"}));
        let letter = issued.expect(200);
        assert_eq!(
            (&letter["status"], &letter["issued_on"], &letter["version"]),
            (&json!("issued"), &json!("2026-06-30"), &json!(1))
        );
        assert_eq!(server.get(&address_of(&response)).expect(200), letter);
        let answered = read(server, &request);
        assert_eq!(
            (&answered["status"], &answered["outcome"], &answered["responded_on"]),
            (&json!("responded"), &json!("granted_in_full"), &json!("2026-06-30"))
        );
        assert_eq!((&answered["working_days_taken"], &answered["on_time"]), (&json!(15), &json!(true)));
    }

    fn a_draft_is_changed_only_by_who_knows_its_version(server) {
        let request = server.request("2026-06-08", &["1"]);
        let created = server.post(&responses(&request), &draft(&[]));
        let response = created.expect(201);
        let address = format!("{}/determinations/1", address_of(&response));
        let body = json!({"outcome": "not_held"});
        server
            .send("PUT", &address, &[("Content-Type", "application/json")], Some(body.to_string().as_bytes()))
            .problem(428, "precondition-required");
        server.put(&address, created.header("etag"), &body).expect(200);
        server.put(&address, created.header("etag"), &body).problem(412, "precondition-failed");
        server.put(&address, "\"nonsense\"", &body).problem(412, "precondition-failed");
        server.put(&address, "*", &body).expect(200);
        server.send("DELETE", &address_of(&response), &[], None).problem(428, "precondition-required");
        server.delete(&address_of(&response), created.header("etag")).problem(412, "precondition-failed");
        let current = server.get(&address_of(&response));
        assert_eq!(current.expect(200)["version"], 3, "refused changes change nothing");
        let deleted = server.delete(&address_of(&response), current.header("etag"));
        assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
        server.get(&address_of(&response)).problem(404, "not-found");
        server.get(&format!("{}/checks", address_of(&response))).problem(404, "not-found");
        server.put(&address, "*", &body).problem(404, "not-found");
        server.delete(&address_of(&response), "*").problem(404, "not-found");
        server
            .post(&format!("{}/issue", address_of(&response)), &json!({"issued_on": "2026-06-30"}))
            .problem(404, "not-found");
        assert_eq!(server.get(&responses(&request)).expect(200), json!({"items": []}));
    }

    fn a_determination_may_repeat_the_label_of_its_path_and_no_other(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let response = record_response(server, &request, &draft(&[]));
        let address = format!("{}/determinations/1", address_of(&response));
        let determined = server.put(&address, "*", &disclosed("1")).expect(200);
        assert_eq!(determined["determinations"], json!([disclosed("1")]));
        let other = server.put(&address, "*", &json!({"part": "2", "outcome": "withheld", "grounds": [{"provision": "3(3)"}]}));
        other.problem(422, "validation-failed");
        assert_eq!(other.faults(), [("#/part", "inconsistent-members"), ("#/grounds/0/provision", "unknown-provision")]
            .map(|(at, code)| (at.to_owned(), code.to_owned())));
        assert_eq!(server.get(&address_of(&response)).expect(200), determined);
    }

    fn a_draft_refuses_what_means_nothing_and_keeps_all_else(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let unknown = json!({"part": "1", "outcome": "withheld", "grounds": [
            {"provision": "3(3)", "relies_on": [{"provision": "31(1)(z)"}]}, {"as_cited": "section 31(1)(zz)"}, {}]});
        let refused = server
            .post(&responses(&request), &draft(&[unknown.clone(), disclosed("9"), disclosed("2"), disclosed("2")]));
        refused.problem(422, "validation-failed");
        let mut faults = refused.faults();
        faults.sort();
        assert_eq!(
            faults,
            [
                ("/determinations/0/grounds/0/provision", "unknown-provision"),
                ("/determinations/0/grounds/0/relies_on/0/provision", "unknown-provision"),
                ("/determinations/0/grounds/1/as_cited", "unknown-provision"),
                ("/determinations/0/grounds/2", "inconsistent-members"),
                ("/determinations/1/part", "unknown-part"),
                ("/determinations/3/part", "duplicate-value"),
            ]
            .map(|(at, code)| (format!("#{at}"), code.to_owned()))
        );
        let unknown = json!({"part": "1", "outcome": "withheld", "grounds": [
            {"provision": "3(3)", "relies_on": [{"provision": "31(1)(z)"}]}, {"as_cited": "section 31(1)(zz)"}]});
        let response = record_response(server, &request, &draft(&[]));
        let put = server.put(&format!("{}/determinations/1", address_of(&response)), "*", &without(unknown, &["part"]));
        put.problem(422, "validation-failed");
        assert_eq!(put.faults().len(), 3);
        assert!(put.faults().contains(&("#/grounds/0/provision".to_owned(), "unknown-provision".to_owned())));
        server
            .put(&format!("{}/determinations/9", address_of(&response)), "*", &json!({"outcome": "not_held"}))
            .problem(404, "not-found");
        server
            .put(
                &format!("{}/determinations/1", address_of(&response)),
                "*",
                &json!({"outcome": "not_held", "held": false}),
            )
            .problem(400, "unknown-member");
        let dated = server.post(&responses(&request), &with(draft(&[]), &json!({"issued_on": "2026-06-09"})));
        dated.problem(422, "validation-failed");
        assert_eq!(dated.faults(), [("#/issued_on".to_owned(), "inconsistent-members".to_owned())]);
        // A provision that is no longer in force, one that is no ground, and a wrong use of one are kept, with findings.
        let odd = json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": "40(5)"}, {"provision": "17(1)"}, {"provision": "31(3)"}]});
        let kept = record_response(server, &request, &draft(std::slice::from_ref(&odd)));
        assert_eq!(kept["determinations"], json!([odd]));
        assert_eq!(
            finding(&kept["findings"], "provision-not-in-force")["pointer"],
            "/determinations/0/grounds/0/provision"
        );
        assert_eq!(
            finding(&kept["findings"], "provision-not-a-ground")["pointer"],
            "/determinations/0/grounds/1/provision"
        );
        assert_eq!(finding(&kept["findings"], "ncnd-ground-to-withhold")["severity"], "error");
    }

    fn a_draft_with_errors_is_issued_only_past_an_override(server) {
        let request = server.request("2026-06-08", &["1"]);
        let bare = json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "31(3)"}]});
        let response = record_response(server, &request, &without(draft(&[bare]), &["particulars"]));
        let issue = format!("{}/issue", address_of(&response));
        let refused = server.post(&issue, &json!({"issued_on": "2026-06-30"}));
        let problem = refused.problem(422, "notice-checks-failed");
        let errors = [
            "missing-internal-review",
            "missing-regulator",
            "missing-threshold",
            "missing-harm",
            "missing-public-interest-test",
        ];
        for error in errors {
            assert_eq!(finding(&problem["findings"], error)["severity"], "error");
        }
        assert!(
            finding_ids(&problem["findings"]).contains(&"ncnd-consistency-reasons"),
            "all findings, not the errors alone"
        );
        assert_eq!(server.get(&address_of(&response)).expect(200)["status"], "draft");
        assert_eq!(read(server, &request)["status"], "open");
        server.post(&issue, &json!({"issued_on": "2026-06-30", "override": {}})).problem(400, "missing-member");
        let blank = server.post(&issue, &json!({"issued_on": "2026-06-30", "override": {"reason": "  "}}));
        blank.problem(422, "validation-failed");
        let letter = server
            .post(&issue, &json!({"issued_on": "2026-06-30", "override": {"reason": "Counsel drafted it so."}}))
            .expect(200);
        assert_eq!(letter["override"], json!({"reason": "Counsel drafted it so."}));
        assert_eq!(letter["findings"], problem["findings"], "they live as long as the response");
        assert_eq!(read(server, &request)["outcome"], "neither_confirmed_nor_denied");
    }

    fn a_breach_stops_nothing(server) {
        let request = server.request("2026-04-01", &["1"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        let checks = server.get(&format!("{}/checks", address_of(&response))).expect(200);
        assert_eq!((&checks["can_be_issued"], finding_ids(&checks["findings"])), (&json!(true), vec!["late-response"]));
        let letter =
            server.post(&format!("{}/issue", address_of(&response)), &json!({"issued_on": "2026-06-29"})).expect(200);
        assert_eq!(finding(&letter["findings"], "late-response")["facts"]["issued_on"], "2026-06-29");
        assert_eq!(read(server, &request)["on_time"], false);
    }

    fn a_draft_is_issued_on_a_day_that_can_be(server) {
        let request = server.request("2026-06-08", &["1"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        let issue = format!("{}/issue", address_of(&response));
        let tomorrow = server.post(&issue, &json!({"issued_on": "2026-07-01"}));
        tomorrow.problem(422, "validation-failed");
        assert_eq!(tomorrow.faults(), [("#/issued_on".to_owned(), "date-in-future".to_owned())]);
        let too_early = server.post(&issue, &json!({"issued_on": "2026-06-07"})).problem(409, "impossible-order");
        assert!(too_early["detail"].as_str().unwrap().contains("`receipt` of 2026-06-08"), "{too_early}");
        assert_eq!(server.get(&address_of(&response)).expect(200), response, "nothing was written");
        let of_the_day = server.post(&issue, &json!({"issued_on": "2026-06-08"})).expect(200);
        assert_eq!(of_the_day["status"], "issued");
        assert_eq!(read(server, &request)["working_days_taken"], 0);
    }

    fn an_issued_response_is_frozen(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let letter = record_response(server, &request, &sent("2026-06-29", &[disclosed("1"), withheld("2")]));
        let frozen = read(server, &request);
        let determine =
            server.put(&format!("{}/determinations/1", address_of(&letter)), "*", &json!({"outcome": "not_held"}));
        determine.problem(409, "not-possible-in-this-state");
        server.delete(&address_of(&letter), "*").problem(409, "not-possible-in-this-state");
        server
            .post(&format!("{}/issue", address_of(&letter)), &json!({"issued_on": "2026-06-30"}))
            .problem(409, "not-possible-in-this-state");
        assert_eq!(server.get(&address_of(&letter)).expect(200), letter);
        assert_eq!(read(server, &request), frozen);
    }

    fn a_letter_already_sent_is_a_fact_whatever_it_says(server) {
        let request = server.request("2024-01-08", &["1", "2"]);
        let bad = json!({"kind": "initial", "record_as": "sent", "issued_on": "2024-03-01", "determinations": [
            {"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [
                {"as_cited": "section 99(9) (secrets)"}, {"provision": "3(3)"}, {"provision": "40(5)"}, {"provision": "31(1)(a)"}, {"provision": "17(1)"}]},
            {"part": "2", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "31(1)(a)"}]}]});
        let letter = record_response(server, &request, &bad);
        assert_eq!(letter["status"], "issued");
        let mut kept = bad["determinations"].clone();
        kept[0]["grounds"][1] = json!({"as_cited": "3(3)"});
        assert_eq!(letter["determinations"], kept);
        for (id, pointer) in [
            ("unknown-provision", "/determinations/0/grounds/0/as_cited"),
            ("provision-not-a-ground", "/determinations/0/grounds/4/provision"),
            ("provision-not-in-force", "/determinations/0/grounds/2/provision"),
            ("mixed-ncnd-and-withholding", "/determinations/0/grounds"),
            ("substantive-ground-for-ncnd", "/determinations/1/grounds/0/provision"),
            ("missing-regulator", "/particulars/regulator"),
            ("late-response", "/issued_on"),
        ] {
            assert_eq!(finding(&letter["findings"], id)["pointer"], pointer);
        }
        let unknown =
            letter["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] == "unknown-provision");
        let cited: Vec<&Value> = unknown.map(|finding| &finding["facts"]["cited"]).collect();
        assert_eq!(cited, ["section 99(9) (secrets)", "3(3)"], "a misprint for 31(3) is kept as a misprint");
        for finding in letter["findings"].as_array().unwrap() {
            let members: Vec<&str> = finding.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(
                ["id", "severity", "message", "next_step"].iter().all(|member| members.contains(member)),
                "{finding}"
            );
            assert!(!finding["message"].as_str().unwrap().contains(['{', '}']), "{finding}");
        }
        let undated = server.post(&responses(&request), &without(bad.clone(), &["issued_on"]));
        undated.problem(422, "validation-failed");
        assert_eq!(undated.faults(), [("#/issued_on".to_owned(), "inconsistent-members".to_owned())]);
        let tomorrow = server.post(&responses(&request), &with(bad, &json!({"issued_on": "2026-07-01"})));
        tomorrow.problem(422, "validation-failed");
        assert_eq!(tomorrow.faults(), [("#/issued_on".to_owned(), "date-in-future".to_owned())]);
    }

    fn left_open_parts_are_those_of_the_request_and_not_answered(server) {
        let request = server.request("2024-01-08", &["1", "2"]);
        let unknown = server
            .post(&responses(&request), &with(draft(&[]), &json!({"left_open": [{"part": "9", "reason": "Later."}]})));
        unknown.problem(422, "validation-failed");
        assert_eq!(unknown.faults(), [("#/left_open/0/part".to_owned(), "unknown-part".to_owned())]);
        let both = server.post(
            &responses(&request),
            &with(draft(&[disclosed("1")]), &json!({"left_open": [{"part": "1", "reason": "Later."}]})),
        );
        both.problem(422, "validation-failed");
        assert_eq!(both.faults(), [("#/left_open/0/part".to_owned(), "inconsistent-members".to_owned())]);
        let response = record_response(
            server,
            &request,
            &with(draft(&[disclosed("1")]), &json!({"left_open": [{"part": "2", "reason": "Later."}]})),
        );
        let determined = server
            .put(&format!("{}/determinations/2", address_of(&response)), "*", &json!({"outcome": "not_held"}))
            .expect(200);
        assert_eq!(determined["left_open"], json!([]), "a part that is answered is not left open");
    }

    fn a_part_split_while_a_draft_answers_it_is_not_answered_by_the_draft(server) {
        let request = server.request("2026-06-08", &["1"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        server.post(&format!("{}/parts/1/split", path(&request)), &json!({"labels": ["1a", "1b"]})).expect(200);
        let checks = server.get(&format!("{}/checks", address_of(&response))).expect(200);
        assert_eq!(checks["can_be_issued"], false);
        let issue = server.post(
            &format!("{}/issue", address_of(&response)),
            &json!({"issued_on": "2026-06-30", "override": {"reason": "In haste."}}),
        );
        assert_eq!(issue.problem(409, "not-possible-in-this-state")["detail"], checks["refusal"]);
        assert_eq!(read(server, &request)["status"], "open");
    }

    fn a_second_draft_of_an_answer_that_was_issued_cannot_be(server) {
        let request = server.request("2026-06-08", &["1"]);
        let [first, second] = [(), ()].map(|()| record_response(server, &request, &draft(&[disclosed("1")])));
        let checks = || server.get(&format!("{}/checks", address_of(&second))).expect(200);
        assert_eq!((&checks()["can_be_issued"], &checks()["refusal"]), (&json!(true), &Value::Null));
        server.post(&format!("{}/issue", address_of(&first)), &json!({"issued_on": "2026-06-30"})).expect(200);
        let refused = server.post(&format!("{}/issue", address_of(&second)), &json!({"issued_on": "2026-06-30"}));
        let problem = refused.problem(409, "not-possible-in-this-state");
        assert_eq!((&checks()["can_be_issued"], &checks()["refusal"]), (&json!(false), &problem["detail"]));
    }

    fn responses_need_their_own_request(server) {
        let request = server.request("2026-06-08", &["1"]);
        let other = server.request("2026-06-08", &["1"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        let foreign = format!("{}/{}", responses(&other), id(&response));
        let nowhere = format!("{}/{}", responses(&uuid::Uuid::new_v4().to_string()), id(&response));
        for address in [&foreign, &nowhere] {
            server.get(address).problem(404, "not-found");
            server.get(&format!("{address}/checks")).problem(404, "not-found");
            server
                .put(&format!("{address}/determinations/1"), "*", &json!({"outcome": "not_held"}))
                .problem(404, "not-found");
            server.post(&format!("{address}/issue"), &json!({"issued_on": "2026-06-30"})).problem(404, "not-found");
            server.delete(address, "*").problem(404, "not-found");
        }
        server.get(&responses(&uuid::Uuid::new_v4().to_string())).problem(404, "not-found");
        server.post(&responses(&uuid::Uuid::new_v4().to_string()), &draft(&[])).problem(404, "not-found");
        assert_eq!(server.get(&address_of(&response)).expect(200), response);
    }
}

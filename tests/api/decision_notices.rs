//! Decision notices over HTTP: findings in the words of the contract, steps with one time, compliance, and what no finding
//! may tell.

use serde_json::{Value, json};

use crate::{
    complaints::{answered, complain},
    on_both,
    support::{
        Server,
        casework::{clock_of, disclosed, due_date, finding, names_both, path, read, record_response, sent, with},
        keys::client,
        server::id,
    },
};

fn steps(days: u32, unit: &str) -> Value {
    json!({"sent_on": "2020-06-23", "steps": [{"text": "Give a fresh answer.", "parts": ["1"]}],
        "steps_period": {"days": days, "unit": unit, "runs_from_on": "2020-06-23"}})
}

fn notices(request: &str, complaint: &str) -> String {
    format!("{}/{complaint}/decision-notices", path(request))
}

fn refused(server: &Server, address: &str, body: &Value) -> Vec<(String, String)> {
    let answer = server.post(address, body);
    answer.problem(422, "validation-failed");
    answer.faults()
}

on_both! {
    fn steps_are_due_by_days_unit_and_day(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        for (days, unit, due_on) in [(35, "calendar_days", "2020-07-28"), (20, "working_days", "2020-07-22"), (1, "calendar_days", "2020-06-24")] {
            let notice = server.post(&notices(&request, &complaint), &steps(days, unit)).expect(201);
            assert_eq!(notice["steps_due_on"], due_on, "{days} {unit}");
            assert_eq!(notice["appeal_by"], json!({"kind": "appeal", "due_on": "2020-07-21", "provision": "rule 22(1)(b) of SI 2009/1976"}));
            assert_eq!((&notice["steps_suspended"], &notice["replaced_on_appeal"]), (&json!(false), &json!(false)));
        }
        let plain = server.post(&notices(&request, &complaint), &json!({"sent_on": "2020-06-23", "findings": [{"provision": "31(1)(a)", "parts": ["1"], "finding": "correctly_applied"}]})).expect(201);
        assert_eq!((plain.get("steps_due_on"), &plain["steps"]), (None, &json!([])));
        let document = server.get(&format!("{}/{complaint}", path(&request))).expect(200);
        assert_eq!((&document["status"], &document["decided_on"]), (&json!("closed"), &json!("2020-06-23")));
    }

    fn steps_due_before_the_time_for_an_appeal_ends_are_recorded_with_a_check(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let address = notices(&request, &complaint);
        let early = server.post(&address, &steps(27, "calendar_days")).expect(201);
        let check = finding(&early["checks"], "steps-due-before-appeal");
        assert_eq!((&check["severity"], &check["provision"]), (&json!("warning"), &json!("section 50(6)")));
        assert_eq!(check["facts"], json!({"sent_on": "2020-06-23", "steps_due_on": "2020-07-20", "appeal_by": "2020-07-21"}));
        assert_eq!(server.get(&format!("{address}/{}", id(&early))).expect(200), early);
        let on_the_day = server.post(&address, &steps(28, "calendar_days")).expect(201);
        assert_eq!(on_the_day["checks"], json!([]));
        // A void entry was never a notice, and one without steps gives no time.
        let voided = server.post(&format!("{address}/{}/void", id(&early)), &json!({"reason": "Another case."})).expect(201);
        assert_eq!(voided["checks"], json!([]));
        assert_eq!(server.post(&address, &json!({"sent_on": "2020-06-23"})).expect(201)["checks"], json!([]));
    }

    fn compliance_ends_what_is_due(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let notice = id(&server.post(&notices(&request, &complaint), &steps(35, "calendar_days")).expect(201));
        let address = format!("{}/{notice}", notices(&request, &complaint));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "steps").unwrap().0, "2020-07-28");
        let members = json!({"kind": "fresh", "complaint_id": complaint.trim_start_matches("complaints/"), "decision_notice_id": notice});
        let fresh = record_response(server, &request, &with(sent("2020-07-20", &[disclosed("1")]), &members));
        assert_eq!(fresh["decision_notice_id"], json!(notice));
        names_both(&server.post(&format!("{address}/compliance"), &json!({"complied_on": "2020-06-22"})).problem(409, "impossible-order"),
            "decision_notice_sent", "steps_taken");
        assert_eq!(refused(server, &format!("{address}/compliance"), &json!({"complied_on": "2026-07-01", "response_id": "nothing"})),
            [("#/complied_on", "date-in-future"), ("#/response_id", "invalid-value")].map(|(at, code)| (at.to_owned(), code.to_owned())));
        let complied = server.post(&format!("{address}/compliance"), &json!({"complied_on": "2020-07-20", "response_id": id(&fresh)})).expect(201);
        assert_eq!(complied["compliance"], json!({"complied_on": "2020-07-20", "response_id": id(&fresh)}));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "steps"), None);
        server.post(&format!("{address}/compliance"), &json!({"complied_on": "2020-07-21"})).problem(409, "not-possible-in-this-state");
        assert_eq!(server.get(&address).expect(200), complied);
    }

    fn bad_notices_are_refused_with_every_fault_and_write_nothing(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let before = read(server, &request);
        let address = notices(&request, &complaint);
        let at = |faults: Vec<(String, String)>, pointer: &str, code: &str| {
            assert!(faults.contains(&(pointer.to_owned(), code.to_owned())), "{pointer} {code} in {faults:?}");
        };
        at(refused(server, &address, &steps(0, "calendar_days")), "#/steps_period/days", "invalid-value");
        at(refused(server, &address, &steps(1001, "calendar_days")), "#/steps_period/days", "invalid-value");
        at(refused(server, &address, &with(steps(35, "calendar_days"), &json!({"steps": []}))), "#/steps_period", "inconsistent-members");
        at(refused(server, &address, &json!({"sent_on": "2020-06-23", "steps": [{"text": "Do it."}]})), "#/steps_period", "inconsistent-members");
        let before_sent = json!({"steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-22"}});
        at(refused(server, &address, &with(steps(35, "calendar_days"), &before_sent)), "#/steps_period/runs_from_on", "invalid-value");
        at(refused(server, &address, &with(steps(35, "fortnights"), &json!({}))), "#/steps_period/unit", "unknown-value");
        let many = json!({"sent_on": "2026-07-01", "findings": [
            {"provision": "31(1)(a)", "parts": ["9"], "finding": "correctly_applied"},
            {"provision": "3(3)", "parts": ["1"], "finding": "not_engaged"},
            {"parts": ["1"], "finding": "breach"},
            {"provision": "10(1)", "alternative_group": "security", "finding": "breach"}],
            "steps": [{"text": "Do it.", "parts": ["8"]}], "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2026-07-01"}});
        let faults = refused(server, &address, &many);
        for (pointer, code) in [
            ("#/sent_on", "date-in-future"), ("#/findings/0/parts/0", "unknown-part"),
            ("#/findings/2", "inconsistent-members"), ("#/findings/3", "inconsistent-members"), ("#/steps/0/parts/0", "unknown-part"),
        ] {
            at(faults.clone(), pointer, code);
        }
        let upheld = json!({"sent_on": "2020-06-23", "findings": [{"provision": "31(1)(a)", "finding": "upheld"}]});
        at(refused(server, &address, &upheld), "#/findings/0/finding", "unknown-value");
        assert_eq!(read(server, &request), before);
        assert_eq!(server.get(&address).expect(200), json!({"items": []}));
    }

    fn a_finding_on_a_provision_that_there_is_not_is_recorded_and_told_of(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let address = notices(&request, &complaint);
        let found = json!([{"provision": "3(3)", "parts": ["1"], "finding": "not_engaged"}, {"provision": "10(1)", "finding": "breach"},
            {"provision": "sections 24(2), 31(3)", "parts": ["2"], "finding": "correctly_applied"}]);
        let notice = server.post(&address, &json!({"sent_on": "2020-06-23", "findings": found})).expect(201);
        assert_eq!(notice["findings"], found);
        let told = |notice: &Value| -> Vec<(String, String)> {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let checks = notice["checks"].as_array().unwrap().iter();
            checks.map(|check| (text(&check["pointer"]), text(&check["facts"]["cited"]))).collect()
        };
        let at = |index: u8, cited: &str| (format!("/findings/{index}/provision"), cited.to_owned());
        assert_eq!(told(&notice), [at(0, "3(3)"), at(2, "sections 24(2), 31(3)")]);
        let check = finding(&notice["checks"], "unknown-provision-named");
        assert_eq!(check["severity"], "warning");
        assert!(check["facts"]["suggestions"].as_str().unwrap().contains("43(3)"), "{check}");
        let other = client(server, &["requests:read", "complaints:read"]).get(&format!("{address}/{}", id(&notice))).expect(200);
        assert_eq!((other["findings"].as_array().unwrap().len(), told(&other)), (2, vec![at(0, "3(3)")]));
        // A tribunal's notice is a fact as well.
        let appeals = format!("{}/{complaint}/appeals", path(&request));
        let appeal = server.post(&appeals, &json!({"tribunal": "first_tier", "made_on": "2020-07-01", "made_by": "authority",
            "decision": {"decided_on": "2021-01-11", "outcome": "allowed", "substituted_notice": {"findings": [{"provision": "99", "finding": "breach"}]}}})).expect(201);
        assert_eq!(finding(&appeal["findings"], "unknown-provision-named")["pointer"], "/decision/substituted_notice/findings/0/provision");
    }

    fn an_alternative_group_is_found_upon_as_one_thing(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let address = notices(&request, &complaint);
        let finding = |members: Value| json!({"sent_on": "2020-06-23", "findings": [with(json!({"parts": ["3"], "finding": "correctly_applied"}), &members)]});
        for provision in ["23(1)", "24(1)", "23", "24", "section 23(1) of the Act", "sections 24 and 31(1)(a)"] {
            for whole in [json!({"provision": provision}), json!({"provision": provision, "parts": ["1", "3"]})] {
                let faults = refused(server, &address, &finding(whole));
                assert_eq!(faults, [("#/findings/0/provision".to_owned(), "inconsistent-members".to_owned())], "{provision}");
            }
        }
        // Where no parts are named the finding is about all, the alternatives among them.
        let of_all = json!({"sent_on": "2020-06-23", "findings": [{"provision": "24(1)", "finding": "not_examined"}]});
        assert_eq!(refused(server, &address, &of_all), [("#/findings/0/provision".to_owned(), "inconsistent-members".to_owned())]);
        assert_eq!(refused(server, &address, &finding(json!({"alternative_group": "security", "parts": ["1"]}))),
            [("#/findings/0/alternative_group".to_owned(), "invalid-value".to_owned())]);
        let notice = server.post(&address, &finding(json!({"alternative_group": "security"}))).expect(201);
        assert_eq!(notice["findings"], json!([{"alternative_group": "security", "parts": ["3"], "finding": "correctly_applied"}]));
        assert!(!notice.to_string().contains("23(1)") && !notice.to_string().contains("24(1)"), "{notice}");
    }

    fn two_notices_on_either_member_cannot_be_told_apart(server) {
        // Whichever member a caller tries, refusal and what can be read afterwards are the same to the byte but for ids.
        let tried = |provision: &str| {
            let request = answered(server);
            let complaint = complain(server, &request);
            let body = json!({"sent_on": "2020-06-23", "findings": [{"provision": provision, "parts": ["3"], "finding": "not_engaged"}]});
            let problem = server.post(&notices(&request, &complaint), &body).problem(422, "validation-failed");
            let list = server.get(&notices(&request, &complaint)).text;
            (problem["errors"].to_string(), list)
        };
        assert_eq!(tried("23(1)"), tried("24(1)"));
    }

    fn no_finding_tells_whether_what_is_neither_confirmed_nor_denied_is_held(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let address = notices(&request, &complaint);
        let finding = |word: &str, part: &str| json!({"sent_on": "2020-06-23", "findings": [{"provision": "1(1)", "parts": [part], "finding": word}]});
        let errors = |word: &str| server.post(&address, &finding(word, "2")).problem(422, "validation-failed")["errors"].clone();
        assert_eq!(errors("held_on_balance"), errors("not_held_on_balance"));
        assert_eq!(errors("held_on_balance")[0]["pointer"], "#/findings/0/finding");
        assert_eq!(server.get(&address).expect(200), json!({"items": []}));
        let told = server.post(&address, &finding("held_on_balance", "1")).expect(201);
        assert_eq!(told["findings"][0]["finding"], "held_on_balance");
    }
}

//! Estimates of cost under section 12: reckoned without a case, to the penny, and what letters that rest on them meet.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{address_of, draft, finding, finding_ids, path, record_response, sent, with},
        server::id,
    },
};

/// An estimate of so many hours for locating.
fn hours(regime: &str, hours: &str) -> Value {
    json!({"regime": regime, "activities": [{"activity": "locate", "hours": hours}]})
}

#[track_caller]
fn reckoned(server: &Server, asked: &Value) -> Value {
    server.anonymous().post("/v1/cost-estimates", asked).expect(200)
}

/// Sum, limit, whether it is exceeded, and whether that carries a refusal.
fn told(answer: &Value) -> Value {
    json!([
        answer["cost_estimate"]["hours"],
        answer["cost_estimate"]["amount"],
        answer["limit"],
        answer["exceeds_limit"],
        answer["carries_refusal"]
    ])
}

fn refused(server: &Server, asked: &Value) -> Vec<(String, String)> {
    let answer = server.anonymous().post("/v1/cost-estimates", asked);
    answer.problem(422, "validation-failed");
    answer.faults()
}

fn one_fault(at: &str, code: &str) -> Vec<(String, String)> {
    vec![(format!("#{at}"), code.to_owned())]
}

/// A draft that refuses the request on cost, and its findings about the estimate.
fn refusal(provision: &str, estimate: &Value) -> Value {
    json!({"part": "1", "outcome": "refused_cost", "explanation": "The search would take too long.",
        "grounds": [{"provision": provision, "cost_estimate": estimate}]})
}

fn of_cost(findings: &Value) -> Vec<&str> {
    finding_ids(findings).into_iter().filter(|id| id.contains("cost")).collect()
}

on_both! {
    fn the_limit_itself_is_not_exceeded_and_a_hundredth_of_an_hour_more_is(server) {
        for (asked, expected) in [
            (hours("foia", "18"), json!(["18", "450", "450", false, false])),
            (hours("foia", "18.01"), json!(["18.01", "450.25", "450", true, true])),
            // 600.0043 pounds: less than a penny too much is too much.
            (with(hours("foisa", "8571.49"), &json!({"hourly_rate": "0.07"})), json!(["8571.49", "600.01", "600", true, true])),
            (with(hours("foia", "24"), &json!({"cost_limit": "600"})), json!(["24", "600", "600", false, false])),
            (with(hours("foia", "24.01"), &json!({"cost_limit": "600"})), json!(["24.01", "600.25", "600", true, true])),
            (hours("foisa", "40"), json!(["40", "600", "600", false, false])),
            (hours("foisa", "40.01"), json!(["40.01", "600.15", "600", true, true])),
            (with(hours("foisa", "48"), &json!({"hourly_rate": "12.50"})), json!(["48", "600.00", "600", false, false])),
            (with(hours("foisa", "48.01"), &json!({"hourly_rate": "12.50"})), json!(["48.01", "600.13", "600", true, true])),
        ] {
            assert_eq!(told(&reckoned(server, &asked)), expected, "{asked}");
        }
        let within = reckoned(server, &hours("foia", "18"));
        let found = finding(&within["findings"], "cost-estimate-within-limit");
        assert_eq!((&found["severity"], &found["provision"], &found["pointer"]), (&json!("error"), &json!("section 12(1)"), &json!("/cost_estimate/amount")));
        assert_eq!(found["facts"], json!({"amount": "450", "limit": "450", "provision": "12(1)"}));
        let of_limits = |answer: &Value| json!([answer["hours_within_limit"], answer["hourly_rate"], answer["hourly_rate_provision"], answer["limit_provision"]]);
        assert_eq!(of_limits(&within), json!(["18", "25", "SI 2004/3244 reg 4(4)", "SI 2004/3244 reg 3"]));
        let scottish = reckoned(server, &hours("foisa", "41"));
        assert_eq!(of_limits(&scottish), json!(["40", "15", "SSI 2004/467 reg 3(2)(b)", "SSI 2004/467 reg 5"]));
        assert_eq!(scottish["findings"], json!([]));
    }

    fn each_act_counts_its_own_work(server) {
        let work = json!([{"activity": "determine", "hours": "20"}, {"activity": "locate", "hours": "3.5", "basis": "A sample"},
            {"activity": "retrieve", "hours": "2"}, {"activity": "extract", "hours": "1.25"}, {"activity": "provide", "hours": "5"}]);
        let asked = |regime: &str, provision: &str| json!({"regime": regime, "provision": provision, "activities": work});
        let counted = |answer: &Value| json!([answer["cost_estimate"]["hours"], answer["cost_estimate"]["amount"],
            answer["not_counted"].as_array().unwrap().iter().map(|item| item["activity"].clone()).collect::<Vec<_>>(), answer["activities_provision"]]);
        assert_eq!(counted(&reckoned(server, &asked("foia", "12(1)"))), json!(["26.75", "668.75", ["provide"], "SI 2004/3244 reg 4(3)"]));
        assert_eq!(counted(&reckoned(server, &asked("foia", "12(2)"))),
            json!(["20", "500", ["locate", "retrieve", "extract", "provide"], "section 12(2), SI 2004/3244 reg 4(3)"]));
        assert_eq!(counted(&reckoned(server, &asked("foisa", "12(1)"))), json!(["11.75", "176.25", ["determine"], "SSI 2004/467 reg 3"]));
        assert_eq!(reckoned(server, &asked("foia", "12(2)"))["cost_estimate"]["activities"], json!([{"activity": "determine", "hours": "20"}]));
    }

    fn requests_of_sixty_working_days_are_counted_together(server) {
        let asked = |received_on: &str| json!({"regime": "foia", "received_on": "2021-03-01", "activities": [{"activity": "locate", "hours": "10.5"}, {"activity": "extract", "hours": "6"}],
            "aggregated_with": [{"reference": "FOI-2", "received_on": received_on, "hours": "4"}]});
        // From 1 March 2021 the 60th working day, the first included, is 27 May.
        let last = reckoned(server, &asked("2021-05-27"));
        assert_eq!(told(&last), json!(["20.5", "512.5", "450", true, true]));
        assert_eq!(last["aggregation"], json!({"first_on": "2021-03-01", "last_on": "2021-05-27", "working_days": 60, "allowed": true, "provision": "section 12(4), SI 2004/3244 reg 5"}));
        let too_late = reckoned(server, &asked("2021-05-28"));
        assert_eq!(told(&too_late), json!(["20.5", "512.5", "450", true, false]));
        assert_eq!((&too_late["aggregation"]["working_days"], &too_late["aggregation"]["allowed"]), (&json!(61), &json!(false)));
        assert_eq!(finding(&too_late["findings"], "cost-aggregation-window")["facts"],
            json!({"first_on": "2021-03-01", "last_on": "2021-05-28", "working_days": "61", "limit": "60", "provision": "12(1)"}));
    }

    fn in_scotland_requests_are_counted_together_where_the_information_is_made_public(server) {
        let asked = |provision: &str| json!({"regime": "foisa", "provision": provision, "received_on": "2021-03-08", "activities": [{"activity": "locate", "hours": "30"}],
            "aggregated_with": [{"reference": "FOI-2", "received_on": "2021-03-01", "hours": "20"}]});
        let alone = reckoned(server, &asked("12(1)"));
        assert_eq!(told(&alone), json!(["30", "450", "600", false, false]), "the other does not count");
        assert_eq!((&alone["aggregation"]["allowed"], alone["aggregation"].get("publish_by"), alone["cost_estimate"].get("aggregated_with")), (&json!(false), None, None));
        let together = reckoned(server, &asked("12(2)"));
        assert_eq!(told(&together), json!(["50", "750", "600", true, true]));
        assert_eq!(together["aggregation"], json!({"first_on": "2021-03-01", "last_on": "2021-03-08", "working_days": 6, "allowed": true,
            "provision": "section 12(2)", "publish_by": "2021-03-29"}));
        assert_eq!(finding_ids(&together["findings"]), ["cost-aggregation-publication"]);
    }

    fn what_cannot_be_reckoned_is_refused_with_every_fault(server) {
        for regime in ["eir", "eisr"] {
            assert_eq!(refused(server, &hours(regime, "20")), one_fault("/regime", "inconsistent-members"));
        }
        assert_eq!(refused(server, &with(hours("foia", "20"), &json!({"hourly_rate": "30"}))), one_fault("/hourly_rate", "inconsistent-members"));
        assert_eq!(refused(server, &with(hours("foisa", "20"), &json!({"cost_limit": "450"}))), one_fault("/cost_limit", "inconsistent-members"));
        for rate in ["0", "15.01"] {
            assert_eq!(refused(server, &with(hours("foisa", "20"), &json!({"hourly_rate": rate}))), one_fault("/hourly_rate", "invalid-value"));
        }
        assert_eq!(refused(server, &hours("foia", "999999999")), one_fault("/activities", "invalid-value"));
        let request = |reference: &str| json!({"reference": reference, "received_on": "2021-03-01", "hours": "1"});
        let many = json!({"regime": "eir", "activities": [], "aggregated_with": [request("A"), request("A")]});
        let mut faults = refused(server, &many);
        faults.sort();
        assert_eq!(faults, [("#/activities", "invalid-value"), ("#/aggregated_with/1/reference", "duplicate-value"),
            ("#/received_on", "inconsistent-members"), ("#/regime", "inconsistent-members")].map(|(at, code)| (at.to_owned(), code.to_owned())));
        let answer = server.anonymous().post("/v1/cost-estimates", &with(hours("foia", "20"), &json!({"held": true})));
        answer.problem(400, "unknown-member");
        assert_eq!(refused(server, &json!({"regime": "foia", "activities": [{"activity": "redact", "hours": "2"}]})), one_fault("/activities/0/activity", "unknown-value"));
    }

    fn an_estimate_that_carries_a_refusal_goes_into_the_letter_as_it_is(server) {
        let request = server.request("2026-06-01", &["1"]);
        let asked = json!({"regime": "foia", "activities": [{"activity": "locate", "hours": "12"}, {"activity": "extract", "hours": "8", "basis": "A sample of ten files"}]});
        let answer = reckoned(server, &asked);
        assert_eq!(told(&answer), json!(["20", "500", "450", true, true]));
        let response = record_response(server, &request, &draft(&[refusal("12(1)", &answer["cost_estimate"])]));
        assert_eq!(of_cost(&response["findings"]), Vec::<&str>::new());
        let issued = server.post(&format!("{}/issue", address_of(&response)), &json!({"issued_on": "2026-06-29"})).expect(200);
        assert_eq!(issued["determinations"][0]["grounds"][0]["cost_estimate"], answer["cost_estimate"]);
        assert_eq!(server.get(&path(&request)).expect(200)["outcome"], "refused_cost");
        let notice = server.get(&format!("{}/notice?format=text", address_of(&issued))).text;
        assert!(notice.contains("20 hours and cost £500"), "{notice}");
    }

    fn an_estimate_within_the_limit_stops_a_draft_and_is_found_of_a_letter(server) {
        let authority = id(&server.post("/v1/authorities", &json!({"name": "A department", "nation": "uk", "cost_limit": "600"})).expect(201));
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        // Above 450, not above the 600 of this authority.
        let answer = reckoned(server, &with(hours("foia", "20"), &json!({"cost_limit": "600"})));
        assert_eq!(told(&answer), json!(["20", "500", "600", false, false]));
        let response = record_response(server, &request, &draft(&[refusal("12(1)", &answer["cost_estimate"])]));
        let before = server.get(&path(&request)).expect(200);
        let problem = server.post(&format!("{}/issue", address_of(&response)), &json!({"issued_on": "2026-06-29"})).problem(422, "notice-checks-failed");
        let found = finding(&problem["findings"], "cost-estimate-within-limit");
        assert_eq!((&found["facts"]["amount"], &found["facts"]["limit"], &found["pointer"]), (&json!("500"), &json!("600"), &json!("/determinations/0/grounds/0/cost_estimate/amount")));
        assert_eq!(server.get(&path(&request)).expect(200), before, "nothing was issued");
        server.delete(&address_of(&response), "*").expect(204);
        // A letter already sent is a fact: recorded, with the same finding, and a breach among the compliance of the request.
        let letter = record_response(server, &request, &sent("2026-06-29", &[refusal("12(1)", &answer["cost_estimate"])]));
        finding(&letter["findings"], "cost-estimate-within-limit");
        let compliance = server.get(&format!("{}/compliance", path(&request))).expect(200);
        assert_eq!(finding(&compliance["findings"], "cost-estimate-within-limit")["severity"], "breach");
    }
}

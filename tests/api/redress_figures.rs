//! Reviews and complaints in figures, over HTTP.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{disclosed, path, sent},
        server::id,
    },
};

const DAYS: &str = "start_on=2024-01-01&end_on=2024-12-31&group_by=quarter";

/// A request of 8 January 2024, answered on 5 February.
fn answered(server: &Server, authority: &str) -> String {
    let body =
        json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A subject"});
    let request = path(&id(&server.post("/v1/requests", &body).expect(201)));
    server.post(&format!("{request}/responses"), &sent("2024-02-05", &[disclosed("1")])).expect(201);
    request
}

fn rows(server: &Server, authority: &str, question: &str) -> Vec<Value> {
    let report = server.get(&format!("/v1/metrics/{question}&authority_id={authority}")).expect(200);
    report["rows"].as_array().unwrap().clone()
}

on_both! {
    fn reviews_are_counted_by_the_day_of_asking_and_of_deciding(server) {
        let authority = server.authority("Force");
        let review = |asked_on: &str, decision: Option<(&str, &str)>| {
            let request = answered(server, &authority);
            let mut body = json!({"requested_on": asked_on});
            if let Some((decided_on, result)) = decision {
                body["decision"] = json!({"decided_on": decided_on, "results": [{"part": "1", "result": result}]});
            }
            format!("{request}/reviews/{}", id(&server.post(&format!("{request}/reviews"), &body).expect(201)))
        };
        // Asked for on 4 March 2024: day 20 is 4 April, without 18 March, a holiday in Northern Ireland, Good Friday and
        // Easter Monday; day 40 is 2 May.
        review("2024-03-04", Some(("2024-04-04", "position_maintained")));
        review("2024-03-04", Some(("2024-04-05", "overturned")));
        review("2024-03-04", Some(("2024-05-03", "partly_changed")));
        review("2024-03-04", None);
        let void = review("2024-03-04", Some(("2024-03-05", "overturned")));
        server.post(&format!("{void}/void"), &json!({"reason": "Another case"})).expect(201);
        let found = rows(server, &authority, &format!("reviews?{DAYS}"));
        assert_eq!(found.len(), 4);
        let (first, second) = (&found[0], &found[1]);
        assert_eq!((&first["received"], &first["overdue"], &first["decided"], &first["basis"]), (&json!(4), &json!(1), &json!(0), &json!("activity")));
        assert_eq!((&second["received"], &second["decided"]), (&json!(0), &json!(3)));
        let third = |numerator: u32| json!({"numerator": numerator, "denominator": 3, "ratio": f64::from(numerator) / 3.0});
        assert_eq!((&second["within_20_working_days"], &second["within_40_working_days"]), (&third(1), &third(2)));
        for result in ["position_maintained", "overturned", "partly_changed"] {
            assert_eq!(second[result], third(1), "{result}");
        }
        let bands: Vec<&Value> = second["bands"].as_array().unwrap().iter().map(|band| &band["reviews"]).collect();
        assert_eq!(json!(bands), json!([0, 1, 1, 1, 0, 0, 0]));
        let before = rows(server, &authority, &format!("reviews?{DAYS}&as_at=2024-04-04"));
        assert_eq!((&before[1]["decided"], &before[0]["overdue"]), (&json!(1), &json!(0)));
        let csv = server.get(&format!("/v1/metrics/reviews?{DAYS}&authority_id={authority}&format=csv")).text;
        assert!(csv.lines().nth(2).unwrap().starts_with(&format!("2024-Q2,2024-04-01,2024-06-30,activity,2026-06-30,reviews,{authority},,0,0,3,1,3,")), "{csv}");
        let part_8 = server.get(&format!("/v1/returns/code-part-8?period=2024-Q2&authority_id={authority}")).expect(200);
        let cell = |heading: &str| crate::support::cohort::cell(&part_8["document"], heading).to_owned();
        assert_eq!((cell("reviews_received"), cell("reviews_closed"), cell("reviews_closed_within_20_working_days")), ("0".into(), "3".into(), "1".into()));
    }

    fn complaints_notices_steps_and_appeals_are_counted_by_their_days(server) {
        let authority = server.authority("Force");
        let request = answered(server, &authority);
        let complaint = id(&server.post(&format!("{request}/complaints"), &json!({"made_on": "2024-03-11"})).expect(201));
        let notice = json!({"sent_on": "2024-05-13", "findings": [
                {"provision": "31(3)", "finding": "not_engaged"}, {"provision": "31(3)", "finding": "not_engaged", "reasons": "Again"},
                {"provision": "10(1)", "finding": "breach"}],
            "steps": [{"text": "Answer afresh"}], "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2024-05-13"}});
        let place = format!("{request}/complaints/{complaint}");
        server.post(&format!("{place}/decision-notices"), &notice).expect(201);
        let other = answered(server, &authority);
        let ended = json!({"made_on": "2024-03-12", "outcome": {"ended_on": "2024-04-15", "outcome": "withdrawn"}});
        server.post(&format!("{other}/complaints"), &ended).expect(201);
        // 35 days from 13 May end on 17 June.
        let counts = |row: &Value| {
            json!([row["complaints_made"], row["complaints_ended_without_notice"], row["notices_sent"], row["notices_finding_a_breach"], row["steps_open"], row["steps_overdue"], row["appeals_made"]])
        };
        let at = |as_at: &str| rows(server, &authority, &format!("regulator?{DAYS}&as_at={as_at}"));
        assert_eq!(counts(&at("2024-06-17")[0]), json!([2, 0, 0, 0, 0, 0, 0]));
        assert_eq!(counts(&at("2024-06-17")[1]), json!([0, 1, 1, 1, 1, 0, 0]));
        assert_eq!(counts(&at("2024-06-18")[1]), json!([0, 1, 1, 1, 1, 1, 0]));
        assert_eq!(counts(&at("2024-05-12")[1]), json!([0, 1, 0, 0, 0, 0, 0]));
        assert_eq!(
            at("2024-06-18")[1]["findings"],
            json!([{"regime": "foia", "provision": "10(1)", "finding": "breach", "notices": 1}, {"regime": "foia", "provision": "31(3)", "finding": "not_engaged", "notices": 1}])
        );
        let appeal = json!({"tribunal": "first_tier", "made_on": "2024-06-10", "made_by": "authority"});
        server.post(&format!("{place}/appeals"), &appeal).expect(201);
        assert_eq!(counts(&at("2024-06-18")[1]), json!([0, 1, 1, 1, 1, 0, 1]), "an appeal in time suspends the steps");
        let csv = server.get(&format!("/v1/metrics/regulator?{DAYS}&as_at=2024-06-18&authority_id={authority}&format=csv")).text;
        assert!(csv.lines().nth(2).unwrap().ends_with(",0,1,1,1,1,0,1,foia 10(1) breach: 1; foia 31(3) not_engaged: 1"), "{csv}");
    }
    fn findings_are_counted_by_regime_and_provision_however_they_were_written(server) {
        let authority = server.authority("Force");
        let decided = |parts: Value, finding: Value| {
            let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A subject", "parts": parts});
            let request = path(&id(&server.post("/v1/requests", &body).expect(201)));
            let complaint = id(&server.post(&format!("{request}/complaints"), &json!({"made_on": "2024-03-11"})).expect(201));
            let notice = json!({"sent_on": "2024-05-13", "findings": [finding]});
            server.post(&format!("{request}/complaints/{complaint}/decision-notices"), &notice).expect(201);
        };
        let of = |regime: &str| json!([{"label": "1", "text": "A question", "regime": regime}]);
        decided(of("foia"), json!({"provision": "31(1)(a)", "finding": "correctly_applied"}));
        decided(of("foia"), json!({"provision": "section 31(1)(a)", "finding": "correctly_applied"}));
        decided(of("foia"), json!({"provision": "14(2)", "finding": "not_engaged"}));
        decided(of("eir"), json!({"provision": "14(2)", "finding": "not_engaged"}));
        // About both, with a breach of the Act for the first part alone.
        let both = json!([{"label": "1", "text": "The contract"}, {"label": "2", "text": "The emissions", "regime": "eir"}]);
        decided(both.clone(), json!({"provision": "10(1)", "finding": "breach", "parts": ["1"]}));
        // Its words are those of the regulations, whose part alone they can mean.
        decided(both, json!({"provision": "12(5)(b)", "finding": "correctly_applied"}));
        let row = |regime: &str| rows(server, &authority, &format!("regulator?start_on=2024-01-01&end_on=2024-12-31{regime}")).remove(0);
        let told = |row: &Value| -> Value {
            row["findings"].as_array().unwrap().iter().map(|one| json!([one["regime"], one["provision"], one["finding"], one["notices"]])).collect()
        };
        let whole = row("");
        assert_eq!((&whole["notices_sent"], &whole["notices_finding_a_breach"]), (&json!(6), &json!(1)));
        assert_eq!(told(&whole), json!([
            ["foia", "10(1)", "breach", 1], ["foia", "14(2)", "not_engaged", 1], ["foia", "31(1)(a)", "correctly_applied", 2],
            ["eir", "12(5)(b)", "correctly_applied", 1], ["eir", "14(2)", "not_engaged", 1],
        ]));
        let eir = row("&regime=eir");
        assert_eq!((&eir["notices_sent"], &eir["notices_finding_a_breach"]), (&json!(3), &json!(0)));
        assert_eq!(told(&eir), json!([["eir", "12(5)(b)", "correctly_applied", 1], ["eir", "14(2)", "not_engaged", 1]]));
        let foia = row("&regime=foia");
        assert_eq!((&foia["notices_sent"], &foia["notices_finding_a_breach"]), (&json!(5), &json!(1)));
        let compared = server.get("/v1/metrics/comparison?metric=regulator&start_on=2024-01-01&end_on=2024-12-31&regime=eir").expect(200);
        let breaches = compared["total"].as_array().unwrap().iter().find(|one| one["name"] == "notices_finding_a_breach").unwrap();
        assert_eq!((&breaches["figure"]["numerator"], &breaches["figure"]["denominator"]), (&json!(0), &json!(3)));
    }
}

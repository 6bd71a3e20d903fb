//! What an answer that neither confirms nor denies rests on cannot be found out by asking: neither by what another letter
//! or a draft is told of the extension before it, nor by which guess is refused.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Client, Server,
        casework::{disclosed, draft, finding_ids, ncnd, path, record, responses, sent, weighing, with},
        keys::client,
        server::id,
    },
};

const ALTERNATIVES: [&str; 2] = ["23(5)", "24(2)"];

fn extension(grounds: &[&str]) -> Value {
    json!({"kind": "public_interest", "notified_on": "2019-11-29", "estimated_on": "2019-12-20", "grounds": grounds,
        "reasons": "It is still being weighed."})
}

fn withheld_under(part: &str, provision: &str) -> Value {
    json!({"part": part, "outcome": "withheld", "grounds": [{"provision": provision, "threshold": "would_be_likely",
        "reasons": "It would harm trade."}], "public_interest_tests": [weighing(provision)]})
}

/// An answer that relies on alternatives.
fn in_the_alternative(part: &str) -> Value {
    let grounds = ALTERNATIVES.map(|provision| {
        json!({"provision": provision, "alternative_group": "security", "reasons": "One of the two applies."})
    });
    json!({"part": part, "outcome": "neither_confirmed_nor_denied", "grounds": grounds,
        "public_interest_tests": [with(weighing("23(5)"), &json!({"provisions": ALTERNATIVES}))]})
}

/// A request whose part 2 neither confirms nor denies, and the address of a complaint about the whole of it.
fn complained_of(server: &Server) -> (String, String) {
    let request = server.request("2019-11-07", &["1", "2"]);
    record(server, &request, "responses", sent("2019-12-05", &[disclosed("1"), in_the_alternative("2")]));
    let complaint = id(&record(server, &request, "complaints", json!({"made_on": "2020-03-02"})));
    let address = format!("{}/complaints/{complaint}", path(&request));
    (request, address)
}

/// What is said of a notice with one finding, and of a change of position with one ground added or dropped.
fn guesses(other: &Client, complaint: &str, provision: &str) -> Vec<(u16, String)> {
    let notice = json!({"sent_on": "2020-06-23", "findings": [{"provision": provision, "finding": "correctly_applied"}],
        "steps": [{"text": "Answer.", "parts": ["9"]}],
        "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"}});
    let change = |member: &str| {
        json!({"stated_on": "2020-04-01", "communicated_to": ["regulator"], "parts": ["2"],
            member: [{"provision": provision}]})
    };
    let tried = [
        ("decision-notices", notice),
        ("position-changes", change("grounds_added")),
        ("position-changes", change("grounds_dropped")),
    ];
    let said = tried.map(|(resource, body)| {
        let answer = other.post(&format!("{complaint}/{resource}"), &body);
        let problem = answer.problem(403, "insufficient-scope");
        (answer.status, problem["detail"].to_string())
    });
    said.into()
}

on_both! {
    fn neither_another_letter_nor_a_draft_quotes_a_hidden_extension(server) {
        let request = server.request("2019-11-07", &["1", "2"]);
        record(server, &request, "extensions", extension(&["31(3)", "31(1)(a)"]));
        record(server, &request, "responses", sent("2019-12-19", &[ncnd("2")]));
        let letter = record(server, &request, "responses", sent("2019-12-20", &[withheld_under("1", "43(2)")]));
        let quoting = "outcome-on-unannounced-ground";
        assert!(finding_ids(&letter["findings"]).contains(&quoting), "{letter}");
        let other = client(server, &["requests:read", "responses:write"]);
        let silent = |text: &str| {
            for told in ["31(3)", "31(1)(a)", quoting, "ncnd-"] {
                assert!(!text.contains(told), "{told} in {text}");
            }
        };
        let address = format!("{}/{}", responses(&request), id(&letter));
        silent(&other.get(&format!("{address}/checks")).text);
        silent(&other.get(&address).text);
        silent(&other.get(&responses(&request)).text);
        silent(&other.get(&format!("{}/compliance", path(&request))).text);
        let outcome = with(draft(&[withheld_under("2", "43(2)")]), &json!({"kind": "public_interest_outcome"}));
        let on_cost = draft(&[json!({"part": "2", "outcome": "refused_cost", "grounds": [{"provision": "12(2)"}]})]);
        for body in [outcome, on_cost] {
            let answer = other.post(&responses(&request), &body);
            answer.expect(201);
            silent(&answer.text);
            silent(&other.get(&format!("{}/{}/checks", responses(&request), id(&answer.json()))).text);
        }
    }

    fn the_clock_does_not_say_which_condition_a_hidden_extension_failed(server) {
        let said = [vec!["23(5)"], vec!["31(3)"]].map(|grounds| {
            let request = server.request("2019-11-07", &["1"]);
            let without_estimate = json!({"kind": "public_interest", "notified_on": "2019-11-29", "grounds": grounds});
            record(server, &request, "extensions", without_estimate);
            record(server, &request, "responses", sent("2019-12-05", &[ncnd("1")]));
            let clock = client(server, &["requests:read"]).get(&format!("{}/clock", path(&request))).expect(200);
            let events = clock["parts"][0]["events"].as_array().unwrap().clone();
            events.into_iter().find(|event| event["kind"] == "extension").unwrap()["effect"].to_string()
        });
        assert_eq!(said[0], said[1]);
        assert!(said[0].contains("Not permitted"), "{}", said[0]);
    }

    fn guesses_at_hidden_grounds_are_all_refused_alike(server) {
        let (_, complaint) = complained_of(server);
        let other = client(server, &["complaints:read", "complaints:write"]);
        let of_members = guesses(&other, &complaint, "23(5)");
        for provision in ["24(2)", "24", "31(3)", "43(2)", "no provision at all"] {
            assert_eq!(guesses(&other, &complaint, provision), of_members, "{provision}");
        }
        // Who may read the grounds is told what is wrong.
        let cleared = client(server, &["complaints:read", "complaints:write", "ncnd:read"]);
        let notices = format!("{complaint}/decision-notices");
        let found = |finding: Value| json!({"sent_on": "2020-06-23", "findings": [finding]});
        let member = found(json!({"provision": "23(5)", "parts": ["2"], "finding": "correctly_applied"}));
        cleared.post(&notices, &member).problem(422, "validation-failed");
        // Neither duties nor parts that were answered openly are any secret.
        for finding in [
            json!({"provision": "10(1)", "parts": ["2"], "finding": "breach"}),
            json!({"provision": "43(2)", "parts": ["1"], "finding": "correctly_applied"}),
        ] {
            let recorded = other.post(&notices, &found(finding)).expect(201);
            assert_eq!(recorded["findings"].as_array().unwrap().len(), 1);
        }
        let group = found(json!({"alternative_group": "security", "parts": ["2"], "finding": "correctly_applied"}));
        other.post(&notices, &group).problem(403, "insufficient-scope");
        cleared.post(&notices, &group).expect(201);
    }

    fn a_finding_is_read_under_the_regime_of_its_part(server) {
        server.authority("Force");
        let parts = json!([{"label": "1", "text": "A"}, {"label": "2", "text": "B", "regime": "eir"}]);
        let new = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "S", "parts": parts});
        let request = id(&server.post("/v1/requests", &new).expect(201));
        let neither = json!({"part": "2", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "12(6)"}]});
        record(server, &request, "responses", sent("2019-12-05", &[disclosed("1"), neither]));
        let complaint = id(&record(server, &request, "complaints", json!({"made_on": "2020-03-02"})));
        // Regulation 13(1) is an exception; section 13(1) is about fees, and no ground.
        let findings = json!([{"provision": "13(1)", "parts": ["2"], "finding": "correctly_applied"},
            {"provision": "5(2)", "parts": ["2"], "finding": "breach"}, {"provision": "10(1)", "parts": ["1"], "finding": "breach"}]);
        let notice = json!({"sent_on": "2020-06-23", "findings": findings});
        let notice = id(&record(server, &request, &format!("complaints/{complaint}/decision-notices"), notice));
        let other = client(server, &["complaints:read"]);
        let shown = other.get(&format!("{}/complaints/{complaint}/decision-notices/{notice}", path(&request))).expect(200);
        let told: Vec<&str> = shown["findings"].as_array().unwrap().iter().map(|finding| finding["provision"].as_str().unwrap()).collect();
        assert_eq!(told, ["5(2)", "10(1)"]);
    }

    fn who_records_a_whole_history_knows_its_grounds(server) {
        server.authority("Force");
        let letter = sent("2019-12-05", &[in_the_alternative("1")]);
        let group = json!({"alternative_group": "security", "finding": "correctly_applied"});
        let history = json!({"request": {"regime": "foia", "received_on": "2019-11-07", "subject": "S", "reference": "PAST/1",
                "parts": [{"label": "1", "text": "A"}]},
            "responses": [{"response": letter}],
            "complaints": [{"complaint": {"made_on": "2020-03-02"},
                "decision_notices": [{"decision_notice": {"sent_on": "2020-06-23", "findings": [group]}}]}]});
        let writer = client(server, &["requests:write", "responses:write", "reviews:write", "complaints:write"]);
        let request = id(&writer.post("/v1/case-histories", &history).expect(201)["request"]);
        let complaints = server.get(&format!("{}/complaints", path(&request))).expect(200);
        let complaint = id(&complaints["items"][0]);
        let notices = server.get(&format!("{}/complaints/{complaint}/decision-notices", path(&request))).expect(200);
        assert_eq!(notices["items"][0]["findings"][0]["alternative_group"], "security");
    }
}

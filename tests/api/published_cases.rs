//! The five published cases, recorded over HTTP as they are written: every date and count that must follow from requests and
//! responses, every word back as it was sent, and what the statute says of each letter. `published_chains` has what came after.

use std::collections::{BTreeMap, HashMap};

use candour::demo::CASES;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{clock_of, due_date, finding, finding_ids, path, with},
        server::id,
    },
};

/// A case after its history was posted.
pub struct Recorded {
    pub file: Value,
    pub authority: String,
    pub request: String,
    /// The identifiers of the entries that have names in the history.
    identifiers: HashMap<String, String>,
}

impl Recorded {
    /// The name of the case, like `003`.
    pub fn name(&self) -> &str {
        self.file["case"].as_str().unwrap()
    }

    pub fn expected(&self, member: &str) -> &Value {
        &self.file["expected"][member]
    }

    fn request(&self, server: &Server) -> Value {
        server.get(&path(&self.request)).expect(200)
    }

    /// The identifier of an entry by its name in the history.
    pub fn id_of(&self, name: &str) -> &str {
        &self.identifiers[name]
    }

    /// The letter as it is read back.
    fn letter(&self, server: &Server) -> Value {
        server.get(&format!("{}/responses/{}", path(&self.request), self.id_of("answer"))).expect(200)
    }

    /// The letter as it was posted.
    fn posted_letter(&self) -> &Value {
        &self.file["history"]["responses"][0]["response"]
    }
}

/// Posts the histories of all cases as they are written. Cases of one authority share it.
pub fn record_all(server: &Server) -> Vec<Recorded> {
    let mut authorities: HashMap<String, String> = HashMap::new();
    let mut recorded = Vec::new();
    for text in CASES {
        let file: Value = serde_json::from_str(text).unwrap();
        let authority = authorities
            .entry(file["authority"]["name"].to_string())
            .or_insert_with(|| id(&server.post("/v1/authorities", &file["authority"]).expect(201)))
            .clone();
        let answer = server.post("/v1/case-histories", &history_of(&file, &authority)).expect(201);
        let identifiers = answer["identifiers"].as_array().unwrap().iter();
        let identifiers =
            identifiers.map(|entry| (entry["known_as"].as_str().unwrap().to_owned(), id(entry))).collect();
        recorded.push(Recorded { file, authority, request: id(&answer["request"]), identifiers });
    }
    recorded
}

/// The history of a case, as one of this authority.
pub fn history_of(file: &Value, authority: &str) -> Value {
    let request = with(file["history"]["request"].clone(), &json!({"authority_id": authority}));
    with(file["history"].clone(), &json!({"request": request}))
}

/// The expectations that stand in the request itself.
const OF_REQUEST: [&str; 7] =
    ["received_on", "due_on", "responded_on", "working_days_taken", "on_time", "status", "outcome"];
/// Those that stand elsewhere. A member that is in neither list is an expectation that nobody looks at.
const ELSEWHERE: [&str; 9] = [
    "working_days_late",
    "review_may_be_asked_until",
    "parts",
    "positions",
    "extension",
    "timeliness",
    "records",
    // See `published_chains`.
    "review",
    "complaint",
];

on_both! {
    fn every_expected_date_and_outcome_comes_out(server) {
        for case in record_all(server) {
            let request = case.request(server);
            for member in case.file["expected"].as_object().unwrap().keys() {
                assert!(OF_REQUEST.contains(&member.as_str()) || ELSEWHERE.contains(&member.as_str()), "{member}");
            }
            for member in OF_REQUEST {
                assert_eq!(request[member], *case.expected(member), "{member} of case {}", case.name());
                assert!(!request[member].is_null(), "{member} of case {}", case.name());
            }
            assert_eq!(request["closed_on"], *case.expected("responded_on"));
            assert_eq!(request["overdue"], false);
            assert_eq!(request.get("extended_to"), None, "no extension of these cases is permitted");
            for part in request["parts"].as_array().unwrap().iter().filter(|part| part["valid_request"] == true) {
                let label = part["label"].as_str().unwrap();
                let clock = clock_of(server, &case.request, label);
                let (until, provision) = due_date(&clock, "review_may_be_asked_until").unwrap();
                assert_eq!(until, *case.expected("review_may_be_asked_until"), "part {label} of case {}", case.name());
                assert_eq!(provision, "section 45 Code of Practice (guidance)");
                let late = case.expected("working_days_late").as_i64();
                let left = clock["working_days_left"].as_i64().unwrap();
                assert_eq!(late, (left < 0).then_some(-left), "part {label} of case {}", case.name());
            }
        }
    }

    fn every_part_has_the_status_and_the_outcome_of_its_case(server) {
        for case in record_all(server) {
            let request = case.request(server);
            let mut parts = serde_json::Map::new();
            let mut positions: BTreeMap<String, u64> = BTreeMap::new();
            for part in request["parts"].as_array().unwrap() {
                if part["valid_request"] == false {
                    assert!(
                        part.get("outcome").is_none() && part.get("status").is_none() && part.get("due_on").is_none()
                    );
                    continue;
                }
                *positions.entry(part["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
                let label = part["label"].as_str().unwrap().to_owned();
                parts.insert(label, json!({"status": part["status"], "outcome": part["outcome"]}));
            }
            assert_eq!(Value::Object(parts), *case.expected("parts"), "case {}", case.name());
            if case.name() == "004" {
                assert_eq!(json!(positions), case.expected("positions")["response"]);
            }
        }
    }

    // The figures of the documents, by hand: should a file of a case be changed, it must not take its expectations along.
    fn the_figures_are_those_of_the_documents(server) {
        let by_hand = json!({
            "000": ["2023-07-26", "2023-08-24", "2023-08-22", 18, true, "2023-10-18"],
            "001": ["2023-07-27", "2023-08-25", "2023-08-23", 18, true, "2023-10-19"],
            "002": ["2022-09-05", "2022-10-04", "2022-09-30", 18, true, "2022-11-25"],
            "003": ["2019-11-07", "2019-12-06", "2020-01-28", 53, false, "2020-03-25"],
            "004": ["2023-02-13", "2023-03-13", "2023-06-22", 87, false, "2023-08-21"],
        });
        let cases = record_all(server);
        assert_eq!(cases.len(), 5);
        for case in cases {
            let request = case.request(server);
            let clock = clock_of(server, &case.request, "1");
            let (until, _) = due_date(&clock, "review_may_be_asked_until").unwrap();
            let found = json!([
                request["received_on"],
                request["due_on"],
                request["responded_on"],
                request["working_days_taken"],
                request["on_time"],
                until
            ]);
            assert_eq!(found, by_hand[case.name()], "case {}", case.name());
        }
    }

    fn the_extension_of_case_003_came_on_day_30_and_is_not_permitted(server) {
        let cases = record_all(server);
        let case = cases.iter().find(|case| case.name() == "003").unwrap();
        let expected = case.expected("extension");
        assert_eq!(
            *expected,
            json!({"notified_on": "2019-12-20", "notified_on_working_day": 30, "estimated_on": "2020-01-07",
            "fortieth_working_day": "2020-01-09", "permitted": false})
        );
        let clock = clock_of(server, &case.request, "4");
        assert_eq!(due_date(&clock, "guidance_fortieth_day").unwrap().0, "2020-01-09");
        assert_eq!(clock.get("extended_to"), None);
        assert_eq!(due_date(&clock, "extended_estimate"), None);
        let effects: Vec<&str> =
            clock["events"].as_array().unwrap().iter().map(|event| event["effect"].as_str().unwrap()).collect();
        assert_eq!(
            effects,
            [
                "Not permitted: notified after the limit of 2019-12-06.",
                "Answered on working day 53 of the clock, late: the limit was 2019-12-06.",
            ]
        );
        let skipped: Vec<&str> =
            clock["skipped"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap()).collect();
        assert_eq!(skipped, ["2019-12-02", "2019-12-25", "2019-12-26", "2020-01-01", "2020-01-02"]);
        let event = clock["events"][0]["id"].as_str().unwrap();
        let extension = &server.get(&format!("{}/events/{event}", path(&case.request))).expect(200);
        assert_eq!(extension["estimated_on"], "2020-01-07");
        assert_eq!(extension["effective_on"], "2019-12-20");
        let late = finding(&extension["findings"], "extension-notified-late");
        assert_eq!(late["severity"], "breach");
        assert_eq!(
            late["facts"],
            json!({"due_on": "2019-12-06", "notified_on": "2019-12-20", "working_days_late": "10"})
        );
        // Seen from the day of the notice: working day 30, and overdue although an extension had been announced.
        server.set_now("2019-12-20T12:00:00Z");
        let then = clock_of(server, &case.request, "1");
        assert_eq!((&then["working_days_used"], &then["working_days_left"]), (&json!(30), &json!(-10)));
    }

    fn timeliness_of_the_force_for_the_quarter_is_none_of_one(server) {
        let cases = record_all(server);
        let case = cases.iter().find(|case| case.name() == "003").unwrap();
        let expected = case.expected("timeliness");
        assert_eq!(
            *expected,
            json!({"basis": "received", "period": "2019-Q4", "as_at": "2020-06-30", "numerator": 0, "denominator": 1})
        );
        let report = server.get(&format!("/v1/metrics/timeliness?authority_id={}&start_on=2019-10-01&end_on=2019-12-31&basis=received&group_by=quarter&as_at=2020-06-30", case.authority)).expect(200);
        let rows = report["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["period"], "2019-Q4");
        for figure in ["in_deadline", "in_time"] {
            assert_eq!(rows[0][figure], json!({"numerator": 0, "denominator": 1, "ratio": 0.0}));
        }
        assert_eq!(rows[0]["late"], json!({"numerator": 1, "denominator": 1, "ratio": 1.0}));
        assert_eq!((&rows[0]["not_yet_due"], &rows[0]["on_hold_or_lapsed"]), (&json!(0), &json!(0)));
    }

    fn everything_recorded_is_read_back_without_loss(server) {
        for case in record_all(server) {
            let request = case.request(server);
            let posted = case.file["history"]["request"].as_object().unwrap();
            for (member, value) in
                posted.iter().filter(|(name, _)| !["requester", "original_text", "parts"].contains(&name.as_str()))
            {
                assert_eq!(request[member], *value, "{member} of case {}", case.name());
            }
            let parts = posted["parts"].as_array().unwrap();
            assert_eq!(request["parts"].as_array().unwrap().len(), parts.len());
            for (found, part) in request["parts"].as_array().unwrap().iter().zip(parts) {
                contains(found, part);
            }
            let requester = server.get(&format!("{}/requester", path(&case.request))).expect(200);
            assert_eq!(requester.get("requester"), posted.get("requester"));
            assert_eq!(requester.get("original_text"), posted.get("original_text"));
            let everything_else = format!("{request}{}", server.get("/v1/requests").text);
            assert!(!everything_else.contains("Liberty Investigates"), "who asked stands nowhere else");
            let letter = case.letter(server);
            for (member, value) in case.posted_letter().as_object().unwrap().iter().filter(|(name, _)| *name != "record_as")
            {
                assert_eq!(letter[member], *value, "{member} of the letter of case {}", case.name());
            }
            assert_eq!(letter["status"], "issued");
        }
    }

    fn the_findings_of_each_letter_are_as_reviewed(server) {
        for case in record_all(server) {
            let findings = case.letter(server)["findings"].clone();
            let checks = server
                .get(&format!("{}/responses/{}/checks", path(&case.request), id(&case.letter(server))))
                .expect(200);
            assert_eq!(checks["findings"], findings, "the checks of a letter that was sent are its findings");
            insta::assert_snapshot!(format!("findings_of_case_{}", case.name()), compact(&findings));
            for finding in findings.as_array().unwrap() {
                says_nothing_of_holding(finding);
            }
        }
    }

    fn lateness_and_citations_are_found_with_their_facts(server) {
        let cases = record_all(server);
        let findings =
            |name: &str| cases.iter().find(|case| case.name() == name).unwrap().letter(server)["findings"].clone();
        for (name, due_on, issued_on, late) in
            [("003", "2019-12-06", "2020-01-28", "33"), ("004", "2023-03-13", "2023-06-22", "67")]
        {
            let found = findings(name);
            let late_response = finding(&found, "late-response");
            assert_eq!(
                (&late_response["severity"], &late_response["provision"]),
                (&json!("breach"), &json!("section 10(1)"))
            );
            assert_eq!(late_response["facts"]["due_on"], due_on);
            assert_eq!(late_response["facts"]["issued_on"], issued_on);
            assert_eq!(late_response["facts"]["working_days_late"], late);
        }
        for name in ["000", "001", "002"] {
            assert!(!finding_ids(&findings(name)).contains(&"late-response"), "case {name} is in time");
        }
        let replaced = findings("004");
        let not_in_force = finding(&replaced, "provision-not-in-force");
        assert_eq!(not_in_force["facts"]["on"], "2023-06-22");
        assert!(not_in_force["next_step"].as_str().unwrap().contains("40(5B)"), "{not_in_force}");
    }
}

/// Every member of `part` stands in `found` as it was sent.
#[track_caller]
fn contains(found: &Value, part: &Value) {
    for (member, value) in part.as_object().unwrap() {
        assert_eq!(found[member], *value, "{member}");
    }
}

/// One line for each kind of finding: id, weight, provision, and where it was made.
fn compact(findings: &Value) -> String {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for finding in findings.as_array().unwrap() {
        let word = |member: &str| finding[member].as_str().unwrap_or("guidance").to_owned();
        let kind = format!("{} ({}, {})", word("id"), word("severity"), word("provision"));
        let pointer = finding["pointer"].as_str().unwrap();
        match lines.iter_mut().find(|(earlier, _)| *earlier == kind) {
            Some((_, pointers)) => pointers.push(pointer),
            None => lines.push((kind, vec![pointer])),
        }
    }
    let told = lines.iter().map(|(kind, pointers)| format!("{kind}\n    {}", pointers.join("\n    ")));
    told.collect::<Vec<_>>().join("\n")
}

/// No finding may presume that there is, or is not, something behind an answer.
#[track_caller]
fn says_nothing_of_holding(finding: &Value) {
    let said = format!("{} {} {}", finding["message"], finding["next_step"], finding["facts"]).to_lowercase();
    for word in ["is held", "are held", "was held", "not held", "holds the", "does hold", "hold the information"] {
        assert!(!said.contains(word), "{word:?} in {said}");
    }
}

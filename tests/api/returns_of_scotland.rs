//! Falkirk Council's figures for 2019, built as casework over HTTP and got back: rows that overlap by design.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::cohort::{Story, cells, later_in_scotland, read_return, record_all},
};

const PUBLISHED: &str = include_str!("published/falkirk-2019.json");

const RECEIVED: &str = "2019-03-04";
const AS_AT: &str = "2019-12-31";

/// Columns of exemptions that Falkirk used, by how their headings begin, each with a provision that falls under it.
const EXEMPTIONS: &[(&str, &str)] = &[
    ("Otherwise accessible", "25(1)"),
    ("Publication Scheme", "25(3)"),
    ("Disclosure prohibited: enactment", "26(a)"),
    ("Future publication: 12 weeks", "27(1)"),
    ("Substantial prejudice to commercial interests", "33(1)(b)"),
    ("Substantial prejudice to the financial interests", "33(2)(b)"),
    ("Substantial prejudice to prevention or detection", "35(1)(a)"),
    ("Confidentiality of communications", "36(1)"),
    ("Actionable breach of confidence", "36(2)"),
    ("Personal data of the applicant", "38(1)(a)"),
    ("Third party personal data", "38(1)(b)"),
    ("Endangerment to health or safety", "39(1)"),
    ("Environmental information", "39(2)"),
];

fn published() -> Vec<(String, Option<u64>)> {
    let all: Value = serde_json::from_str(PUBLISHED).unwrap();
    let columns = all["columns"].as_array().unwrap().iter();
    columns.map(|column| (column[0].as_str().unwrap().to_owned(), column[1].as_u64())).collect()
}

fn count(heading: &str) -> usize {
    let rows = published();
    let (_, value) =
        rows.iter().find(|(other, _)| other.starts_with(heading)).unwrap_or_else(|| panic!("no {heading}"));
    usize::try_from(value.unwrap_or_default()).unwrap()
}

/// A letter that is still to be sent: outcome and grounds.
type Letter = (&'static str, Vec<&'static str>);

fn letters(of: &[(&'static str, usize)]) -> Vec<Letter> {
    of.iter().flat_map(|(outcome, count)| vec![(*outcome, Vec::new()); *count]).collect()
}

/// Requests that these letters answer, so many on the last day and so many a day later. Where there are more letters than
/// requests, the first of these are answered by two letters on two days.
fn answered(regime: &str, mut letters: Vec<Letter>, on_time: usize, late: usize, extended: usize) -> Vec<Story> {
    let due = later_in_scotland(RECEIVED, 20);
    let day_before = later_in_scotland(RECEIVED, 19);
    let day_after = later_in_scotland(RECEIVED, 21);
    let mut second: Vec<Letter> = letters.split_off(on_time + late);
    let mut stories = Vec::new();
    for (at, (outcome, grounds)) in letters.into_iter().enumerate() {
        let last = if at < late { &day_after } else { &due };
        let story = Story::new(regime, RECEIVED);
        stories.push(match second.pop() {
            Some((other, others)) => {
                let story = story.parts(&["1", "2"]).letter(&day_before, "1", outcome, &grounds);
                story.letter(last, "2", other, &others)
            }
            None if at >= late && at < late + extended => story
                .extended("complexity_and_volume", &day_before, &later_in_scotland(RECEIVED, 40), &[])
                .answered(last, outcome, &grounds),
            None => story.answered(last, outcome, &grounds),
        });
    }
    stories
}

/// The row has 33 reviews decided and 30 results: three more here are taken to have let the answer stand.
const UPHELD: usize = 13 + 3;

fn review(asked_on: &str, decided: Option<(u32, &str)>) -> Value {
    let mut review = json!({"requested_on": asked_on});
    if let Some((days, result)) = decided {
        let decided_on = later_in_scotland(asked_on, days);
        review["decision"] = json!({"decided_on": decided_on, "results": [{"part": "1", "result": result}]});
    }
    review
}

fn under_foisa() -> Vec<Story> {
    let mut refused =
        letters(&[("withheld", count("FOISA - none released")), ("partly_disclosed", count("FOISA - some released"))]);
    let mut at = 0;
    for (heading, provision) in EXEMPTIONS {
        for _ in 0..count(heading) {
            refused[at].1.push(provision);
            at += 1;
        }
    }
    let rest = letters(&[
        ("disclosed", count("FOISA - full release")),
        ("not_held", count("FOISA - none held")),
        ("neither_confirmed_nor_denied", count("FOISA - no confirm/deny")),
        ("refused_cost", count("FOISA refused - cost")),
        ("refused_repeated", count("FOISA - repeated")),
    ]);
    let mut stories =
        answered("foisa", [refused, rest].concat(), count("FOISA response on time"), count("FOISA response late"), 0);
    let asked = "2019-05-01";
    let outcomes = [
        vec!["position_maintained"; UPHELD],
        vec!["overturned"; count("FOISA review - substituted decision")],
        vec!["decision_where_none"; count("FOISA review - decision reached")],
    ];
    let late = count("FOISA review - late response");
    for (at, (story, result)) in stories.iter_mut().zip(outcomes.concat()).enumerate() {
        let days = if at < late { 21 } else { 20 };
        story.steps.push(("reviews", review(asked, Some((days, result)))));
    }
    for (at, story) in stories.iter_mut().rev().enumerate().take(5) {
        // Three without an answer, and two too late in the year to be due.
        let day = if at < count("FOISA review - failure to respond") { asked } else { "2019-12-16" };
        story.steps.push(("reviews", review(day, None)));
    }
    let lapsed = Story::new("foisa", RECEIVED).asked("2019-03-11").step("lapse", json!({"lapsed_on": "2019-06-03"}));
    stories.extend(vec![lapsed; count("FOISA closed - unclear")]);
    stories.extend(vec![Story::new("foisa", RECEIVED).withdrawn("2019-03-11"); count("FOISA closed - withdrawn")]);
    stories.extend(vec![Story::new("foisa", RECEIVED); count("FOISA - faliure to respond")]);
    // What the row leaves over was received late in the year and is not yet due.
    let left_over = count("FOISA requests") - stories.len();
    stories.extend(vec![Story::new("foisa", "2019-12-16"); left_over]);
    stories
}

fn under_regulations() -> Vec<Story> {
    let mut letters = letters(&[
        ("withheld", count("EIRs - none released")),
        ("partly_disclosed", count("EIRs - some released")),
        ("disclosed", count("EIRs - full release")),
        ("not_held", count("EIRs - none held")),
    ]);
    letters[0].1.push("10(4)(d)");
    letters[1].1.push("10(5)(b)");
    let (on_time, late) = (count("EIRs response on time"), count("EIRs response late"));
    // Fewer outcomes were recorded than answers: the others advised.
    letters.resize(on_time + late, ("advice_given", Vec::new()));
    let mut stories = answered("eisr", letters, on_time, late, count("EIR timescale extended"));
    let reviews = [
        (21, "overturned"),
        (21, "partly_changed"),
        (20, "position_maintained"),
        (20, "position_maintained"),
        (20, "position_maintained"),
    ];
    for (story, decided) in stories.iter_mut().zip(reviews) {
        story.steps.push(("reviews", review("2019-06-03", Some(decided))));
    }
    stories
}

on_both! {
    fn falkirk_council_in_2019(server) {
        let body = json!({"name": "Falkirk Council", "nation": "scotland", "kind": "council"});
        let authority = crate::support::server::id(&server.post("/v1/authorities", &body).expect(201));
        record_all(server, &authority, &[under_foisa(), under_regulations()].concat());
        let document = read_return(server, &authority, "scottish-commissioner", "2019", AS_AT);
        let columns = document["columns"].as_array().unwrap();
        let first: Vec<&Value> = columns.iter().take(4).map(|column| &column["published"]).collect();
        assert_eq!(json!(first), json!(["Falkirk Council", "scotland", "council", authority]));
        assert_eq!(columns.len(), published().len() + 4);
        for (column, (heading, value)) in columns.iter().skip(4).zip(published()) {
            assert_eq!(column["heading"], heading);
            let is_not_recorded = ["Subject Access Requests", "EIRs refused - cost"].contains(&heading.as_str());
            let expected = value.filter(|_| !is_not_recorded).map(|value| match heading.as_str() {
                "FOISA review - wholly/partially upheld" => UPHELD.to_string(),
                _ => value.to_string(),
            });
            assert_eq!(column["published"], expected.unwrap_or_default(), "{heading}");
        }
        // 17 received are in none of the rows, and 1,575 answers stand beside 1,422 requests answered.
        let residuals: Vec<Value> = document["identities"].as_array().unwrap().iter().map(|one| one["residual"].clone()).collect();
        assert_eq!(json!(residuals), json!([17, 0, 1422 - 1575, 0, 0]));
        assert_eq!((&document["not_yet_due"], &document["can_be_filed"]), (&json!(17), &json!(false)));
        let later = read_return(server, &authority, "scottish-commissioner", "2019", "2020-02-28");
        assert_eq!((&later["not_yet_due"], &later["can_be_filed"]), (&json!(0), &json!(true)));
        let quarter = read_return(server, &authority, "scottish-commissioner", "2019-Q2", AS_AT);
        let late: &Value = &quarter["columns"][9];
        assert_eq!((&late["heading"], &late["published"]), (&json!("FOISA response on time"), &json!("1189")));
    }

    /// Received on 1 November 2024, in Scotland: day 20 is 29 November, and day 40, without St Andrew's Day and the holidays
    /// of the turn of the year, 3 January 2025, 63 days later.
    fn a_limit_of_forty_working_days_runs_out_unanswered(server) {
        let authority = server.authority("Council");
        let extended = Story::new("eisr", "2024-11-01").extended("complexity_and_volume", "2024-11-01", "2025-01-03", &[]);
        record_all(server, &authority, &[extended]);
        let unanswered = |period: &str, as_at: &str| {
            let document = read_return(server, &authority, "scottish-commissioner", period, as_at);
            cells(&document, ["EIR requests", "EIR timescale extended", "EIRs - failure to respond"])
        };
        assert_eq!(unanswered("2024-Q4", "2025-03-31"), [1, 1, 0]);
        assert_eq!(unanswered("2025-Q1", "2025-01-03"), [0, 0, 0]);
        assert_eq!(unanswered("2025-Q1", "2025-01-04"), [0, 0, 1]);
        assert_eq!(unanswered("2025-Q1", "2025-03-31"), [0, 0, 1]);
        assert_eq!(unanswered("2024-25-Q4", "2025-03-31"), [0, 0, 1]);
    }

    fn grounds_in_the_alternative_are_in_no_column_and_left_over(server) {
        let authority = server.authority("Council");
        let letter = |first, second| Story::new("foisa", RECEIVED).withheld_in_the_alternative("2019-03-20", [first, second]);
        // Both of the second stand in one column.
        record_all(server, &authority, &[letter("30(b)(i)", "30(b)(ii)"), letter("31(4)(a)", "31(4)(b)"), letter("33(1)(b)", "30(c)")]);
        let document = read_return(server, &authority, "scottish-commissioner", "2019-Q1", AS_AT);
        let headings = [
            "Substantial inhibition to free and frank provision of advice",
            "Substantial inhibition to free and frank exchange of views",
            "Substantial prejudice to effective conduct of public affairs",
            "Substantial prejudice to commercial interests",
            "FOISA - none released",
        ];
        assert_eq!(cells(&document, headings), [0, 0, 0, 0, 3]);
        let name = "exemptions and exceptions applied = the columns of exemptions and exceptions";
        let sum = document["identities"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        let columns = document["columns"].as_array().unwrap().iter().skip(4 + 16 + 16 + 1 + 13);
        let in_columns: u64 = columns.map(|column| column["count"].as_u64().unwrap()).sum();
        assert_eq!((&sum["whole"], &sum["parts"], &sum["must_hold"]), (&json!(in_columns + 2), &json!(in_columns), &json!(false)));
        assert_eq!(sum["residual"], 2);
    }

    /// Received on 17 June 2024 and asked about a week later; answered on 2 September, and so due on the thirtieth, the last
    /// day of the quarter.
    fn nothing_is_filed_while_a_limit_of_the_period_runs(server) {
        let authority = server.authority("Council");
        let answered = Story::new("foisa", "2024-06-17").asked("2024-06-24").step("clarifications/{}/answer", json!({"answered_on": "2024-09-02"}));
        record_all(server, &authority, &[answered]);
        let read = |period: &str, as_at: &str| {
            let document = read_return(server, &authority, "scottish-commissioner", period, as_at);
            let [unanswered] = cells(&document, ["FOISA - faliure to respond"]);
            (document["not_yet_due"].clone(), document["can_be_filed"].clone(), unanswered)
        };
        let filing = |as_at: &str| {
            let body = json!({"return_kind": "scottish-commissioner", "period": "2024-Q3", "as_at": as_at, "authority_id": authority});
            server.post("/v1/filed-returns", &body)
        };
        assert_eq!(read("2024-Q3", "2024-09-30"), (json!(1), json!(false), 0));
        let problem = filing("2024-09-30").problem(409, "return-not-complete");
        assert_eq!(problem["detail"], "Not yet due at the end of 2024-09-30: 1 of the period.");
        assert_eq!(read("2024-Q3", "2024-10-01"), (json!(0), json!(true), 1));
        filing("2024-10-01").expect(201);
        assert_eq!(read("2024-Q2", "2024-09-30"), (json!(1), json!(false), 0), "received then");
        assert_eq!(read("2024-Q4", "2024-12-31"), (json!(0), json!(true), 0));
    }

    /// Received on 13 May 2024 and so due on 11 June. Part 1 is answered in time; part 2, asked about on 20 May and explained
    /// on 2 September, is due on the thirtieth.
    fn a_part_without_an_answer_fails_by_its_own_limit(server) {
        let authority = server.authority("Council");
        let story = Story::new("foisa", "2024-05-13")
            .parts(&["1", "2"])
            .step("clarifications", json!({"asked_on": "2024-05-20", "parts": ["2"]}))
            .step("clarifications/{}/answer", json!({"answered_on": "2024-09-02"}))
            .letter("2024-06-03", "1", "disclosed", &[]);
        record_all(server, &authority, &[story]);
        let read = |period: &str, as_at: &str| {
            let document = read_return(server, &authority, "scottish-commissioner", period, as_at);
            let [unanswered] = cells(&document, ["FOISA - faliure to respond"]);
            (document["not_yet_due"].clone(), unanswered)
        };
        assert_eq!(read("2024-Q3", "2024-09-30"), (json!(1), 0), "its limit is still to come");
        assert_eq!(read("2024-Q3", "2024-10-01"), (json!(0), 1));
        assert_eq!(read("2024-Q2", "2024-10-01"), (json!(0), 0), "nothing failed then");
        assert_eq!(read("2024-Q4", "2024-12-31"), (json!(0), 0));
    }

    fn a_letter_stands_in_the_row_of_each_way_in_which_it_refused(server) {
        let authority = server.authority("Council");
        let letter = |outcomes: [(&str, &[&str]); 2]| {
            let answer = |(at, (outcome, grounds)): (usize, (&str, &[&str]))| {
                let grounds: Vec<Value> = grounds.iter().map(|provision| json!({"provision": provision})).collect();
                json!({"part": (at + 1).to_string(), "outcome": outcome, "grounds": grounds})
            };
            let determinations: Vec<Value> = outcomes.into_iter().enumerate().map(answer).collect();
            let body = json!({"kind": "initial", "record_as": "sent", "issued_on": "2019-03-20", "determinations": determinations});
            Story::new("foisa", RECEIVED).parts(&["1", "2"]).step("responses", body)
        };
        let neither: (&str, &[&str]) = ("neither_confirmed_nor_denied", &["18(1)"]);
        record_all(server, &authority, &[
            letter([("withheld", &["30(c)"]), neither]),
            letter([("disclosed", &[]), neither]),
            letter([("disclosed", &[]), ("refused_cost", &["12(1)"])]),
        ]);
        let document = read_return(server, &authority, "scottish-commissioner", "2019", AS_AT);
        let headings = ["FOISA - none released", "FOISA - some released", "FOISA - no confirm/deny", "FOISA refused - cost", "FOISA response on time"];
        assert_eq!(cells(&document, headings), [1, 2, 2, 1, 3]);
        let answers = document["identities"].as_array().unwrap().iter().find(|one| one["name"] == "FOISA: on time + late = answers sent");
        assert_eq!(answers.unwrap()["residual"], 0, "each letter is one answer");
    }
}

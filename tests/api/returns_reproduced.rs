//! Published rows of central government, built as casework over HTTP and got back from the return, column by column.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        cohort::{Story, cells, later, read_return, record_all},
    },
};

const PUBLISHED: &str = include_str!("published/cabinet-office-2020.json");

/// Every request was received on this day; its answer was due on the 29th.
const RECEIVED: &str = "2020-06-01";
const DUE: &str = "2020-06-29";
const LATE: &str = "2020-06-30";
const AS_AT: &str = "2021-03-31";

/// The headings of sections and exceptions begin like this; each with a provision that falls under it.
const PROVISIONS: &[(&str, &str)] = &[
    ("S(22) ", "22(1)"),
    ("S(22A) ", "22A(1)"),
    ("S(23) ", "23(1)"),
    ("S(24) ", "24(1)"),
    ("S(26) ", "26(1)(a)"),
    ("S(27) ", "27(1)(a)"),
    ("S(28) ", "28(1)"),
    ("S(29) ", "29(1)(a)"),
    ("S(30) ", "30(1)(a)"),
    ("S(31) ", "31(1)(a)"),
    ("S(32) ", "32(1)(a)"),
    ("S(35) ", "35(1)(a)"),
    ("S(36) ", "36(2)(c)"),
    ("S(38) ", "38(1)(a)"),
    ("S(40) ", "40(2)"),
    ("S(41) ", "41(1)"),
    ("S(42) ", "42(1)"),
    ("S(43) ", "43(2)"),
];

/// So many working days after the due date an extension ended, for each band of the form.
const LENGTHS: [(&str, u32); 10] = [
    ("PIT 5 or Less", 5),
    ("PIT 6 to 10", 10),
    ("PIT 11 to 15", 15),
    ("PIT 16 to 20", 16),
    ("PIT 21 to 30", 30),
    ("PIT 31 to 40", 31),
    ("PIT 41 to 60", 60),
    ("PIT 61 to 80", 61),
    ("PIT 81 to 100", 100),
    ("PIT More than 100", 101),
];

/// A published row.
struct Row(Vec<(String, Option<f64>)>);

impl Row {
    fn of(body: &str) -> Self {
        let all: Value = serde_json::from_str(PUBLISHED).unwrap();
        let row = all["rows"].as_array().unwrap().iter().find(|row| row["body"] == body).unwrap();
        let columns = row["columns"].as_array().unwrap().iter();
        Self(columns.map(|column| (column[0].as_str().unwrap().to_owned(), column[1].as_f64())).collect())
    }

    #[track_caller]
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a published count"
    )]
    fn count(&self, heading: &str) -> usize {
        let found = self.0.iter().find(|(other, _)| other.starts_with(heading));
        let (_, value) = found.unwrap_or_else(|| panic!("no column {heading}"));
        value.unwrap_or_default() as usize
    }
}

/// An answered request, before it is said when.
#[derive(Clone)]
struct Answered {
    regime: &'static str,
    outcome: &'static str,
    grounds: Vec<&'static str>,
}

/// The answered requests of a row: outcomes, grounds, regimes. Every count of the row is used up.
fn answered(row: &Row) -> Vec<Answered> {
    let of =
        |outcome: &'static str, count: usize| vec![Answered { regime: "foia", outcome, grounds: Vec::new() }; count];
    let (mut partial, mut exempt) = (
        of("partly_disclosed", row.count("Initial Outcome  Partially")),
        of("withheld", row.count("Fully refused - exemption")),
    );
    let mut full = of("disclosed", row.count("Initial Outcome Granted in full"));
    let mut not_held = of("not_held", row.count("Requests where information not held"));
    // Exceptions stand in answers under the EIR; what else was handled under them was granted.
    let mut under_eir = row.count("Requests handled under EIRs");
    for (place, heading, exception) in [(&mut not_held, "4(a)", "12(4)(a)"), (&mut partial, "4(e)", "12(4)(e)")] {
        for one in place.iter_mut().rev().take(row.count(heading)) {
            (one.regime, one.grounds) = ("eir", vec![exception]);
            under_eir -= 1;
        }
    }
    full.iter_mut().take(under_eir).for_each(|one| one.regime = "eir");
    for (heading, exempted) in [("S21 Partly Exempt", &mut partial), ("S21 Fully Exempt", &mut exempt)] {
        exempted.iter_mut().take(row.count(heading)).for_each(|one| one.grounds.push("21(1)"));
    }
    // Sections go round all requests with an exemption, so that none is twice in one and all have one.
    let mut exempted: Vec<&mut Answered> =
        partial.iter_mut().chain(exempt.iter_mut()).filter(|one| one.regime == "foia").collect();
    let mut at = 0;
    for (heading, provision) in PROVISIONS {
        for _ in 0..row.count(heading) {
            let next = at % exempted.len();
            exempted[next].grounds.push(provision);
            at += 1;
        }
    }
    let rest = [
        of("refused_vexatious", row.count("Fully refused - vexatious")),
        of("refused_repeated", row.count("Fully refused - repeated")),
        of("refused_cost", row.count("Fully refused - cost limit")),
        of("advice_given", row.count("Requests where advice and assistance")),
    ];
    [full, partial, exempt, not_held, rest.concat()].concat()
}

/// The casework of a row. `open_late` of the unanswered are overdue, the others within an extension.
fn stories(row: &Row, open_late: usize) -> Vec<Story> {
    let open = row.count("Requests still being processed");
    let open_extended = open - open_late;
    let mut met = row.count("20-day deadline met");
    let mut late = row.count("Late response") - open_late;
    let extended = row.count("Permitted extension") - open_extended;
    let mut lengths: VecDeque<u32> =
        LENGTHS.iter().flat_map(|(heading, days)| vec![*days; row.count(heading)]).collect();
    lengths.resize(extended, 16);
    let mut met_21 = row.count("S21 20-day deadline met");
    let mut stories = Vec::new();
    let mut answered = answered(row);
    // Those whose day is not free to choose come first.
    answered.sort_by_key(|one| (one.regime == "foia", !one.grounds.contains(&"21(1)")));
    for one in answered {
        let story = Story::new(one.regime, RECEIVED);
        let cites_21 = one.grounds.contains(&"21(1)");
        let in_deadline = if cites_21 { met_21 > 0 } else { one.regime == "eir" || (lengths.is_empty() && late == 0) };
        let story = if in_deadline {
            met -= 1;
            met_21 -= usize::from(cites_21);
            story.answered(DUE, one.outcome, &one.grounds)
        } else if let Some(days) = lengths.pop_front_if(|_| !cites_21) {
            let until = later(DUE, days);
            story.extended("public_interest", DUE, &until, &["43(2)"]).answered(&until, one.outcome, &one.grounds)
        } else {
            late -= 1;
            story.answered(LATE, one.outcome, &one.grounds)
        };
        stories.push(story);
    }
    assert_eq!((met, late, lengths.len(), met_21), (0, 0, 0, 0), "every count of the row is used");
    stories.extend(vec![Story::new("foia", RECEIVED); open_late]);
    let extended = Story::new("foia", RECEIVED).extended("public_interest", DUE, "2021-12-31", &["43(2)"]);
    stories.extend(vec![extended; open_extended]);
    stories
}

/// So many working days for each band of reviews.
const REVIEW_LENGTHS: [(&str, u32); 7] = [
    ("IR 10 or less", 10),
    ("IR 11 to 20", 20),
    ("IR 21 to 40", 40),
    ("IR 41 to 60", 60),
    ("IR 61 to 80", 80),
    ("IR 81 to 100", 100),
    ("IR More than 100", 101),
];

fn review(asked_on: &str, decided: Option<(u32, &str)>) -> Value {
    let decision = decided.map(
        |(days, result)| json!({"decided_on": later(asked_on, days), "results": [{"part": "1", "result": result}]}),
    );
    match decision {
        Some(decision) => json!({"requested_on": asked_on, "decision": decision}),
        None => json!({"requested_on": asked_on}),
    }
}

/// The reviews and complaints of a row, each about an answer of its own.
fn add_reviews(row: &Row, stories: &mut Vec<Story>) {
    let of_outcome = |heading: &str, result: &'static str| vec![result; row.count(heading)];
    let outcomes = [
        of_outcome("IR number upheld in full", "position_maintained"),
        of_outcome("IR number upheld in part", "partly_changed"),
        of_outcome("IR number overturned", "overturned"),
    ]
    .concat();
    let lengths: Vec<u32> = REVIEW_LENGTHS.iter().flat_map(|(heading, days)| vec![*days; row.count(heading)]).collect();
    let decided = lengths.into_iter().zip(outcomes).map(Some).chain(std::iter::repeat(None));
    let of_this_year = row.count("Total Internal Reviews");
    let mut answered = stories.iter_mut().filter(|story| story.request["regime"] == "foia" && !story.steps.is_empty());
    for decided in decided.take(of_this_year) {
        answered.next().unwrap().steps.push(("reviews", review("2020-08-03", decided)));
    }
    for _ in 0..row.count("ICO Total Complaints") {
        answered.next().unwrap().steps.push(("complaints", json!({"made_on": "2020-11-02"})));
    }
    for (heading, days) in REVIEW_LENGTHS {
        for _ in 0..row.count(&format!("IR uncompleted prev year {}", heading.trim_start_matches("IR "))) {
            let story = Story::new("foia", "2019-06-03").answered("2019-07-01", "disclosed", &[]);
            stories.push(story.step("reviews", review("2019-12-30", Some((days, "position_maintained")))));
        }
    }
}

/// The return gives the published row back, but for the columns that are `otherwise`.
#[track_caller]
fn gives_back(server: &Server, body: &str, row: &Row, open_late: usize, otherwise: &[(&str, &str)]) {
    let authority = server.authority(body);
    let mut stories = stories(row, open_late);
    for _ in 0..row.count("PIT uncompleted prev year Total last year") {
        // Running at the end of 2019: due early in December, answered early in January.
        let (due, until) = (later("2019-11-04", 20), later(&later("2019-11-04", 20), 21));
        let story = Story::new("foia", "2019-11-04").extended("public_interest", &due, &until, &["43(2)"]);
        stories.push(story.answered(&until, "disclosed", &[]));
    }
    add_reviews(row, &mut stories);
    record_all(server, &authority, &stories);
    let document = read_return(server, &authority, "cabinet-office", "2020", AS_AT);
    assert_eq!((&document["not_yet_due"], &document["can_be_filed"]), (&0.into(), &true.into()));
    let columns = document["columns"].as_array().unwrap();
    assert_eq!((&columns[0]["published"], &columns[1]["published"]), (&"2020".into(), &body.into()));
    assert_eq!(columns.len(), row.0.len() + 2);
    for (column, (heading, value)) in columns.iter().skip(2).zip(&row.0) {
        assert_eq!(column["heading"], heading.as_str());
        let published = column["published"].as_str().unwrap();
        let other = otherwise.iter().find(|(other, _)| other == heading).map(|(_, expected)| (*expected).to_owned());
        let expected = value.map(|value| value.to_string()).unwrap_or_default();
        assert_eq!(published, other.unwrap_or(expected), "{body}: {heading}");
    }
    for identity in document["identities"].as_array().unwrap() {
        assert_eq!(identity["residual"], 0, "{identity}");
    }
    let csv = format!("/v1/returns/cabinet-office?period=2020&as_at={AS_AT}&authority_id={authority}&format=csv");
    let lines: Vec<String> = server.get(&csv).text.split("\r\n").map(str::to_owned).collect();
    assert!(
        lines[0].starts_with("Quarter,Government body,Total requests received,Requests Processed,"),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains(",Initial Outcome  Partially withheld,Initial Outcome  Fully withheld,"), "{}", lines[0]);
    assert!(
        lines[0].contains(
            ",\"Percentage of requests \"\"in time\"\" (i.e. meeting deadline or with permitted extension)\","
        )
    );
    assert!(lines[1].starts_with(&format!("2020,{body},")), "{}", lines[1]);
}

on_both! {
    fn grounds_in_the_alternative_are_in_the_total_of_exemptions_and_in_no_column(server) {
        let authority = server.authority("Department");
        let letter = |first, second| Story::new("foia", RECEIVED).withheld_in_the_alternative(DUE, [first, second]);
        record_all(server, &authority, &[letter("21(1)", "22(1)"), letter("23(1)", "24(1)")]);
        let document = read_return(server, &authority, "cabinet-office", "2020", AS_AT);
        let headings = [
            "Total Section 21 exemptions used",
            "S21 Fully Exempt",
            "S21 20-day deadline met",
            "S(22) - Information intended for future publication",
            "S(24) - National security",
            "Total exemptions and exceptions applied",
            "Fully refused - exemption",
        ];
        assert_eq!(cells(&document, headings), [0, 0, 0, 0, 0, 2, 2]);
    }

    /// Received on 1 May 2024, both parts due on the 31st. The part under FOIA was answered five working days later, the
    /// other on the last day of its own extension, day 40.
    fn the_length_of_an_extension_is_that_of_the_extended_part(server) {
        let authority = server.authority("Department");
        let mut story = Story::new("foia", "2024-05-01").parts(&["1", "2"]);
        story.request["parts"][1]["regime"] = json!("eir");
        let public_interest = json!({"kind": "public_interest", "parts": ["1"], "notified_on": "2024-05-20", "estimated_on": "2024-07-31", "grounds": ["43(2)"]});
        let complex = json!({"kind": "complexity_and_volume", "parts": ["2"], "notified_on": "2024-05-20", "estimated_on": "2024-06-28"});
        let story = story.step("extensions", public_interest).step("extensions", complex);
        let story = story.letter("2024-06-07", "1", "disclosed", &[]).letter("2024-06-28", "2", "disclosed", &[]);
        record_all(server, &authority, &[story]);
        let document = read_return(server, &authority, "cabinet-office", "2024", "2025-01-31");
        let headings = ["PIT Total Requests Extended", "PIT Number Completed", "PIT 5 or Less", "PIT 16 to 20"];
        assert_eq!(cells(&document, headings), [1, 1, 1, 0]);
    }

    /// The published row has five permitted extensions and one request extended for the public-interest test, and one
    /// request under the EIR: of five extensions four at least were for the public interest. The return says five.
    fn the_attorney_generals_office_in_2020(server) {
        let contradiction =
            [("PIT Total Requests Extended", "5"), ("PIT Number Completed", "5"), ("PIT 16 to 20", "5")];
        gives_back(server, "Attorney General's Office", &Row::of("Attorney General's Office"), 0, &contradiction);
    }

    fn the_department_for_international_trade_in_2020(server) {
        let body = "Department for International Trade";
        gives_back(server, body, &Row::of(body), 0, &[]);
    }

    fn the_charity_commission_in_2020(server) {
        let body = "Charity Commission";
        gives_back(server, body, &Row::of(body), 4, &[]);
    }
}

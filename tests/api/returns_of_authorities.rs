//! Figures that authorities publish of themselves, built as casework over HTTP and got back. Where a page contradicts itself,
//! what the service gives is shown beside it.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        cohort::{Story, cell, cells, later, read_return, record_all, record_histories},
    },
};

/// So many requests answered in this way on this day.
fn answered(count: usize, received_on: &str, issued_on: &str, outcome: &str) -> Vec<Story> {
    let grounds: &[&str] = if outcome == "withheld" || outcome == "partly_disclosed" { &["43(2)"] } else { &[] };
    vec![Story::new("foia", received_on).answered(issued_on, outcome, grounds); count]
}

/// Requests received on one day with these outcomes, so many of them answered late by a day.
fn cohort(received_on: &str, outcomes: &[(&str, usize)], late: usize) -> Vec<Story> {
    let due = later(received_on, 20);
    let words: Vec<&str> = outcomes.iter().flat_map(|(outcome, count)| vec![*outcome; *count]).collect();
    let (late, in_time) = words.split_at(late);
    let day_after = later(received_on, 21);
    let of = |words: &[&str], day: &str| words.iter().flat_map(|word| answered(1, received_on, day, word)).collect();
    let (late, in_time): (Vec<Story>, Vec<Story>) = (of(late, &day_after), of(in_time, &due));
    [late, in_time].concat()
}

/// Reviews of the first of the requests, all asked for on one day, the first of them decided on another with these results.
fn add_reviews(stories: &mut [Story], count: usize, (requested_on, decided_on): (&str, &str), results: &[&str]) {
    for (at, story) in stories.iter_mut().take(count).enumerate() {
        let mut review = json!({"requested_on": requested_on});
        if let Some(result) = results.get(at) {
            review["decision"] = json!({"decided_on": decided_on, "results": [{"part": "1", "result": result}]});
        }
        story.steps.push(("reviews", review));
    }
}

/// A request under the Act that was answered, as a past case in one call.
fn past(
    authority: &str,
    number: usize,
    received_on: &str,
    issued_on: &str,
    review_requested_on: Option<&str>,
) -> Value {
    let determinations = json!([{"part": "1", "outcome": "disclosed"}]);
    let reviews: Vec<Value> = review_requested_on.iter().map(|day| json!({"review": {"requested_on": day}})).collect();
    json!({
        "request": {"authority_id": authority, "reference": format!("PAST/{number}"), "regime": "foia", "received_on": received_on,
            "subject": "A subject"},
        "responses": [{"response": {"kind": "initial", "issued_on": issued_on, "determinations": determinations}}],
        "reviews": reviews
    })
}

#[track_caller]
fn reviews_received(server: &Server, authority: &str, days: &str) -> Value {
    let report = server.get(&format!("/v1/metrics/reviews?{days}&authority_id={authority}")).expect(200);
    report["rows"][0]["received"].clone()
}

#[track_caller]
fn outcomes(server: &Server, authority: &str, days: &str) -> Vec<(String, u64)> {
    let report = server.get(&format!("/v1/metrics/outcomes?{days}&authority_id={authority}")).expect(200);
    let by_request = report["rows"][0]["by_request"].as_array().unwrap().iter();
    let counted = by_request
        .map(|one| (one["outcome"].as_str().unwrap().to_owned(), one["requests"]["numerator"].as_u64().unwrap()));
    counted.filter(|(_, count)| *count > 0).collect()
}

#[track_caller]
fn timeliness(server: &Server, authority: &str, question: &str) -> Value {
    let report = server.get(&format!("/v1/metrics/timeliness?{question}&authority_id={authority}")).expect(200);
    report["rows"][0].clone()
}

/// The share under a heading in per cent, as a page prints it with this many decimals: rounded half up from the unrounded
/// share of the document, not from its cell.
#[track_caller]
fn printed(document: &Value, heading: &str, decimals: usize) -> String {
    let columns = document["columns"].as_array().unwrap();
    let column = columns.iter().find(|column| column["heading"] == heading).unwrap_or_else(|| panic!("no {heading}"));
    let [numerator, denominator] = ["numerator", "denominator"].map(|name| column["figure"][name].as_u64().unwrap());
    let scale = 10_u64.pow(u32::try_from(decimals).unwrap());
    let rounded = (numerator * 200 * scale + denominator) / (denominator * 2);
    let digits = format!("{rounded:0width$}", width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    if decimals == 0 { whole.to_owned() } else { format!("{whole}.{rest}") }
}

fn named(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

on_both! {
    /// Wigan Council, first quarter of 2024/25: 313 of 368 − 15, published as 88.7 per cent; 284 full, 29 refused, 23 part,
    /// 16 not held. One was still open, and late. Four reviews, three completed, one upheld: taken for an answer that stood, and
    /// the others for answers changed in part.
    fn wigan_in_the_first_quarter_of_2024_25(server) {
        let authority = server.authority("Wigan Council");
        let received = "2024-05-13";
        let outcomes = [("disclosed", 284), ("withheld", 29), ("partly_disclosed", 23), ("not_held", 16)];
        let mut stories = cohort(received, &outcomes, 352 - 313);
        let results = ["position_maintained", "partly_changed", "partly_changed"];
        add_reviews(&mut stories, 4, ("2024-06-17", "2024-06-28"), &results);
        stories.extend(vec![Story::new("foia", received).withdrawn("2024-05-20"); 8]);
        stories.extend(vec![Story::new("foia", received).asked("2024-05-20"); 7]);
        stories.push(Story::new("foia", received));
        record_all(server, &authority, &stories);
        let document = read_return(server, &authority, "code-part-8", "2024-25-Q1", "2024-09-30");
        assert_eq!(
            cells(&document, ["received", "processed", "processed_in_deadline", "processed_late", "not_processed", "closed_withdrawn"]),
            [368, 352, 313, 39, 8, 8]
        );
        assert_eq!(
            cells(&document, ["granted_in_full", "refused_in_full", "refused_in_full_because_not_held", "granted_in_part"]),
            [284, 29 + 16, 16, 23]
        );
        assert_eq!(cells(&document, ["received_denominator", "received_in_deadline"]), [353, 313]);
        assert_eq!(cell(&document, "received_in_deadline_percentage"), "88.67");
        assert_eq!(printed(&document, "received_in_deadline_percentage", 1), "88.7");
        assert_eq!(cells(&document, ["closed_denominator", "closed_in_deadline"]), [352, 313]);
        assert_eq!(cell(&document, "closed_in_deadline_percentage"), "88.92", "of the same casework, on another basis");
        assert_eq!(cells(&document, ["not_processed_overdue", "not_processed_stopped_for_clarification"]), [1, 7]);
        let reviews = ["reviews_received", "reviews_closed", "reviews_position_maintained", "reviews_partly_changed", "reviews_overturned"];
        assert_eq!(cells(&document, reviews), [4, 3, 1, 2, 0]);
        assert_eq!(document["can_be_filed"], true);
    }

    /// A London borough, one quarter: 569 received, 17 not processed, 552 processed: 500 full, 18 part, 16 refused, 18 not
    /// held; 21 reviews.
    fn a_london_borough_in_one_quarter(server) {
        let authority = server.authority("A London borough");
        let outcomes = [("disclosed", 500), ("partly_disclosed", 18), ("withheld", 16), ("not_held", 18)];
        let mut stories = cohort("2024-02-05", &outcomes, 0);
        add_reviews(&mut stories, 21, ("2024-03-11", ""), &[]);
        stories.extend(vec![Story::new("foia", "2024-02-05"); 17]);
        record_all(server, &authority, &stories);
        let document = read_return(server, &authority, "code-part-8", "2024-Q1", "2024-04-30");
        assert_eq!(cells(&document, ["received", "not_processed", "processed"]), [569, 17, 552]);
        assert_eq!(
            cells(&document, ["granted_in_full", "granted_in_part", "refused_in_full", "refused_in_full_because_not_held"]),
            [500, 18, 16 + 18, 18]
        );
        assert_eq!(cells(&document, ["reviews_received", "reviews_closed"]), [21, 0]);
        assert!(document["identities"].as_array().unwrap().iter().all(|identity| identity["residual"] == 0));
    }

    /// A London borough, 2024: 2,025 of 2,136 requests that fell due, printed as 95 per cent; 86 reviews, 4 per cent of them.
    /// The first fall due on 3 January and the last on 31 December; beside them stand one due on 29 December 2023 and one on
    /// 3 January 2025, each the next working day.
    fn a_london_borough_in_2024(server) {
        let authority = server.authority("A London borough");
        let receipts = ["2023-11-29", "2024-02-12", "2024-05-07", "2024-08-05", "2024-10-07", "2024-11-28"];
        let (due, late, reviews) = (2136, 2136 - 2025, 86);
        let answered = |number: usize| {
            let received = receipts[number % receipts.len()];
            let issued = later(received, if number < late { 21 } else { 20 });
            let is_reviewed = number % receipts.len() == 1 && number / receipts.len() < reviews;
            past(&authority, number, received, &issued, is_reviewed.then_some("2024-04-08"))
        };
        let mut histories: Vec<Value> = (0..due).map(answered).collect();
        histories.push(past(&authority, due, "2023-11-28", "2023-12-29", None));
        histories.push(past(&authority, due + 1, "2024-12-02", "2025-01-03", None));
        record_histories(server, &histories);
        let year = "start_on=2024-01-01&end_on=2024-12-31";
        let row = timeliness(server, &authority, &format!("{year}&basis=due"));
        assert_eq!((&row["in_time"]["numerator"], &row["in_time"]["denominator"]), (&json!(2025), &json!(2136)));
        assert_eq!(reviews_received(server, &authority, year), 86);
        let document = read_return(server, &authority, "code-part-8", "2024", "2025-02-28");
        assert_eq!(cells(&document, ["due_denominator", "due_in_time", "reviews_received"]), [2136, 2025, 86]);
        assert_eq!(cell(&document, "due_in_time_percentage"), "94.8");
        assert_eq!(printed(&document, "due_in_time_percentage", 0), "95");
    }

    /// Southend, February 2026: 133 responses, 123 in time, 92.48 per cent; 70 full, 10 not held, 15 exempt, 38 part; 134
    /// received, 72 open at the end, 4 extended; 5 reviews.
    fn southend_in_february_2026(server) {
        let authority = server.authority("Southend-on-Sea City Council");
        let late = answered(10, "2026-01-05", "2026-02-10", "not_held");
        let before = [("disclosed", 61)].iter().flat_map(|(word, count)| answered(*count, "2026-01-20", "2026-02-16", word));
        let within = [("disclosed", 9), ("withheld", 15), ("partly_disclosed", 38)]
            .into_iter()
            .flat_map(|(word, count)| answered(count, "2026-02-02", "2026-02-20", word));
        let mut stories: Vec<Story> = late.into_iter().chain(before).chain(within).collect();
        add_reviews(&mut stories, 5, ("2026-02-23", ""), &[]);
        stories.extend(vec![Story::new("foia", "2026-02-09"); 68]);
        let extended = Story::new("foia", "2026-02-09").extended("public_interest", "2026-02-20", "2026-03-31", &["43(2)"]);
        stories.extend(vec![extended; 4]);
        record_all(server, &authority, &stories);
        let february = "start_on=2026-02-01&end_on=2026-02-28";
        let closed = timeliness(server, &authority, &format!("{february}&basis=closed&as_at=2026-02-28"));
        assert_eq!(closed["in_time"], json!({"numerator": 123, "denominator": 133, "ratio": 123.0 / 133.0}));
        assert_eq!(closed["late"]["numerator"], 10);
        let received = timeliness(server, &authority, &format!("{february}&basis=received&as_at=2026-02-28"));
        assert_eq!(received["requests"], 134);
        assert_eq!(
            outcomes(server, &authority, february),
            named(&[("granted_in_full", 70), ("partly_withheld", 38), ("withheld_in_full", 15), ("not_held", 10)])
        );
        let workload = server.get(&format!("/v1/metrics/workload?as_at=2026-02-28&authority_id={authority}")).expect(200);
        assert_eq!((&workload["rows"][0]["open"], &workload["rows"][0]["extensions_running"]), (&json!(72), &json!(4)));
        assert_eq!(reviews_received(server, &authority, february), 5);
        let assessed = read_return(server, &authority, "commissioner-self-assessment", "2026-Q1", "2026-02-28");
        assert_eq!(cells(&assessed, ["open_end", "overdue_end", "closed", "closed_in_time"]), [72, 0, 133, 123]);
        assert_eq!((cell(&assessed, "response_rate"), &assessed["band"]), ("92.48", &json!("adequate")));
        assert_eq!(printed(&assessed, "response_rate", 2), "92.48");
    }

    /// Under the EIR the Commissioner's form gives a review the 40 working days of regulation 11(4), under the Act 20.
    fn a_review_is_in_time_by_its_own_regime(server) {
        let authority = server.authority("Council");
        let reviewed = |regime: &str, decided_on: &str| {
            let decision = json!({"decided_on": decided_on, "results": [{"part": "1", "result": "position_maintained"}]});
            let review = json!({"requested_on": "2024-02-01", "decision": decision});
            Story::new(regime, "2024-01-08").answered("2024-01-22", "disclosed", &[]).step("reviews", review)
        };
        let (day_20, day_30, day_41) = (later("2024-02-01", 20), later("2024-02-01", 30), later("2024-02-01", 41));
        record_all(server, &authority, &[
            reviewed("foia", &day_20), reviewed("foia", &day_30), reviewed("eir", &day_30), reviewed("eir", &day_41),
        ]);
        let assessed = read_return(server, &authority, "commissioner-self-assessment", "2024", "2025-01-31");
        assert_eq!(cells(&assessed, ["reviews_closed", "reviews_in_time"]), [4, 2]);
    }

    /// West Sussex, March 2021: 107 due, 93 answered in time, 86.9 per cent.
    fn west_sussex_in_march_2021(server) {
        let authority = server.authority("West Sussex County Council");
        record_all(server, &authority, &cohort("2021-02-08", &[("disclosed", 107)], 107 - 93));
        let row = timeliness(server, &authority, "start_on=2021-03-01&end_on=2021-03-31&basis=due");
        assert_eq!(row["in_time"], json!({"numerator": 93, "denominator": 107, "ratio": 93.0 / 107.0}));
        let document = read_return(server, &authority, "code-part-8", "2021-Q1", "2021-04-30");
        assert_eq!((cell(&document, "due_denominator"), cell(&document, "due_in_time_percentage")), ("107", "86.92"));
        assert_eq!(printed(&document, "due_in_time_percentage", 1), "86.9");
    }

    /// The Bank of England, first quarter of 2023: 84 received, 79 answered, 72 in 20 days and 7 late; 53 resolvable (18
    /// full, 14 part, 21 refused), 17 advice, 9 not held; 3 reviews.
    fn the_bank_of_england_in_the_first_quarter_of_2023(server) {
        let authority = server.authority("Bank of England");
        let words = [("disclosed", 18), ("partly_disclosed", 14), ("withheld", 21), ("advice_given", 17), ("not_held", 9)];
        let mut stories = cohort("2023-02-06", &words, 7);
        add_reviews(&mut stories, 3, ("2023-03-13", ""), &[]);
        stories.extend(vec![Story::new("foia", "2023-03-30"); 5]);
        record_all(server, &authority, &stories);
        let quarter = "start_on=2023-01-01&end_on=2023-03-31";
        let closed = timeliness(server, &authority, &format!("{quarter}&basis=closed&as_at=2023-03-31"));
        assert_eq!((&closed["in_deadline"]["numerator"], &closed["late"]["numerator"], &closed["requests"]), (&json!(72), &json!(7), &json!(79)));
        let answered = outcomes(server, &authority, quarter);
        assert_eq!(
            answered,
            named(&[("granted_in_full", 18), ("partly_withheld", 14), ("withheld_in_full", 21), ("not_held", 9), ("advice_given", 17)])
        );
        // Resolvable, of those answered, is everything but advice and what is not held.
        let resolvable = answered.iter().filter(|(outcome, _)| !["not_held", "advice_given"].contains(&outcome.as_str()));
        assert_eq!(resolvable.map(|(_, count)| count).sum::<u64>(), 53);
        assert_eq!(reviews_received(server, &authority, quarter), 3);
        let document = read_return(server, &authority, "cabinet-office", "2023-Q1", "2023-03-31");
        // The form counts what was received: the five that are open and not yet due are in its denominator.
        assert_eq!(
            cells(&document, ["Total requests received", "Requests Processed", "Total \"resolvable\" requests"]),
            [84, 79, 53 + 5]
        );
        assert_eq!((&document["not_yet_due"], &document["can_be_filed"]), (&json!(5), &json!(false)));
    }

    /// A body on GOV.UK, 2023/24 by quarters. Its fourth quarter prints outcomes of 60 for 61 responses: the service counts
    /// 61, and one of them has to be somewhere. Its quarters have 0, 2, 1 and 5 reviews, which all let the answer stand, and its
    /// total prints 5 of them: it is 8.
    fn a_body_on_gov_uk_in_2023_24(server) {
        let authority = server.authority("A body on GOV.UK");
        let quarters = [
            ("2023-24-Q1", "2023-05-15", 44, 38, 3, 3, [27, 4, 9, 1], 0),
            ("2023-24-Q2", "2023-08-07", 64, 58, 0, 6, [34, 10, 13, 1], 2),
            ("2023-24-Q3", "2023-11-06", 59, 57, 1, 1, [30, 7, 17, 4], 1),
            ("2023-24-Q4", "2024-02-05", 68, 61, 0, 7, [32 + 1, 13, 11, 4], 5),
        ];
        let mut stories = Vec::new();
        for (_, received, _, _, late, closed, [full, part, exempt, not_held], reviews) in quarters {
            let words = [("disclosed", full), ("partly_disclosed", part), ("withheld", exempt), ("not_held", not_held)];
            let mut answered = cohort(received, &words, late);
            add_reviews(&mut answered, reviews, (&later(received, 22), &later(received, 30)), &["position_maintained"; 5]);
            stories.extend(answered);
            stories.extend(vec![Story::new("foia", received).withdrawn(&later(received, 3)); closed]);
        }
        record_all(server, &authority, &stories);
        let headings = ["received", "processed_in_deadline", "processed_extended", "processed_late", "closed_without_answer", "not_processed"];
        for (period, _, received, within, late, closed, [full, part, exempt, not_held], reviews) in quarters {
            let document = read_return(server, &authority, "code-part-8", period, "2024-05-31");
            assert_eq!(cells(&document, headings), [received, within, 0, counted(late), counted(closed), 0], "{period}");
            let found = cells(&document, ["granted_in_full", "granted_in_part", "refused_in_full", "refused_in_full_because_not_held"]);
            assert_eq!(found, [full, part, exempt + not_held, not_held].map(counted), "{period}");
            assert_eq!(cells(&document, ["reviews_received", "reviews_position_maintained"]), [counted(reviews); 2], "{period}");
        }
        let year = read_return(server, &authority, "code-part-8", "2023-24", "2024-05-31");
        assert_eq!(cells(&year, headings), [235, 214, 0, 4, 17, 0]);
        assert_eq!(cells(&year, ["reviews_received", "reviews_position_maintained"]), [8, 8]);
        assert_eq!(cells(&year, ["granted_in_full", "granted_in_part", "refused_in_full_because_not_held"]), [123 + 1, 34, 10]);
    }

    /// Braintree, first quarter of 2023/24: 192 of 196, printed as 96 per cent. It is 98.
    fn braintree_in_the_first_quarter_of_2023_24(server) {
        let authority = server.authority("Braintree District Council");
        record_all(server, &authority, &cohort("2023-05-15", &[("disclosed", 196)], 4));
        let document = read_return(server, &authority, "code-part-8", "2023-24-Q1", "2023-08-31");
        assert_eq!(cells(&document, ["received", "processed_in_deadline"]), [196, 192]);
        assert_eq!(cell(&document, "received_in_deadline_percentage"), "97.96");
        assert_eq!(printed(&document, "received_in_deadline_percentage", 0), "98");
    }
}

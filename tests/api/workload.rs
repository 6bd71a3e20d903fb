//! What there is to do, how the quarter can close, and authorities side by side, over HTTP.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        cohort::{Story, later, record_all},
    },
};

#[track_caller]
fn workload(server: &Server, authority: &str, as_at: &str) -> Value {
    let report = server.get(&format!("/v1/metrics/workload?as_at={as_at}&authority_id={authority}")).expect(200);
    assert_eq!((&report["as_at"], &report["rows"].as_array().unwrap().len()), (&json!(as_at), &1));
    report["rows"][0].clone()
}

/// The working day so many working days before another.
fn before(day: &str, working_days: u32) -> String {
    let last: chrono::NaiveDate = day.parse().unwrap();
    let days = last.iter_days().rev().take(1000).map(|day| day.to_string());
    days.skip_while(|earlier| later(earlier, working_days) != day)
        .take_while(|earlier| later(earlier, working_days) == day)
        .last()
        .unwrap()
}

/// Received so that the answer was due on this day.
fn due(day: &str) -> Story {
    Story::new("foia", &before(day, 20))
}

on_both! {
    fn the_overdue_stand_in_their_bands_and_the_oldest_come_first(server) {
        let authority = server.authority("Force");
        // Friday 31 May 2024; overdue by 1, 20, 21, 60, 61, 120 and 121 working days, and by 300.
        let as_at = "2024-05-31";
        let overdue_by = |days: u32| due(&before(as_at, days));
        let ages = [1, 20, 21, 60, 61, 120, 121, 300];
        let stories: Vec<Story> = ages.into_iter().map(overdue_by).collect();
        record_all(server, &authority, &stories);
        record_all(
            server,
            &authority,
            &[
                due(as_at),
                due("2024-06-07"),
                due("2024-06-10"),
                due("2024-06-14"),
                due("2024-06-17"),
                due("2024-06-17").asked("2024-05-28"),
                due("2024-06-17").step("fee-notices", json!({"given_on": "2024-05-28", "amount": "25.00"})),
                due("2024-05-15").extended("public_interest", "2024-05-15", "2024-06-20", &["43(2)"]),
                due("2024-05-15").answered("2024-05-15", "disclosed", &[]),
                due("2024-06-17").withdrawn("2024-05-30"),
                // Asked too late: the breach stands while it waits.
                due("2024-05-15").asked("2024-05-20"),
            ],
        );
        let row = workload(server, &authority, as_at);
        assert_eq!(row["open"], 8 + 9);
        assert_eq!(row["overdue"]["numerator"], 9);
        let bands: Vec<Value> = row["overdue_bands"].as_array().unwrap().iter().map(|band| json!([band["from_days"], band.get("to_days"), band["requests"]])).collect();
        assert_eq!(json!(bands), json!([[1, 20, 3], [21, 60, 2], [61, 120, 2], [121, null, 2]]));
        assert_eq!((&row["due_within_5"], &row["due_within_10"]), (&json!(2), &json!(4)));
        assert_eq!((&row["stopped_for_clarification"], &row["stopped_for_fee"], &row["extensions_running"]), (&json!(2), &json!(1), &json!(1)));
        let ages: Vec<u64> = row["oldest"].as_array().unwrap().iter().map(|one| one["working_days_overdue"].as_u64().unwrap()).collect();
        assert_eq!(ages, [300, 121, 120, 61, 60, 21, 20, 11, 1]);
        assert_eq!((&row["overdue_over_6_months"], &row["overdue_over_12_months"]), (&json!(3), &json!(1)));
        let csv = server.get(&format!("/v1/metrics/workload?as_at={as_at}&authority_id={authority}&format=csv")).text;
        assert!(csv.starts_with("basis,as_at,definition,authority_id,regime,open,overdue_numerator,overdue_denominator,overdue_ratio,overdue_1_to_20_working_days,"), "{csv}");
        assert!(csv.lines().nth(1).unwrap().starts_with(&format!("stock,2024-05-31,workload,{authority},,17,9,17,")), "{csv}");
        // On the day before, that one day's overdue was not overdue yet.
        assert_eq!(workload(server, &authority, "2024-05-30")["overdue"]["numerator"], 8);
    }

    /// Received on 15 April 2024 and due on 14 May: the second part was extended, the first was answered afresh after silence.
    fn a_part_that_is_finished_makes_nothing_overdue(server) {
        let authority = server.authority("Force");
        let extension = json!({"kind": "public_interest", "parts": ["2"], "notified_on": "2024-05-10", "estimated_on": "2024-07-31", "grounds": ["43(2)"]});
        let fresh = json!({"kind": "fresh", "record_as": "sent", "issued_on": "2024-06-03",
            "determinations": [{"part": "1", "outcome": "disclosed"}]});
        let story = Story::new("foia", "2024-04-15").parts(&["1", "2"]).step("extensions", extension).step("responses", fresh);
        record_all(server, &authority, &[story]);
        let row = workload(server, &authority, "2024-06-10");
        assert_eq!((&row["open"], &row["overdue"]["numerator"], &row["overdue"]["denominator"]), (&json!(1), &json!(0), &json!(1)));
        assert_eq!((&row["extensions_running"], &row["oldest"]), (&json!(1), &json!([])));
        let row = workload(server, &authority, "2024-06-02");
        assert_eq!((&row["overdue"]["numerator"], &row["oldest"][0]["working_days_overdue"]), (&json!(1), &json!(12)));
        assert_eq!(workload(server, &authority, "2024-07-24")["due_within_5"], 1);
        let document = crate::support::cohort::read_return(server, &authority, "commissioner-self-assessment", "2024-Q2", "2024-06-10");
        assert_eq!(crate::support::cohort::cells(&document, ["open_end", "overdue_end"]), [1, 0]);
        assert_eq!(document["overdue"], json!([]));
    }

    fn the_self_assessment_lists_the_overdue_with_their_ages_in_its_table_too(server) {
        let authority = server.authority("Force");
        record_all(server, &authority, &[due("2024-05-15"), due("2024-05-16"), due("2024-05-16").answered("2024-05-16", "disclosed", &[])]);
        let question = format!("/v1/returns/commissioner-self-assessment?period=2024-Q2&as_at=2024-05-17&authority_id={authority}");
        let overdue = server.get(&question).expect(200)["document"]["overdue"].clone();
        let csv = server.get(&format!("{question}&format=csv")).text;
        let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(lines.len(), 4, "{csv}");
        let first = lines[0].iter().position(|heading| *heading == "overdue_reference").unwrap();
        assert_eq!(lines[0][first..], ["overdue_reference", "overdue_received_on", "overdue_due_on", "overdue_extended_to", "overdue_working_days", "overdue_age_working_days"]);
        assert_eq!((lines[1][3..5].to_vec(), lines[1][first..].to_vec()), (vec!["2", "2"], vec![""; 6]));
        for (line, (one, (due_on, days, age))) in lines[2..].iter().zip(overdue.as_array().unwrap().iter().zip([("2024-05-15", "2", "22"), ("2024-05-16", "1", "21")])) {
            assert_eq!(line[..3], ["Force", "2024-Q2", "2024-05-17"]);
            assert!(line[3..first].iter().all(|cell| cell.is_empty()), "{csv}");
            let reference = one["reference"].as_str().unwrap();
            assert_eq!(line[first..], [reference, one["received_on"].as_str().unwrap(), due_on, "", days, age]);
        }
    }

    fn a_forecast_says_how_many_late_answers_can_be_afforded(server) {
        let authority = server.authority("Force");
        let mut stories = vec![due("2024-05-15").answered("2024-05-15", "disclosed", &[]); 16];
        stories.push(due("2024-05-15").answered("2024-05-16", "disclosed", &[]));
        stories.extend(vec![due("2024-06-17"); 2]);
        stories.push(due("2024-07-01"));
        record_all(server, &authority, &stories);
        let row = workload(server, &authority, "2024-06-05");
        let forecasts: Vec<Value> = row["forecasts"].as_array().unwrap().iter().map(|one| {
            let room: Vec<Value> = one["targets"].as_array().unwrap().iter().map(|target| json!([target["percent"], target.get("late_answers_affordable")])).collect();
            json!([one["basis"], one["period"], one["late"], one["not_yet_due"], one["in_time"]["numerator"], one["in_time"]["denominator"], room])
        }).collect();
        assert_eq!(
            json!(forecasts),
            json!([
                ["received", "2024-Q2", 1, 3, 19, 20, [[95, 0], [90, 1]]],
                ["closed", "2024-Q2", 1, 2, 18, 19, [[95, null], [90, 0]]],
                ["due", "2024-Q2", 1, 2, 18, 19, [[95, null], [90, 0]]],
            ])
        );
    }

    /// Received on 1 May 2024, both parts due on the 31st; the second was extended beyond the quarter, which closes without it.
    fn a_quarter_closes_with_what_is_complete_in_it(server) {
        let authority = server.authority("Force");
        let extension = json!({"kind": "public_interest", "parts": ["2"], "notified_on": "2024-05-10", "estimated_on": "2024-08-30", "grounds": ["43(2)"]});
        record_all(server, &authority, &[Story::new("foia", "2024-05-01").parts(&["1", "2"]).step("extensions", extension)]);
        let forecasts = |as_at: &str| -> Vec<Value> {
            let row = workload(server, &authority, as_at);
            let told = |one: &Value| json!([one["basis"], one["period"], one["late"], one["not_yet_due"], one["in_time"]["numerator"], one["in_time"]["denominator"]]);
            row["forecasts"].as_array().unwrap().iter().map(told).collect()
        };
        let second = json!([["received", "2024-Q2", 0, 1, 1, 1], ["closed", "2024-Q2", 0, 0, 0, 0], ["due", "2024-Q2", 0, 1, 1, 1]]);
        assert_eq!(json!(forecasts("2024-05-15")), second);
        // In the third quarter the first part is overdue: the answer, taken to be complete before it ends, is late.
        let third = json!([["received", "2024-Q3", 0, 0, 0, 0], ["closed", "2024-Q3", 1, 0, 0, 1], ["due", "2024-Q3", 0, 0, 0, 0]]);
        assert_eq!(json!(forecasts("2024-07-01")), third);
    }

    fn authorities_stand_side_by_side_ranked_by_any_figure(server) {
        let [first, second, third] = ["First", "Second", "Third"].map(|name| server.authority(name));
        let (met, late) = (due("2024-05-15").answered("2024-05-15", "disclosed", &[]), due("2024-05-15").answered("2024-05-16", "withheld", &["43(2)"]));
        record_all(server, &first, &[met.clone(), late.clone()]);
        record_all(server, &second, &[met.clone(), met, late.clone()]);
        let question = "/v1/metrics/comparison?start_on=2024-04-01&end_on=2024-06-30&metric";
        let report = server.get(&format!("{question}=timeliness&basis=received&rank_by=in_time")).expect(200);
        let ranked = |report: &Value, figure: &str| -> Value {
            let authorities = report["authorities"].as_array().unwrap().iter();
            json!(authorities.map(|one| {
                let found = one["figures"].as_array().unwrap().iter().find(|each| each["name"] == figure).unwrap();
                json!([one["rank"], one["name"], found["figure"]["numerator"], found["figure"]["denominator"]])
            }).collect::<Vec<_>>())
        };
        assert_eq!(ranked(&report, "in_time"), json!([[1, "Second", 2, 3], [2, "First", 1, 2], [3, "Third", 0, 0]]));
        assert_eq!((&report["basis"], &report["rank_by"], &report["definition"]), (&json!("received"), &json!("in_time"), &json!("comparison")));
        let of_all = report["total"].as_array().unwrap().iter().find(|one| one["name"] == "in_time").unwrap();
        assert_eq!(of_all["figure"], json!({"numerator": 3, "denominator": 5, "ratio": 0.6}));
        let report = server.get(&format!("{question}=outcomes&rank_by=withheld_in_full")).expect(200);
        assert_eq!(ranked(&report, "withheld_in_full"), json!([[1, "First", 1, 2], [2, "Second", 1, 3], [3, "Third", 0, 0]]));
        record_all(server, &third, &[due("2024-05-15")]);
        let report = server.get(&format!("{question}=workload")).expect(200);
        assert_eq!((ranked(&report, "overdue")[0].clone(), &report["basis"]), (json!([1, "Third", 1, 1]), &json!("stock")));
        let wrong = server.get(&format!("{question}=ncnd&rank_by=in_time"));
        wrong.problem(400, "invalid-parameter");
        assert_eq!(wrong.faults(), [("rank_by".to_owned(), "invalid-parameter".to_owned())]);
        let csv = server.get(&format!("{question}=timeliness&basis=received&rank_by=late&format=csv")).text;
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("metric,start_on,end_on,basis,as_at,definition,metric_definition,regime,rank_by,rank,authority_id,authority,in_deadline_numerator,"), "{csv}");
        assert!(lines[1].starts_with("timeliness,2024-04-01,2024-06-30,received,2026-06-30,comparison,timeliness-received,,late,,,,3,6,0.5,"), "{csv}");
        assert_eq!(lines.len(), 5);
    }

    fn bands_and_answers_to_parts_are_compared_too(server) {
        let [first, second] = ["First", "Second"].map(|name| server.authority(name));
        let review = |decided_on: &str| {
            let decision = json!({"decided_on": decided_on, "results": [{"part": "1", "result": "overturned"}]});
            json!({"requested_on": "2024-05-20", "decision": decision})
        };
        let answered = |on: &str| due("2024-05-15").answered(on, "disclosed", &[]);
        let of_two = due("2024-05-15").parts(&["1", "2"]).letter("2024-05-15", "1", "withheld", &["43(2)"]).letter("2024-05-15", "2", "not_held", &[]);
        record_all(server, &first, &[answered("2024-05-15").step("reviews", review("2024-06-04")), answered("2024-05-16"), of_two]);
        record_all(server, &second, &[answered("2024-05-15").step("reviews", review("2024-06-18")), due("2024-06-27"), due("2024-05-01")]);
        let figure = |question: &str, name: &str| -> Value {
            let report = server.get(&format!("/v1/metrics/comparison?start_on=2024-04-01&end_on=2024-06-30&as_at=2024-06-28&metric={question}&rank_by={name}")).expect(200);
            let told = |figures: &Value| {
                let found = figures.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
                json!([found["figure"]["numerator"], found["figure"]["denominator"]])
            };
            let each = report["authorities"].as_array().unwrap().iter().map(|one| json!([one["name"], told(&one["figures"])]));
            json!([told(&report["total"]), each.collect::<Vec<Value>>()])
        };
        for (question, name, expected) in [
            ("timeliness&basis=received", "working_days_0_to_20", json!([[3, 4], [["Second", [1, 1]], ["First", [2, 3]]]])),
            ("timeliness&basis=closed", "working_days_21_to_40", json!([[1, 4], [["First", [1, 3]], ["Second", [0, 1]]]])),
            ("timeliness&basis=due", "working_days_from_201", json!([[0, 4], [["First", [0, 3]], ["Second", [0, 1]]]])),
            ("outcomes", "parts_disclosed", json!([[3, 5], [["Second", [1, 1]], ["First", [2, 4]]]])),
            ("outcomes", "parts_not_held", json!([[1, 5], [["First", [1, 4]], ["Second", [0, 1]]]])),
            ("workload", "overdue_1_to_20_working_days", json!([[1, 2], [["Second", [1, 2]], ["First", [0, 0]]]])),
            ("workload", "overdue_21_to_60_working_days", json!([[1, 2], [["Second", [1, 2]], ["First", [0, 0]]]])),
            ("reviews", "working_days_0_to_10", json!([[1, 2], [["First", [1, 1]], ["Second", [0, 1]]]])),
            ("reviews", "working_days_11_to_20", json!([[1, 2], [["Second", [1, 1]], ["First", [0, 1]]]])),
        ] {
            assert_eq!(figure(question, name), expected, "{question} {name}");
        }
        // A table of a metric calls them the same.
        let days = "start_on=2024-04-01&end_on=2024-06-30&as_at=2024-06-28";
        for (metric, heading) in [("timeliness?basis=received&", "working_days_0_to_20"), ("reviews?", "working_days_0_to_10")] {
            let csv = server.get(&format!("/v1/metrics/{metric}{days}&authority_id={first}&format=csv")).text;
            assert!(csv.lines().next().unwrap().split(',').any(|one| one == heading), "{csv}");
        }
    }

    fn a_comparison_has_the_basis_and_the_definition_of_its_metric(server) {
        let authority = server.authority("Council");
        record_all(server, &authority, &[due("2024-05-15").answered("2024-05-15", "withheld", &["43(2)"])]);
        let days = "start_on=2024-04-01&end_on=2024-06-30";
        for (metric, basis) in [
            ("timeliness", "&basis=received"), ("timeliness", "&basis=closed"), ("timeliness", "&basis=due"), ("outcomes", ""),
            ("provisions", ""), ("ncnd", ""), ("reviews", ""), ("regulator", ""),
        ] {
            let of_one = server.get(&format!("/v1/metrics/{metric}?{days}{basis}&authority_id={authority}")).expect(200)["rows"][0].clone();
            let question = format!("/v1/metrics/comparison?metric={metric}&{days}{basis}");
            let of_all = server.get(&question).expect(200);
            assert_eq!((&of_all["basis"], &of_all["metric_definition"]), (&of_one["basis"], &of_one["definition"]), "{metric}{basis}");
            let csv = server.get(&format!("{question}&format=csv")).text;
            let line: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
            assert_eq!((json!(line[3]), json!(line[6])), (of_one["basis"].clone(), of_one["definition"].clone()), "{csv}");
        }
        let stock = server.get(&format!("/v1/metrics/comparison?metric=workload&{days}")).expect(200);
        assert_eq!((&stock["basis"], &stock["metric_definition"]), (&json!("stock"), &json!("workload")));
    }

    fn ncnd_by_topic_is_told_in_whole_quarters_with_small_counts_suppressed(server) {
        let authority = server.authority("Force");
        let with_topic = |topic: &str, outcome: &str| {
            let mut story = due("2024-05-15").answered("2024-05-15", outcome, &["31(3)"]);
            story.request["topics"] = json!([topic]);
            story
        };
        let ncnd = "neither_confirmed_nor_denied";
        let mut stories = vec![with_topic("surveillance", ncnd); 12];
        stories.extend(vec![with_topic("informants", ncnd); 3]);
        // A topic that was met by nothing else has no row.
        stories.extend(vec![with_topic("covert cameras", ncnd); 2]);
        stories.extend(["surveillance", "informants", "parking"].map(|topic| with_topic(topic, "disclosed")));
        record_all(server, &authority, &stories);
        let rows = |quarter: &str| -> Value {
            let report = server.get(&format!("/v1/metrics/ncnd-by-topic?period={quarter}&authority_id={authority}")).expect(200);
            json!(report["rows"].as_array().unwrap().iter().map(|row| json!([row.get("topic"), row.get("requests_with_ncnd"), row["suppressed"]])).collect::<Vec<_>>())
        };
        assert_eq!(
            rows("2024-Q2"),
            json!([[null, null, true], ["informants", null, true], ["parking", null, true], ["surveillance", 12, false]])
        );
        assert_eq!(rows("2024-25-Q1"), rows("2024-Q2"));
        assert_eq!(rows("2024-Q1"), json!([[null, 0, false]]));
        for (question, parameter) in [
            ("period=2024", "period"),
            ("period=2026-Q2", "period"),
            ("period=2024-Q2&as_at=2024-05-20", "as_at"),
            ("period=2024-Q2&regime=foia", "regime"),
            ("start_on=2024-05-01&end_on=2024-05-20", "start_on"),
        ] {
            let refused = server.get(&format!("/v1/metrics/ncnd-by-topic?{question}&authority_id={authority}"));
            refused.problem(400, "invalid-parameter");
            assert!(refused.faults().contains(&(parameter.to_owned(), "invalid-parameter".to_owned())), "{question}");
        }
        let csv = server.get(&format!("/v1/metrics/ncnd-by-topic?period=2024-Q2&authority_id={authority}&format=csv")).text;
        assert!(csv.ends_with("surveillance,12,false\r\n") && csv.contains(",informants,,true\r\n"), "{csv}");
    }
}

//! Figures over HTTP, to the unit: each basis, before and after an answer, every grouping, JSON and CSV.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{disclosed, ncnd, path, sent, withheld},
        server::id,
    },
};

/// Six requests of one authority in the first quarter of 2024, one for each way a request can stand:
///
/// | received | due | what happened |
/// |---|---|---|
/// | 8 January | 5 February | disclosed on the due date, day 20 |
/// | 8 January | 5 February | extended in time to 16 February, NCND on that day, day 29 |
/// | 8 January | 5 February | withheld a day late, day 21 |
/// | 15 January | 12 February | withdrawn on 20 January |
/// | 1 February | 29 February | a question of 5 February is unanswered |
/// | 11 March | 11 April | unanswered |
fn first_quarter(server: &Server) -> String {
    let authority = server.authority("Force");
    server.authority("Another, with nothing to count");
    let receive = |received_on: &str| {
        let body =
            json!({"authority_id": authority, "regime": "foia", "received_on": received_on, "subject": "A subject"});
        path(&id(&server.post("/v1/requests", &body).expect(201)))
    };
    let post = |address: String, body: Value| drop(server.post(&address, &body).expect(201));
    let in_deadline = receive("2024-01-08");
    post(format!("{in_deadline}/responses"), sent("2024-02-05", &[disclosed("1")]));
    let in_extension = receive("2024-01-08");
    post(
        format!("{in_extension}/extensions"),
        json!({"kind": "public_interest", "notified_on": "2024-02-05", "estimated_on": "2024-02-16", "grounds": ["31(1)(a)"]}),
    );
    post(format!("{in_extension}/responses"), sent("2024-02-16", &[ncnd("1")]));
    let late = receive("2024-01-08");
    post(format!("{late}/responses"), sent("2024-02-06", &[withheld("1")]));
    let withdrawn = receive("2024-01-15");
    post(format!("{withdrawn}/withdrawal"), json!({"withdrawn_on": "2024-01-20"}));
    let on_hold = receive("2024-02-01");
    post(format!("{on_hold}/clarifications"), json!({"asked_on": "2024-02-05"}));
    receive("2024-03-11");
    authority
}

/// The rows of a metric.
#[track_caller]
fn rows(server: &Server, authority: &str, question: &str) -> Vec<Value> {
    let report = server.get(&format!("/v1/metrics/{question}&authority_id={authority}")).expect(200);
    assert_eq!(report["authority_id"], authority);
    report["rows"].as_array().unwrap().clone()
}

/// The counts of a row: requests, denominator, in deadline, in time, late, not yet due, on hold or lapsed.
fn counts(row: &Value) -> Value {
    let denominator = &row["in_time"]["denominator"];
    assert_eq!((&row["in_deadline"]["denominator"], &row["late"]["denominator"]), (denominator, denominator));
    json!([
        row["requests"],
        denominator,
        row["in_deadline"]["numerator"],
        row["in_time"]["numerator"],
        row["late"]["numerator"],
        row["not_yet_due"],
        row["on_hold_or_lapsed"]
    ])
}

const QUARTER: &str = "start_on=2024-01-01&end_on=2024-03-31";
const FEBRUARY: &str = "start_on=2024-02-01&end_on=2024-02-29";

on_both! {
    fn the_received_cohort_is_followed_from_day_to_day(server) {
        let authority = first_quarter(server);
        for (as_at, expected) in [
            ("2024-02-04", json!([5, 4, 0, 0, 0, 4, 1])),
            ("2024-02-05", json!([5, 3, 1, 1, 0, 2, 2])),
            ("2024-02-06", json!([5, 3, 1, 1, 1, 1, 2])),
            ("2024-02-15", json!([5, 3, 1, 1, 1, 1, 2])),
            ("2024-02-16", json!([5, 3, 1, 2, 1, 0, 2])),
            ("2024-04-11", json!([6, 4, 1, 2, 1, 1, 2])),
            ("2024-04-12", json!([6, 4, 1, 2, 2, 0, 2])),
        ] {
            let rows = rows(server, &authority, &format!("timeliness?{QUARTER}&basis=received&as_at={as_at}"));
            assert_eq!((rows.len(), counts(&rows[0])), (1, expected), "as at {as_at}");
            assert_eq!(
                (&rows[0]["as_at"], &rows[0]["basis"], &rows[0]["definition"]),
                (&json!(as_at), &json!("received"), &json!("timeliness-received"))
            );
        }
        let today = rows(server, &authority, &format!("timeliness?{QUARTER}&basis=received"));
        assert_eq!((&today[0]["as_at"], &today[0]["period"]), (&json!("2026-06-30"), &json!("2024-01-01/2024-03-31")));
        assert_eq!(today[0]["in_time"], json!({"numerator": 2, "denominator": 4, "ratio": 0.5}));
        assert_eq!(today[0]["in_deadline"], json!({"numerator": 1, "denominator": 4, "ratio": 0.25}));
    }

    fn the_closed_cohort_knows_how_long_answers_took(server) {
        let authority = first_quarter(server);
        let rows = rows(server, &authority, &format!("timeliness?{FEBRUARY}&basis=closed"));
        assert_eq!(counts(&rows[0]), json!([3, 3, 1, 2, 1, 0, 0]));
        assert_eq!(rows[0]["in_deadline"]["ratio"], json!(1.0 / 3.0));
        let days = &rows[0]["working_days"];
        assert_eq!((&days["measured"], &days["median"], &days["p90"], &days["min"], &days["max"]), (&json!(3), &json!(21.0), &json!(29), &json!(20), &json!(29)));
        assert_eq!((&days["bands"][0], &days["bands"][1]), (&json!({"from_days": 0, "to_days": 20, "requests": 1}), &json!({"from_days": 21, "to_days": 40, "requests": 2})));
        assert_eq!(days["bands"][10], json!({"from_days": 201, "requests": 0}));
        // Before the last answer of the month it had not been given.
        let before = self::rows(server, &authority, &format!("timeliness?{FEBRUARY}&basis=closed&as_at=2024-02-15"));
        assert_eq!(counts(&before[0]), json!([2, 2, 1, 1, 1, 0, 0]));
        let january = self::rows(server, &authority, "timeliness?start_on=2024-01-01&end_on=2024-01-31&basis=closed");
        assert_eq!(
            (counts(&january[0]), &january[0]["in_time"]["ratio"]),
            (json!([0, 0, 0, 0, 0, 0, 0]), &Value::Null)
        );
        assert_eq!(january[0]["working_days"].get("median"), None);
    }

    fn the_due_cohort_goes_by_the_statutory_date_before_extensions(server) {
        let authority = first_quarter(server);
        let by_month =
            rows(server, &authority, "timeliness?start_on=2024-02-01&end_on=2024-04-30&basis=due&group_by=month");
        let found: Vec<Value> = by_month.iter().map(|row| json!([row["period"], counts(row)])).collect();
        assert_eq!(
            json!(found),
            json!([
                ["2024-02", [5, 3, 1, 2, 1, 0, 2]],
                ["2024-03", [0, 0, 0, 0, 0, 0, 0]],
                ["2024-04", [1, 1, 0, 0, 1, 0, 0]],
            ])
        );
    }

    fn every_grouping_has_its_periods(server) {
        let authority = first_quarter(server);
        for (group_by, expected) in [
            (
                "month",
                json!([
                    ["2024-01", "2024-01-01", "2024-01-31", 4],
                    ["2024-02", "2024-02-01", "2024-02-29", 1],
                    ["2024-03", "2024-03-01", "2024-03-31", 1],
                    ["2024-04", "2024-04-01", "2024-04-05", 0]
                ]),
            ),
            (
                "quarter",
                json!([["2024-Q1", "2024-01-01", "2024-03-31", 6], ["2024-Q2", "2024-04-01", "2024-04-05", 0]]),
            ),
            (
                "financial_quarter",
                json!([["2023-24-Q4", "2024-01-01", "2024-03-31", 6], ["2024-25-Q1", "2024-04-01", "2024-04-05", 0]]),
            ),
            ("year", json!([["2024", "2024-01-01", "2024-04-05", 6]])),
            (
                "financial_year",
                json!([["2023-24", "2024-01-01", "2024-03-31", 6], ["2024-25", "2024-04-01", "2024-04-05", 0]]),
            ),
        ] {
            let rows = rows(
                server,
                &authority,
                &format!("timeliness?start_on=2024-01-01&end_on=2024-04-05&basis=received&group_by={group_by}"),
            );
            let found: Vec<Value> = rows
                .iter()
                .map(|row| json!([row["period"], row["start_on"], row["end_on"], row["requests"]]))
                .collect();
            assert_eq!(json!(found), expected, "{group_by}");
        }
    }

    fn days_count_at_both_ends(server) {
        let authority = first_quarter(server);
        for (days, expected) in [
            ("start_on=2024-01-08&end_on=2024-01-08", 3),
            ("start_on=2024-01-09&end_on=2024-01-14", 0),
            ("start_on=2024-01-09&end_on=2024-01-15", 1),
        ] {
            assert_eq!(
                rows(server, &authority, &format!("timeliness?{days}&basis=received"))[0]["requests"],
                expected,
                "{days}"
            );
        }
    }

    fn outcomes_provisions_and_ncnd_are_counted_from_what_was_sent(server) {
        let authority = first_quarter(server);
        let outcomes = &rows(server, &authority, &format!("outcomes?{FEBRUARY}"))[0];
        assert_eq!(
            (&outcomes["requests_answered"], &outcomes["parts_answered"], &outcomes["basis"]),
            (&json!(3), &json!(3), &json!("closed"))
        );
        assert_eq!(outcomes["refused_in_full"], json!({"numerator": 2, "denominator": 3, "ratio": 2.0 / 3.0}));
        let counted = |list: &str, figure: &str| -> Vec<Value> {
            let all = outcomes[list].as_array().unwrap().iter();
            all.filter(|one| one[figure]["numerator"] != 0)
                .map(|one| json!([one["outcome"], one[figure]["numerator"], one[figure]["denominator"]]))
                .collect()
        };
        assert_eq!(
            json!(counted("by_request", "requests")),
            json!([["granted_in_full", 1, 3], ["withheld_in_full", 1, 3], ["neither_confirmed_nor_denied", 1, 3]])
        );
        assert_eq!(
            json!(counted("by_part", "parts")),
            json!([["disclosed", 1, 3], ["withheld", 1, 3], ["neither_confirmed_nor_denied", 1, 3]])
        );
        let provisions: Vec<Value> = rows(server, &authority, &format!("provisions?{FEBRUARY}"))
            .iter()
            .map(|row| {
                json!([
                    row["regime"],
                    row["provision"],
                    row["ncnd"],
                    row["times_cited"],
                    row["requests_citing"]["numerator"],
                    row["requests_citing"]["denominator"]
                ])
            })
            .collect();
        assert_eq!(
            json!(provisions),
            json!([["foia", "31(1)(a)", false, 1, 1, 3], ["foia", "31(3)", true, 1, 1, 3]]),
            "limbs relied on are not counted"
        );
        let ncnd = &rows(server, &authority, &format!("ncnd?{FEBRUARY}"))[0];
        let third = json!({"numerator": 1, "denominator": 3, "ratio": 1.0 / 3.0});
        assert_eq!((&ncnd["requests_with_ncnd"], &ncnd["parts_with_ncnd"]), (&third, &third));
        // The day before the NCND answer nobody could count it.
        let before = &rows(server, &authority, &format!("ncnd?{FEBRUARY}&as_at=2024-02-15"))[0];
        assert_eq!(before["requests_with_ncnd"], json!({"numerator": 0, "denominator": 2, "ratio": 0.0}));
        assert_eq!(rows(server, &authority, &format!("provisions?{FEBRUARY}&as_at=2024-02-15")).len(), 1);
        assert_eq!(
            rows(server, &authority, &format!("outcomes?{FEBRUARY}&as_at=2024-02-04"))[0]["requests_answered"],
            0
        );
    }

    fn only_the_regime_asked_for_is_counted(server) {
        let authority = first_quarter(server);
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A site", "parts": [
            {"label": "1", "text": "The contract"}, {"label": "2", "text": "The emissions", "regime": "eir"}]});
        let request = path(&id(&server.post("/v1/requests", &body).expect(201)));
        server
            .post(&format!("{request}/responses"), &sent("2024-02-05", &[disclosed("1"), disclosed("2")]))
            .expect(201);
        let received = |regime: &str| {
            rows(server, &authority, &format!("timeliness?{QUARTER}&basis=received{regime}"))[0]["requests"].clone()
        };
        assert_eq!(
            (received(""), received("&regime=foia"), received("&regime=eir"), received("&regime=foisa")),
            (json!(7), json!(7), json!(1), json!(0))
        );
        let report =
            server.get(&format!("/v1/metrics/outcomes?{QUARTER}&regime=eir&authority_id={authority}")).expect(200);
        assert_eq!((&report["regime"], &report["rows"][0]["parts_answered"]), (&json!("eir"), &json!(1)));
    }

    fn the_same_figures_come_as_csv(server) {
        let authority = first_quarter(server);
        let question = format!(
            "/v1/metrics/timeliness?{QUARTER}&basis=received&group_by=quarter&as_at=2024-04-11&authority_id={authority}"
        );
        let by_parameter = server.get(&format!("{question}&format=csv"));
        assert_eq!(
            (by_parameter.status, by_parameter.header("content-type")),
            (200, "text/csv; charset=utf-8; header=present")
        );
        let by_header = server.send("GET", &question, &[("Accept", "text/csv")], None);
        assert_eq!(by_header.text, by_parameter.text);
        let lines: Vec<&str> = by_parameter.text.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "period,start_on,end_on,basis,as_at,definition,authority_id,regime,requests,in_deadline_numerator,in_deadline_denominator,in_deadline_ratio,\
            in_time_numerator,in_time_denominator,in_time_ratio,late_numerator,late_denominator,late_ratio,not_yet_due,on_hold_or_lapsed,\
            working_days_measured,working_days_median,working_days_p90,working_days_min,working_days_max,working_days_0_to_20,working_days_21_to_40,\
            working_days_41_to_60,working_days_61_to_80,working_days_81_to_100,working_days_101_to_120,working_days_121_to_140,working_days_141_to_160,\
            working_days_161_to_180,working_days_181_to_200,working_days_from_201"
        );
        assert_eq!(
            lines[1],
            format!("2024-Q1,2024-01-01,2024-03-31,received,2024-04-11,timeliness-received,{authority},,6,1,4,0.25,2,4,0.5,1,4,0.25,1,2,3,21,29,20,29,1,2,0,0,0,0,0,0,0,0,0")
        );
        assert_eq!(&lines[2..], [""]);
        let ncnd = server
            .get(&format!(
                "/v1/metrics/ncnd?{QUARTER}&group_by=quarter&as_at=2024-04-11&format=csv&authority_id={authority}"
            ))
            .text;
        assert!(ncnd.ends_with(",1,3,0.3333333333333333,1,3,0.3333333333333333,0,1,0,0,1,0,0,1,0\r\n"), "{ncnd}");
        let provisions = server
            .get(&format!(
                "/v1/metrics/provisions?{QUARTER}&group_by=quarter&as_at=2024-04-11&format=csv&authority_id={authority}"
            ))
            .text;
        let cited: Vec<&str> = provisions.lines().skip(1).collect();
        assert_eq!(
            cited,
            [
                format!("2024-Q1,2024-01-01,2024-03-31,issued,2024-04-11,provisions,{authority},,foia,31(1)(a),false,1,1,3,0.3333333333333333,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0"),
                format!("2024-Q1,2024-01-01,2024-03-31,issued,2024-04-11,provisions,{authority},,foia,31(3),true,1,1,3,0.3333333333333333,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0"),
            ]
        );
        let outcomes = server.get(&format!("/v1/metrics/outcomes?{QUARTER}&format=csv&authority_id={authority}")).text;
        let mut outcomes = outcomes.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let (headings, cells) = (outcomes.next().unwrap(), outcomes.next().unwrap());
        let cell = |heading: &str| cells[headings.iter().position(|name| *name == heading).unwrap()];
        assert_eq!(
            (
                cell("requests_answered"),
                cell("requests_refused_in_full_numerator"),
                cell("parts_neither_confirmed_nor_denied_numerator")
            ),
            ("3", "2", "1")
        );
        server.send("GET", &question, &[("Accept", "image/png")], None).problem(406, "not-acceptable");
    }

    fn a_table_says_whose_figures_it_has_and_under_which_regime(server) {
        let authority = first_quarter(server);
        for (metric, of_regime) in [
            ("timeliness?basis=received&", "regime"),
            ("outcomes?", "regime"),
            ("provisions?", "regime_asked"),
            ("ncnd?", "regime"),
            ("reviews?", "regime"),
            ("regulator?", "regime"),
            ("workload?", "regime"),
            ("comparison?metric=timeliness&", "regime"),
        ] {
            for regime in ["", "foia"] {
                let asked = if regime.is_empty() { String::new() } else { format!("&regime={regime}") };
                let question = match metric {
                    "workload?" => format!("as_at=2024-03-31{asked}&authority_id={authority}"),
                    "comparison?metric=timeliness&" => format!("{QUARTER}{asked}"),
                    _ => format!("{QUARTER}{asked}&authority_id={authority}"),
                };
                let csv = server.get(&format!("/v1/metrics/{metric}{question}&format=csv")).text;
                let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
                let place = |wanted: &str| lines[0].iter().position(|heading| *heading == wanted).unwrap();
                assert!(lines.len() > 1, "{csv}");
                assert!(lines[1..].iter().all(|line| line[place(of_regime)] == regime), "{csv}");
                let whose: Vec<&str> = lines[1..].iter().map(|line| line[place("authority_id")]).collect();
                assert!(if metric.starts_with("comparison") { whose.contains(&authority.as_str()) } else { whose.iter().all(|id| *id == authority) }, "{csv}");
            }
        }
        let csv = server.get(&format!("/v1/metrics/ncnd-by-topic?period=2024-Q1&authority_id={authority}&format=csv")).text;
        assert!(csv.starts_with("period,start_on,end_on,basis,as_at,definition,authority_id,topic,requests_with_ncnd,suppressed\r\n"), "{csv}");
        assert!(csv.lines().skip(1).all(|line| line.contains(&format!(",ncnd-by-topic,{authority},"))), "{csv}");
    }

    fn the_authority_is_named_where_there_are_several(server) {
        let authority = first_quarter(server);
        for metric in ["timeliness?basis=received&", "outcomes?", "provisions?", "ncnd?"] {
            let question = format!("/v1/metrics/{metric}{QUARTER}");
            let unnamed = server.get(&question);
            unnamed.problem(400, "invalid-parameter");
            assert_eq!(unnamed.faults(), [("authority_id".to_owned(), "invalid-parameter".to_owned())], "{metric}");
            server.get(&format!("{question}&authority_id={}", uuid::Uuid::new_v4())).problem(404, "not-found");
            server.get(&format!("{question}&authority_id=nonsense")).problem(400, "invalid-parameter");
            server.anonymous().get(&format!("{question}&authority_id={authority}")).problem(401, "unauthenticated");
        }
    }

    fn the_only_authority_need_not_be_named(server) {
        let authority = server.authority("Force");
        let report = server.get(&format!("/v1/metrics/timeliness?{QUARTER}&basis=received")).expect(200);
        assert_eq!(report["authority_id"], authority);
        assert_eq!(counts(&report["rows"][0]), json!([0, 0, 0, 0, 0, 0, 0]));
    }

    fn questions_that_cannot_be_answered_name_the_parameter(server) {
        let authority = server.authority("Force");
        for (question, parameter) in [
            ("start_on=2024-03-31&end_on=2024-01-01&basis=received", "end_on"),
            ("start_on=2024-01-01&end_on=2024-03-31&basis=received&as_at=2026-07-01", "as_at"),
            ("start_on=2024-01-01&end_on=2024-03-31&basis=opened", "basis"),
            ("start_on=2024-01-01&end_on=2024-03-31&basis=received&group_by=week", "group_by"),
            ("start_on=2024-01-01&end_on=2024-03-31&basis=received&regime=gdpr", "regime"),
            ("start_on=2024-01-01&end_on=2024-03-31&basis=received&format=xml", "format"),
            ("start_on=2024-02-30&end_on=2024-03-31&basis=received", "start_on"),
            ("start_on=2024-01-01&end_on=2024-03-31", "basis"),
            ("start_on=2024-01-01&end_on=2024-03-31&basis=received&held=true", "held"),
        ] {
            let refused = server.get(&format!("/v1/metrics/timeliness?{question}&authority_id={authority}"));
            refused.problem(400, "invalid-parameter");
            assert_eq!(refused.faults(), [(parameter.to_owned(), "invalid-parameter".to_owned())], "{question}");
        }
    }

    fn every_figure_has_its_definition(server) {
        server.authority("Force");
        let list = server.get("/v1/metrics/definitions").expect(200);
        let definitions = list["definitions"].as_array().unwrap();
        let ids: Vec<&str> = definitions.iter().map(|definition| definition["id"].as_str().unwrap()).collect();
        assert_eq!(
            ids,
            [
                "timeliness-received",
                "timeliness-closed",
                "timeliness-due",
                "working-days-taken",
                "outcomes",
                "provisions",
                "ncnd",
                "ncnd-by-topic",
                "reviews",
                "regulator",
                "workload",
                "workload-forecast",
                "comparison",
                "return-code-part-8",
                "return-cabinet-office",
                "return-scottish-commissioner",
                "return-commissioner-self-assessment"
            ]
        );
        for definition in definitions {
            assert!(definition["text"].as_str().unwrap().len() > 100, "{definition}");
        }
        for metric in
            ["timeliness?basis=received&", "timeliness?basis=closed&", "timeliness?basis=due&", "outcomes?", "ncnd?"]
        {
            let report = server.get(&format!("/v1/metrics/{metric}{QUARTER}")).expect(200);
            assert!(ids.contains(&report["rows"][0]["definition"].as_str().unwrap()), "{metric}");
        }
        let table = server.get("/v1/metrics/definitions?format=csv").text;
        assert!(table.starts_with("id,title,text,unit,basis,source\r\ntimeliness-received,"), "{table}");
    }
}

//! The findings of the published cases, exact, and each rule at its edge.

use serde_json::{Value, json};

use super::*;
use crate::law::clock::{Event, Happening, PartHistory, Scope, fold};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Part 1, received and answered on these days, with an extension where there is one.
fn part(regime: Regime, received_on: &str, answered_on: Option<&str>, today: &str) -> CompliancePart {
    let label = Label::only();
    let events: Vec<Event> = answered_on
        .map(|on| Event {
            id: "a".to_owned(),
            effective_on: day(on),
            scope: Scope::WholeRequest,
            happening: Happening::Response,
        })
        .into_iter()
        .collect();
    let history = PartHistory { regime, received_on: day(received_on), label: &label, events: &events };
    let clock = fold(Calendars::embedded(), &history, day(today));
    CompliancePart { label: label.clone(), regime, clock, answered_by: answered_on.map(|_| "letter".to_owned()) }
}

fn found(
    today: &str,
    parts: &[CompliancePart],
    extensions: &[ComplianceExtension],
    letters: &[ComplianceLetter],
    reviews: &[ComplianceReview],
) -> Vec<Finding> {
    compliance_findings(&ComplianceFacts {
        today: day(today),
        calendars: Calendars::embedded(),
        parts,
        events: &[],
        extensions,
        letters,
        reviews,
        steps: &[],
    })
}

fn told(finding: &Finding) -> Value {
    json!([finding.id, finding.severity.as_str(), finding.provision, finding.facts])
}

fn review(regime: Regime, requested_on: &str, decided_on: Option<&str>) -> ComplianceReview {
    ComplianceReview {
        review_id: "review".to_owned(),
        regime,
        requested_on: day(requested_on),
        asked_late: false,
        same_decider: false,
        decided_on: decided_on.map(day),
        undecided: Vec::new(),
    }
}

fn letter(issued_on: &str, determinations: Value) -> ComplianceLetter {
    let determinations: Vec<Determination> = serde_json::from_value(determinations).unwrap();
    ComplianceLetter {
        response_id: "letter".to_owned(),
        kind: ResponseKind::Initial,
        issued_on: day(issued_on),
        determinations: determinations.into_iter().map(|determination| (Regime::Foia, determination)).collect(),
        findings: Vec::new(),
    }
}

fn extension(notified_on: &str, estimated_on: &str) -> ComplianceExtension {
    ComplianceExtension {
        event_id: format!("notice of {notified_on}"),
        kind: ExtensionKind::PublicInterest,
        notified_on: day(notified_on),
        estimated_on: Some(day(estimated_on)),
        parts: vec![Label::only()],
        ran_out_for: vec![Label::only()],
        findings: Vec::new(),
    }
}

#[test]
fn case_003_is_late_by_thirty_three_working_days_and_missed_its_estimate() {
    let parts = [part(Regime::Foia, "2019-11-07", Some("2020-01-28"), "2020-06-23")];
    let grounds = json!([{"provision": "31(3)", "relies_on": [{"provision": "31(1)(a)", "threshold": "would"}],
        "prejudice": {"harm": "Offenders would know", "causal_link": "by the mosaic"}}]);
    let letters =
        [letter("2020-01-28", json!([{"part": "4", "outcome": "neither_confirmed_nor_denied", "grounds": grounds}]))];
    let findings = found(
        "2020-06-23",
        &parts,
        &[extension("2019-12-20", "2020-01-07")],
        &letters,
        &[review(Regime::Foia, "2020-02-10", Some("2020-02-19"))],
    );
    assert_eq!(
        json!(findings.iter().map(told).collect::<Vec<_>>()),
        json!([
            ["late-response", "breach", "section 10(1)", {"parts": "1", "due_on": "2019-12-06", "limit_on": "2019-12-06",
                "responded_on": "2020-01-28", "working_days_taken": "53", "working_days_late": "33"}],
            ["extension-estimate-missed", "warning", null, {"parts": "1", "estimated_on": "2020-01-07", "answered_on": "2020-01-28", "working_days_late": "15"}],
            ["ncnd-harm-not-shown", "warning", "section 31(3)", {"provision": "31(3)", "parts": "4", "limbs": "31(1)(a)",
                "missing": "confirming or denying", "issued_on": "2020-01-28"}],
        ])
    );
}

#[test]
fn case_004_is_late_by_sixty_seven_with_a_review_one_day_over_forty_and_a_replaced_provision() {
    let parts = [part(Regime::Foia, "2023-02-13", Some("2023-06-22"), "2024-02-08")];
    let grounds = json!([{"provision": "40(5)", "as_cited": "section 40(5)"}]);
    let neither = |part: &str| json!({"part": part, "outcome": "neither_confirmed_nor_denied", "grounds": grounds});
    let letters = [letter("2023-06-22", json!([neither("7"), neither("10")]))];
    let findings =
        found("2024-02-08", &parts, &[], &letters, &[review(Regime::Foia, "2023-07-20", Some("2023-09-19"))]);
    assert_eq!(
        json!(findings.iter().map(told).collect::<Vec<_>>()),
        json!([
            ["late-response", "breach", "section 10(1)", {"parts": "1", "due_on": "2023-03-13", "limit_on": "2023-03-13",
                "responded_on": "2023-06-22", "working_days_taken": "87", "working_days_late": "67"}],
            ["replaced-provision-cited", "breach", "section 17(1)(b)", {"provision": "40(5)", "parts": "7, 10", "issued_on": "2023-06-22",
                "replaced_on": "2018-05-25", "years_since": "5"}],
            ["review-beyond-forty-days", "warning", null, {"requested_on": "2023-07-20", "decided_on": "2023-09-19", "due_on": "2023-09-18",
                "working_days_taken": "41", "working_days_late": "1"}],
        ])
    );
}

#[test]
fn an_answer_in_time_and_one_still_due_have_no_finding() {
    for (answered, today) in [(Some("2019-12-06"), "2020-06-23"), (None, "2019-12-06")] {
        assert_eq!(found(today, &[part(Regime::Foia, "2019-11-07", answered, today)], &[], &[], &[]), []);
    }
    let overdue = found("2019-12-09", &[part(Regime::Foia, "2019-11-07", None, "2019-12-09")], &[], &[], &[]);
    assert_eq!(
        told(&overdue[0]),
        json!(["no-response", "breach", "section 10(1)", {"parts": "1", "due_on": "2019-12-06",
        "limit_on": "2019-12-06", "as_at": "2019-12-09", "working_days_late": "1"}])
    );
}

#[test]
fn each_regime_has_its_time_for_answer_and_review() {
    for (regime, provision) in [
        (Regime::Foia, "section 10(1)"),
        (Regime::Eir, "regulation 5(2)"),
        (Regime::Foisa, "section 10(1)"),
        (Regime::Eisr, "regulation 5(2)(a)"),
    ] {
        let late = found("2024-06-03", &[part(regime, "2024-01-08", Some("2024-03-01"), "2024-06-03")], &[], &[], &[]);
        assert_eq!(late[0].provision.as_deref(), Some(provision));
    }
    // From Monday 8 January 2024 no holiday intervenes: day 20 is 5 February, day 40 is 4 March.
    for (regime, decided_on, id) in [
        (Regime::Foia, "2024-02-05", None),
        (Regime::Foia, "2024-02-06", Some(("review-beyond-twenty-days", None))),
        (Regime::Foia, "2024-03-04", Some(("review-beyond-twenty-days", None))),
        (Regime::Foia, "2024-03-05", Some(("review-beyond-forty-days", None))),
        (Regime::Eir, "2024-03-04", None),
        (Regime::Eir, "2024-03-05", Some(("review-late", Some("regulation 11(4)")))),
        (Regime::Foisa, "2024-02-05", None),
        (Regime::Foisa, "2024-02-06", Some(("review-late", Some("section 21(1)")))),
        (Regime::Eisr, "2024-02-06", Some(("review-late", Some("regulation 16(4)")))),
    ] {
        let findings = found("2024-06-03", &[], &[], &[], &[review(regime, "2024-01-08", Some(decided_on))]);
        let told = findings.first().map(|finding| (finding.id.as_ref(), finding.provision.as_deref()));
        assert_eq!(told, id, "{regime} {decided_on}");
    }
    let open = found("2024-02-06", &[], &[], &[], &[review(Regime::Foisa, "2024-01-08", None)]);
    assert_eq!(open[0].facts["as_at"], "2024-02-06");
}

#[test]
fn an_estimate_that_was_renewed_in_time_is_not_missed() {
    let parts = [part(Regime::Foia, "2019-11-07", Some("2020-01-28"), "2020-06-23")];
    let estimates = |extensions: &[ComplianceExtension]| -> Vec<String> {
        let findings = found("2020-06-23", &parts, extensions, &[], &[]);
        findings
            .iter()
            .filter(|finding| finding.id == "extension-estimate-missed")
            .map(|finding| finding.facts["estimated_on"].clone())
            .collect()
    };
    assert_eq!(estimates(&[extension("2019-12-06", "2020-01-28")]), Vec::<String>::new());
    assert_eq!(
        estimates(&[extension("2019-12-06", "2020-01-07"), extension("2020-01-07", "2020-01-28")]),
        Vec::<String>::new()
    );
    assert_eq!(
        estimates(&[extension("2019-12-06", "2020-01-07"), extension("2020-01-08", "2020-01-28")]),
        ["2020-01-07"]
    );
    assert_eq!(
        estimates(&[extension("2019-12-06", "2020-01-07"), extension("2020-01-06", "2020-01-27")]),
        ["2020-01-27"]
    );
}

#[test]
fn a_harm_shown_both_ways_or_left_out_by_law_is_no_finding() {
    let with = |changes: Value| {
        let mut ground = json!({"provision": "31(3)", "prejudice": {}});
        for (name, value) in changes.as_object().unwrap() {
            ground[name] = value.clone();
        }
        let letters = [letter(
            "2020-01-28",
            json!([{"part": "4", "outcome": "neither_confirmed_nor_denied", "grounds": [ground]}]),
        )];
        found("2020-06-23", &[], &[], &letters, &[]).first().map(|finding| finding.facts["missing"].clone())
    };
    let sides = |confirming: Option<&str>, denying: Option<&str>| {
        let mut prejudice = json!({});
        if let Some(words) = confirming {
            prejudice["from_confirming"] = json!(words);
        }
        if let Some(words) = denying {
            prejudice["from_denying"] = json!(words);
        }
        json!({"prejudice": prejudice})
    };
    assert_eq!(with(sides(Some("harm"), Some("harm"))), None);
    assert_eq!(with(sides(Some("harm"), None)).as_deref(), Some("denying"));
    assert_eq!(with(sides(None, Some("harm"))).as_deref(), Some("confirming"));
    assert_eq!(with(json!({"statement_omitted": {"under": "17(4)", "covers": ["17(1)(c)"]}})), None);
    assert_eq!(with(json!({"provision": "23(5)"})), None, "section 23(5) does not turn on prejudice");
}

#[test]
fn the_errors_of_a_letter_are_breaches_once_for_all_parts_and_name_groups_whole() {
    let mut sent = letter(
        "2023-06-22",
        json!([{"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [
        {"provision": "40(5)", "alternative_group": "a"}, {"provision": "23(5)", "alternative_group": "a"}]}]),
    );
    let defect = |part: &str, severity| Finding {
        id: "missing-harm".into(),
        severity,
        provision: Some("section 17(1)(c)".to_owned()),
        pointer: Some(format!("/determinations/{part}/grounds/0")),
        message: "No harm.".to_owned(),
        facts: [("part".to_owned(), part.to_owned()), ("provision".to_owned(), "31(1)(a)".to_owned())].into(),
        next_step: "Show it.".to_owned(),
    };
    sent.findings = vec![defect("1", Severity::Error), defect("2", Severity::Error), defect("3", Severity::Warning)];
    let findings = found("2023-07-01", &[], &[], &[sent], &[]);
    assert_eq!(findings.len(), 2);
    assert_eq!((findings[0].severity, findings[0].facts["parts"].as_str()), (Severity::Breach, "1, 2"));
    assert_eq!(findings[0].pointer.as_deref(), Some("/responses/letter/determinations"));
    assert_eq!(findings[1].facts["provision"], "23(5) or 40(5)");
}

/// Part 1 of a request of 8 January 2024, due on 5 February, as these events leave it on 30 June.
fn part_after(regime: Regime, happened: &[(&str, Happening)]) -> CompliancePart {
    let label = Label::only();
    let event = |(at, (on, happening)): (usize, &(&str, Happening))| Event {
        id: format!("event-{at}"),
        effective_on: day(on),
        scope: Scope::WholeRequest,
        happening: happening.clone(),
    };
    let events: Vec<Event> = happened.iter().enumerate().map(event).collect();
    let history = PartHistory { regime, received_on: day("2024-01-08"), label: &label, events: &events };
    let clock = fold(Calendars::embedded(), &history, day("2024-06-28"));
    CompliancePart { label: label.clone(), regime, clock, answered_by: None }
}

#[test]
fn what_ended_after_its_limit_keeps_the_breach() {
    let told_of = |regime, happened: &[(&str, Happening)]| {
        let findings = found("2024-06-28", &[part_after(regime, happened)], &[], &[], &[]);
        findings.first().map(told)
    };
    for (happening, word) in [(Happening::Withdrawal, "withdrawn"), (Happening::Transfer, "transferred")] {
        let late = told_of(Regime::Eir, &[("2024-02-08", happening.clone())]).unwrap();
        assert_eq!(
            late,
            json!(["no-response", "breach", "regulation 5(2)", {"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05",
            "ended_as": word, "ended_on": "2024-02-08", "working_days_late": "3"}])
        );
        let in_time = told_of(Regime::Eisr, &[("2024-02-05", happening.clone())]);
        assert_eq!(in_time, None);
        // An answer when no duty was left undoes nothing.
        let answered = told_of(Regime::Eir, &[("2024-02-08", happening), ("2024-02-12", Happening::Response)]);
        assert_eq!(answered, Some(late));
    }
    let unasked = told_of(Regime::Eir, &[("2024-02-08", Happening::Lapse)]).unwrap();
    assert_eq!((&unasked[3]["ended_as"], &unasked[3]["ended_on"]), (&json!("lapsed"), &json!("2024-02-08")));
    let asked = ("2024-02-06", Happening::ClarificationAsked);
    let lapsed = told_of(Regime::Foia, &[asked, ("2024-04-08", Happening::Lapse)]).unwrap();
    assert_eq!((&lapsed[3]["ended_as"], &lapsed[3]["ended_on"]), (&json!("lapsed"), &json!("2024-04-08")));
    let asked = ("2024-02-05", Happening::ClarificationAsked);
    assert_eq!(told_of(Regime::Foia, &[asked, ("2024-04-08", Happening::Lapse)]), None, "the duty waited");
}

#[test]
fn a_transfer_under_the_acts_leaves_a_duty_that_is_broken_by_silence() {
    let told_of = |regime, happened: &[(&str, Happening)]| {
        let findings = found("2024-06-28", &[part_after(regime, happened)], &[], &[], &[]);
        findings.first().map(|finding| (finding.id.to_string(), finding.provision.clone()))
    };
    let transferred = [("2024-01-15", Happening::Transfer)];
    for (regime, provision) in [(Regime::Foia, "section 10(1)"), (Regime::Foisa, "section 10(1)")] {
        let breach = Some(("transfer-without-answer".to_owned(), Some(provision.to_owned())));
        assert_eq!(told_of(regime, &transferred), breach);
        let waiting = [("2024-01-12", Happening::ClarificationAsked), ("2024-01-15", Happening::Transfer)];
        assert_eq!(told_of(regime, &waiting), None, "nothing was owed while it waited");
    }
    assert_eq!(told_of(Regime::Eisr, &transferred), None);
    let refusal = Some(("transfer-without-refusal".to_owned(), Some("regulation 14(2)".to_owned())));
    assert_eq!(told_of(Regime::Eir, &transferred), refusal);
    let findings = found("2024-02-05", &[part_after(Regime::Foia, &transferred)], &[], &[], &[]);
    assert_eq!(findings, [], "the limit is still to come");
}

#[test]
fn a_test_that_a_later_letter_gives_is_not_missed() {
    let missing = |provision: &str| Finding {
        id: "missing-public-interest-test".into(),
        severity: Severity::Error,
        provision: Some("section 17(3)".to_owned()),
        pointer: Some("/determinations/0/grounds/0".to_owned()),
        message: "No test.".to_owned(),
        facts: [("part".to_owned(), "1".to_owned()), ("provision".to_owned(), provision.to_owned())].into(),
        next_step: "Give it.".to_owned(),
    };
    let group =
        json!([{"provision": "31(1)(a)", "alternative_group": "a"}, {"provision": "43(2)", "alternative_group": "a"}]);
    let told_of = |provision: &str, grounds: Value, later: &str, tested: Value, notices: &[ComplianceExtension]| {
        let mut first = letter("2024-02-05", json!([{"part": "1", "outcome": "withheld", "grounds": grounds}]));
        first.findings = vec![missing(provision)];
        let tests = json!([{"part": "1", "outcome": "withheld", "public_interest_tests": [{"provisions": tested}]}]);
        let mut second = letter(later, tests);
        (second.kind, second.response_id) = (ResponseKind::PublicInterestOutcome, "later".to_owned());
        found("2024-06-28", &[], notices, &[first, second], &[])
    };
    let missed = |provision: &str, grounds: Value, later: &str, tested: Value| {
        !told_of(provision, grounds, later, tested, &[extension("2024-02-05", "2024-03-01")]).is_empty()
    };
    let one = || json!([{"provision": "31(1)(a)"}]);
    // A test that nothing announced by the day of the first letter leaves that letter without what s17(2) asks for.
    for notices in [vec![], vec![extension("2024-02-06", "2024-03-01")]] {
        let found = told_of("31(1)(a)", one(), "2024-02-20", json!(["31(1)(a)"]), &notices);
        assert_eq!(
            json!(found.iter().map(told).collect::<Vec<_>>()),
            json!([["test-not-announced", "breach", "section 17(2)",
                {"provision": "31(1)(a)", "parts": "1", "issued_on": "2024-02-05", "weighed_on": "2024-02-20"}]])
        );
    }
    assert!(!missed("31(1)(a)", one(), "2024-02-20", json!(["31(1)(a)"])));
    assert!(!missed("31(1)(a)", one(), "2024-02-20", json!(["section 31"])));
    assert!(missed("31(1)(a)", one(), "2024-02-20", json!(["43(2)"])));
    assert!(missed("31(1)(a)", one(), "2024-02-02", json!(["31(1)(a)"])), "it came before");
    assert!(!missed("31(1)(a) or 43(2)", group.clone(), "2024-02-20", json!(["43(2)"])));
    assert!(!missed("31(1)(a) or 43(2)", group, "2024-02-20", json!(["a"])));
}

#[test]
fn steps_are_late_from_the_day_after_the_last() {
    let steps = |taken_on: Option<&str>, today: &str| {
        let ordered = [ComplianceSteps {
            complaint_id: "complaint".to_owned(),
            notice_id: "notice".to_owned(),
            provision: "section 50(4)",
            due_on: day("2020-07-28"),
            taken_on: taken_on.map(day),
        }];
        let facts = ComplianceFacts {
            today: day(today),
            calendars: Calendars::embedded(),
            parts: &[],
            events: &[],
            extensions: &[],
            letters: &[],
            reviews: &[],
            steps: &ordered,
        };
        compliance_findings(&facts).first().map(told)
    };
    assert_eq!(steps(None, "2020-07-28"), None);
    assert_eq!(steps(Some("2020-07-28"), "2020-09-01"), None);
    assert_eq!(
        steps(None, "2020-07-30").unwrap(),
        json!(["steps-not-taken", "breach", "section 50(4)", {"due_on": "2020-07-28", "as_at": "2020-07-30", "days_late": "2"}])
    );
    assert_eq!(
        steps(Some("2020-08-01"), "2020-09-01").unwrap(),
        json!(["steps-taken-late", "breach", "section 50(4)", {"due_on": "2020-07-28", "taken_on": "2020-08-01", "days_late": "4"}])
    );
}

#[test]
fn to_close_without_asking_leaves_the_duty() {
    let told_of = |happened: &[(&str, Happening)], today: &str| {
        let part = part_after(Regime::Foia, happened);
        let answered_by = part.clock.responded_on.map(|_| "letter".to_owned());
        let findings = found(today, &[CompliancePart { answered_by, ..part }], &[], &[], &[]);
        findings.first().map(told)
    };
    let lapse = ("2024-01-22", Happening::Lapse);
    assert_eq!(told_of(std::slice::from_ref(&lapse), "2024-02-05"), None);
    assert_eq!(
        told_of(std::slice::from_ref(&lapse), "2024-02-08").unwrap(),
        json!(["no-response", "breach", "section 10(1)", {"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05",
            "lapsed_on": "2024-01-22", "as_at": "2024-02-08", "working_days_late": "3"}])
    );
    let answered = |on| told_of(&[lapse.clone(), (on, Happening::Response)], "2024-02-28");
    assert_eq!(answered("2024-02-05"), None);
    assert_eq!(answered("2024-02-06").unwrap()[0], "late-response");
    let asked = ("2024-01-15", Happening::ClarificationAsked);
    assert_eq!(told_of(&[asked, lapse.clone()], "2024-02-28"), None, "the duty waited");
    let fee = ("2024-01-15", Happening::FeeNoticeGiven);
    assert_eq!(told_of(&[fee, lapse], "2024-02-28"), None, "no day passed while the fee was awaited");
}

#[test]
fn what_guidance_asks_and_what_moves_nothing_is_no_breach() {
    let error = |id: &'static str, provision: Option<&str>| Finding {
        id: id.into(),
        severity: Severity::Error,
        provision: provision.map(str::to_owned),
        pointer: None,
        message: "It is wrong.".to_owned(),
        facts: BTreeMap::new(),
        next_step: "Mend it.".to_owned(),
    };
    let mut sent = letter("2024-02-05", json!([{"part": "1", "outcome": "disclosed"}]));
    sent.findings = vec![
        error("alternative-shown-by-certificate", None),
        error("missing-regulator", Some("section 17(7)(b)")),
        error("part-not-answered", Some("section 1(1)")),
    ];
    let mut notice = extension("2024-01-22", "2024-03-01");
    notice.findings = vec![
        error("extension-not-in-regime", Some("section 10(1)")),
        error("extension-estimate-in-the-past", None),
        error("extension-without-reasons", Some("section 17(1)(c)")),
    ];
    let findings = found("2024-02-28", &[], &[notice], &[sent], &[]);
    let told: Vec<(&str, Severity)> = findings.iter().map(|finding| (finding.id.as_ref(), finding.severity)).collect();
    assert_eq!(
        told,
        [
            ("extension-not-in-regime", Severity::Warning),
            ("extension-estimate-in-the-past", Severity::Warning),
            ("extension-without-reasons", Severity::Breach),
            ("alternative-shown-by-certificate", Severity::Warning),
            ("missing-regulator", Severity::Breach),
        ]
    );
}

#[test]
fn an_estimate_is_missed_by_the_separate_notice_and_not_by_what_rests_on_it_no_more() {
    let part = || part(Regime::Foia, "2024-01-08", Some("2024-02-05"), "2024-06-28");
    let mut outcome = letter("2024-06-03", json!([{"part": "1", "outcome": "withheld"}]));
    outcome.kind = ResponseKind::PublicInterestOutcome;
    let mut notice = extension("2024-02-05", "2024-03-01");
    notice.ran_out_for = Vec::new();
    let found_of = |notice: &ComplianceExtension, letters: &[ComplianceLetter]| {
        let findings = found("2024-06-28", &[part()], std::slice::from_ref(notice), letters, &[]);
        findings.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(found_of(&notice, &[]), Vec::<Value>::new());
    assert_eq!(
        found_of(&notice, std::slice::from_ref(&outcome)),
        [
            json!(["extension-estimate-missed", "warning", null, {"parts": "1", "estimated_on": "2024-03-01", "decided_on": "2024-06-03",
            "working_days_late": "61"}])
        ]
    );
    outcome.issued_on = day("2024-03-01");
    assert_eq!(found_of(&notice, &[outcome]), Vec::<Value>::new());
}

//! Outcomes, provisions and NCND.

use super::*;
use DeterminationOutcome::{Disclosed, NeitherConfirmedNorDenied, NotHeld, Withheld};

use crate::casework::{decision_notice::RegulatorFinding, request::RequestOutcome, review::ReviewOutcome};

fn two_parts() -> Story {
    Story::new("2020-01-06").part("2", Regime::Foia, true)
}

fn january() -> Selection {
    selection("2020-01-01", "2020-01-31", "2020-06-30")
}

#[test]
fn an_outcome_is_counted_when_the_answer_is_complete() {
    let story =
        two_parts().answered("1", "2020-01-20", Withheld).answered("2", "2020-02-03", NeitherConfirmedNorDenied);
    let row = |selection: Selection| {
        let story = cases(std::slice::from_ref(&story));
        outcomes(Calendars::embedded(), &story, &selection).remove(0)
    };
    assert_eq!((row(january()).requests_answered, row(january()).parts_answered), (0, 0));
    let february = row(selection("2020-02-01", "2020-02-29", "2020-06-30"));
    assert_eq!((february.requests_answered, february.parts_answered), (1, 2));
    for figure in february.by_request {
        let wanted = u32::from(figure.outcome == RequestOutcome::WithheldInFull);
        assert_eq!(figure.requests, Figure::new(wanted, 1), "{}", figure.outcome);
    }
    for figure in february.by_part {
        let wanted = u32::from([Withheld, NeitherConfirmedNorDenied].contains(&figure.outcome));
        assert_eq!(figure.parts, Figure::new(wanted, 2), "{}", figure.outcome);
    }
    let before = row(selection("2020-02-01", "2020-02-29", "2020-02-02"));
    assert_eq!(before.requests_answered, 0);
}

#[test]
fn ncnd_stands_by_itself_and_among_the_refusals() {
    let ncnd_only = Story::new("2020-01-06").answered("1", "2020-01-20", NeitherConfirmedNorDenied);
    let mixed =
        two_parts().answered("1", "2020-01-20", Disclosed).answered("2", "2020-01-20", NeitherConfirmedNorDenied);
    let refused = Story::new("2020-01-06").answered("1", "2020-01-20", DeterminationOutcome::RefusedCost);
    let not_held = Story::new("2020-01-06").answered("1", "2020-01-20", NotHeld);
    let cases = cases(&[ncnd_only, mixed, refused, not_held]);
    let row = outcomes(Calendars::embedded(), &cases, &january()).remove(0);
    assert_eq!(row.refused_in_full, Figure::new(2, 4));
    let of = |outcome| row.by_request.iter().find(|figure| figure.outcome == outcome).unwrap().requests.numerator;
    assert_eq!(of(RequestOutcome::NeitherConfirmedNorDenied), 1);
    assert_eq!(of(RequestOutcome::PartlyWithheld), 1);
    let row = ncnd(Calendars::embedded(), &cases, &january()).remove(0);
    assert_eq!((row.requests_with_ncnd, row.parts_with_ncnd), (Figure::new(2, 4), Figure::new(2, 5)));
}

#[test]
fn later_answers_change_no_outcome() {
    let story = Story::new("2020-01-06")
        .answered_as(ResponseKind::Revised, "1", "2020-03-02", Disclosed)
        .answered("1", "2020-01-20", NeitherConfirmedNorDenied)
        .answered("1", "2020-01-21", Disclosed);
    let cases = cases(&[story]);
    assert_eq!(ncnd(Calendars::embedded(), &cases, &january())[0].requests_with_ncnd, Figure::new(1, 1));
    let whole_year = selection("2020-01-01", "2020-12-31", "2020-12-31");
    assert_eq!(ncnd(Calendars::embedded(), &cases, &whole_year)[0].requests_with_ncnd, Figure::new(1, 1));
}

#[test]
fn a_ground_counts_once_for_a_part_and_once_for_a_request() {
    let story = two_parts()
        .answered("1", "2020-01-20", Withheld)
        .answered("2", "2020-01-20", Withheld)
        .citing("1", "2020-01-20", "31(1)(a)")
        .citing("1", "2020-01-20", "31(1)(a)")
        .citing("2", "2020-01-20", "31(1)(a)")
        .citing("2", "2020-01-20", "23(1) or 24(1)");
    let unanswered = two_parts().citing("1", "2020-01-20", "31(1)(a)");
    let disclosed = Story::new("2020-01-06").answered("1", "2020-01-20", Disclosed);
    let rows = cited(&cases(&[story, unanswered, disclosed]), &january());
    let told: Vec<_> = rows.iter().map(|row| (row.provision.as_str(), row.times_cited, row.requests_citing)).collect();
    assert_eq!(told, [("23(1) or 24(1)", 1, Figure::new(1, 2)), ("31(1)(a)", 2, Figure::new(1, 2))]);
}

#[test]
fn a_request_answered_in_two_periods_cites_in_both() {
    let story = two_parts()
        .answered("1", "2020-01-20", Withheld)
        .citing("1", "2020-01-20", "31(1)(a)")
        .answered("2", "2020-02-03", Withheld)
        .citing("2", "2020-02-03", "31(1)(a)")
        .citing("1", "2020-02-03", "40(2)");
    let asked = Selection { group_by: Some(GroupBy::Month), ..selection("2020-01-01", "2020-03-31", "2020-06-30") };
    let rows = cited(&cases(&[story]), &asked);
    let told: Vec<_> = rows.iter().map(|row| (row.period.as_str(), row.provision.as_str(), row.times_cited)).collect();
    assert_eq!(told, [("2020-01", "31(1)(a)", 1), ("2020-02", "31(1)(a)", 1)]);
}

/// The citations of cases of which nothing became.
fn cited(cases: &[Case], asked: &Selection) -> Vec<ProvisionRow> {
    let nothing = Redress::default();
    provisions(Calendars::embedded(), cases.iter().map(|case| (case, &nothing)), asked)
}

#[test]
fn what_became_of_a_ground_goes_by_the_parts_that_cited_it() {
    let story = two_parts()
        .part("3", Regime::Foia, true)
        .answered("1", "2020-01-20", Withheld)
        .answered("2", "2020-01-20", Withheld)
        .answered("3", "2020-01-20", Withheld)
        .citing("1", "2020-01-20", "31(1)(a)")
        .citing("2", "2020-01-20", "31(1)(a)")
        .citing("2", "2020-01-20", "23(1) or 24(1)")
        .citing("3", "2020-01-20", "40(2)");
    let reviewed = |part: &str, on: &str, result| ReviewedPart { part: label(part), decided_on: day(on), result };
    let found = |parts: Option<&str>, provision: Option<&str>, finding| FoundOn {
        parts: parts.map(|part| vec![label(part)]),
        sent_on: day("2020-05-04"),
        regime: Regime::Foia,
        provision: provision.map(str::to_owned),
        finding,
    };
    let redress = Redress {
        reviewed: vec![
            reviewed("2", "2020-03-03", ReviewOutcome::Overturned),
            reviewed("1", "2020-03-02", ReviewOutcome::PositionMaintained),
            reviewed("2", "2020-03-02", ReviewOutcome::PositionMaintained),
        ],
        found: vec![
            found(None, Some("31"), RegulatorFinding::Partly),
            found(Some("1"), Some("40(2)"), RegulatorFinding::NotEngaged),
            found(Some("2"), None, RegulatorFinding::NotExamined),
        ],
    };
    let case = story.case();
    let rows = |as_at: &str| {
        let asked = selection("2020-01-01", "2020-01-31", as_at);
        provisions(Calendars::embedded(), std::iter::once((&case, &redress)), &asked)
    };
    let told = |row: &ProvisionRow| {
        let (review, regulator) = (row.at_review, row.at_regulator);
        let review = [review.position_maintained, review.partly_changed, review.overturned];
        let found = [regulator.not_engaged, regulator.partly, regulator.not_examined];
        (review.map(|figure| figure.numerator), found.map(|figure| figure.numerator))
    };
    let last = rows("2020-06-30");
    assert_eq!(
        last.iter().map(|row| row.provision.as_str()).collect::<Vec<_>>(),
        ["23(1) or 24(1)", "31(1)(a)", "40(2)"]
    );
    assert_eq!(told(&last[0]), ([0, 0, 1], [0, 0, 1]));
    assert_eq!(told(&last[1]), ([0, 1, 0], [0, 1, 0]), "maintained for one part, replaced for the other");
    assert_eq!(told(&last[2]), ([0, 0, 0], [0, 0, 0]), "the part was not reviewed, and the finding is on another part");
    assert_eq!(last[1].at_review.partly_changed, Figure::new(1, 1));
    assert_eq!(told(&rows("2020-03-02")[1]), ([1, 0, 0], [0, 0, 0]), "before the second review and the notice");
}

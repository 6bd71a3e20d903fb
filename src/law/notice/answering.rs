//! Is every part answered, none that needs no answer, and all in time? Time is checked for the first answer alone, and
//! its finding is a breach: a fact that stops nothing.

use std::collections::BTreeMap;

use crate::{
    casework::response::{DeterminationOutcome, ResponseKind},
    law::{
        Date, Regime, Severity,
        notice::{
            PartFacts, PartStanding,
            check::{
                Applies::{Never, Under},
                Check, Hit, Test,
            },
            letter::{DeterminedPart, Letter},
        },
    },
};

/// The check that an answer came in time.
pub(super) const LATE_RESPONSE: &str = "late-response";

/// The checks of coverage and time.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: LATE_RESPONSE,
        severity: Severity::Breach,
        rests_on: [
            Under("section 10(1)"),
            Under("regulation 5(2)"),
            Under("section 10(1)"),
            Under("regulation 5(2)(a)"),
        ],
        message: "The answer to part {parts} was due on {due_on}; the day of this one is {issued_on}.",
        next_step: "Apologise and explain in the letter; look at why it was late.",
        test: Test::Letter(late),
    },
    Check {
        id: "part-not-answered",
        severity: Severity::Error,
        rests_on: [Under("section 1(1)"), Under("regulation 5(1)"), Under("section 1(1)"), Under("regulation 5(1)")],
        message: "Part {part} is neither answered nor left open on purpose.",
        next_step: "Determine the part, or list it as left open with a reason.",
        test: Test::Letter(unanswered),
    },
    Check {
        id: "part-answered-and-left-open",
        severity: Severity::Error,
        rests_on: [Under("section 1(1)"), Under("regulation 5(1)"), Under("section 1(1)"), Under("regulation 5(1)")],
        message: "Part {part} is answered and also listed as left open.",
        next_step: "Take it out of the one or the other.",
        test: Test::Part(|part| {
            let open = part.letter.left_open.iter().any(|open| open.part == part.determination.part);
            Hit::when(open, "/part")
        }),
    },
    Check {
        id: "invalid-part-answered",
        severity: Severity::Warning,
        rests_on: [Under("section 8(1)"), Never, Under("section 8(1)"), Never],
        message: "Part {part} is recorded as no valid request, and is answered as one.",
        next_step: "Correct the part, or treat it with advice outside the Act.",
        test: Test::Part(|part: &DeterminedPart<'_>| {
            let advises = part.outcome() == DeterminationOutcome::AdviceGiven;
            Hit::when(part.facts.standing == PartStanding::NotValid && !advises, "/part")
        }),
    },
    Check {
        id: "advice-without-answer",
        severity: Severity::Warning,
        rests_on: [Under("section 1(1)"), Never, Under("section 1(1)"), Never],
        message: "Part {part} is a valid request, and is met with advice alone: nothing is given, refused or said of whether there is anything.",
        next_step: "Answer the part, with the advice beside the answer; or record that it is no valid request.",
        test: Test::Part(|part: &DeterminedPart<'_>| {
            let advises = part.outcome() == DeterminationOutcome::AdviceGiven;
            Hit::when(part.facts.standing == PartStanding::AwaitsAnswer && advises, "/outcome")
        }),
    },
];

/// What parts that are late alike have in common: regime, due date, extended date and working days late.
type Lateness = (Regime, Date, Option<Date>, Option<i64>);

/// Parts that are late alike make one finding. An extension that is permitted counts; one that was missed does not help.
fn late(letter: &Letter<'_>) -> Vec<Hit> {
    let answered_on = letter.facts.issued_on.unwrap_or(letter.facts.today);
    let mut late: BTreeMap<Lateness, Vec<&DeterminedPart<'_>>> = BTreeMap::new();
    let timed = letter
        .parts
        .iter()
        .filter(|part| letter.facts.kind == ResponseKind::Initial && part.facts.standing != PartStanding::NotValid);
    for part in timed {
        let facts = part.facts;
        let limit = facts.extended_to.max(facts.due_on);
        if let (Some(due_on), true) = (facts.due_on, limit.is_some_and(|limit| answered_on > limit)) {
            late.entry((part.regime, due_on, facts.extended_to, facts.working_days_late)).or_default().push(part);
        }
    }
    let hits = late.into_iter().map(|((regime, due_on, extended_to, working_days), mut parts)| {
        parts.sort_by_key(|part| part.order);
        let labels: Vec<&str> = parts.iter().map(|part| part.determination.part.as_str()).collect();
        let hit = Hit::at("/issued_on").under(regime).fact("parts", labels.join(", "));
        hit.fact("due_on", due_on)
            .fact("issued_on", answered_on)
            .fact_if("extended_to", extended_to)
            .fact_if("working_days_late", working_days)
    });
    hits.collect()
}

fn unanswered(letter: &Letter<'_>) -> Vec<Hit> {
    let facts = letter.facts;
    if facts.kind != ResponseKind::Initial {
        return Vec::new();
    }
    let dealt_with = |part: &PartFacts| {
        facts.determinations.iter().any(|determination| determination.part == part.label)
            || facts.left_open.iter().any(|open| open.part == part.label)
    };
    let parts = facts.parts.iter().enumerate();
    parts
        .filter(|(_, part)| part.standing == PartStanding::AwaitsAnswer && !dealt_with(part))
        .map(|(order, part)| Hit::at("/determinations").fact("part", &part.label).of_part(order).under(part.regime))
        .collect()
}

//! What more time to weigh the public interest does not cover: FOIA s10(3) moves the answer under a ground that is weighed.
//! A refusal on absolute grounds alone, and one under section 12 or 14, stay due with the time for the request (s17(1), (5)),
//! and so does to say that there is nothing, unless it was weighed whether to say so (s10(3)(a)).
//! Figures still count such an answer as one within a permitted extension, which is what they report.

use crate::{
    casework::response::{DeterminationOutcome as Outcome, ResponseKind},
    law::{
        Date, Regime, Severity,
        catalogue::Provision,
        notice::{
            check::{
                Applies::{Never, Under},
                Check, Hit, Test,
            },
            letter::DeterminedPart,
            public_interest::is_absolute,
            resolution::Resolution,
        },
    },
};

/// The checks of what an extension does not cover. They follow from the events, like lateness.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "extension-does-not-cover",
        severity: Severity::Breach,
        rests_on: [Under("section 17(1)"), Never, Never, Never],
        message: "Part {part} is refused on grounds alone that no public interest is weighed for: the notice was due on {due_on}, and the day of this one is {issued_on}.",
        next_step: "Apologise and explain in the letter; more time to weigh the public interest moves such a refusal by no day.",
        test: Test::Part(|part| late(part, refused_absolutely(part))),
    },
    Check {
        id: "extension-does-not-cover-cost-or-vexatious",
        severity: Severity::Breach,
        rests_on: [Under("section 17(5)"), Never, Never, Never],
        message: "Part {part} is refused under section 12 or 14: the notice was due on {due_on}, and the day of this one is {issued_on}.",
        next_step: "Apologise and explain in the letter; more time to weigh the public interest moves such a refusal by no day.",
        test: Test::Part(|part| late(part, is_of_section_12_or_14(part))),
    },
    Check {
        id: "extension-does-not-cover-not-held",
        severity: Severity::Breach,
        rests_on: [Under("section 10(1)"), Never, Never, Never],
        message: "Part {part} is answered that there is nothing of the kind: that was due on {due_on}, and the day of this letter is {issued_on}.",
        next_step: "Apologise and explain in the letter; more time to weigh whether to withhold is none to say whether there is anything.",
        test: Test::Part(|part| late(part, part.outcome() == Outcome::NotHeld && !weighed_whether_to_say(part))),
    },
];

/// The day on which the answer to a part was due by statute, where this letter gives it first, after that day and within a
/// permitted extension.
pub(super) fn due_before_extension(part: &DeterminedPart<'_>) -> Option<Date> {
    let facts = part.facts;
    let (due_on, extended_to) = (facts.due_on?, facts.extended_to?);
    let is_first = match part.letter.kind {
        ResponseKind::Initial => facts.answered_on.is_none_or(|answered_on| answered_on >= part.on),
        ResponseKind::PublicInterestOutcome => facts.answered_on.is_none(),
        _ => false,
    };
    let is_within = part.regime == Regime::Foia && part.on > due_on && part.on <= extended_to;
    Some(due_on).filter(|_| is_first && is_within)
}

fn late(part: &DeterminedPart<'_>, is_uncovered: bool) -> Vec<Hit> {
    let Some(due_on) = due_before_extension(part).filter(|_| is_uncovered) else { return Vec::new() };
    let calendar = part.letter.calendars.get(part.regime.calendar());
    let hit = Hit::at("/outcome").fact("due_on", due_on).fact("issued_on", part.on);
    vec![hit.fact("working_days_late", calendar.working_days_between(due_on, part.on))]
}

fn is_of_section_12_or_14(part: &DeterminedPart<'_>) -> bool {
    let by_outcome =
        matches!(part.outcome(), Outcome::RefusedCost | Outcome::RefusedVexatious | Outcome::RefusedRepeated);
    by_outcome || (part.refuses() && part.grounds.iter().any(|ground| ground.is_within("12") || ground.is_within("14")))
}

/// Of alternatives each must be absolute, so that nothing shows which applied.
fn refused_absolutely(part: &DeterminedPart<'_>) -> bool {
    part.refuses()
        && !part.grounds.is_empty()
        && !is_of_section_12_or_14(part)
        && part.grounds.iter().all(|ground| is_absolute(part, ground))
}

/// Whether a notice named a provision that excludes the duty to confirm or deny, or a bare section, which may mean one: then
/// more time was taken for that duty too (s10(3)(a)).
fn weighed_whether_to_say(part: &DeterminedPart<'_>) -> bool {
    part.facts.public_interest_extension_named.iter().any(|named| {
        let row = Resolution::of(part.regime, part.on, named).row;
        !named.contains('(') || row.is_some_and(Provision::is_ncnd)
    })
}

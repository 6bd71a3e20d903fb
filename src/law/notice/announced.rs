//! The outcome of a public-interest test that an earlier notice announced: FOIA s17(2) and (3). The other regimes know no
//! second notice: the weighing belongs into the one refusal.

use crate::{
    casework::response::ResponseKind,
    law::{
        Severity,
        catalogue::Applicability,
        citations::on_one_line,
        notice::{
            NAMED_BY_EXTENSION, PartStanding,
            check::{
                Applies::{Guidance, Never, Under},
                Check, Hit, Test,
            },
            covered::due_before_extension,
            letter::{CitedGround, DeterminedPart},
            resolution::Resolution,
        },
    },
};

/// The check that a ground was named when more time was taken.
const ON_UNANNOUNCED_GROUND: &str = "outcome-on-unannounced-ground";

/// The check that the day announced was kept.
const AFTER_ESTIMATE: &str = "outcome-after-estimate";

/// The checks of announced outcomes that follow from the events, like lateness.
pub(super) fn of_events() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().filter(|check| [ON_UNANNOUNCED_GROUND, AFTER_ESTIMATE].contains(&check.id))
}

/// The checks of announced outcomes.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "separate-outcome-not-in-regime",
        severity: Severity::Error,
        rests_on: [Never, Under("regulation 14(2)"), Under("section 16(2)"), Under("regulation 13(a)")],
        message: "The letter is the separate outcome of a public-interest test for part {part}, and the regime knows none: the test belongs into the refusal, within the time for it.",
        next_step: "Record the letter as the answer that it is; it is late when the time for the refusal has run out.",
        test: Test::Part(|part| Hit::when(is_outcome(part), "/outcome")),
    },
    Check {
        id: "outcome-not-announced",
        severity: Severity::Warning,
        rests_on: [Under("section 17(2)"), Never, Never, Never],
        message: "The letter is the outcome of a public-interest test for part {part}, and no notice that announced it is recorded.",
        next_step: "Record the notice that took more time; without one the first notice had to give the test, or a day by which it would be decided.",
        test: Test::Part(unannounced_outcome),
    },
    Check {
        id: ON_UNANNOUNCED_GROUND,
        severity: Severity::Warning,
        rests_on: [Under("section 17(1)(b)"), Never, Never, Never],
        message: "{provision} was not among the grounds that the notice announced ({named}).",
        next_step: "Say why the ground was not named before; a notice of it was due with the time for the request.",
        test: Test::Ground(unannounced),
    },
    Check {
        id: AFTER_ESTIMATE,
        severity: Severity::Warning,
        rests_on: [Guidance, Never, Never, Never],
        message: "The decision on part {part} was announced for {estimated_on}; the day of this letter is {issued_on}.",
        next_step: "Apologise; before an estimate runs out, give a new one with reasons.",
        test: Test::Part(after_estimate),
    },
];

fn is_outcome(part: &DeterminedPart<'_>) -> bool {
    part.letter.kind == ResponseKind::PublicInterestOutcome
}

/// A first answer that gave a test had nothing to announce. One that gave none was to say by when it would be decided
/// (s17(2)), for the separate notice that s17(3) allows.
fn unannounced_outcome(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let facts = part.facts;
    let gave_test = facts.answered_on.is_none() || facts.weighed_before;
    let is_announced = facts.public_interest_extension || (facts.standing == PartStanding::Settled && gave_test);
    Hit::when(is_outcome(part) && !is_announced, "/outcome")
}

/// Grounds that are never weighed were due with the first notice; a bare section announced covers all below it. An answer
/// that neither confirms nor denies is left out: what its notice should not have named is looked at elsewhere.
fn unannounced(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let named = &part.facts.public_interest_extension_named;
    let weighed = ground.standing_row().filter(|row| row.requires_public_interest_test != Applicability::No);
    // A first answer that comes by the extension alone is judged like the outcome that it stands for.
    let rests_on_notice = is_outcome(part) || due_before_extension(part).is_some();
    let Some(row) = weighed.filter(|_| rests_on_notice && !named.is_empty() && !part.neither_confirms_nor_denies())
    else {
        return Vec::new();
    };
    let announced = named.iter().filter_map(|cited| Resolution::of(part.regime, part.on, cited).row);
    let covers = |path: &str| on_one_line(&row.provision, path);
    let mut announced = announced.map(|row| row.provision.as_str());
    if announced.any(covers) {
        return Vec::new();
    }
    vec![Hit::at("/provision").fact(NAMED_BY_EXTENSION, named.join(", "))]
}

fn after_estimate(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let estimated_on = part.facts.announced_for.filter(|estimated_on| is_outcome(part) && part.on > *estimated_on);
    let hit = |estimated_on| Hit::at("/outcome").fact("estimated_on", estimated_on).fact("issued_on", part.on);
    estimated_on.map(hit).into_iter().collect()
}

//! Refusals on cost and repetition: sections 12 and 14 of both Acts, with the limits of SI 2004/3244 and SSI 2004/467.

use rust_decimal::Decimal;

use crate::{
    casework::response::{CostActivity, CostEstimate, DeterminationOutcome as Outcome},
    law::{
        Date, Regime, Severity,
        catalogue::Need,
        notice::{
            check::{
                Applies::{self, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart, Letter},
        },
    },
};

const SECTION_12: [Applies; 4] = [Under("section 12(1)"), Never, Under("section 12(1)"), Never];
const SECTION_14_2: [Applies; 4] = [Under("section 14(2)"), Never, Under("section 14(2)"), Never];

/// The lower limit under FOIA in pounds, for every authority outside Part I of Schedule 1 (SI 2004/3244 reg 3(3)).
pub const LOWER_LIMIT: Decimal = Decimal::from_parts(450, 0, 0, false, 0);
/// The limit under FOIA in pounds for an authority in Part I of Schedule 1 (SI 2004/3244 reg 3(2)).
pub const UPPER_LIMIT: Decimal = Decimal::from_parts(600, 0, 0, false, 0);
/// The limit under FOISA in pounds (SSI 2004/467).
pub const SCOTTISH_LIMIT: Decimal = Decimal::from_parts(600, 0, 0, false, 0);
/// What an hour of work counts under FOIA, in pounds (SI 2004/3244 reg 4(4)).
pub const HOURLY_RATE: Decimal = Decimal::from_parts(25, 0, 0, false, 0);
/// What an hour of work may count under FOISA at most, in pounds (SSI 2004/467).
pub const SCOTTISH_HOURLY_RATE: Decimal = Decimal::from_parts(15, 0, 0, false, 0);

/// The checks of refusals on cost and repetition.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "missing-cost-estimate",
        severity: Severity::Warning,
        rests_on: SECTION_12,
        message: "{provision} rests on an estimate of cost, and none is recorded.",
        next_step: "Record the hours, the sum and how they were estimated.",
        test: Test::Ground(missing_estimate),
    },
    Check {
        id: "cost-estimate-within-limit",
        severity: Severity::Error,
        rests_on: SECTION_12,
        message: "The estimate of £{amount} does not exceed the limit of £{limit}, so {provision} does not apply.",
        next_step: "Answer the request, or correct the estimate.",
        test: Test::Ground(within_limit),
    },
    Check {
        id: "cost-estimate-rate",
        severity: Severity::Warning,
        rests_on: [Under("SI 2004/3244 reg 4(4)"), Never, Under("SSI 2004/467"), Never],
        message: "£{amount} for {hours} hours does not follow from the rate of £{rate} an hour, and nothing explains the difference.",
        next_step: "Correct the sum, or say what else was counted.",
        test: Test::Ground(rate_unexplained),
    },
    Check {
        id: "cost-estimate-activities",
        severity: Severity::Warning,
        rests_on: [Under("SI 2004/3244 reg 4(3)"), Never, Under("SSI 2004/467"), Never],
        message: "The activities, with the requests counted together, come to {sum} hours, and the estimate says {hours}.",
        next_step: "Correct the hours; only determining, locating, retrieving and extracting count.",
        test: Test::Ground(activities_do_not_add_up),
    },
    Check {
        id: "cost-estimate-beyond-confirming",
        severity: Severity::Error,
        rests_on: [Under("section 12(2)"), Never, Never, Never],
        message: "{provision} rests on the cost of confirming or denying alone, and the estimate counts {activities}.",
        next_step: "Count the time for determining alone, or rely on section 12(1).",
        test: Test::Ground(beyond_confirming),
    },
    Check {
        id: "cost-aggregation-window",
        severity: Severity::Error,
        rests_on: [Under("SI 2004/3244 reg 5"), Never, Never, Never],
        message: "The requests counted together were received from {first_on} to {last_on}, over {working_days} working days; the limit is {limit}.",
        next_step: "Count only requests received within 60 consecutive working days.",
        test: Test::Ground(aggregated_too_far),
    },
    Check {
        id: "missing-earlier-request",
        severity: Severity::Warning,
        rests_on: SECTION_14_2,
        message: "{provision} rests on an earlier request that was complied with; its reference or that day is not recorded.",
        next_step: "Record the reference of the earlier request and the day it was complied with.",
        test: Test::Ground(missing_earlier_request),
    },
    Check {
        id: "cost-refusal-beside-answers",
        severity: Severity::Warning,
        rests_on: SECTION_12,
        message: "Part {part} is refused on cost while other parts are answered; the limit concerns the request as a whole.",
        next_step: "Refuse the whole request on cost and advise how to narrow it, or answer all parts.",
        test: Test::Letter(beside_answers),
    },
];

fn estimate<'a>(ground: &'a CitedGround<'_>) -> Option<&'a CostEstimate> {
    let needed = ground.row().is_some_and(|row| row.needs.contains(&Need::CostEstimate));
    ground.ground.cost_estimate.as_ref().filter(|_| needed)
}

fn missing_estimate(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let needed = ground.row().is_some_and(|row| row.needs.contains(&Need::CostEstimate));
    Hit::when(needed && ground.ground.cost_estimate.is_none(), "/cost_estimate")
}

/// The limit that applies: FOISA has one; under FOIA that of the authority, the lower one while it is not known.
fn limit(part: &DeterminedPart<'_>) -> Decimal {
    match part.regime {
        Regime::Foisa => SCOTTISH_LIMIT,
        _ => part.letter.cost_limit.unwrap_or(LOWER_LIMIT),
    }
}

fn within_limit(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let limit = limit(part);
    let within = estimate(ground).filter(|estimate| *estimate.amount <= limit);
    let hit =
        |estimate: &CostEstimate| Hit::at("/cost_estimate/amount").fact("amount", estimate.amount).fact("limit", limit);
    within.map(hit).into_iter().collect()
}

/// FOIA fixes the rate, FOISA caps it. Other costs may be counted, and then the basis says so.
fn rate_unexplained(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(estimate) = estimate(ground).filter(|estimate| estimate.basis.is_none()) else {
        return Vec::new();
    };
    let rate = if part.regime == Regime::Foisa { SCOTTISH_HOURLY_RATE } else { HOURLY_RATE };
    let Some(expected) = estimate.hours.checked_mul(rate) else {
        return Vec::new();
    };
    let wrong = *estimate.amount > expected || (part.regime == Regime::Foia && *estimate.amount < expected);
    if !wrong {
        return Vec::new();
    }
    let hit = Hit::at("/cost_estimate/amount").fact("amount", estimate.amount);
    vec![hit.fact("hours", estimate.hours).fact("rate", rate)]
}

/// The most working days within which requests are received that may be counted together (SI 2004/3244 reg 5).
const AGGREGATION_WINDOW: i64 = 60;

fn activities_do_not_add_up(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(estimate) = estimate(ground).filter(|estimate| !estimate.activities.is_empty()) else {
        return Vec::new();
    };
    let own = estimate.activities.iter().map(|item| *item.hours);
    let sum: Decimal = own.chain(estimate.aggregated_with.iter().map(|request| *request.hours)).sum();
    if sum == *estimate.hours {
        return Vec::new();
    }
    vec![Hit::at("/cost_estimate/hours").fact("sum", sum).fact("hours", estimate.hours)]
}

fn beyond_confirming(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let items = estimate(ground).filter(|_| ground.is_within("12(2)")).into_iter();
    let beyond: Vec<&str> = items
        .flat_map(|estimate| &estimate.activities)
        .filter(|item| item.activity != CostActivity::Determine)
        .map(|item| item.activity.as_str())
        .collect();
    if beyond.is_empty() {
        return Vec::new();
    }
    vec![Hit::at("/cost_estimate/activities").fact("activities", beyond.join(", "))]
}

/// From the first to the last receipt, both included, the requests of one estimate with the one it is made for.
fn aggregated_too_far(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let others = estimate(ground).into_iter().flat_map(|estimate| &estimate.aggregated_with);
    let received: Vec<Date> = others.map(|request| request.received_on).collect();
    if received.is_empty() {
        return Vec::new();
    }
    let all = || received.iter().copied().chain(part.facts.received_on);
    let (Some(first_on), Some(last_on)) = (all().min(), all().max()) else {
        return Vec::new();
    };
    let calendar = part.letter.calendars.get(part.regime.calendar());
    let working_days = calendar.working_days_between(first_on.plus_days(-1), last_on);
    if working_days <= AGGREGATION_WINDOW {
        return Vec::new();
    }
    let hit = Hit::at("/cost_estimate/aggregated_with").fact("first_on", first_on).fact("last_on", last_on);
    vec![hit.fact("working_days", working_days).fact("limit", AGGREGATION_WINDOW)]
}

fn missing_earlier_request(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let needed = ground.row().is_some_and(|row| row.needs.contains(&Need::EarlierRequest));
    match &ground.ground.earlier_request {
        None => Hit::when(needed, "/earlier_request"),
        Some(earlier) => Hit::when(needed && earlier.complied_on.is_none(), "/earlier_request/complied_on"),
    }
}

/// Whether the part was answered in substance, as against refused as a request, transferred or met with advice.
const fn answers(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Disclosed
        | Outcome::PartlyDisclosed
        | Outcome::Withheld
        | Outcome::NeitherConfirmedNorDenied
        | Outcome::NotHeld
        | Outcome::AccessibleElsewhere => true,
        Outcome::RefusedCost
        | Outcome::RefusedVexatious
        | Outcome::RefusedRepeated
        | Outcome::AdviceGiven
        | Outcome::Transferred => false,
    }
}

fn beside_answers(letter: &Letter<'_>) -> Vec<Hit> {
    let refused = letter.parts.iter().filter(|part| part.outcome() == Outcome::RefusedCost);
    refused
        .filter(|part| letter.parts.iter().any(|other| other.regime == part.regime && answers(other.outcome())))
        .map(|part| {
            let pointer = format!("{}/outcome", part.pointer);
            Hit::at(pointer).fact("part", &part.determination.part).of_part(part.order).under(part.regime)
        })
        .collect()
}

//! Refusals on cost and repetition: sections 12 and 14 of both Acts, with the limits of SI 2004/3244 and SSI 2004/467.

use rust_decimal::Decimal;

use crate::{
    casework::response::{CostActivity, CostEstimate, DeterminationOutcome as Outcome},
    law::{
        Date, Regime, Severity,
        catalogue::Need,
        cost::{AGGREGATION_WINDOW, AggregationPeriod, counts, hourly_rate, limit},
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
        id: "cost-estimate-not-counted",
        severity: Severity::Error,
        rests_on: [Under("SI 2004/3244 reg 4(3)"), Never, Under("SSI 2004/467 reg 3"), Never],
        message: "The estimate for {provision} counts {activities}, which the limit does not take account of.",
        next_step: "Leave that time out, and see whether the rest exceeds the limit.",
        test: Test::Ground(not_counted),
    },
    Check {
        id: "cost-aggregation-without-publication",
        severity: Severity::Warning,
        rests_on: [Never, Never, Under("section 12(2)"), Never],
        message: "{provision} rests on the cost of one request, and the estimate counts others with it.",
        next_step: "Count this request alone; requests of different persons are counted together under section 12(2), where the information is made public.",
        test: Test::Ground(aggregated_outside_section),
    },
    Check {
        id: "cost-aggregation-publication",
        severity: Severity::Advice,
        rests_on: [Never, Never, Under("SSI 2004/467 reg 6"), Never],
        message: "Requests counted together under {provision} ask for the information to be made public by {publish_by}, the first having come on {first_on}.",
        next_step: "Tell each requester where it will be published, and publish it in that time.",
        test: Test::Ground(publication),
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

fn within_limit(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let limit = limit(part.regime, part.letter.cost_limit);
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
    let rate = hourly_rate(part.regime);
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

/// Work that no estimate of the regime counts; what s12(2) leaves out besides is for another check.
fn not_counted(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let activities: Vec<&str> = estimate(ground)
        .into_iter()
        .flat_map(|estimate| &estimate.activities)
        .filter(|item| !counts(part.regime, false, item.activity))
        .map(|item| item.activity.as_str())
        .collect();
    if activities.is_empty() {
        return Vec::new();
    }
    vec![Hit::at("/cost_estimate/activities").fact("activities", activities.join(", "))]
}

/// The period of the requests of one estimate, the one that it is made for included, where others are counted with it.
fn aggregation(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Option<AggregationPeriod> {
    let others = &estimate(ground)?.aggregated_with;
    if others.is_empty() {
        return None;
    }
    let received: Vec<Date> = others.iter().map(|request| request.received_on).chain(part.facts.received_on).collect();
    AggregationPeriod::of(part.letter.calendars.get(part.regime.calendar()), received.into_iter())
}

fn aggregated_too_far(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(period) = aggregation(part, ground).filter(|period| !period.is_short_enough()) else { return Vec::new() };
    let hit =
        Hit::at("/cost_estimate/aggregated_with").fact("first_on", period.first_on).fact("last_on", period.last_on);
    vec![hit.fact("working_days", period.working_days).fact("limit", AGGREGATION_WINDOW)]
}

fn aggregated_outside_section(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let together = aggregation(part, ground).is_some() && !ground.is_within("12(2)");
    Hit::when(together, "/cost_estimate/aggregated_with")
}

fn publication(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(period) = aggregation(part, ground).filter(|_| ground.is_within("12(2)")) else { return Vec::new() };
    let publish_by = period.publish_by(part.letter.calendars.get(part.regime.calendar()));
    let hit = Hit::at("/cost_estimate/aggregated_with").fact("first_on", period.first_on);
    vec![hit.fact("publish_by", publish_by)]
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

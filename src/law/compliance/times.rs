//! Answers that came late, or have not come. Parts that are late alike make one finding.

use std::collections::BTreeMap;

use crate::{
    casework::text::Label,
    law::{
        Date, Finding, Regime, Severity,
        clock::is_overdue,
        compliance::{ComplianceFacts, CompliancePart, Wrong, citation, listed},
    },
};

/// What parts that are late alike have in common: regime, due date, last day in time, the answer and its day.
type Alike<'a> = (Regime, Date, Date, Option<(&'a str, Date)>);

pub(super) fn findings(facts: &ComplianceFacts<'_>) -> Vec<Finding> {
    let mut late: BTreeMap<Alike<'_>, Vec<&CompliancePart>> = BTreeMap::new();
    for part in facts.parts {
        let clock = &part.clock;
        let answer = part.answered_by.as_deref().zip(clock.responded_on);
        if clock.in_time == Some(false) && answer.is_some() {
            late.entry((part.regime, clock.due_on, clock.limit_on(), answer)).or_default().push(part);
        } else if is_overdue(clock, facts.today) {
            late.entry((part.regime, clock.due_on, clock.limit_on(), None)).or_default().push(part);
        }
    }
    late.into_iter().map(|(alike, parts)| finding(facts, alike, &parts)).collect()
}

fn finding(facts: &ComplianceFacts<'_>, alike: Alike<'_>, parts: &[&CompliancePart]) -> Finding {
    let (regime, due_on, limit_on, answer) = alike;
    let labels = listed(parts.iter().map(|part| &part.label).collect::<Vec<&Label>>());
    let provision = Some(citation(regime, regime.time_limit_provision()));
    let late_on = answer.map_or(facts.today, |(_, on)| on);
    let days = facts.calendars.get(regime.calendar()).working_days_between(limit_on, late_on);
    let Some((response_id, responded_on)) = answer else {
        let wrong = Wrong {
            id: "no-response",
            severity: Severity::Breach,
            provision,
            next_step: "Answer as soon as possible, with an apology and an explanation.",
        };
        return wrong.finding(
            "/due_on".to_owned(),
            format!("Part {labels} was to be answered by {limit_on} and has not been, {days} working days later."),
            [
                ("parts", labels.clone()),
                ("due_on", due_on.to_string()),
                ("limit_on", limit_on.to_string()),
                ("as_at", facts.today.to_string()),
                ("working_days_late", days.to_string()),
            ],
        );
    };
    let taken = parts.iter().filter_map(|part| part.clock.working_days_taken).max().unwrap_or_default();
    let wrong = Wrong {
        id: "late-response",
        severity: Severity::Breach,
        provision,
        next_step: "Expect it to be recorded as a breach; look at why it was late.",
    };
    wrong.finding(
        format!("/responses/{response_id}/issued_on"),
        format!("Part {labels} was to be answered by {limit_on} and was answered on {responded_on}, {days} working days late."),
        [
            ("parts", labels.clone()),
            ("due_on", due_on.to_string()),
            ("limit_on", limit_on.to_string()),
            ("responded_on", responded_on.to_string()),
            ("working_days_taken", taken.to_string()),
            ("working_days_late", days.to_string()),
        ],
    )
}

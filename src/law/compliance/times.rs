//! Answers that came late, have not come, or never came before the duty ended. Parts that are late alike make one finding.

use std::collections::BTreeMap;

use crate::{
    casework::text::Label,
    law::{
        Date, Finding, Regime, Severity,
        clock::{PartState, is_overdue},
        compliance::{ComplianceFacts, CompliancePart, Wrong, citation, listed},
    },
};

/// How a limit was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Missed<'a> {
    /// No answer has come.
    Owed,
    /// The request ended without one after the limit.
    Ended(PartState, Date),
    /// It went to another authority before the limit, and nobody said by then whether anything is there: the Acts leave
    /// that duty with the authority asked first.
    Transferred(Date),
    /// It was closed before the limit for want of clarification that nobody had asked for, which leaves the duty as it was.
    Unasked(Date),
    /// It went to another authority before the limit, and nobody refused it by then: EIR reg 10(1) lets the applicant be told
    /// with the refusal under reg 14(1).
    Unrefused(Date),
    /// By this response, on this day.
    Answered(&'a str, Date),
}

/// What parts that are late alike have in common: regime, due date, last day in time, and how it was missed.
type Alike<'a> = (Regime, Date, Date, Missed<'a>);

pub(super) fn findings(facts: &ComplianceFacts<'_>) -> Vec<Finding> {
    let mut late: BTreeMap<Alike<'_>, Vec<&CompliancePart>> = BTreeMap::new();
    for part in facts.parts {
        if let Some(missed) = missed(part, facts.today) {
            let alike = (part.regime, part.clock.due_on, part.clock.limit_on(), missed);
            late.entry(alike).or_default().push(part);
        }
    }
    late.into_iter().map(|(alike, parts)| finding(facts, alike, &parts)).collect()
}

fn missed(part: &CompliancePart, today: Date) -> Option<Missed<'_>> {
    let clock = &part.clock;
    // An answer sent when no duty was left is measured by nothing, and undoes no breach before it.
    if let (Some(response), Some(on), Some(in_time)) = (&part.answered_by, clock.responded_on, clock.in_time) {
        return (!in_time).then_some(Missed::Answered(response, on));
    }
    if is_overdue(clock, today) {
        return Some(Missed::Owed);
    }
    let ending = clock.ended_by(today)?;
    if clock.breach_stands {
        return Some(Missed::Ended(ending.state, ending.on));
    }
    if !clock.limit_runs || today <= clock.limit_on() {
        return None;
    }
    match ending.state {
        PartState::Lapsed if ending.unasked => Some(Missed::Unasked(ending.on)),
        PartState::Transferred if ending.leaves_duty(part.regime) => Some(Missed::Transferred(ending.on)),
        PartState::Transferred if part.regime == Regime::Eir && part.answered_by.is_none() => {
            Some(Missed::Unrefused(ending.on))
        }
        _ => None,
    }
}

fn finding(facts: &ComplianceFacts<'_>, alike: Alike<'_>, parts: &[&CompliancePart]) -> Finding {
    let (regime, due_on, limit_on, missed) = alike;
    let labels = listed(parts.iter().map(|part| &part.label).collect::<Vec<&Label>>());
    let (severity, limit) = match missed {
        Missed::Unrefused(_) => (Severity::Warning, "14(2)"),
        _ => (Severity::Breach, regime.time_limit_provision()),
    };
    let provision = Some(citation(regime, limit));
    let until = match missed {
        Missed::Answered(_, on) | Missed::Ended(_, on) => on,
        Missed::Owed | Missed::Transferred(_) | Missed::Unasked(_) | Missed::Unrefused(_) => facts.today,
    };
    let days = facts.calendars.get(regime.calendar()).working_days_between(limit_on, until);
    let (id, next_step) = about(missed);
    let wrong = Wrong { id, severity, provision, next_step };
    let message = format!("Part {labels} was to be answered by {limit_on} and {}", told(regime, missed, days));
    let pointer = match missed {
        Missed::Answered(response_id, _) => format!("/responses/{response_id}/issued_on"),
        _ => "/due_on".to_owned(),
    };
    let common = [
        ("parts", labels.clone()),
        ("due_on", due_on.to_string()),
        ("limit_on", limit_on.to_string()),
        ("working_days_late", days.to_string()),
    ];
    let mut finding = wrong.finding(pointer, message, common);
    let mut add = |name: &str, value: String| drop(finding.facts.insert(name.to_owned(), value));
    match missed {
        Missed::Owed => add("as_at", until.to_string()),
        Missed::Ended(state, on) => {
            add("ended_as", state.to_string());
            add("ended_on", on.to_string());
        }
        Missed::Transferred(on) | Missed::Unrefused(on) => {
            add("transferred_on", on.to_string());
            add("as_at", until.to_string());
        }
        Missed::Unasked(on) => {
            add("lapsed_on", on.to_string());
            add("as_at", until.to_string());
        }
        Missed::Answered(_, on) => {
            let taken = parts.iter().filter_map(|part| part.clock.working_days_taken).max().unwrap_or_default();
            add("responded_on", on.to_string());
            add("working_days_taken", taken.to_string());
        }
    }
    finding
}

const fn about(missed: Missed<'_>) -> (&'static str, &'static str) {
    match missed {
        Missed::Owed => ("no-response", "Answer as soon as possible, with an apology and an explanation."),
        Missed::Ended(..) => {
            ("no-response", "Expect it to be recorded as a breach: that the request ended later does not undo it.")
        }
        Missed::Transferred(_) => (
            "transfer-without-answer",
            "Record the letter that said whether anything of the kind is there, if one was sent with the transfer; else \
             answer.",
        ),
        Missed::Unasked(_) => (
            "no-response",
            "Answer as soon as possible, with an apology; or record the question to the requester, if one was put.",
        ),
        Missed::Unrefused(_) => (
            "transfer-without-refusal",
            "Record the letter that told the requester, if one was sent with the transfer; else send the refusal, with the \
             particulars of reconsideration and of the regulator.",
        ),
        Missed::Answered(..) => ("late-response", "Expect it to be recorded as a breach; look at why it was late."),
    }
}

fn told(regime: Regime, missed: Missed<'_>, days: i64) -> String {
    match missed {
        Missed::Owed => format!("has not been, {days} working days later."),
        Missed::Ended(state, on) => {
            format!("had not been when it ended ({state}) on {on}, {days} working days later.")
        }
        Missed::Transferred(on) => format!(
            "was transferred on {on} without an answer: {} leaves the duty to say whether anything of the kind is there with \
             the authority asked first.",
            citation(regime, if regime == Regime::Foia { "1(1)(a)" } else { "1(1)" })
        ),
        Missed::Unasked(on) => {
            format!("was closed on {on} for want of clarification, and no question was open: the duty to answer stays.")
        }
        Missed::Unrefused(on) => format!(
            "was transferred on {on}, and no letter is recorded: the applicant is told of it with a refusal under regulation 14(1)."
        ),
        Missed::Answered(_, on) => format!("was answered on {on}, {days} working days late."),
    }
}

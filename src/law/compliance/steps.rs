//! Steps that a decision notice ordered and that are not recorded as taken, or were taken too late: a failure to comply with the notice, which may be
//! certified to a court (FOIA s54, FOISA s53).

use crate::law::{
    Finding, Severity,
    compliance::{ComplianceFacts, ComplianceSteps, Wrong},
};

pub(super) fn finding(facts: &ComplianceFacts<'_>, steps: &ComplianceSteps) -> Option<Finding> {
    let until = steps.taken_on.unwrap_or(facts.today);
    let days = until.days_since(steps.due_on);
    if days <= 0 {
        return None;
    }
    let (id, done, word, next_step) = match steps.taken_on {
        Some(_) => (
            "steps-taken-late",
            "taken_on",
            "were taken on",
            "Tell the regulator why; a failure to comply in time may be certified to the court.",
        ),
        None => (
            "steps-not-taken",
            "as_at",
            "are not recorded as taken by",
            "Record when they were taken; else take them at once and tell the regulator: a failure to comply may be certified \
             to the court.",
        ),
    };
    let wrong = Wrong { id, severity: Severity::Breach, provision: Some(steps.provision.to_owned()), next_step };
    Some(wrong.finding(
        format!("/complaints/{}/decision-notices/{}", steps.complaint_id, steps.notice_id),
        format!("The steps of the decision notice were due on {} and {word} {until}, {days} days late.", steps.due_on),
        [("due_on", steps.due_on.to_string()), (done, until.to_string()), ("days_late", days.to_string())],
    ))
}

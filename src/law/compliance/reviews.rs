//! Internal reviews that took too long. FOIA: guidance, 20 working days, at most 40 (section 45 Code of Practice). EIR reg
//! 11(4): 40. FOISA s21(1) and EI(S)Rs reg 16(4): 20, from the receipt of the request for it.

use crate::law::{
    Finding, Regime, Severity,
    compliance::{ComplianceFacts, ComplianceReview, Wrong, citation},
};

/// The time for a review in working days, the finding when it is passed, and what sets it.
struct Limit {
    days: u32,
    id: &'static str,
    severity: Severity,
    provision: Option<&'static str>,
}

/// The limits of a regime, the longest first.
fn limits(regime: Regime) -> Vec<Limit> {
    let statutory = |days, provision| {
        vec![Limit { days, id: "review-late", severity: Severity::Breach, provision: Some(provision) }]
    };
    match regime {
        Regime::Foia => vec![
            Limit { days: 40, id: "review-beyond-forty-days", severity: Severity::Warning, provision: None },
            Limit { days: 20, id: "review-beyond-twenty-days", severity: Severity::Advice, provision: None },
        ],
        Regime::Eir => statutory(40, "11(4)"),
        Regime::Foisa => statutory(20, "21(1)"),
        Regime::Eisr => statutory(20, "16(4)"),
    }
}

pub(super) fn finding(facts: &ComplianceFacts<'_>, review: &ComplianceReview) -> Option<Finding> {
    let calendar = facts.calendars.get(review.regime.calendar());
    let until = review.decided_on.unwrap_or(facts.today);
    let taken = calendar.working_days_between(review.requested_on, until);
    let limit = limits(review.regime)
        .into_iter()
        .find(|limit| until > calendar.working_day_after(review.requested_on, limit.days))?;
    let due_on = calendar.working_day_after(review.requested_on, limit.days);
    let late = calendar.working_days_between(due_on, until);
    let (done, word) = match review.decided_on {
        Some(_) => ("decided_on", "was decided on"),
        None => ("as_at", "is not decided by"),
    };
    let wrong = Wrong {
        id: limit.id,
        severity: limit.severity,
        provision: limit.provision.map(|provision| citation(review.regime, provision)),
        next_step: "Decide reviews within 20 working days, and tell the requester when it takes longer.",
    };
    Some(wrong.finding(
        format!("/reviews/{}", review.review_id),
        format!(
            "The review asked for on {} was to be decided by {due_on} ({} working days) and {word} {until}, {late} working days late.",
            review.requested_on, limit.days
        ),
        [
            ("requested_on", review.requested_on.to_string()),
            (done, until.to_string()),
            ("due_on", due_on.to_string()),
            ("working_days_taken", taken.to_string()),
            ("working_days_late", late.to_string()),
        ],
    ))
}

//! Internal reviews that took too long. FOIA: guidance, 20 working days, at most 40 (section 45 Code of Practice). EIR reg
//! 11(4): 40. FOISA s21(1) and EI(S)Rs reg 16(4): 20, from the receipt of the request for it. Parts that the
//! decision left out, and who decided.

use std::collections::BTreeMap;

use crate::law::{
    Finding, Regime, Severity,
    compliance::{ComplianceFacts, ComplianceReview, Wrong, citation, listed},
};

/// The time for a review in working days, the finding when it is passed, and what sets it.
struct Limit {
    days: u32,
    id: &'static str,
    severity: Severity,
    provision: Option<&'static str>,
    next_step: &'static str,
}

const WITHIN_TWENTY: &str = "Decide reviews within 20 working days, and tell the requester when it takes longer.";
const WITHIN_FORTY: &str = "Decide reviews as soon as possible, and within 40 working days.";

/// The limits of a regime, the longest first.
fn limits(regime: Regime) -> Vec<Limit> {
    let statutory = |days, provision, next_step| {
        vec![Limit { days, id: "review-late", severity: Severity::Breach, provision: Some(provision), next_step }]
    };
    let guidance = |days, id, severity| Limit { days, id, severity, provision: None, next_step: WITHIN_TWENTY };
    match regime {
        Regime::Foia => vec![
            guidance(40, "review-beyond-forty-days", Severity::Warning),
            guidance(20, "review-beyond-twenty-days", Severity::Advice),
        ],
        Regime::Eir => statutory(40, "11(4)", WITHIN_FORTY),
        Regime::Foisa => statutory(20, "21(1)", WITHIN_TWENTY),
        Regime::Eisr => statutory(20, "16(4)", WITHIN_TWENTY),
    }
}

pub(super) fn findings(facts: &ComplianceFacts<'_>, review: &ComplianceReview) -> Vec<Finding> {
    let same_decider = review.same_decider.then(|| Finding { pointer: Some(pointer(review)), ..same_decider() });
    late(facts, review).into_iter().chain(undecided(facts, review)).chain(same_decider).collect()
}

/// That a review was decided by who had decided the answer.
pub(in crate::law) fn same_decider() -> Finding {
    Finding {
        id: "review-same-decider".into(),
        severity: Severity::Warning,
        provision: None,
        pointer: None,
        message: "The review was decided by the person who had decided the answer under review.".to_owned(),
        facts: BTreeMap::new(),
        next_step:
            "Have reviews decided by somebody who took no part in the first decision, where that is practicable."
                .to_owned(),
    }
}

fn pointer(review: &ComplianceReview) -> String {
    format!("/reviews/{}", review.review_id)
}

/// Parts under review that the decision left out. While its time runs it can still come to them; what was asked for too late
/// need not be taken on at all.
fn undecided(facts: &ComplianceFacts<'_>, review: &ComplianceReview) -> Option<Finding> {
    let decided_on = review.decided_on.filter(|_| !review.undecided.is_empty())?;
    let limit = limits(review.regime).pop()?;
    let due_on = facts.calendars.get(review.regime.calendar()).working_day_after(review.requested_on, limit.days);
    let has_ended = facts.today > due_on;
    let breaks_law = limit.provision.is_some() && has_ended && !review.asked_late;
    let labels = listed(&review.undecided);
    let wrong = Wrong {
        id: "review-part-undecided",
        severity: if breaks_law { Severity::Breach } else { Severity::Warning },
        provision: limit.provision.map(|provision| citation(review.regime, provision)),
        next_step: "Decide the rest. Record the letter that does so with `review_id`; or, where the decision was recorded \
                    incompletely, void the review and record it anew.",
    };
    Some(wrong.finding(
        pointer(review),
        format!(
            "The review asked for on {} was decided on {decided_on} with nothing on part {labels}; its time {} on {due_on}.",
            review.requested_on,
            if has_ended { "ended" } else { "ends" }
        ),
        [
            ("parts", labels.clone()),
            ("requested_on", review.requested_on.to_string()),
            ("decided_on", decided_on.to_string()),
            ("due_on", due_on.to_string()),
        ],
    ))
}

fn late(facts: &ComplianceFacts<'_>, review: &ComplianceReview) -> Option<Finding> {
    // One that was asked for too late need not be taken on (FOISA s20(6)); once decided, it was.
    if review.asked_late && review.decided_on.is_none() {
        return None;
    }
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
        next_step: limit.next_step,
    };
    Some(wrong.finding(
        pointer(review),
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

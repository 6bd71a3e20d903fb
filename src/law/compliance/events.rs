//! What the checks of events found: of questions and fees notices that came too late, and of notices that took more time.

use crate::law::{Finding, Severity};

/// An extension that the regime does not know moves nothing: whether the answer came in time is found of the times.
const FOREIGN_EXTENSION: &str = "extension-not-in-regime";

/// Those of an event's findings that are a wrong, each as a fact and addressed below the request: a breach of what the
/// statute asks, a warning where it rests on guidance alone.
pub(super) fn breaches<'a>(event_id: &'a str, findings: &'a [Finding]) -> impl Iterator<Item = Finding> + 'a {
    let wrongs = findings.iter().filter(|finding| matches!(finding.severity, Severity::Error | Severity::Breach));
    wrongs.map(move |finding| Finding {
        severity: as_fact(finding),
        pointer: Some(format!("/events/{event_id}{}", finding.pointer.as_deref().unwrap_or_default())),
        ..finding.clone()
    })
}

/// What a wrong weighs once it is a fact: what no provision asks breaks none.
pub(super) fn as_fact(finding: &Finding) -> Severity {
    let breaks_law = finding.provision.is_some() && finding.id != FOREIGN_EXTENSION;
    if breaks_law { Severity::Breach } else { Severity::Warning }
}

//! What the checks of events found: of questions and fees notices that came too late, and of notices that took more time.

use crate::law::{Finding, Severity};

/// Those of an event's findings that are a wrong in law, each as a fact and addressed below the request.
pub(super) fn breaches<'a>(event_id: &'a str, findings: &'a [Finding]) -> impl Iterator<Item = Finding> + 'a {
    let wrongs = findings.iter().filter(|finding| matches!(finding.severity, Severity::Error | Severity::Breach));
    wrongs.map(move |finding| Finding {
        severity: Severity::Breach,
        pointer: Some(format!("/events/{event_id}{}", finding.pointer.as_deref().unwrap_or_default())),
        ..finding.clone()
    })
}

//! What a regulator would find of a request, from what is recorded.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{event::EventDetails, ncnd_masking},
    law::{
        Date, Finding,
        clock::{Event, Happening},
        compliance::{
            ComplianceEvent, ComplianceExtension, ComplianceFacts, ComplianceLetter, CompliancePart,
            compliance_findings,
        },
    },
    services::{
        Context, ServiceResult,
        clocks::{self, History, word},
        proceedings::{self, CaseFile},
        responses::{Content, document},
    },
    store::{
        Connection,
        events::{self, EventRow},
        requests::RequestRow,
        responses,
    },
};

/// The findings of a request from its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compliance {
    /// The request.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// The day on which it was looked at.
    pub as_at: Date,
    /// What was found: times first, then questions and fees notices, extensions, letters, reviews and steps. Pointers are
    /// addresses below the request.
    #[schema(max_items = 10000)]
    pub findings: Vec<Finding>,
}

/// What a regulator would find of a request today.
///
/// # Errors
///
/// [`ServiceError::NotFound`](crate::services::ServiceError::NotFound).
pub fn read(connection: &mut Connection, context: &Context, request_id: &str) -> ServiceResult<Compliance> {
    let file = CaseFile::read(connection, context, request_id)?;
    let (request, history) = (&file.request, &file.history);
    let parts = parts(context, history);
    let recorded = standing(events::of_request(connection, request.request_key)?)?;
    let asked = asked(&recorded)?;
    let extensions = extensions(context, &recorded, history)?;
    let letters = letters(connection, request, history)?;
    let reviews = proceedings::reviews_of(context, &file)?;
    let steps = proceedings::steps_of(context, &file)?;
    let findings = compliance_findings(&ComplianceFacts {
        today: context.today,
        calendars: &context.calendars,
        parts: &parts,
        events: &asked,
        extensions: &extensions,
        letters: &letters,
        reviews: &reviews,
        steps: &steps,
    });
    let findings = match proceedings::guarded_parts(connection, context, request_id)? {
        Some(guarded) => {
            let issued = responses::issued_of_request(connection, request.request_key)?;
            let letters = issued.iter().map(|row| document(row, &request.id)).collect::<ServiceResult<Vec<_>>>()?;
            let stored = events::of_request(connection, request.request_key)?;
            let told =
                stored.iter().map(|row| clocks::recorded(row, &request.id)).collect::<ServiceResult<Vec<_>>>()?;
            ncnd_masking::masked_findings_of_request(&letters, &told, findings, &guarded, context.today)
        }
        None => findings,
    };
    Ok(Compliance { request_id: request.id.clone(), as_at: context.today, findings })
}

fn parts(context: &Context, history: &History) -> Vec<CompliancePart> {
    let part = |part: &clocks::PartFacts| {
        let clock = history.clock(context, part, context.today);
        let answers = history
            .events
            .iter()
            .filter(|event| event.happening == Happening::Response && event.scope.covers(&part.label));
        let first = answers.min_by_key(|event| event.effective_on);
        CompliancePart {
            label: part.label.clone(),
            regime: part.regime,
            clock,
            answered_by: first.map(|event| event.id.clone()),
        }
    };
    history.valid_parts().map(part).collect()
}

/// The events that were not voided, with their rows, in the order of their days.
fn standing(rows: Vec<EventRow>) -> ServiceResult<Vec<(Event, EventRow)>> {
    let standing = rows.into_iter().filter(|row| row.voided_at.is_none());
    let mut standing = standing.map(|row| Ok((clocks::event(&row)?, row))).collect::<ServiceResult<Vec<_>>>()?;
    standing.sort_by_key(|(event, _)| event.effective_on);
    Ok(standing)
}

fn findings_of(row: &EventRow) -> ServiceResult<Vec<Finding>> {
    Ok(serde_json::from_str::<EventDetails>(&row.details)?.findings)
}

/// What the requester was asked for.
fn asked(recorded: &[(Event, EventRow)]) -> ServiceResult<Vec<ComplianceEvent>> {
    let asks = |happening: &Happening| matches!(happening, Happening::ClarificationAsked | Happening::FeeNoticeGiven);
    let asked = recorded.iter().filter(|(event, _)| asks(&event.happening));
    asked.map(|(event, row)| Ok(ComplianceEvent { event_id: event.id.clone(), findings: findings_of(row)? })).collect()
}

fn extensions(
    context: &Context,
    recorded: &[(Event, EventRow)],
    history: &History,
) -> ServiceResult<Vec<ComplianceExtension>> {
    let mut extensions = Vec::new();
    for (event, row) in recorded {
        let Happening::Extension { extension, estimated_on, .. } = event.happening else { continue };
        let covered: Vec<&clocks::PartFacts> =
            history.valid_parts().filter(|part| event.scope.covers(&part.label)).collect();
        let was_owed = |part: &clocks::PartFacts, until: Date| {
            let clock = history.clock(context, part, until);
            // A later notice or a fee may have moved the day.
            let has_run_out = clock.extended_to.is_none_or(|extended_to| extended_to <= until);
            clock.overdue_after(until).is_some() && has_run_out && event.effective_on >= clock.started_on
        };
        let ran_out = covered.iter().filter(|part| estimated_on.is_some_and(|until| was_owed(part, until)));
        extensions.push(ComplianceExtension {
            event_id: event.id.clone(),
            kind: extension,
            notified_on: event.effective_on,
            estimated_on,
            ran_out_for: ran_out.map(|part| part.label.clone()).collect(),
            parts: covered.iter().map(|part| part.label.clone()).collect(),
            findings: findings_of(row)?,
        });
    }
    Ok(extensions)
}

fn letters(
    connection: &mut Connection,
    request: &RequestRow,
    history: &History,
) -> ServiceResult<Vec<ComplianceLetter>> {
    let mut letters = Vec::new();
    for row in responses::issued_of_request(connection, request.request_key)? {
        let Some(issued_on) = row.issued_on else { continue };
        let content: Content = serde_json::from_str(&row.content)?;
        let determinations = content.determinations.into_iter().filter_map(|determination| {
            let part = history.parts.iter().find(|part| part.label == determination.part)?;
            Some((part.regime, determination))
        });
        letters.push(ComplianceLetter {
            response_id: row.id,
            kind: word(&row.kind)?,
            issued_on: Date(issued_on),
            determinations: determinations.collect(),
            findings: serde_json::from_str(&row.findings)?,
        });
    }
    letters.sort_by_key(|letter| letter.issued_on);
    Ok(letters)
}

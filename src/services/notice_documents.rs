//! The notice of a response: request, response and authority read together, and put into words.

use crate::{
    casework::{
        event::EventDetails,
        ncnd_masking::{self, GuardedParts},
        notice_document::{self, AnnouncedExtension, LetterFacts, NoticeDocument, NoticeSource},
        response::ResponseStatus,
    },
    law::{Date, clock::Happening},
    services::{
        Context, ServiceError, ServiceResult, authorities, clocks, proceedings, requests, responses, responses::Content,
    },
    store::{Connection, events, requests as rows},
};

/// A notice, and what its words depend on.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The notice in structured form.
    pub document: NoticeDocument,
    /// The version of the response.
    pub response_version: i64,
    /// The version of the request.
    pub request_version: i64,
    /// The version of the authority's settings.
    pub authority_version: i64,
    /// Today, while the day changes what a draft says: provisions come into force and go out of it.
    pub changes_by_day: Option<Date>,
}

/// The notice of a response, draft or issued: of a draft as the authority and the request stand today, of a letter as they
/// stood when it was issued.
///
/// # Errors
///
/// [`ServiceError::NotFound`]; [`ServiceError::InsufficientScope`] for a letter with an answer that neither confirms nor
/// denies, whose grounds are for `ncnd:read`: a letter without them would be another letter. So is every letter of a request
/// with such an answer: that one is refused and another is not would tell which of them left its part open.
pub fn read(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    response_id: &str,
) -> ServiceResult<Notice> {
    let response = responses::read_as(connection, context, request_id, response_id)?;
    let guarded = proceedings::guarded_parts(connection, context, request_id)?;
    let is_guarded = |guarded: GuardedParts| {
        guarded.covers(None) || ncnd_masking::is_guarded_response(&response, &guarded, context.today)
    };
    if guarded.is_some_and(is_guarded) {
        let detail =
            "An answer to the request, or the draft, neither confirms nor denies: its notices need `ncnd:read`.";
        return Err(ServiceError::InsufficientScope(detail.to_owned()));
    }
    let request = requests::read(connection, &context.scope, request_id, context.today)?;
    let authority = authorities::read(connection, &context.scope, &request.authority_id)?;
    let (request_version, authority_version) = (request.version, authority.version);
    let facts = match responses::letter_facts(connection, context, request_id, response_id)? {
        Some(kept) => kept,
        None => {
            let extensions = extensions(connection, context, request_id)?;
            LetterFacts::of(authority, request, extensions, &response.determinations, &response.left_open)
        }
    };
    let document =
        notice_document::compose(&NoticeSource { facts: &facts, response: &response, today: context.today })?;
    Ok(Notice {
        document,
        response_version: response.version,
        request_version,
        authority_version,
        changes_by_day: (response.status == ResponseStatus::Draft).then_some(context.today),
    })
}

/// What a letter with this content is made of beside it, as it stands now.
pub(super) fn facts(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    content: &Content,
) -> ServiceResult<LetterFacts> {
    let request = requests::read(connection, &context.scope, request_id, context.today)?;
    let authority = authorities::read(connection, &context.scope, &request.authority_id)?;
    let extensions = extensions(connection, context, request_id)?;
    Ok(LetterFacts::of(authority, request, extensions, &content.determinations, &content.left_open))
}

/// The extensions of time that the requester was told of, in the order of recording.
fn extensions(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
) -> ServiceResult<Vec<AnnouncedExtension>> {
    let request = rows::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let mut announced = Vec::new();
    for row in events::of_request(connection, request.request_key)?.iter().filter(|row| row.voided_at.is_none()) {
        let event = clocks::event(row)?;
        if let Happening::Extension { extension, estimated_on, .. } = event.happening {
            let details: EventDetails = serde_json::from_str(&row.details)?;
            announced.push(AnnouncedExtension {
                scope: event.scope,
                kind: extension,
                notified_on: event.effective_on,
                estimated_on,
                grounds: details.grounds,
            });
        }
    }
    Ok(announced)
}

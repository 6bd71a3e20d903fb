//! Responses: drafts to work on, letters already sent, and their issue.

use serde::{Deserialize, Serialize};

use crate::{
    casework::{
        ncnd_masking,
        notice_document::LetterFacts,
        response::{
            DecisionMaker, Determination, Issue, LeftOpen, NewResponse, Override, Particulars, RecordAs, Response,
            ResponseKind, ResponseStatus, SentDocument,
        },
        scope::Scope,
        text::{Prose, Word},
    },
    fault::{DATE_IN_FUTURE, Fault},
    law::{Date, Finding, Severity},
    services::{
        Context, ServiceError, ServiceResult,
        audit::Recipient,
        clocks::{History, optional_text, word},
        context::Instant,
        drafts::draft,
        events::refuse_impossible_order,
        notice_documents, notices, proceedings, projection, records,
        response_faults::{
            origin_faults, part_faults, provision_faults, refuse_before_origin, refuse_parts_that_are_gone,
            refuse_second_answer, refuse_void_predecessor, supersession_fault,
        },
        timeline::{self, Entry, TimelineKind},
    },
    store::{
        Connection,
        requests::{self, RequestRow},
        responses::{self as rows, NewResponseRow, ResponseRow},
    },
};

/// What a response says, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decided_by: Option<DecisionMaker>,
    #[serde(default)]
    pub(super) particulars: Particulars,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sent_documents: Vec<SentDocument>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) determinations: Vec<Determination>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left_open: Vec<LeftOpen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) review_id: Option<Word>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) complaint_id: Option<Word>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decision_notice_id: Option<Word>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) supersedes: Option<Word>,
    /// What the letter is made of beside this, since its issue; absent of drafts, and of letters from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    letter: Option<LetterFacts>,
    /// Why it counts nowhere; of a void letter alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) voided: Option<Voiding>,
}

/// That a letter is void, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Voiding {
    pub(super) at: i64,
    pub(super) reason: Prose,
}

/// Records a response: a draft, or a letter already sent.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part that does not exist, or in a draft for an unknown provision;
/// [`ServiceError::NotPossible`] when a part is answered a second time by a response of the same kind, which the figures
/// that take the first answer could not place;
/// [`ServiceError::ImpossibleOrder`] when a letter was sent before what it came out of.
pub fn create(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    new: NewResponse,
) -> ServiceResult<Response> {
    let mut request =
        requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let mut history = History::load(connection, &request)?;
    let sent = new.record_as == Some(RecordAs::Sent);
    let mut faults = new.faults(context.today);
    faults.extend(part_faults(&history, &new));
    if !sent {
        for (at, determination) in new.determinations.iter().enumerate() {
            faults.extend(provision_faults(context, &history, determination, &format!("/determinations/{at}")));
        }
    }
    faults.extend(supersession_fault(connection, &request, new.supersedes.as_ref())?);
    faults.extend(origin_faults(connection, &request, &new)?);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let (kind, issued_on) = (new.kind, new.issued_on);
    let mut content = content(new);
    let on = issued_on.unwrap_or(context.today);
    for determination in &mut content.determinations {
        history.put_in_form(determination, on);
    }
    if sent {
        refuse_second_answer(&history, kind, &content, issued_on)?;
        refuse_before_origin(connection, &request, &content, issued_on)?;
        content.letter = Some(notice_documents::facts(connection, context, &request.id, &content)?);
    }
    let status = if sent { ResponseStatus::Issued } else { ResponseStatus::Draft };
    let settings = notices::Settings::of(connection, &request, &history, &content)?;
    let findings = notices::findings(context, &history, (kind, status), issued_on, &content, &settings)?;
    let findings = if sent { notices::kept_with_letter(findings) } else { notices::kept_with_draft(findings) };
    let row = NewResponseRow {
        id: uuid::Uuid::new_v4().to_string(),
        request_key: request.request_key,
        authority_key: request.authority_key,
        kind: kind.as_str().to_owned(),
        status: status.as_str().to_owned(),
        issued_on: issued_on.map(|day| day.0),
        content: serde_json::to_string(&content)?,
        findings: serde_json::to_string(&findings)?,
        override_reason: None,
        version: 1,
        created_at: context.now.0,
        updated_at: context.now.0,
    };
    let response_key = rows::insert(connection, &row)?;
    let stored = row.stored(response_key);
    if sent {
        take_effect(connection, context, &mut request, &mut history, &stored, &content)?;
    }
    document(&stored, &request.id)
}

fn content(new: NewResponse) -> Content {
    Content {
        decided_by: new.decided_by,
        particulars: new.particulars,
        sent_documents: new.sent_documents,
        determinations: new.determinations,
        left_open: new.left_open,
        review_id: new.review_id,
        complaint_id: new.complaint_id,
        decision_notice_id: new.decision_notice_id,
        supersedes: new.supersedes,
        letter: None,
        voided: None,
    }
}

/// What the issue of a response changes outside it.
fn take_effect(
    connection: &mut Connection,
    context: &Context,
    request: &mut RequestRow,
    history: &mut History,
    response: &ResponseRow,
    content: &Content,
) -> ServiceResult<()> {
    context.disclosed_to(Recipient::Requester);
    let (answers, cited) = notices::counted(history, response, content);
    rows::insert_answers(connection, &answers, &cited)?;
    records::settle(connection, request)?;
    *history = History::load(connection, request)?;
    refuse_impossible_order(context, request, history)?;
    projection::rebuild(connection, context, request, history)?;
    let entry = Entry {
        kind: TimelineKind::ResponseIssued,
        effective_on: response.issued_on.map(Date),
        subject_id: Some(&response.id),
        detail: Some(&response.kind),
    };
    timeline::append(connection, context, request, &entry)
}

/// One response, if it is for the caller: drafts are for those who work on them. Whether it is stands before its content is
/// read, so that a draft is refused as fast as what is not there.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn read_as(connection: &mut Connection, context: &Context, request_id: &str, id: &str) -> ServiceResult<Response> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let status = rows::status_of(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    if status == ResponseStatus::Draft.as_str() && !context.scopes.holds(Scope::ResponsesWrite) {
        return Err(ServiceError::NotFound);
    }
    let row = rows::find(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    document(&row, &request.id)
}

/// What the statute says of a response, and why it cannot be issued whatever that is.
#[derive(Debug, Clone, PartialEq)]
pub struct Checks {
    /// Of a draft as the statute stands today, of an issued one as they were.
    pub findings: Vec<Finding>,
    /// What the issue of a draft would be refused with; nothing of a letter.
    pub refusal: Option<String>,
}

/// The checks of a response.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn checks(connection: &mut Connection, context: &Context, request_id: &str, id: &str) -> ServiceResult<Checks> {
    let response = read_as(connection, context, request_id, id)?;
    let Checks { findings, refusal } = if response.status == ResponseStatus::Draft {
        checks_today(connection, context, request_id, id)?
    } else {
        Checks { findings: response.findings.clone(), refusal: None }
    };
    Ok(Checks { findings: findings_for(connection, context, &response, findings)?, refusal })
}

/// The checks of a draft, as the statute stands today.
fn checks_today(connection: &mut Connection, context: &Context, request_id: &str, id: &str) -> ServiceResult<Checks> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let row = rows::find(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    let history = History::load(connection, &request)?;
    let content: Content = serde_json::from_str(&row.content)?;
    let settings = notices::Settings::of(connection, &request, &history, &content)?;
    let kind = word(&row.kind)?;
    let findings = notices::findings(context, &history, (kind, ResponseStatus::Draft), None, &content, &settings)?;
    let refusal = match refuse_issue(connection, &request, &history, (kind, &content), context.today) {
        Ok(()) => None,
        Err(ServiceError::NotPossible(detail) | ServiceError::ImpossibleOrder(detail)) => Some(detail),
        Err(other) => return Err(other),
    };
    Ok(Checks { findings, refusal })
}

/// Refuses the issue of what could be no letter on that day, whatever the statute says of it.
fn refuse_issue(
    connection: &mut Connection,
    request: &RequestRow,
    history: &History,
    (kind, content): (ResponseKind, &Content),
    issued_on: Date,
) -> ServiceResult<()> {
    refuse_parts_that_are_gone(history, content)?;
    refuse_second_answer(history, kind, content, Some(issued_on))?;
    refuse_void_predecessor(connection, request, content)?;
    refuse_before_origin(connection, request, content, Some(issued_on))
}

/// The findings that the caller may read.
fn findings_for(
    connection: &mut Connection,
    context: &Context,
    response: &Response,
    findings: Vec<Finding>,
) -> ServiceResult<Vec<Finding>> {
    Ok(match proceedings::guarded_parts(connection, context, &response.request_id)? {
        Some(guarded) => ncnd_masking::masked_findings(response, findings, &guarded, context.today),
        None => findings,
    })
}

/// What the caller may read of responses of one request.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see the request.
pub fn shown(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    found: Vec<Response>,
) -> ServiceResult<Vec<Response>> {
    let Some(guarded) = proceedings::guarded_parts(connection, context, request_id)? else { return Ok(found) };
    let masked = |response| ncnd_masking::masked_response(response, &guarded, context.today);
    Ok(found.into_iter().map(masked).collect())
}

/// What anybody who works on drafts may read of one, whoever asks.
///
/// # Errors
///
/// As [`shown`].
pub fn shown_to_all(connection: &mut Connection, context: &Context, response: Response) -> ServiceResult<Response> {
    let guarded = proceedings::guarded_from_anybody(connection, context, &response.request_id)?;
    Ok(ncnd_masking::masked_response(response, &guarded, context.today))
}

/// Whether a response with these findings may be issued without an override.
#[must_use]
pub fn can_be_issued(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// Issues a draft: it is checked as of the day of issue, frozen, and takes effect.
///
/// # Errors
///
/// [`ServiceError::NoticeChecksFailed`] with all findings when one is an `error` and no override is given;
/// [`ServiceError::Invalid`] for a day that has not come; [`ServiceError::NotPossible`] once issued;
/// [`ServiceError::StaleVersion`]; [`ServiceError::ImpossibleOrder`] for a day before what the letter came out of.
pub fn issue(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    expected: &dyn Fn(i64) -> bool,
    issue: Issue,
) -> ServiceResult<Response> {
    if issue.issued_on > context.today {
        let fault = Fault::new(
            "/issued_on",
            DATE_IN_FUTURE,
            "A response is issued on the day it is sent, today at the latest.",
        );
        return Err(ServiceError::fault(fault));
    }
    let (mut request, mut row) = draft(connection, context, ids.0, ids.1, expected)?;
    let mut history = History::load(connection, &request)?;
    let mut content: Content = serde_json::from_str(&row.content)?;
    let kind: ResponseKind = word(&row.kind)?;
    refuse_issue(connection, &request, &history, (kind, &content), issue.issued_on)?;
    let settings = notices::Settings::of(connection, &request, &history, &content)?;
    let of_draft = (kind, ResponseStatus::Draft);
    let findings = notices::findings(context, &history, of_draft, Some(issue.issued_on), &content, &settings)?;
    if issue.override_with.is_none() && !can_be_issued(&findings) {
        let kept = notices::kept_with_draft(findings);
        let shown = findings_for(connection, context, &document(&row, &request.id)?, kept)?;
        return Err(ServiceError::NoticeChecksFailed(shown));
    }
    let findings = notices::kept_with_letter(findings);
    content.letter = Some(notice_documents::facts(connection, context, &request.id, &content)?);
    row.content = serde_json::to_string(&content)?;
    row.status = ResponseStatus::Issued.as_str().to_owned();
    row.issued_on = Some(issue.issued_on.0);
    row.findings = serde_json::to_string(&findings)?;
    row.override_reason = issue.override_with.map(|reason| reason.reason.to_string());
    // How a draft was worked on leaves no history: a letter begins with its issue.
    row.version = 1;
    row.created_at = context.now.0;
    row.updated_at = context.now.0.max(row.updated_at);
    rows::update(connection, &row)?;
    take_effect(connection, context, &mut request, &mut history, &row, &content)?;
    document(&row, &request.id)
}

/// What a letter was made of beside the response when it was issued; nothing of a draft, and of a letter that was issued
/// before it was kept.
pub(super) fn letter_facts(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    id: &str,
) -> ServiceResult<Option<LetterFacts>> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let row = rows::find(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    Ok(serde_json::from_str::<Content>(&row.content)?.letter)
}

/// The document of a stored response.
pub(super) fn document(row: &ResponseRow, request_id: &str) -> ServiceResult<Response> {
    let mut content: Content = serde_json::from_str(&row.content)?;
    if row.status != ResponseStatus::Draft.as_str() {
        // A reason for departing from a standing position tells that there is one.
        content.determinations.iter_mut().for_each(|determination| determination.position_departure = None);
    }
    let reason = optional_text(row.override_reason.as_deref())?;
    let (voided_at, void_reason) = content.voided.map(|voided| (voided.at, voided.reason)).unzip();
    Ok(Response {
        id: row.id.clone(),
        request_id: request_id.to_owned(),
        status: word(&row.status)?,
        kind: word(&row.kind)?,
        issued_on: row.issued_on.map(Date),
        decided_by: content.decided_by,
        particulars: content.particulars,
        sent_documents: content.sent_documents,
        determinations: content.determinations,
        left_open: content.left_open,
        review_id: content.review_id,
        complaint_id: content.complaint_id,
        decision_notice_id: content.decision_notice_id,
        supersedes: content.supersedes,
        override_with: reason.map(|reason| Override { reason }),
        findings: serde_json::from_str(&row.findings)?,
        version: row.version,
        created_at: Instant(row.created_at).to_rfc3339(),
        updated_at: Instant(row.updated_at).to_rfc3339(),
        voided_at: voided_at.map(|at| Instant(at).to_rfc3339()),
        void_reason,
    })
}

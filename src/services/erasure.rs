//! Erasing the people of a request and keeping its figures; what keeps a request from being erased.
//!
//! The row of the request stays, without words, with its parts, events, answers, citations and the bare chain after the
//! response: metrics and returns are counted from these and stay as they were. No case worker sees it any more; it is told
//! of in `GET /v1/deletions`.

use crate::{
    casework::{
        appeal::NewAppeal,
        complaint::NewComplaint,
        decision_notice::{NewDecisionNotice, NoticeFinding},
        erasure::{ERASED, LegalHold, LegalHoldKind, LegalHolds, NewLegalHold, WithoutWords},
        filing::ProceedingKind,
        review::NewReview,
        text::Label,
    },
    law::{Date, Regime, notice::without_own_words},
    services::{
        Context, ServiceError, ServiceResult, case_sheets,
        clocks::{History, optional_text, word},
        context::Instant,
        idempotency,
        proceedings::{CaseFile, Openness},
        timeline::{self, Deletion, Entry, TimelineKind},
    },
    store::{
        Connection,
        erasure::{self as rows, Blank, LegalHoldRow},
        proceedings::{self, ProceedingRow},
        requests::{self, PartRow, RequestRow},
    },
};

const BLANK: Blank<'_> = Blank { text: ERASED, object: "{}", list: "[]" };

/// Erases the people of a request.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it, or it is erased; [`ServiceError::NotPossible`] while a part
/// of it is owed an answer, and under a legal hold.
pub fn erase(connection: &mut Connection, context: &Context, request_id: &str) -> ServiceResult<Deletion> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    if is_owed(connection, context, &request)? {
        let detail = "The request is not closed: to destroy what was asked for before it is answered may be an offence \
            (FOIA s77, FOISA s65, EIR reg 19, EI(S)Rs reg 19). Record its answer, withdrawal, lapse or transfer first.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    let holds = holds_of(connection, context, &request)?;
    if let Some(hold) = holds.first() {
        let why = match hold.kind {
            LegalHoldKind::ProceedingsOpen => "a review, a complaint or an appeal is open",
            LegalHoldKind::PlacedByAuthority => "the authority has placed a hold",
        };
        let read = format!("GET /v1/requests/{request_id}/legal-hold");
        return Err(ServiceError::NotPossible(format!("The request is under legal hold: {why}. See {read}.")));
    }
    let parts = regimes_of_parts(connection, &request)?;
    let filed = proceedings::of_request(connection, request.request_key)?;
    for row in filed.iter().rev() {
        let cited = Cited { parts: &parts, complained: complained(&filed, row)? };
        match stripped(row, &cited)? {
            Some(content) => rows::set_content(connection, row.proceeding_key, &content)?,
            None => rows::delete_proceeding(connection, row.proceeding_key)?,
        }
    }
    idempotency::forget(connection, &request.id, &format!("/v1/requests/{}", request.id))?;
    rows::erase_words(connection, &request, BLANK, context.now.0)?;
    // The sheet that figures read has the reference.
    case_sheets::rewrite(connection, context, request.request_key)?;
    Ok(Deletion { id: request.id, authority_id: request.authority_id, deleted_at: Instant(context.now.0).to_rfc3339() })
}

/// What figures need of an entry; nothing of one that is void, or that no figure is counted from.
fn stripped(row: &ProceedingRow, cited: &Cited<'_>) -> ServiceResult<Option<String>> {
    if row.voided_at.is_some() {
        return Ok(None);
    }
    let content = row.content.as_str();
    let kept = match word::<ProceedingKind>(&row.kind)? {
        ProceedingKind::Review => serde_json::to_string(&bare::<NewReview>(content)?)?,
        ProceedingKind::Complaint => serde_json::to_string(&bare::<NewComplaint>(content)?)?,
        ProceedingKind::DecisionNotice => {
            let mut notice: NewDecisionNotice = serde_json::from_str(content)?;
            cited.name(&mut notice.findings, notice.sent_on);
            serde_json::to_string(&notice.without_words())?
        }
        ProceedingKind::Appeal => {
            let mut appeal: NewAppeal = serde_json::from_str(content)?;
            if let Some(decision) = &mut appeal.decision
                && let Some(substituted) = &mut decision.substituted_notice
            {
                cited.name(&mut substituted.findings, decision.decided_on);
            }
            serde_json::to_string(&appeal.without_words())?
        }
        ProceedingKind::PositionChange | ProceedingKind::Submission => return Ok(None),
    };
    Ok(Some(kept))
}

fn bare<T: WithoutWords + serde::de::DeserializeOwned>(content: &str) -> ServiceResult<T> {
    Ok(serde_json::from_str::<T>(content)?.without_words())
}

/// Under what the citations of a decision are looked up, as figures look them up.
struct Cited<'a> {
    /// The valid parts of the request with their regimes.
    parts: &'a [(Label, Regime)],
    /// The parts that the complaint names; all where it names none.
    complained: Option<Vec<Label>>,
}

impl Cited<'_> {
    /// Names what was found upon in the words of the catalogue, so that it is counted as before; what the catalogue does not
    /// know has words of its own, which do not stay.
    fn name(&self, findings: &mut [NoticeFinding], on: Date) {
        for finding in findings {
            let named = finding.parts.as_deref().or(self.complained.as_deref());
            let concerned = self.parts.iter().filter(|(label, _)| named.is_none_or(|named| named.contains(label)));
            let mut regimes: Vec<Regime> = concerned.map(|(_, regime)| *regime).collect();
            regimes.sort_unstable();
            regimes.dedup();
            let known = finding.provision.as_ref().and_then(|cited| without_own_words(cited, &regimes, on));
            if let Some(known) = known {
                finding.provision = Some(known);
            }
        }
    }
}

fn regimes_of_parts(connection: &mut Connection, request: &RequestRow) -> ServiceResult<Vec<(Label, Regime)>> {
    let parts = requests::parts_of(connection, request.request_key)?;
    let of = |part: PartRow| {
        let label = part.label.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))?;
        Ok((label, word(part.regime.as_ref().unwrap_or(&request.regime))?))
    };
    parts.into_iter().filter(|part| part.valid_request).map(of).collect()
}

/// The parts named by the complaint that an entry stands in, or is.
fn complained(filed: &[ProceedingRow], row: &ProceedingRow) -> ServiceResult<Option<Vec<Label>>> {
    let mut above = Some(row);
    while let Some(one) = above {
        if one.kind == ProceedingKind::Complaint.as_str() {
            return Ok(serde_json::from_str::<NewComplaint>(&one.content)?.parts);
        }
        above = filed.iter().find(|other| Some(other.proceeding_key) == one.parent_key);
    }
    Ok(None)
}

/// What keeps a request from being erased, and the request's version.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see the request.
pub fn legal_holds(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
) -> ServiceResult<(LegalHolds, i64)> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    document(connection, context, &request)
}

/// Places a hold by the authority, in the place of an earlier one.
///
/// # Errors
///
/// [`ServiceError::StaleVersion`] when the request changed since the caller read it; else as [`legal_holds`].
pub fn place_hold(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    expected: &dyn Fn(i64) -> bool,
    new: &NewLegalHold,
) -> ServiceResult<(LegalHolds, i64)> {
    let mut request = to_change(connection, context, request_id, expected)?;
    let row = LegalHoldRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        reason: new.reason.to_string(),
        placed_by: context.actor.clone(),
        placed_at: context.now.0,
    };
    rows::place_hold(connection, &row)?;
    tell(connection, context, &mut request, TimelineKind::LegalHoldPlaced)?;
    document(connection, context, &request)
}

/// Releases the hold that the authority placed.
///
/// # Errors
///
/// [`ServiceError::NotFound`] where there is none; else as [`place_hold`].
pub fn release_hold(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<()> {
    let mut request = to_change(connection, context, request_id, expected)?;
    if !rows::release_hold(connection, request.request_key)? {
        return Err(ServiceError::NotFound);
    }
    tell(connection, context, &mut request, TimelineKind::LegalHoldReleased)
}

fn to_change(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<RequestRow> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    if expected(request.version) { Ok(request) } else { Err(ServiceError::StaleVersion) }
}

/// A hold is part of what is said of the request: its version moves, and the timeline tells of it.
fn tell(
    connection: &mut Connection,
    context: &Context,
    request: &mut RequestRow,
    kind: TimelineKind,
) -> ServiceResult<()> {
    request.version += 1;
    request.updated_at = context.now.0.max(request.updated_at);
    requests::update(connection, request)?;
    let entry = Entry { kind, effective_on: Some(context.today), subject_id: None, detail: None };
    timeline::append(connection, context, request, &entry)
}

fn document(connection: &mut Connection, context: &Context, request: &RequestRow) -> ServiceResult<(LegalHolds, i64)> {
    let holds = holds_of(connection, context, request)?;
    let erasable = holds.is_empty() && !is_owed(connection, context, request)?;
    Ok((LegalHolds { request_id: request.id.clone(), erasable, holds }, request.version))
}

/// Whether a part of the request is owed an answer today. Words that are no valid request are owed none.
fn is_owed(connection: &mut Connection, context: &Context, request: &RequestRow) -> ServiceResult<bool> {
    let history = History::load(connection, request)?;
    let today = context.today;
    Ok(history.valid_parts().any(|part| !history.clock(context, part, today).state_on(today).is_closed()))
}

fn holds_of(connection: &mut Connection, context: &Context, request: &RequestRow) -> ServiceResult<Vec<LegalHold>> {
    let mut holds = Vec::new();
    if openness(connection, context, request)?.is_open {
        holds.push(LegalHold { kind: LegalHoldKind::ProceedingsOpen, reason: None, placed_by: None, placed_at: None });
    }
    if let Some(row) = rows::hold_of(connection, request.request_key)? {
        holds.push(LegalHold {
            kind: LegalHoldKind::PlacedByAuthority,
            reason: optional_text(Some(&row.reason))?,
            placed_by: row.placed_by,
            placed_at: Some(Instant(row.placed_at).to_rfc3339()),
        });
    }
    Ok(holds)
}

fn openness(connection: &mut Connection, context: &Context, request: &RequestRow) -> ServiceResult<Openness> {
    if proceedings::of_request(connection, request.request_key)?.is_empty() {
        return Ok(Openness::default());
    }
    CaseFile::read(connection, context, &request.id)?.openness(context)
}

/// The day from which the time is counted for which a closed request is kept; nothing while it is under a hold.
pub(super) fn kept_from(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
) -> ServiceResult<Option<Date>> {
    let Some(closed_on) = request.closed_on.map(Date) else { return Ok(None) };
    if rows::hold_of(connection, request.request_key)?.is_some() {
        return Ok(None);
    }
    let openness = openness(connection, context, request)?;
    Ok((!openness.is_open).then(|| openness.last_end.map_or(closed_on, |last| last.max(closed_on))))
}

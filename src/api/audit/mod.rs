//! `/v1/audit-entries`: the audit log, its export and its verification. Reading it is written into it.

use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Caller,
        extract::{Id, InstantText, Query},
        openapi::{ListFailures, ReadFailures},
        pages::{self, Limit},
        problem::{ApiError, INVALID_PARAMETER, ProblemFault, VALIDATION_FAILED},
    },
    casework::{
        audit::{AlteredAuditEntry, AuditEntry, AuditFault, AuditLine, AuditOperation, AuditPurpose},
        text::Word,
    },
    services::audit,
    store::audit::AuditFilter,
};

/// How many entries of an export are in memory at once.
const AT_ONCE: i64 = 500;

/// Which entries, for which purpose, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditListQuery {
    /// What the log is read for: one of the purposes of DPA 2018 s62(4). It is written into the log.
    #[param(example = "self_monitoring")]
    pub purpose: AuditPurpose,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
    /// Only entries about this request for information, and those that name it among the requests a list or a table showed.
    pub case_id: Option<Id>,
    /// Only entries of this human.
    pub actor: Option<Word>,
    /// Only entries of this operation.
    pub operation: Option<AuditOperation>,
    /// Recorded at this instant or later.
    pub recorded_at_from: Option<InstantText>,
    /// Recorded at this instant or earlier.
    pub recorded_at_to: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// Whose log, for which purpose.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditLogQuery {
    /// What the log is read for: one of the purposes of DPA 2018 s62(4). It is written into the log.
    #[param(example = "integrity_and_security")]
    pub purpose: AuditPurpose,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryList {
    /// The entries, in the order of the chain.
    #[schema(max_items = 200)]
    pub items: Vec<AuditEntry>,
    /// Entries of this page that somebody changed so that they do not read as entries any more, as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false)]
    pub altered: Vec<AlteredAuditEntry>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// What a check of the log found.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditVerification {
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// Whether the log is as it was written.
    pub is_intact: bool,
    /// How many entries were looked at.
    pub entries: i64,
    /// The public key of the installation, in hexadecimal digits: the newest, where it was changed.
    pub public_key: String,
    /// Everything that is not as it was written, by place. Of more than 200 the first of each kind, then the second of each
    /// kind, and so on.
    #[schema(max_items = 200)]
    pub faults: Vec<AuditFault>,
}

/// List audit entries
///
/// Who did what, when and with which credential, in the order of the chain. Its reader must be cleared for answers that
/// neither confirm nor deny: it shows what was done. Reading it is written into it. An entry that was changed by hand so that
/// it does not read as one stands in `altered`, as it is, and counts among the entries of the page.
#[utoipa::path(
    tag = "audit",
    security(("bearer" = [])),
    params(AuditListQuery),
    responses((status = 200, description = "One page.", body = AuditEntryList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/audit-entries")]
pub async fn list_audit_entries(caller: Caller, query: Query<AuditListQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<i64>(&caller, query.limit, query.cursor.as_deref())?;
    let filter = AuditFilter {
        operation: query.operation.map(|operation| operation.as_str().to_owned()),
        actor: query.actor.map(|actor| actor.to_string()),
        case_id: query.case_id.map(|id| id.0),
        recorded_at_from: query.recorded_at_from.map(|at| at.0),
        recorded_at_to: query.recorded_at_to.map(|at| at.0),
        seq_to: None,
    };
    let authority = query.authority_id;
    let found = caller
        .read(move |connection, context| {
            let authority_id = authority.as_ref().map(|id| id.0.as_str());
            audit::list(connection, &context.scope, authority_id, &filter, page.after.unwrap_or(0), page.limit)
        })
        .await
        .map_err(in_parameters)?;
    let next_cursor = found.end.filter(|_| found.has_more).map(|end| pages::cursor(&caller, &end));
    let mut page = AuditEntryList { items: Vec::new(), altered: Vec::new(), next_cursor };
    for line in found.lines {
        match line {
            AuditLine::Entry(entry) => page.items.push(entry),
            AuditLine::AlteredEntry(entry) => page.altered.push(entry),
            AuditLine::Header(_)
            | AuditLine::Checkpoint(_)
            | AuditLine::Succession(_)
            | AuditLine::AlteredCheckpoint(_)
            | AuditLine::AlteredSuccession(_) => {}
        }
    }
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Export the audit log
///
/// The whole chain of one authority, a JSON object a line: first whose it is, then every entry, then which keys took the place of
/// which, then the checkpoints, the last of them signed now. `candour audit verify FILE` checks it without a database; whoever keeps the file can show later
/// that nothing up to that checkpoint was changed. What was changed by hand so that it does not read as an entry or as a
/// checkpoint stands in the export as it is, and the check names it.
#[utoipa::path(
    tag = "audit",
    security(("bearer" = [])),
    params(AuditLogQuery),
    responses((status = 200, description = "The log.", content((AuditLine = "application/x-ndjson"))), ReadFailures)
)]
#[get("/v1/audit-entries/export")]
pub async fn export_audit_entries(caller: Caller, query: Query<AuditLogQuery>) -> Result<HttpResponse, ApiError> {
    let authority = query.0.authority_id;
    let seal = caller.state().audit_seal.clone();
    let began = caller
        .write(move |connection, context| {
            let authority_id = authority.as_ref().map(|id| id.0.as_str());
            audit::begin_export(connection, context, authority_id, &seal)
        })
        .await;
    let audit::Export { header, last, seals } = began.map_err(in_parameters)?;
    let (state, scope, id) =
        (std::sync::Arc::clone(caller.state()), caller.context().scope.clone(), header.authority_id.clone());
    let entries = futures_util::stream::try_unfold((state, 0), move |(state, after)| {
        let (scope, id) = (scope.clone(), id.clone());
        async move {
            let filter = AuditFilter { seq_to: Some(last), ..AuditFilter::default() };
            let page = state
                .store
                .within(scope.clone())
                .read(move |connection| audit::list(connection, &scope, Some(&id), &filter, after, AT_ONCE));
            let page = page.await.map_err(ApiError::from)?;
            let Some(end) = page.end else { return Ok(None) };
            let text = lines(page.lines.into_iter())?;
            Ok::<_, ApiError>(Some((text, (state, end))))
        }
    });
    let first = lines(std::iter::once(AuditLine::Header(header)))?;
    let end = lines(seals.into_iter())?;
    let part = |bytes| futures_util::stream::once(std::future::ready(Ok::<_, ApiError>(bytes)));
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "application/x-ndjson")).insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.streaming(part(first).chain(entries).chain(part(end))))
}

fn lines(lines: impl Iterator<Item = AuditLine>) -> Result<Bytes, ApiError> {
    let mut text = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut text, &line).map_err(ApiError::internal)?;
        text.push(b'\n');
    }
    Ok(text.into())
}

/// Verify the audit log
///
/// Looks at the whole chain of one authority in the database, with its checkpoints: an entry that was changed, removed,
/// inserted or moved is named with its place, and so is an end that was cut off before a checkpoint. What is kept beside the
/// entries to search them by a request is compared with what they say.
#[utoipa::path(
    tag = "audit",
    security(("bearer" = [])),
    params(AuditLogQuery),
    responses((status = 200, description = "What was found.", body = AuditVerification,
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/audit-entries/verification")]
pub async fn verify_audit_entries(caller: Caller, query: Query<AuditLogQuery>) -> Result<HttpResponse, ApiError> {
    let authority = query.0.authority_id;
    let seal = caller.state().audit_seal.clone();
    let public_key = seal.public_key();
    let (authority_id, entries, faults) = caller
        .read(move |connection, context| {
            let authority_id = authority.as_ref().map(|id| id.0.as_str());
            audit::verify(connection, &context.scope, authority_id, &seal)
        })
        .await
        .map_err(in_parameters)?;
    let found = AuditVerification { authority_id, is_intact: faults.is_empty(), entries, public_key, faults };
    caller.computed(&found)
}

/// What the use case finds impossible stands in the query, so it is a fault of a parameter.
fn in_parameters(failure: ApiError) -> ApiError {
    if failure.code != VALIDATION_FAILED {
        return failure;
    }
    let parameter = |fault: ProblemFault| {
        let name = fault.pointer.unwrap_or_default();
        ProblemFault::parameter(name.trim_start_matches("#/"), fault.detail)
    };
    ApiError::new(INVALID_PARAMETER).with_errors(failure.errors.into_iter().map(parameter).collect())
}

//! Filed returns: copies that nothing changes, and how today differs from them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::{
    hexadecimal::hex,
    law::Date,
    metrics::returns::{
        DriftedColumn, NewFiledReturn, ReturnDocument, ReturnKind, ReturnPeriod, drifted, lists_the_same_overdue,
    },
    services::{
        Context, ServiceError, ServiceResult, authorities as authority_services, clocks::word, context::Instant,
        metrics::returns::prepared, pages::first_page, timeline,
    },
    store::{
        AuthorityKey, Connection, authorities,
        filed_returns::{self as rows, FiledReturnRow, ListedReturnRow, NewFiledReturnRow},
    },
};

/// A return as it was filed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FiledReturn {
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority that filed it.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// Its number within the authority, from 1, without gaps.
    #[schema(minimum = 1)]
    pub number: i64,
    /// The form.
    pub return_kind: ReturnKind,
    /// The period.
    pub period: ReturnPeriod,
    /// The day that the form was asked for; the drift asks for it again. At the end of which day the requests were looked at
    /// stands in the form: of the self-assessment that is the last day of the period at the latest.
    pub as_at: Date,
    /// SHA-256 of `document`, as JSON without blanks in the order of its members, in hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// When it was filed.
    #[schema(format = "date-time")]
    pub filed_at: String,
    /// The form as it was filled in.
    pub document: ReturnDocument,
}

/// A filed return as it is listed: what identifies it, without the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedReturn {
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority that filed it.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// Its number within the authority, from 1, without gaps.
    #[schema(minimum = 1)]
    pub number: i64,
    /// The form.
    pub return_kind: ReturnKind,
    /// The period.
    pub period: ReturnPeriod,
    /// The day that the form was asked for; the drift asks for it again. At the end of which day the requests were looked at
    /// stands in the form: of the self-assessment that is the last day of the period at the latest.
    pub as_at: Date,
    /// SHA-256 of the `document` that `GET /v1/filed-returns/{filed_return_id}` answers.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// When it was filed.
    #[schema(format = "date-time")]
    pub filed_at: String,
}

/// How what was filed differs from what would be filed now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReturnDrift {
    /// The filed return.
    #[schema(format = "uuid")]
    pub filed_return_id: String,
    /// The day it was made for.
    pub filed_as_at: Date,
    /// The day it is compared with.
    pub as_at: Date,
    /// Whether any column differs, or the list of overdue requests for the same day.
    pub has_drifted: bool,
    /// The columns that differ, in the order of the form.
    #[schema(max_items = 200)]
    pub columns: Vec<DriftedColumn>,
}

/// A form that can be filed, filled in from one state of the database.
#[derive(Debug, Clone, PartialEq)]
pub struct FormToFile {
    authority_key: AuthorityKey,
    authority_id: String,
    as_at: Date,
    document: ReturnDocument,
}

/// Fills in the form of a return that is to be filed. It reads much by many statements, which must see one state: of a
/// request that is answered in between each half of the form would take the other to count it.
///
/// # Errors
///
/// [`ServiceError::ReturnNotComplete`] before the period is over, or while something in it is not yet due;
/// [`ServiceError::Invalid`] for an authority that the caller does not have, or a day that has not come.
pub fn form_to_file(connection: &mut Connection, context: &Context, new: NewFiledReturn) -> ServiceResult<FormToFile> {
    let faults = new.faults(context.today);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let NewFiledReturn { return_kind, period, as_at, authority_id } = new;
    let authority = authority_services::addressed(connection, &context.scope, authority_id.as_ref())?;
    let as_at = as_at.unwrap_or(context.today);
    let document = prepared(connection, context, &authority, return_kind, period, as_at)?;
    refuse_incomplete(&document, context.today)?;
    Ok(FormToFile { authority_key: authority.authority_key, authority_id: authority.id, as_at, document })
}

/// Files a return: keeps a copy of the form with the next number of the authority.
///
/// # Errors
///
/// As the store.
pub fn file(connection: &mut Connection, context: &Context, form: FormToFile) -> ServiceResult<FiledReturn> {
    let FormToFile { authority_key, authority_id, as_at, document } = form;
    let text = serde_json::to_string(&document)?;
    context.log_for(&authority_id);
    let number = rows::next_number(connection, authority_key)?;
    let row = NewFiledReturnRow {
        id: uuid::Uuid::new_v4().to_string(),
        authority_key,
        authority_id,
        number,
        return_kind: document.return_kind.to_string(),
        period: document.period.to_string(),
        as_at: as_at.0,
        sha256: hex(Sha256::digest(text.as_bytes())),
        document: text,
        filed_at: context.now.0,
    };
    let filed = filed(rows::insert(connection, &row)?)?;
    show(context, &filed);
    Ok(filed)
}

fn refuse_incomplete(document: &ReturnDocument, today: Date) -> ServiceResult<()> {
    if document.end_on >= today {
        let detail = format!("The period ends on {}: it is not over yet.", document.end_on);
        return Err(ServiceError::ReturnNotComplete(detail));
    }
    if document.end_on > document.as_at {
        let detail = format!("The period ends on {}, after {}.", document.end_on, document.as_at);
        return Err(ServiceError::ReturnNotComplete(detail));
    }
    if document.not_yet_due > 0 {
        let detail = format!("Not yet due at the end of {}: {} of the period.", document.as_at, document.not_yet_due);
        return Err(ServiceError::ReturnNotComplete(detail));
    }
    Ok(())
}

/// One filed return.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it.
pub fn filed_return(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<FiledReturn> {
    let filed = found(connection, context, id)?;
    show(context, &filed);
    Ok(filed)
}

fn found(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<FiledReturn> {
    let row = rows::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    context.log_for(&row.listed.authority_id);
    filed(row)
}

/// Notes the overdue requests that the form names.
fn show(context: &Context, filed: &FiledReturn) {
    let overdue = filed.document.overdue.iter().flatten();
    context.shown(overdue.map(|one| (filed.authority_id.as_str(), one.request_id.as_str())));
}

/// Where a page of filed returns ends: when the last of it was filed, its number and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledPosition {
    filed_at: i64,
    number: i64,
    id: String,
}

/// A page of the filed returns of the credential's authorities, or of one of them, the latest first, and the position after
/// the last where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see.
pub fn list_filed_returns(
    connection: &mut Connection,
    context: &Context,
    authority_id: Option<&str>,
    before: Option<FiledPosition>,
    limit: i64,
) -> ServiceResult<(Vec<ListedReturn>, Option<FiledPosition>)> {
    let authority_key = timeline::authority_key(connection, &context.scope, authority_id)?;
    let before = before.map(|before| (before.filed_at, before.number, before.id));
    let found = rows::list(connection, &context.scope, authority_key, before, limit + 1)?;
    let (found, more) = first_page(found, limit);
    context.log_for_asked();
    let next = found.last().filter(|_| more);
    let next = next.map(|last| FiledPosition { filed_at: last.filed_at, number: last.number, id: last.id.clone() });
    Ok((found.into_iter().map(listed).collect::<ServiceResult<_>>()?, next))
}

/// How a filed return differs from what would be filed for the same day now, and from today's.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it.
pub fn drift(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<ReturnDrift> {
    let filed = found(connection, context, id)?;
    let authority =
        authorities::find(connection, &context.scope, &filed.authority_id)?.ok_or(ServiceError::NotFound)?;
    let mut as_of = |day| prepared(connection, context, &authority, filed.return_kind, filed.period, day);
    let same_day = as_of(filed.as_at)?;
    let columns = drifted(&filed.document, &same_day, &as_of(context.today)?);
    Ok(ReturnDrift {
        filed_return_id: filed.id,
        filed_as_at: filed.as_at,
        as_at: context.today,
        // The overdue requests that a form lists are in no column.
        has_drifted: !columns.is_empty() || !lists_the_same_overdue(&filed.document, &same_day),
        columns,
    })
}

fn listed(row: ListedReturnRow) -> ServiceResult<ListedReturn> {
    Ok(ListedReturn {
        return_kind: word(&row.return_kind)?,
        period: row.period.parse().map_err(|_| ServiceError::Corrupt("a period".to_owned()))?,
        id: row.id,
        authority_id: row.authority_id,
        number: row.number,
        as_at: Date(row.as_at),
        sha256: row.sha256,
        filed_at: Instant(row.filed_at).to_rfc3339(),
    })
}

/// Members in one row with those that identify it: clients are made of flat documents.
fn filed(row: FiledReturnRow) -> ServiceResult<FiledReturn> {
    let ListedReturn { id, authority_id, number, return_kind, period, as_at, sha256, filed_at } = listed(row.listed)?;
    let document = serde_json::from_str(&row.document)?;
    Ok(FiledReturn { id, authority_id, number, return_kind, period, as_at, sha256, filed_at, document })
}

//! Regulatory actions: what a regulator did to a body outside a single complaint.

use serde::{Deserialize, Serialize};

use crate::{
    casework::{
        event::NewVoiding,
        record::DatePrecision,
        regulatory_action::{NewRegulatoryAction, RegulatoryAction},
        text::Word,
    },
    fault::{Fault, INVALID_VALUE},
    services::{
        AuthorityScope, Context, ServiceError, ServiceResult, authorities, clocks::optional_text, context::Instant,
        pages::first_page, proceedings, timeline,
    },
    store::{
        Connection,
        regulatory_actions::{self as rows, ActionPage, NewRegulatoryActionRow, RegulatoryActionRow},
        requests,
    },
};

/// Where a page ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPosition {
    updated_at: i64,
    id: String,
}

/// Which actions.
#[derive(Debug, Clone)]
pub struct ActionList {
    /// Only those of this authority.
    pub authority_id: Option<String>,
    /// Only those changed from the first to the second instant.
    pub updated_at: Option<(i64, i64)>,
    /// Where the page begins.
    pub after: Option<ActionPosition>,
    /// How many at most.
    pub limit: i64,
}

/// Records an action.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a request that the authority does not have; [`ServiceError::NotPossible`], in the same
/// words for all, for a request of which a part is unanswered or neither confirmed nor denied.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    new: NewRegulatoryAction,
) -> ServiceResult<RegulatoryAction> {
    let authority = authorities::addressed(connection, &context.scope, new.authority_id.as_ref())?;
    context.log_for(&authority.id);
    let mut faults = new.faults(context.today);
    let mut may_be_linked = true;
    for (at, id) in new.request_ids.iter().enumerate() {
        let own = AuthorityScope::Only(vec![authority.authority_key]);
        match requests::find(connection, &own, id)? {
            Some(request) => {
                context.looked_at(&authority.id, &request.id);
                may_be_linked &= proceedings::is_told_throughout(connection, context, id)?;
            }
            None => {
                let detail = "The authority has no request with this identifier.";
                faults.push(Fault::new(format!("/request_ids/{at}"), INVALID_VALUE, detail));
            }
        }
    }
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if !may_be_linked {
        let detail = "One of the requests cannot be linked: every part must have been answered, and none neither \
            confirmed nor denied.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    let id = uuid::Uuid::new_v4().to_string();
    let row = NewRegulatoryActionRow {
        id: id.clone(),
        authority_key: authority.authority_key,
        authority_id: authority.id,
        content: serde_json::to_string(&new)?,
        version: 1,
        created_at: context.now.0,
        updated_at: context.now.0,
    };
    rows::insert(connection, &row)?;
    read(connection, context, &id)
}

/// One action.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn read(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<RegulatoryAction> {
    let row = rows::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    context.log_for(&row.authority_id);
    document(connection, context, row)
}

/// A page of actions in the order of their change, and the position after the last where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see.
pub fn list(
    connection: &mut Connection,
    context: &Context,
    wanted: &ActionList,
) -> ServiceResult<(Vec<RegulatoryAction>, Option<ActionPosition>)> {
    let page = ActionPage {
        authority_key: timeline::authority_key(connection, &context.scope, wanted.authority_id.as_deref())?,
        updated_at: wanted.updated_at,
        after: wanted.after.clone().map(|after| (after.updated_at, after.id)),
        limit: wanted.limit + 1,
    };
    let (found, more) = first_page(rows::list(connection, &context.scope, &page)?, wanted.limit);
    let last = found.last().filter(|_| more);
    let last = last.map(|row| ActionPosition { updated_at: row.updated_at, id: row.id.clone() });
    let documents = found.into_iter().map(|row| document(connection, context, row)).collect::<ServiceResult<_>>()?;
    Ok((documents, last))
}

/// Voids an action that was recorded by mistake.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when it is void already.
pub fn void(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    voiding: &NewVoiding,
) -> ServiceResult<RegulatoryAction> {
    let row = rows::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    context.log_for(&row.authority_id);
    if !rows::void(connection, row.regulatory_action_key, context.now.0, voiding.reason.as_str())? {
        return Err(ServiceError::NotPossible("The entry is void already.".to_owned()));
    }
    read(connection, context, id)
}

fn document(
    connection: &mut Connection,
    context: &Context,
    row: RegulatoryActionRow,
) -> ServiceResult<RegulatoryAction> {
    let action: NewRegulatoryAction = serde_json::from_str(&row.content)?;
    let mut request_ids: Vec<Word> = Vec::new();
    for id in action.request_ids {
        // A request that turned to neither confirming nor denying since is not told of any more.
        let exists = requests::find(connection, &context.scope, &id)?.is_some();
        if exists && proceedings::is_told_throughout(connection, context, &id)? {
            context.shown([(row.authority_id.as_str(), id.as_str())]);
            request_ids.push(id);
        }
    }
    Ok(RegulatoryAction {
        id: row.id,
        authority_id: row.authority_id,
        kind: action.kind,
        regulator: action.regulator,
        subject_body: action.subject_body,
        reference: action.reference,
        basis: action.basis,
        dated_on: action.dated_on,
        date_precision: action.date_precision.unwrap_or(DatePrecision::Day),
        voluntary: action.voluntary,
        summary: action.summary,
        publications: action.publications,
        requirements: action.requirements,
        request_ids,
        version: row.version,
        created_at: Instant(row.created_at).to_rfc3339(),
        updated_at: Instant(row.updated_at).to_rfc3339(),
        voided_at: row.voided_at.map(|at| Instant(at).to_rfc3339()),
        void_reason: optional_text(row.void_reason.as_deref())?,
    })
}

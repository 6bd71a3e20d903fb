//! For how long an authority keeps the people of closed requests, by how these ended: its rules applied, a batch at a
//! time. Every erasure is in the audit log; what is under a legal hold is passed over.

use std::sync::Arc;

use crate::{
    casework::{
        audit::{AuditOperation, AuditSeal},
        erasure::{RetentionClass, RetentionRule},
    },
    law::Date,
    services::{
        Context, ServiceError, ServiceResult,
        audit::{self, Call, NewEntry},
        authorities, erasure,
    },
    store::{
        AuthorityKey, AuthorityScope, Connection, RequestKey, authorities as authority_rows,
        erasure::{self as rows, ClosedRequest},
        requests,
    },
};

/// How many requests one transaction looks at.
const BATCH: i64 = 100;
/// The most authorities that are gone through.
const MOST_AUTHORITIES: i64 = 100_000;

/// The rules of one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityRules {
    /// The authority.
    pub authority_key: AuthorityKey,
    /// Its id.
    pub authority_id: String,
    /// Its rules, one for each way to end at most.
    pub rules: Vec<RetentionRule>,
}

/// A request whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: String,
    /// How it ended.
    pub outcome: RetentionClass,
    /// The day from which its time was counted.
    pub ended_on: Date,
}

/// One batch gone through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The requests that were erased, or would have been.
    pub due: Vec<Due>,
    /// How many were passed over because of a legal hold.
    pub on_hold: usize,
    /// Where to go on; absent at the end.
    pub after: Option<(Date, RequestKey)>,
}

/// The authorities that have rules: all, or the one named.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when there is no authority of this id.
pub fn rules(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_id: Option<&str>,
) -> ServiceResult<Vec<AuthorityRules>> {
    let rows = match authority_id {
        Some(id) => vec![authority_rows::find(connection, scope, id)?.ok_or(ServiceError::NotFound)?],
        None => authority_rows::list(connection, scope, None, MOST_AUTHORITIES)?,
    };
    let mut found = Vec::new();
    for row in rows {
        let rules = authorities::retention_rules(&row)?;
        if !rules.is_empty() {
            found.push(AuthorityRules { authority_key: row.authority_key, authority_id: row.id, rules });
        }
    }
    Ok(found)
}

/// Looks at a batch of closed requests and erases those whose time is over; with `seal` absent, only tells of them.
///
/// # Errors
///
/// As the store.
pub fn apply(
    connection: &mut Connection,
    context: &Context,
    authority: &AuthorityRules,
    after: Option<(Date, RequestKey)>,
    seal: Option<&AuditSeal>,
) -> ServiceResult<Batch> {
    let after = after.map(|(day, key)| (day.0, key));
    let mut found = rows::closed_by(connection, authority.authority_key, context.today.0, after, BATCH)?;
    let is_last = i64::try_from(found.len()).unwrap_or_default() < BATCH;
    let last = found.last().and_then(|last| Some((Date(last.closed_on?), last.request_key)));
    let mut batch = Batch { after: last.filter(|_| !is_last), ..Batch::default() };
    // Requests are locked in the order of their keys, and the chain of the audit log after all of them, as every writer does.
    found.sort_by_key(|closed| closed.request_key);
    let mut entries = Vec::new();
    for closed in found {
        let Some(rule) = rule_for(&authority.rules, &closed) else { continue };
        // Nothing ends before it is closed: most are passed over without another look.
        if closed.closed_on.is_none_or(|day| rule.ends_on(Date(day)) > context.today) {
            continue;
        }
        let Some(request) = requests::find_to_change(connection, &context.scope, &closed.id)? else { continue };
        match erasure::kept_from(connection, context, &request)? {
            None => batch.on_hold += 1,
            Some(ended_on) if rule.ends_on(ended_on) > context.today => {}
            Some(ended_on) => {
                if seal.is_some() {
                    erasure::erase(connection, context, &closed.id)?;
                    entries.push(entry(context, &closed.id, rule));
                }
                batch.due.push(Due { id: closed.id, outcome: rule.outcome, ended_on });
            }
        }
    }
    if let Some(seal) = seal {
        audit::append(connection, &entries, seal)?;
    }
    Ok(batch)
}

fn rule_for<'a>(rules: &'a [RetentionRule], closed: &ClosedRequest) -> Option<&'a RetentionRule> {
    let ended = closed.outcome.as_deref().unwrap_or(&closed.status);
    rules.iter().find(|rule| rule.outcome.as_str() == ended)
}

/// What the audit log says of an erasure by a rule.
fn entry(context: &Context, request_id: &str, rule: &RetentionRule) -> NewEntry {
    let address = format!("/v1/requests/{request_id}/erasure");
    let call = Call {
        case_id: Some(request_id.to_owned()),
        justification: Some(format!("retention rule: {} for {} months", rule.outcome, rule.months)),
        ..Call::of_command(AuditOperation::Erasure, "apply_retention", address)
    };
    NewEntry::of(&Context { call: Some(Arc::new(call)), ..context.clone() })
}

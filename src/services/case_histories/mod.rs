//! Whole past cases in one call: the same use cases as the single calls, one after the other in the order of their days, all
//! of them or none. Faults are gathered from every entry before the answer is given.

mod order;
mod recorder;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    casework::{
        case_history::{CaseHistory, RecordedHistory},
        scope::{Scope, ScopeSet},
    },
    hexadecimal::hex,
    services::{Context, ServiceError, ServiceResult, authorities, case_histories::recorder::Recorder, requests},
    store::{
        Connection, attempt,
        case_histories::{self, CaseHistoryRow},
        requests as rows,
    },
};

/// What identifies the content of a history: a hash of its members in one order, however they were written.
///
/// # Errors
///
/// When it is not JSON.
pub fn fingerprint(body: &[u8]) -> ServiceResult<String> {
    let document: Value = serde_json::from_slice(body)?;
    let hash = Sha256::digest(serde_json::to_vec(&in_one_order(document))?);
    Ok(hex(hash))
}

fn in_one_order(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            members.into_iter().map(|(name, member)| (name, in_one_order(member))).collect()
        }
        Value::Array(items) => items.into_iter().map(in_one_order).collect(),
        other => other,
    }
}

/// Records a whole past case; `true` when it was recorded now, `false` when this very history was recorded before.
///
/// # Errors
///
/// [`ServiceError::Invalid`] with every fault of every entry; [`ServiceError::ImpossibleHistory`] when entries cannot have
/// been as they are told; [`ServiceError::DuplicateReference`] when the authority has another case with this reference;
/// [`ServiceError::InsufficientScope`] for records from a caller who may not record any.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    history: CaseHistory,
    fingerprint: &str,
) -> ServiceResult<(RecordedHistory, bool)> {
    let history = history.as_sent();
    if history.responses.iter().any(|entry| !entry.records.is_empty()) && !context.scopes.holds(Scope::RecordsWrite) {
        return Err(ServiceError::InsufficientScope("A history with records needs `records:write`.".to_owned()));
    }
    if let Some(known) = recorded_before(connection, context, &history, fingerprint)? {
        return Ok((known, false));
    }
    if !history.length_faults().is_empty() {
        return Err(ServiceError::Invalid(history.faults(context.today)));
    }
    let mut faults = history.request.faults(context.today);
    if faults.is_empty() {
        match attempt(connection, |connection| requests::create(connection, context, history.request.clone())) {
            Ok(request) => return record_below(connection, context, request.id, &history, fingerprint),
            Err(ServiceError::Invalid(found)) => faults = found,
            // Somebody recorded it meanwhile: perhaps this very history.
            Err(ServiceError::DuplicateReference) => {
                let known = recorded_before(connection, context, &history, fingerprint)?;
                return known.map(|known| (known, false)).ok_or(ServiceError::DuplicateReference);
            }
            Err(other) => return Err(other),
        }
    }
    // Without its request nothing else can be tried: what is wrong with the entries by themselves is told beside.
    let mut all = history.faults(context.today);
    for fault in faults.into_iter().map(|fault| fault.below("/request")) {
        if !all.contains(&fault) {
            all.push(fault);
        }
    }
    Err(ServiceError::Invalid(all))
}

fn recorded_before(
    connection: &mut Connection,
    context: &Context,
    history: &CaseHistory,
    fingerprint: &str,
) -> ServiceResult<Option<RecordedHistory>> {
    let Some(reference) = &history.request.reference else { return Ok(None) };
    let authority = match authorities::addressed(connection, &context.scope, history.request.authority_id.as_ref()) {
        Ok(authority) => authority,
        // It is told with the other faults.
        Err(ServiceError::Invalid(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let found = case_histories::find(connection, authority.authority_key, reference)?;
    let Some((request_id, row)) = found else { return Ok(None) };
    let Some(same) = row.filter(|row| row.fingerprint == fingerprint) else {
        // It tells that there is another case: the log of its authority has to tell who was told.
        context.log_for(&authority.id);
        return Err(ServiceError::DuplicateReference);
    };
    Ok(Some(RecordedHistory {
        request: requests::read(connection, &context.scope, &request_id, context.today)?,
        identifiers: serde_json::from_str(&same.identifiers)?,
    }))
}

fn record_below(
    connection: &mut Connection,
    context: &Context,
    request_id: String,
    history: &CaseHistory,
    fingerprint: &str,
) -> ServiceResult<(RecordedHistory, bool)> {
    // Whoever writes a whole history says himself what its answers rest on: nothing of it is kept from them.
    let scopes = ScopeSet::of(context.scopes.iter().chain([Scope::NcndRead]));
    let writing = Context { scopes, ..context.clone() };
    let identifiers = Recorder::new(connection, &writing, history, &request_id).record_all()?;
    let request = rows::find(connection, &context.scope, &request_id)?.ok_or(ServiceError::NotFound)?;
    let row = CaseHistoryRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        fingerprint: fingerprint.to_owned(),
        identifiers: serde_json::to_string(&identifiers)?,
    };
    case_histories::insert(connection, &row)?;
    let request = requests::read(connection, &context.scope, &request_id, context.today)?;
    Ok((RecordedHistory { request, identifiers }, true))
}

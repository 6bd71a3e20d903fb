//! Authorities and their settings.

use serde::{Deserialize, Serialize};

use crate::{
    casework::{
        authority::{
            Authority, AuthorityIdentifier, AuthorityKind, AuthorityPatch, CostLimit, NewAuthority, NoticeParticulars,
        },
        erasure::RetentionRule,
        text::{Line, Word},
    },
    services::{
        AuthorityScope, Context, ServiceError, ServiceResult, audit, clocks::word, context::Instant, pages::first_page,
    },
    store::{
        Connection,
        authorities::{self, AuthorityRow, NewAuthorityRow},
        requests::RequestRow,
    },
};

/// The settings that no query looks into, as they are stored.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Settings {
    #[serde(default)]
    identifiers: Vec<AuthorityIdentifier>,
    #[serde(default)]
    cost_limit: Option<CostLimit>,
    #[serde(default)]
    review_particulars: Option<NoticeParticulars>,
    #[serde(default)]
    regulator_particulars: Option<NoticeParticulars>,
    #[serde(default)]
    retention_rules: Vec<RetentionRule>,
}

/// Records an authority.
///
/// # Errors
///
/// As the store.
pub fn create(connection: &mut Connection, context: &Context, new: NewAuthority) -> ServiceResult<Authority> {
    let settings = Settings {
        identifiers: new.identifiers,
        cost_limit: new.cost_limit,
        review_particulars: new.review_particulars,
        regulator_particulars: new.regulator_particulars,
        retention_rules: new.retention_rules,
    };
    let row = NewAuthorityRow {
        id: &uuid::Uuid::new_v4().to_string(),
        name: new.name.as_str(),
        kind: new.kind.unwrap_or(AuthorityKind::Other).as_str(),
        nation: new.nation.as_str(),
        reference_pattern: new.reference_pattern.as_ref().map(Word::as_str),
        settings: &serde_json::to_string(&settings)?,
        version: 1,
        created_at: context.now.0,
        updated_at: context.now.0,
    };
    let stored = authorities::insert(connection, &row)?;
    audit::begin(connection, stored.authority_key, &stored.id)?;
    context.log_for(&stored.id);
    document(&stored)
}

/// One authority.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it.
pub fn read(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> ServiceResult<Authority> {
    document(&authorities::find(connection, scope, id)?.ok_or(ServiceError::NotFound)?)
}

/// A page of authorities, and whether more follow.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    after: Option<&str>,
    limit: i64,
) -> ServiceResult<(Vec<Authority>, bool)> {
    let (rows, more) = first_page(authorities::list(connection, scope, after, limit + 1)?, limit);
    Ok((rows.iter().map(document).collect::<ServiceResult<_>>()?, more))
}

/// Changes an authority; `expected` tells whether a version is the one the caller has seen.
///
/// # Errors
///
/// [`ServiceError::StaleVersion`] when it changed since.
pub fn change(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
    patch: AuthorityPatch,
) -> ServiceResult<Authority> {
    let mut row = authorities::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    context.log_for(&row.id);
    if !expected(row.version) {
        return Err(ServiceError::StaleVersion);
    }
    let faults = patch.faults();
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let mut authority = document(&row)?;
    patch.apply(&mut authority).map_err(ServiceError::Invalid)?;
    let version = row.version;
    row.name = authority.name.to_string();
    row.kind = authority.kind.as_str().to_owned();
    row.reference_pattern = authority.reference_pattern.map(|pattern| pattern.to_string());
    row.settings = serde_json::to_string(&Settings {
        identifiers: authority.identifiers,
        cost_limit: authority.cost_limit,
        review_particulars: authority.review_particulars,
        regulator_particulars: authority.regulator_particulars,
        retention_rules: authority.retention_rules,
    })?;
    row.version = version + 1;
    row.updated_at = context.now.0.max(row.updated_at);
    if !authorities::update(connection, &row, version)? {
        return Err(ServiceError::StaleVersion);
    }
    document(&row)
}

/// The authority a new request belongs to: the one named, or the only one the caller may act for.
///
/// # Errors
///
/// [`ServiceError::Invalid`] when none is named and there are several, or the one named is not there.
pub(super) fn addressed(
    connection: &mut Connection,
    scope: &AuthorityScope,
    named: Option<&Word>,
) -> ServiceResult<AuthorityRow> {
    use crate::fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE};
    let fault = |code, detail| ServiceError::fault(Fault::new("/authority_id", code, detail));
    match named {
        Some(id) => authorities::find(connection, scope, id.as_str())?
            .ok_or_else(|| fault(INVALID_VALUE, "The credential has no such authority.")),
        None => match authorities::only_one(connection, scope)? {
            Some(only) => Ok(only),
            None if authorities::list(connection, scope, None, 1)?.is_empty() => {
                Err(fault(INCONSISTENT_MEMBERS, "There is no authority yet: record one first, POST /v1/authorities."))
            }
            None => Err(fault(INCONSISTENT_MEMBERS, "Name the authority: the credential has more than one.")),
        },
    }
}

/// The name of the regulator in the settings of the authority that a request belongs to.
pub(super) fn regulator_of(connection: &mut Connection, request: &RequestRow) -> ServiceResult<Option<Line>> {
    let scope = AuthorityScope::Only(vec![request.authority_key]);
    let row = authorities::find(connection, &scope, &request.authority_id)?.ok_or(ServiceError::NotFound)?;
    Ok(document(&row)?.regulator_particulars.map(|particulars| particulars.name))
}

/// For how long an authority keeps the people of closed requests.
pub(super) fn retention_rules(row: &AuthorityRow) -> ServiceResult<Vec<RetentionRule>> {
    Ok(serde_json::from_str::<Settings>(&row.settings)?.retention_rules)
}

fn document(row: &AuthorityRow) -> ServiceResult<Authority> {
    let settings: Settings = serde_json::from_str(&row.settings)?;
    let corrupt = |_| ServiceError::Corrupt("an authority".to_owned());
    Ok(Authority {
        id: row.id.clone(),
        name: row.name.parse::<Line>().map_err(corrupt)?,
        kind: word(&row.kind)?,
        nation: word(&row.nation)?,
        identifiers: settings.identifiers,
        reference_pattern: row.reference_pattern.as_deref().map(str::parse).transpose().map_err(corrupt)?,
        cost_limit: settings.cost_limit,
        review_particulars: settings.review_particulars,
        regulator_particulars: settings.regulator_particulars,
        retention_rules: settings.retention_rules,
        version: row.version,
        created_at: Instant(row.created_at).to_rfc3339(),
        updated_at: Instant(row.updated_at).to_rfc3339(),
    })
}

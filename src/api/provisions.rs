//! `/v1/provisions`: the catalogue of citable provisions of four regimes.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Visitor,
        extract::{Path, Query},
        openapi::ReferenceFailures,
        problem::{ApiError, NOT_FOUND},
    },
    casework::text::Word,
    law::{
        Date, Regime,
        catalogue::{Catalogue, Provision, ProvisionKind},
    },
};

/// The tag of the catalogue: it changes with the program only.
const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");

/// Which provisions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProvisionListQuery {
    /// Only of this regime.
    pub regime: Option<Regime>,
    /// Only of this kind.
    pub kind: Option<ProvisionKind>,
    /// Only those in force on this day.
    pub in_force_on: Option<Date>,
}

/// Provisions of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvisionList {
    /// By regime, in the order of the statute.
    #[schema(max_items = 2000)]
    pub items: Vec<Provision>,
}

/// The provision addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProvisionPath {
    /// The row's id, like `foia-31-3`.
    #[param(example = "foia-31-3", max_length = 128)]
    pub provision_id: Word,
}

/// List provisions
///
/// Every provision that can be cited in a refusal, and those that turn up in letters without being grounds.
#[utoipa::path(
    tag = "provisions",
    params(ProvisionListQuery),
    responses((status = 200, description = "The provisions.", body = ProvisionList,
        headers(("ETag" = String, description = "The version of the catalogue."))),
        ReferenceFailures)
)]
#[get("/v1/provisions")]
pub async fn list_provisions(visitor: Visitor, query: Query<ProvisionListQuery>) -> HttpResponse {
    let ProvisionListQuery { regime, kind, in_force_on } = query.0;
    let items = Catalogue::embedded().filtered(regime, kind, in_force_on).cloned().collect();
    visitor.reference(TAG, &ProvisionList { items })
}

/// Read a provision
///
/// What kind of ground it is, what must go with it, and when it was in force.
#[utoipa::path(
    tag = "provisions",
    params(ProvisionPath),
    responses((status = 200, description = "The provision.", body = Provision,
        headers(("ETag" = String, description = "The version of the catalogue."))),
        ReferenceFailures)
)]
#[get("/v1/provisions/{provision_id}")]
pub async fn get_provision(visitor: Visitor, path: Path<ProvisionPath>) -> Result<HttpResponse, ApiError> {
    let found = Catalogue::embedded().get(&path.0.provision_id);
    let provision = found.ok_or_else(|| ApiError::new(NOT_FOUND))?;
    Ok(visitor.reference(TAG, provision))
}

//! `/v1/citations/resolve`: the provisions that a text cites.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    api::{caller::Visitor, extract::Body, openapi::CalculationFailures, problem::ApiError},
    casework::text::Prose,
    law::{
        Date, Regime,
        citations::{ResolvedCitations, resolve},
    },
};

/// A text with citations.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CitationText {
    /// The regime of the letter. A citation that names another of the four regimes is looked up there, with a warning.
    pub regime: Regime,
    /// The citations as they are written, with or without words around them.
    pub text: Prose,
    /// The day whose wording counts: that of the letter. Today in London when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub in_force_on: Option<Date>,
}

/// Resolve citations
///
/// Which provisions a text cites, in canonical form and with the row of the catalogue in force on the day; what to mind
/// about each; and what was refused, with suggestions. Nothing is corrected: `3(3)` stays refused.
#[utoipa::path(
    tag = "provisions",
    request_body(content = CitationText, example = json!({
        "regime": "foia", "text": "sections 24(2), 31(3) and 3(3)", "in_force_on": "2020-01-28"
    })),
    responses(
        (status = 200, description = "The citations, in the order of the text.", body = ResolvedCitations),
        CalculationFailures
    )
)]
#[post("/v1/citations/resolve")]
pub async fn resolve_citations(visitor: Visitor, body: Body<CitationText>) -> Result<HttpResponse, ApiError> {
    let CitationText { regime, text, in_force_on } = body.checked(|_| Vec::new())?;
    let on = in_force_on.unwrap_or_else(|| visitor.state.clock.today());
    Ok(HttpResponse::Ok().json(resolve(regime, &text, on)))
}

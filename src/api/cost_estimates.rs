//! `/v1/cost-estimates`: what an answer would cost under section 12, without a case.

use actix_web::{HttpResponse, post};

use crate::{
    api::{caller::Visitor, extract::Body, openapi::CalculationFailures, problem::ApiError},
    casework::cost_estimate::{CostReckoning, NewCostEstimate},
    services::ServiceError,
};

/// Estimate a cost
///
/// What the work would cost under section 12 of FOIA or FOISA, which of it counts, whether that exceeds the limit, which
/// requests may be counted together, and what the checks would say of a letter that rests on it. Nothing is recorded: the
/// `cost_estimate` of the answer is what a ground of a response takes. The Regulations know no limit of cost.
#[utoipa::path(
    tag = "provisions",
    request_body(content = NewCostEstimate, example = json!({
        "regime": "foia", "cost_limit": "450", "received_on": "2021-03-01",
        "activities": [{"activity": "locate", "hours": "10.5"}, {"activity": "extract", "hours": "6", "basis": "A sample of ten files"}],
        "aggregated_with": [{"reference": "FOI-2021-00002", "received_on": "2021-03-22", "hours": "4"}]
    })),
    responses(
        (status = 200, description = "The estimate, explained.", body = CostReckoning),
        CalculationFailures
    )
)]
#[post("/v1/cost-estimates")]
pub async fn estimate_cost(visitor: Visitor, body: Body<NewCostEstimate>) -> Result<HttpResponse, ApiError> {
    let asked = body.checked(NewCostEstimate::faults)?;
    let reckoned = asked.reckon(&visitor.state.calendars(), visitor.state.clock.today());
    let told = reckoned.map_err(ServiceError::from)?;
    let told = told.ok_or_else(|| ServiceError::Corrupt("an estimate beyond its bounds".to_owned()))?;
    Ok(HttpResponse::Ok().json(told))
}

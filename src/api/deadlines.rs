//! `/v1/deadlines`: the statutory deadline of a request that need not exist.

use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{
        caller::Visitor,
        extract::{Body, Count, Query},
        openapi::{CalculationFailures, ReferenceFailures},
        problem::{ApiError, IMPOSSIBLE_ORDER},
    },
    casework::clock::{Clock, WhatIf},
    law::{Date, Deadline, Regime, clock::impossible_order},
};

/// How many working days the regimes give.
const STATUTORY_DAYS: u32 = 20;

/// Which deadline.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeadlineQuery {
    /// The regime.
    pub regime: Regime,
    /// The day of receipt, whatever weekday: day 0.
    pub received_on: Date,
    /// How many working days; 20 when absent.
    pub working_days: Option<Count<1, 1000>>,
}

/// Calculate a deadline
///
/// The n-th working day after the day of receipt, in the calendar of the regime, with every day skipped and why.
#[utoipa::path(
    tag = "calendars",
    params(DeadlineQuery),
    responses((status = 200, description = "The deadline, explained.", body = Deadline,
        headers(("ETag" = String, description = "The version of the calendars."))),
        ReferenceFailures)
)]
#[get("/v1/deadlines")]
pub async fn get_deadline(visitor: Visitor, query: Query<DeadlineQuery>) -> Result<HttpResponse, ApiError> {
    let calendars = visitor.state.calendars();
    let days = query.0.working_days.map_or(STATUTORY_DAYS, |days| days.0);
    let deadline = Deadline::compute(&calendars, query.0.regime, query.0.received_on, days);
    let tag = format!("\"{}\"", calendars.version());
    Ok(visitor.reference(&tag, &deadline))
}

/// Calculate a clock
///
/// What events would do to the statutory clock: nothing is recorded. Answers as the clock of a request does, and runs the
/// same rules.
#[utoipa::path(
    tag = "calendars",
    request_body(content = WhatIf, example = json!({
        "regime": "foia", "received_on": "2019-11-07",
        "events": [{"kind": "clarification_asked", "effective_on": "2019-11-12"},
                   {"kind": "clarification_answered", "effective_on": "2019-11-18"}]
    })),
    responses((status = 200, description = "The clock, explained.", body = Clock), CalculationFailures)
)]
#[post("/v1/deadlines")]
pub async fn calculate_clock(visitor: Visitor, body: Body<WhatIf>) -> Result<HttpResponse, ApiError> {
    let what_if = body.checked(|_| Vec::new())?;
    let events = what_if.events().map_err(ApiError::invalid)?;
    let calendars = visitor.state.calendars();
    if let Some(order) = impossible_order(&calendars, what_if.regime, what_if.received_on, &events) {
        return Err(ApiError::new(IMPOSSIBLE_ORDER).with_detail(order.message));
    }
    Ok(HttpResponse::Ok().json(what_if.reckon(&calendars, &events, visitor.state.clock.today())))
}

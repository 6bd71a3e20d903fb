//! Events of a request, below `/v1/requests/{request_id}`: what moves the statutory clock.

mod voiding;

use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::IntoParams;

pub use self::voiding::*;
use crate::{
    api::{
        caller::{Caller, created},
        etag::content_tag,
        extract::{Body, Id, Path},
        openapi::{PostFailures, ReadFailures},
        problem::ApiError,
        requests::RequestPath,
    },
    casework::event::{
        ClarificationAnswer, EventDraft, FeePayment, NewClarification, NewExtension, NewFeeNotice, NewLapse,
        NewReceiptCorrection, NewReopening, NewTransfer, NewWithdrawal, RecordedEvent,
    },
    law::clock::EventName,
    services::{Context, ServiceResult, events, idempotency::Reply},
    store::Connection,
};

/// The event addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct EventPath {
    /// The request's id.
    pub request_id: Id,
    /// The event's id.
    pub event_id: Id,
}

fn reply(connection: &mut Connection, context: &Context, event: RecordedEvent) -> ServiceResult<Reply> {
    let event = &events::shown(connection, context, event)?;
    let location = format!("/v1/requests/{}/events/{}", event.request_id, event.id);
    created(Some(location), Some(tag(event)?), Some(event.request_id.clone()), event)
}

fn tag(event: &RecordedEvent) -> ServiceResult<String> {
    Ok(content_tag(if event.voided_at.is_some() { 2 } else { 1 }, event)?)
}

async fn record<T: Into<EventDraft> + Clone>(
    caller: Caller,
    path: Path<RequestPath>,
    body: Body<T>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let draft: EventDraft = body.readable(|new| new.clone().into().faults(today))?.into();
    let id = path.0.request_id.0;
    caller
        .post(&bytes, move |connection, context| {
            let event = events::record(connection, context, &id, draft)?;
            reply(connection, context, event)
        })
        .await
}

/// Read an event
///
/// A clarification, fees notice, extension or other event, as it was recorded. Without `ncnd:read` an extension for a part
/// that was neither confirmed nor denied stands without the grounds and reasons that it named.
#[utoipa::path(
    tag = "clocks",
    security(("bearer" = [])),
    params(EventPath),
    responses((status = 200, description = "The event.", body = RecordedEvent,
        headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/events/{event_id}")]
pub async fn get_event(caller: Caller, path: Path<EventPath>) -> Result<HttpResponse, ApiError> {
    let EventPath { request_id, event_id } = path.0;
    let event = caller
        .read(move |connection, context| {
            let event = events::read(connection, context, &request_id.0, &event_id.0, EventName::ALL)?;
            events::shown(connection, context, event)
        })
        .await?;
    Ok(caller.single(&tag(&event)?, &event))
}

macro_rules! recording {
    ($($(#[doc = $doc:literal])+ $name:ident, $path:literal, $input:ty, $example:tt;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            tag = "clocks",
            security(("bearer" = [])),
            params(RequestPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
            request_body(content = $input, example = json!($example)),
            responses((status = 201, description = "Recorded.", body = RecordedEvent,
                headers(("Location" = String, description = "The event's address."), ("ETag" = String, description = "Its version."))), PostFailures)
        )]
        #[post($path)]
        pub async fn $name(caller: Caller, path: Path<RequestPath>, body: Body<$input>) -> Result<HttpResponse, ApiError> {
            record(caller, path, body).await
        }
    )+};
}

recording! {
    /// Record a clarification
    ///
    /// A question to the requester, to identify or locate what is asked for: the duty waits, and starts anew with the answer.
    create_clarification, "/v1/requests/{request_id}/clarifications", NewClarification,
        {"asked_on": "2019-11-12", "text": "Which period do you mean?"};
    /// Record a fees notice
    ///
    /// Working days from the notice to the payment do not count; unpaid, the duty ends by date alone.
    create_fee_notice, "/v1/requests/{request_id}/fee-notices", NewFeeNotice,
        {"given_on": "2019-11-12", "amount": "25.00"};
    /// Record an extension
    ///
    /// Always recorded, with findings: whether it was permitted is for the law to say.
    create_extension, "/v1/requests/{request_id}/extensions", NewExtension,
        {"kind": "public_interest", "notified_on": "2019-11-29", "estimated_on": "2019-12-20", "grounds": ["31(1)(a)"],
            "reasons": "The balance of the public interest is still being weighed."};
    /// Record a withdrawal
    ///
    /// The requester no longer wants an answer.
    create_withdrawal, "/v1/requests/{request_id}/withdrawal", NewWithdrawal,
        {"withdrawn_on": "2019-11-20"};
    /// Record a lapse
    ///
    /// The request is closed because no clarification came; good practice is two months.
    create_lapse, "/v1/requests/{request_id}/lapse", NewLapse,
        {"lapsed_on": "2020-01-20"};
    /// Record a transfer
    ///
    /// Under the EIR it ends the clock; under FOIA the authority still says that it does not hold the information.
    create_transfer, "/v1/requests/{request_id}/transfers", NewTransfer,
        {"transferred_on": "2019-11-20", "transferred_to": "Another authority"};
    /// Record a reopening
    ///
    /// A lapsed or withdrawn request came back: a new receipt.
    create_reopening, "/v1/requests/{request_id}/reopening", NewReopening,
        {"received_on": "2020-02-03"};
}

/// Correct the receipt
///
/// The day of receipt was recorded wrongly; everything is recomputed from the events.
#[utoipa::path(
    tag = "clocks",
    security(("bearer" = [])),
    params(RequestPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewReceiptCorrection, example = json!({"received_on": "2019-11-06", "reason": "The post room's stamp shows the day before."})),
    responses((status = 201, description = "Recorded.", body = RecordedEvent,
        headers(("Location" = String, description = "The event's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/receipt-corrections")]
pub async fn create_receipt_correction(
    caller: Caller,
    path: Path<RequestPath>,
    body: Body<NewReceiptCorrection>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let correction = body.checked(|_| Vec::new())?;
    let id = path.0.request_id.0;
    caller
        .post(&bytes, move |connection, context| {
            let event = events::correct_receipt(connection, context, &id, correction)?;
            reply(connection, context, event)
        })
        .await
}

/// Record the answer to a clarification
///
/// A new clock starts on the day the answer arrives.
#[utoipa::path(
    tag = "clocks",
    security(("bearer" = [])),
    params(EventPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = ClarificationAnswer, example = json!({"answered_on": "2019-11-18", "text": "The last two years."})),
    responses((status = 201, description = "Recorded.", body = RecordedEvent,
        headers(("Location" = String, description = "The event's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/clarifications/{event_id}/answer")]
pub async fn answer_clarification(
    caller: Caller,
    path: Path<EventPath>,
    body: Body<ClarificationAnswer>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let answer = body.checked(|_| Vec::new())?;
    let EventPath { request_id, event_id } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let event = events::answer_clarification(connection, context, &request_id.0, &event_id.0, answer)?;
            reply(connection, context, event)
        })
        .await
}

/// Record the payment of a fee
///
/// The clock goes on with the working day after it.
#[utoipa::path(
    tag = "clocks",
    security(("bearer" = [])),
    params(EventPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = FeePayment, example = json!({"paid_on": "2019-11-25"})),
    responses((status = 201, description = "Recorded.", body = RecordedEvent,
        headers(("Location" = String, description = "The event's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/fee-notices/{event_id}/payment")]
pub async fn pay_fee(caller: Caller, path: Path<EventPath>, body: Body<FeePayment>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let payment = body.checked(|_| Vec::new())?;
    let EventPath { request_id, event_id } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let event = events::pay_fee(connection, context, &request_id.0, &event_id.0, payment)?;
            reply(connection, context, event)
        })
        .await
}

//! Voiding events that did not happen: nothing is deleted.

use actix_web::{HttpResponse, post};

use super::{EventPath, tag};
use crate::{
    api::{
        caller::{Caller, created},
        extract::{Body, Path},
        openapi::PostFailures,
        problem::ApiError,
    },
    casework::event::{NewVoiding, RecordedEvent},
    law::clock::EventName,
    services::events,
};

async fn void(
    caller: Caller,
    path: Path<EventPath>,
    body: Body<NewVoiding>,
    kinds: &'static [EventName],
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let voiding = body.checked(|_| Vec::new())?;
    let EventPath { request_id, event_id } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let event = events::void(connection, context, &request_id.0, &event_id.0, kinds, &voiding)?;
            let event = events::shown(connection, context, event)?;
            created(None, Some(tag(&event)?), Some(event.request_id.clone()), &event)
        })
        .await
}

macro_rules! voidings {
    ($($(#[doc = $doc:literal])+ $name:ident, $path:literal, $kinds:expr;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// The entry stays and says why it is void; every clock is recomputed without it.
        #[utoipa::path(
            tag = "clocks",
            security(("bearer" = [])),
            params(EventPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
            request_body(content = NewVoiding, example = json!({"reason": "Recorded on the wrong request."})),
            responses((status = 201, description = "Voided.", body = RecordedEvent), PostFailures)
        )]
        #[post($path)]
        pub async fn $name(caller: Caller, path: Path<EventPath>, body: Body<NewVoiding>) -> Result<HttpResponse, ApiError> {
            void(caller, path, body, $kinds).await
        }
    )+};
}

voidings! {
    /// Void a clarification, or its answer
    void_clarification, "/v1/requests/{request_id}/clarifications/{event_id}/void",
        &[EventName::ClarificationAsked, EventName::ClarificationAnswered];
    /// Void a fees notice, or its payment
    void_fee_notice, "/v1/requests/{request_id}/fee-notices/{event_id}/void",
        &[EventName::FeeNoticeGiven, EventName::FeePaid];
    /// Void an extension
    void_extension, "/v1/requests/{request_id}/extensions/{event_id}/void", &[EventName::Extension];
    /// Void a withdrawal
    void_withdrawal, "/v1/requests/{request_id}/withdrawal/{event_id}/void", &[EventName::Withdrawal];
    /// Void a lapse
    void_lapse, "/v1/requests/{request_id}/lapse/{event_id}/void", &[EventName::Lapse];
    /// Void a transfer
    void_transfer, "/v1/requests/{request_id}/transfers/{event_id}/void", &[EventName::Transfer];
    /// Void a reopening
    void_reopening, "/v1/requests/{request_id}/reopening/{event_id}/void", &[EventName::Reopening];
    /// Void a correction of the receipt
    void_receipt_correction, "/v1/requests/{request_id}/receipt-corrections/{event_id}/void",
        &[EventName::ReceiptCorrection];
}

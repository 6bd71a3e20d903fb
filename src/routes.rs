//! The one index of URLs, and of the OpenAPI document: what is not registered here neither answers nor is documented.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ALLOW, CONTENT_TYPE, LOCATION},
    },
    web,
};
use utoipa::OpenApi;
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

use crate::addresses::{Addresses, address};
use crate::api::{
    api_keys, audit, authorities, calendars, case_histories, citations, clocks, contract, cost_estimates, deadlines,
    due_dates, erasure, filed_returns, metrics, ncnd,
    openapi::{Document, settle_nulls},
    operation,
    problem::{ApiError, METHOD_NOT_ALLOWED, NOT_FOUND},
    proceedings::{appeals, complaints, decision_notices, position_changes, reviews, submissions},
    provisions, records, regulatory_actions, requests, responses, returns, scopes,
};

/// Every operation, for the server's routes and for the document alike.
macro_rules! register {
    ($routes:expr) => {
        $routes
            // The busiest first: they are tried in this order.
            .service(requests::get_request)
            .service(requests::create_request)
            .service(requests::list_requests)
            .service(requests::patch_request)
            .service(requests::get_requester)
            .service(requests::list_related)
            .service(requests::get_clock)
            .service(requests::add_part)
            .service(requests::replace_part)
            .service(requests::split_part)
            .service(requests::get_compliance)
            .service(requests::list_timeline)
            .service(requests::list_deletions)
            .service(erasure::erase_request)
            .service(erasure::get_legal_hold)
            .service(erasure::place_legal_hold)
            .service(erasure::release_legal_hold)
            .service(responses::create_response)
            .service(responses::list_responses)
            .service(responses::get_response)
            .service(responses::get_response_checks)
            .service(responses::get_notice)
            .service(responses::patch_response)
            .service(responses::determine_part)
            .service(responses::delete_determination)
            .service(responses::issue_response)
            .service(responses::void_response)
            .service(responses::delete_response)
            .service(clocks::create_clarification)
            .service(clocks::answer_clarification)
            .service(clocks::void_clarification)
            .service(clocks::create_fee_notice)
            .service(clocks::pay_fee)
            .service(clocks::void_fee_notice)
            .service(clocks::create_extension)
            .service(clocks::void_extension)
            .service(clocks::create_withdrawal)
            .service(clocks::void_withdrawal)
            .service(clocks::create_lapse)
            .service(clocks::void_lapse)
            .service(clocks::create_transfer)
            .service(clocks::void_transfer)
            .service(clocks::create_reopening)
            .service(clocks::void_reopening)
            .service(clocks::create_receipt_correction)
            .service(clocks::void_receipt_correction)
            .service(clocks::get_event)
            .service(reviews::create_review)
            .service(reviews::list_reviews)
            .service(reviews::get_review)
            .service(reviews::decide_review)
            .service(reviews::void_review)
            .service(complaints::create_complaint)
            .service(complaints::list_complaints)
            .service(complaints::get_complaint)
            .service(complaints::end_complaint)
            .service(complaints::void_complaint)
            .service(position_changes::create_position_change)
            .service(position_changes::list_position_changes)
            .service(position_changes::get_position_change)
            .service(position_changes::void_position_change)
            .service(submissions::create_submission)
            .service(submissions::list_submissions)
            .service(submissions::get_submission)
            .service(submissions::void_submission)
            .service(decision_notices::create_decision_notice)
            .service(decision_notices::list_decision_notices)
            .service(decision_notices::get_decision_notice)
            .service(decision_notices::comply_with_decision_notice)
            .service(decision_notices::void_decision_notice)
            .service(appeals::create_appeal)
            .service(appeals::list_appeals)
            .service(appeals::get_appeal)
            .service(appeals::decide_appeal)
            .service(appeals::void_appeal)
            .service(regulatory_actions::create_regulatory_action)
            .service(regulatory_actions::list_regulatory_actions)
            .service(regulatory_actions::get_regulatory_action)
            .service(regulatory_actions::void_regulatory_action)
            .service(case_histories::create_case_history)
            .service(due_dates::list_due_dates)
            .service(records::create_record)
            .service(records::list_records)
            .service(records::get_record)
            .service(records::replace_record)
            .service(records::delete_record)
            .service(ncnd::get_precedents)
            .service(ncnd::create_ncnd_position)
            .service(ncnd::list_ncnd_positions)
            .service(ncnd::get_ncnd_position)
            .service(ncnd::replace_ncnd_position)
            .service(ncnd::delete_ncnd_position)
            .service(metrics::get_timeliness)
            .service(metrics::get_outcomes)
            .service(metrics::get_cited_provisions)
            .service(metrics::get_ncnd)
            .service(metrics::list_metric_definitions)
            .service(metrics::get_workload)
            .service(metrics::get_comparison)
            .service(metrics::get_ncnd_by_topic)
            .service(metrics::get_reviews_metric)
            .service(metrics::get_regulator_metric)
            .service(returns::get_return)
            .service(filed_returns::create_filed_return)
            .service(filed_returns::list_filed_returns)
            .service(filed_returns::get_filed_return)
            .service(filed_returns::get_filed_return_drift)
            .service(authorities::create_authority)
            .service(authorities::list_authorities)
            .service(authorities::get_authority)
            .service(authorities::patch_authority)
            .service(api_keys::create_api_key)
            .service(api_keys::list_api_keys)
            .service(api_keys::get_api_key)
            .service(api_keys::rotate_api_key)
            .service(api_keys::revoke_api_key)
            .service(api_keys::get_identity)
            .service(audit::list_audit_entries)
            .service(audit::export_audit_entries)
            .service(audit::verify_audit_entries)
            .service(provisions::list_provisions)
            .service(provisions::get_provision)
            .service(citations::resolve_citations)
            .service(deadlines::get_deadline)
            .service(deadlines::calculate_clock)
            .service(cost_estimates::estimate_cost)
            .service(calendars::list_calendars)
            .service(calendars::list_calendar_days)
            .service(operation::get_liveness)
            .service(operation::get_readiness)
            .service(operation::get_version)
            .service(operation::get_problem_code);
    };
}

/// Registers every operation.
pub fn operations(routes: &mut web::ServiceConfig) {
    register!(routes);
}

fn documented(routes: &mut ServiceConfig<'_>) {
    register!(routes);
}

/// The OpenAPI document of these operations.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) =
        actix_web::App::new().into_utoipa_app().openapi(Document::openapi()).configure(documented).split_for_parts();
    settle_nulls(&mut document);
    scopes::write_into(&mut document);
    document
}

/// The document as it is committed and served.
///
/// # Errors
///
/// When it cannot be written as JSON, which would be a fault of this service.
pub fn document_text() -> serde_json::Result<String> {
    text_of(&contract::completed(&document())?)
}

/// The same in version 3.0 of OpenAPI.
///
/// # Errors
///
/// As [`document_text`].
pub fn older_document_text() -> serde_json::Result<String> {
    text_of(&contract::in_version_3_0(&contract::completed(&document())?))
}

fn text_of(document: &serde_json::Value) -> serde_json::Result<String> {
    serde_json::to_string_pretty(document).map(|text| text + "\n")
}

/// Addresses and methods that no operation answers.
///
/// # Errors
///
/// 405 with `Allow` where the path exists, else 404.
pub async fn fallback(request: HttpRequest, addresses: web::Data<Addresses>) -> HttpResponse {
    let refuse = |code| actix_web::ResponseError::error_response(&ApiError::new(code));
    match addresses.allow(address(&request)) {
        Some(allow) if *request.method() == Method::OPTIONS => {
            HttpResponse::NoContent().insert_header((ALLOW, allow)).finish()
        }
        Some(allow) => {
            let mut response = refuse(METHOD_NOT_ALLOWED);
            if let Ok(value) = allow.parse() {
                response.headers_mut().insert(ALLOW, value);
            }
            response
        }
        None => refuse(NOT_FOUND),
    }
}

/// The document, as texts that were made once.
#[derive(Debug, Clone)]
pub struct DocumentText {
    current: web::Bytes,
    older: web::Bytes,
}

impl DocumentText {
    /// Both versions of the document.
    ///
    /// # Errors
    ///
    /// As [`document_text`].
    pub fn of(document: &utoipa::openapi::OpenApi) -> serde_json::Result<Self> {
        let current = contract::completed(document)?;
        let older = contract::in_version_3_0(&current);
        Ok(Self { current: text_of(&current)?.into(), older: text_of(&older)?.into() })
    }
}

/// The contract and the page that shows it: without internet, everything is in the program.
pub fn documentation(routes: &mut web::ServiceConfig) {
    let page = utoipa_swagger_ui::SwaggerUi::new("/docs/{file:.*}")
        .config(utoipa_swagger_ui::Config::from("/openapi.json").try_it_out_enabled(true));
    routes
        .route("/openapi.json", web::get().to(current))
        .route("/openapi-3.0.json", web::get().to(older))
        .route("/docs", web::get().to(to_page))
        .service(page);
}

async fn current(text: web::Data<DocumentText>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(text.current.clone())
}

async fn older(text: web::Data<DocumentText>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(text.older.clone())
}

async fn to_page() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

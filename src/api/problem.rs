//! Every failure as a problem document (RFC 9457), with a code from one closed table.
//!
//! A failure travels as an [`ApiError`]; the envelope (`api::envelope`) renders it, and the framework's own refusals,
//! into a [`Problem`] with the request's id. Nothing here tells a caller what went wrong inside: that goes to the log.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{fault::Fault, law::Finding, services::ServiceError, store::StoreError};

/// One row of the closed table.
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemCode {
    /// The code, stable: clients branch on it.
    pub code: &'static str,
    /// The HTTP status it comes with; `0` for codes that stand in `errors[]` only.
    pub status: u16,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it means and what to do next: the text of its page.
    pub explanation: &'static str,
}

macro_rules! problem_codes {
    ($($name:ident = $code:literal, $status:literal, $title:literal, $explanation:literal;)+) => {
        $(#[doc = $title] pub const $name: &ProblemCode = &ProblemCode {
            code: $code, status: $status, title: $title, explanation: $explanation,
        };)+
        /// The closed table of problem codes, each with a page at `/problems/{code}`.
        pub const PROBLEM_CODES: &[&ProblemCode] = &[$($name,)+];
    };
}

problem_codes! {
    MALFORMED_JSON = "malformed-json", 400, "The body is not JSON",
        "The body could not be read as one JSON document in UTF-8: a syntax error, a member named twice, more than 32 levels of nesting, or nothing at all. Send one well-formed JSON object.";
    UNKNOWN_MEMBER = "unknown-member", 400, "The body has a member that does not exist",
        "A member of the body is not part of the contract. Check its spelling against the API reference; nothing is ignored silently. There is no member that says whether information is held.";
    MISSING_MEMBER = "missing-member", 400, "The body lacks a required member",
        "A required member is absent. Add it; the pointer says where it belongs.";
    WRONG_TYPE = "wrong-type", 400, "A member has the wrong JSON type",
        "A member is a string where a number is wanted, an object where a list is wanted, or null where only a patch may clear. Send the type that the API reference gives.";
    INVALID_PARAMETER = "invalid-parameter", 400, "A path, query or header value is wrong",
        "A value in the path, the query or a header is unknown, repeated, out of bounds or not of its form. `errors` names each one.";
    INVALID_CURSOR = "invalid-cursor", 400, "The cursor does not belong to this list",
        "A cursor is only good for the list, filters, order and credential it was given for. Start the list again without a cursor.";
    UNAUTHENTICATED = "unauthenticated", 401, "No valid credential",
        "Send `Authorization: Bearer` with a valid key.";
    INSUFFICIENT_SCOPE = "insufficient-scope", 403, "The credential may not do this",
        "The credential lacks a scope that this operation needs; the detail names it. Ask whoever issued the credential.";
    NOT_FOUND = "not-found", 404, "Not found",
        "There is nothing at this address that the credential may see. Check the identifier and the path.";
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "The method is not possible here",
        "The path exists, the method does not. `Allow` lists the methods it has.";
    NOT_ACCEPTABLE = "not-acceptable", 406, "No form of the answer fits `Accept`",
        "This address does not answer in any of the media types asked for. Ask for `application/json`, or for `text/csv` where the reference offers it.";
    IMPOSSIBLE_ORDER = "impossible-order", 409, "The events cannot stand in this order",
        "What was recorded cannot have happened in this order, for example an answer before its question. Both events are named; correct the date, or void the other event first.";
    DUPLICATE_REFERENCE = "duplicate-reference", 409, "The reference is taken",
        "The authority already has a request with this reference. Use another, or leave it out and one is made.";
    NOT_POSSIBLE_IN_THIS_STATE = "not-possible-in-this-state", 409, "Not possible in this state",
        "The request, part, event or response is not in a state in which this can be done. The detail says which and what would have to come first.";
    RETURN_NOT_COMPLETE = "return-not-complete", 409, "The return cannot be filed yet",
        "A return is filed once its period is over and nothing received in it is within its limit still: the figures would change by the passing of days alone. The detail says what stands in the way. It can be read all the same.";
    PART_NOT_OPEN_TO_RECORDS = "part-not-open-to-records", 409, "No records can be attached to this part",
        "Records attach only to parts whose draft or issued outcome shows that information exists. Every other part gives this same answer.";
    IDEMPOTENCY_KEY_IN_USE = "idempotency-key-in-use", 409, "A call with this idempotency key is still running",
        "The first call with this key has not been answered yet. Wait a moment and repeat: the stored answer will be replayed.";
    REQUEST_TIMEOUT = "request-timeout", 408, "The body took too long",
        "The body of a call must arrive within a time that the operator sets, 30 seconds unless changed. Nothing was written; send it again, a POST with the same `Idempotency-Key`.";
    PRECONDITION_FAILED = "precondition-failed", 412, "The resource has changed",
        "`If-Match` names no present version of the resource: an older one, or a weak tag (`W/…`), which never matches. Read the resource again, look at what changed, and repeat with its new strong ETag.";
    PAYLOAD_TOO_LARGE = "payload-too-large", 413, "The body is too large",
        "A body may have 2 MiB. Large documents stay in the authority's own store; send their URI.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "The body's media type is not supported",
        "Send `Content-Type: application/json`, without a `charset` other than `utf-8`; a patch may also be `application/merge-patch+json`.";
    VALIDATION_FAILED = "validation-failed", 422, "Some values are not possible",
        "The body is well formed, but values in it are wrong. `errors` has every one that was found, each with a pointer; what only sound values can be asked, whether a part exists for example, is asked once these are mended. Nothing was written.";
    NOTICE_CHECKS_FAILED = "notice-checks-failed", 422, "The response would break the statute",
        "The draft has findings of severity `error`; all findings are in `findings`. Mend the draft, or issue it with `override` and a reason. Nothing was issued.";
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused", 422, "The idempotency key was used for another call",
        "The same key came before with another route or body. Use a new key for a new call.";
    PRECONDITION_REQUIRED = "precondition-required", 428, "If-Match is required",
        "Changing or deleting a resource needs `If-Match` with its ETag, so that no other change is lost. `If-Match: *` accepts any version.";
    TOO_MANY_REQUESTS = "too-many-requests", 429, "Too many calls",
        "Wait as long as `Retry-After` says.";
    INTERNAL_ERROR = "internal-error", 500, "Something went wrong inside",
        "The call failed and nothing of it was kept. The log of the service has the cause under the request's id.";
    OVERLOADED = "overloaded", 503, "The service is busy",
        "More work is waiting than the service takes on. Nothing was written; repeat after `Retry-After` seconds.";
    DATABASE_UNAVAILABLE = "database-unavailable", 503, "The database cannot be reached",
        "Repeat after `Retry-After` seconds, a POST with the same `Idempotency-Key`: where the database went away in the middle of a write, it may be stored all the same.";
    STORAGE_FULL = "storage-full", 503, "There is no room to store more",
        "Nothing was written. Casework cannot be read either, for reading it is logged first; the operator must make room.";
    SHUTTING_DOWN = "shutting-down", 503, "The service is stopping",
        "This instance takes no new work. Repeat after `Retry-After` seconds; another instance may answer.";
    UNKNOWN_VALUE = "unknown-value", 0, "Not one of the accepted values",
        "The member takes one of a closed list of words; the detail has them.";
    INVALID_DATE = "invalid-date", 0, "Not a date that can be used",
        "Dates are written YYYY-MM-DD, exist in the calendar and lie between 2005-01-01 and 2099-12-31.";
    INVALID_TEXT = "invalid-text", 0, "Not a text that can be used",
        "Texts are not empty, hold no NUL character and keep to their length; labels keep to their form.";
    INVALID_VALUE = "invalid-value", 0, "Not a value that can be used",
        "The value is outside its bounds or not of its form; the detail says what is asked for.";
    DATE_IN_FUTURE = "date-in-future", 0, "The day has not come yet",
        "Only what has happened is recorded. Today is the date in London.";
    DUPLICATE_VALUE = "duplicate-value", 0, "The same value twice",
        "Values of this list must differ from each other.";
    UNKNOWN_PART = "unknown-part", 0, "The request has no such part",
        "Use a label of one of the request's parts.";
    UNKNOWN_PROVISION = "unknown-provision", 0, "The catalogue has no such provision",
        "The citation is not a provision of the regime. The detail may suggest what was meant; nothing is corrected silently.";
    INCONSISTENT_MEMBERS = "inconsistent-members", 0, "Members do not fit each other",
        "The member is required, or has no place, given the other members.";
}

/// The row of the table for `code`; the table's `internal-error` when there is none.
#[must_use]
pub fn find(code: &str) -> Option<&'static ProblemCode> {
    PROBLEM_CODES.iter().copied().find(|row| row.code == code)
}

/// The row that fits a bare status, for refusals that the framework makes itself.
#[must_use]
pub fn for_status(status: StatusCode) -> &'static ProblemCode {
    match status.as_u16() {
        401 => UNAUTHENTICATED,
        403 => INSUFFICIENT_SCOPE,
        404 => NOT_FOUND,
        405 => METHOD_NOT_ALLOWED,
        406 => NOT_ACCEPTABLE,
        408 => REQUEST_TIMEOUT,
        413 => PAYLOAD_TOO_LARGE,
        415 => UNSUPPORTED_MEDIA_TYPE,
        429 => TOO_MANY_REQUESTS,
        503 => OVERLOADED,
        400..=499 => INVALID_PARAMETER,
        _ => INTERNAL_ERROR,
    }
}

/// The most faults that one problem document names.
pub const MOST_FAULTS: usize = 200;

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// The page that explains the code.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/problems/validation-failed")]
    pub kind: String,
    /// What it is, in a few words.
    #[schema(example = "Some values are not possible")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// What it means here and what to do next.
    pub detail: String,
    /// This occurrence.
    #[schema(format = "uri", example = "urn:uuid:0e9b2c0c-64b1-4b0e-9f1c-2f3a4a6a2b10")]
    pub instance: String,
    /// The code, from the closed table.
    #[schema(example = "validation-failed")]
    pub code: &'static str,
    /// The request's id, as in `X-Request-Id` and in the log.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Every fault found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub errors: Vec<ProblemFault>,
    /// The findings that stopped a draft.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
}

/// One fault: in the body, a parameter or a header.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemFault {
    /// JSON Pointer into the body, as a URI fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "#/parts/1/label")]
    pub pointer: Option<String>,
    /// Name of the path or query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// Name of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub header: Option<String>,
    /// Which kind of fault, from the closed table.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl From<Fault> for ProblemFault {
    fn from(fault: Fault) -> Self {
        Self {
            pointer: Some(format!("#{}", fault.pointer)),
            parameter: None,
            header: None,
            code: fault.code,
            detail: fault.detail,
        }
    }
}

impl ProblemFault {
    /// A fault in a path or query parameter.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            header: None,
            code: INVALID_PARAMETER.code,
            detail: detail.into(),
        }
    }

    /// A fault in a header.
    pub fn header(name: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: None,
            header: Some(name.to_owned()),
            code: INVALID_PARAMETER.code,
            detail: detail.into(),
        }
    }
}

/// A failure on its way out of a handler.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// The row of the closed table.
    pub code: &'static ProblemCode,
    /// What it means here; the table's explanation when absent.
    pub detail: Option<String>,
    /// Every fault found.
    pub errors: Vec<ProblemFault>,
    /// The findings that stopped a draft.
    pub findings: Vec<Finding>,
    /// After how many seconds to try again, where that is known.
    pub retry_after: Option<u64>,
    /// What the log says of it; never sent.
    pub cause: Option<String>,
}

impl ApiError {
    /// A failure that the table explains well enough.
    #[must_use]
    pub const fn new(code: &'static ProblemCode) -> Self {
        Self { code, detail: None, errors: Vec::new(), findings: Vec::new(), retry_after: None, cause: None }
    }

    /// The same failure with words of its own.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same failure with the seconds after which to try again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same failure with the faults it is made of.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<ProblemFault>) -> Self {
        self.errors = errors;
        self
    }

    /// A fault in the path, the query or a header.
    #[must_use]
    pub fn parameter(fault: ProblemFault) -> Self {
        Self::new(INVALID_PARAMETER).with_errors(vec![fault])
    }

    /// Values in the body that are not possible: all of them.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::new(VALIDATION_FAILED).with_errors(faults.into_iter().map(ProblemFault::from).collect())
    }

    /// Something that must not happen; `cause` is for the log.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(INTERNAL_ERROR) }
    }

    /// The document, for the request with this id.
    #[must_use]
    pub fn problem(&self, request_id: &str) -> Problem {
        Problem {
            kind: format!("/problems/{}", self.code.code),
            title: self.code.title,
            status: self.code.status,
            detail: self.detail.clone().unwrap_or_else(|| self.code.explanation.to_owned()),
            instance: format!("urn:uuid:{request_id}"),
            code: self.code.code,
            request_id: request_id.to_owned(),
            errors: self.errors.iter().take(MOST_FAULTS).cloned().collect(),
            findings: self.findings.clone(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.code)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// An empty answer that carries the failure; the envelope writes the document.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Busy => OVERLOADED,
            StoreError::Unavailable(_) => DATABASE_UNAVAILABLE,
            StoreError::Full => STORAGE_FULL,
            _ => INTERNAL_ERROR,
        };
        Self { cause: Some(error.to_string()), ..Self::new(code) }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Self::new(NOT_FOUND),
            ServiceError::Invalid(faults) => Self::invalid(faults),
            ServiceError::ImpossibleOrder(detail) => Self::new(IMPOSSIBLE_ORDER).with_detail(detail),
            ServiceError::ImpossibleHistory(faults) => {
                Self::new(IMPOSSIBLE_ORDER).with_errors(faults.into_iter().map(ProblemFault::from).collect())
            }
            ServiceError::NotPossible(detail) => Self::new(NOT_POSSIBLE_IN_THIS_STATE).with_detail(detail),
            ServiceError::ReturnNotComplete(detail) => Self::new(RETURN_NOT_COMPLETE).with_detail(detail),
            ServiceError::DuplicateReference => Self::new(DUPLICATE_REFERENCE),
            ServiceError::StaleVersion => Self::new(PRECONDITION_FAILED),
            ServiceError::InsufficientScope(detail) => Self::new(INSUFFICIENT_SCOPE).with_detail(detail),
            ServiceError::IdempotencyKeyReused => Self::new(IDEMPOTENCY_KEY_REUSED),
            ServiceError::NoticeChecksFailed(findings) => Self { findings, ..Self::new(NOTICE_CHECKS_FAILED) },
            ServiceError::PartNotOpenToRecords => Self::new(PART_NOT_OPEN_TO_RECORDS),
            ServiceError::Store(error) => error.into(),
            ServiceError::Wording(error) => Self::internal(error),
            ServiceError::Corrupt(cause) => Self::internal(cause),
        }
    }
}

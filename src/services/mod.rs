//! Use cases: one function is one use case is one transaction. Takes a connection and what the caller may see; knows
//! the law and the store, nothing of HTTP.

pub mod api_keys;
pub mod audit;
pub mod authorities;
pub mod calendars;
pub mod case_histories;
pub mod case_sheets;
mod clocks;
pub mod compliance;
pub mod context;
pub mod drafts;
pub mod due_dates;
pub mod encryption;
pub mod erasure;
pub mod events;
mod findings;
pub mod idempotency;
pub mod key_text;
pub mod keyring;
mod located_answers;
pub mod metrics;
pub mod ncnd_positions;
pub mod notice_documents;
mod notices;
mod pages;
pub mod parts;
pub mod precedents;
pub mod proceedings;
mod projection;
pub mod records;
pub mod regulatory_actions;
pub mod requester_matches;
pub mod requests;
mod response_faults;
pub mod response_lists;
pub mod response_voiding;
pub mod responses;
pub mod retention;
pub mod timeline;

pub use context::{Context, Principal};

pub use crate::store::AuthorityScope;

use thiserror::Error;

use crate::{casework::notice_document::NoticeError, fault::Fault, law::Finding, store::StoreError};

/// Why a use case was not carried out. Nothing of it was written.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// Absent, or another authority's: the two are not told apart.
    #[error("not found")]
    NotFound,
    /// Values that are not possible, all of them.
    #[error("invalid values")]
    Invalid(Vec<Fault>),
    /// Events that cannot stand in this order; both are named.
    #[error("impossible order")]
    ImpossibleOrder(String),
    /// A past case of which some entries cannot stand as they are, each named by its place.
    #[error("impossible history")]
    ImpossibleHistory(Vec<Fault>),
    /// Not possible in the state that the request, part, event or response is in.
    #[error("not possible in this state")]
    NotPossible(String),
    /// The authority already has a request with this reference.
    #[error("duplicate reference")]
    DuplicateReference,
    /// The caller's version is not the present one.
    #[error("stale version")]
    StaleVersion,
    /// The idempotency key came before with another route or body.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// The credential lacks a scope for what this call asks of this resource; the words name it.
    #[error("insufficient scope")]
    InsufficientScope(String),
    /// The draft has findings of severity `error`.
    #[error("notice checks failed")]
    NoticeChecksFailed(Vec<Finding>),
    /// A part that records cannot be attached to, whatever the reason.
    #[error("part not open to records")]
    PartNotOpenToRecords,
    /// The return cannot be filed yet; what stands in the way is said.
    #[error("return not complete")]
    ReturnNotComplete(String),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template of a notice does not fit what it is told: a fault of this service.
    #[error(transparent)]
    Wording(#[from] NoticeError),
    /// What was read from the store is not what was once written: a fault of this service.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
}

impl From<serde_json::Error> for ServiceError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl ServiceError {
    /// One value that is not possible.
    #[must_use]
    pub fn fault(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

/// The answer of a use case.
pub type ServiceResult<T> = Result<T, ServiceError>;

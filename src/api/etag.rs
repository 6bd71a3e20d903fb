//! Entity tags, and the preconditions that callers build from them.

use actix_web::{
    HttpRequest,
    http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    api::problem::{ApiError, PRECONDITION_REQUIRED},
    law::Date,
};

/// The tag of one form of a resource: its version, the date in London while the day changes what it says, its media.
#[must_use]
pub fn entity_tag(version: i64, changes_by_day: Option<Date>, media: &str) -> String {
    let day = changes_by_day.map_or_else(|| "0".to_owned(), |day| day.0.format("%Y%m%d").to_string());
    format!("\"{version}-{day}-{media}\"")
}

/// The tag of a document whose version does not say all that may change in it: what it says is hashed as well.
///
/// # Errors
///
/// When it cannot be written as JSON, which would be a fault of this service.
pub fn content_tag(version: i64, document: &impl Serialize) -> serde_json::Result<String> {
    let hash = Sha256::digest(serde_json::to_vec(document)?);
    let digits: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("\"{version}-{digits}-json\""))
}

/// What `If-Match` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// `*`: any version.
    Any,
    /// One of these versions.
    Versions(Vec<i64>),
}

impl Precondition {
    /// Reads `If-Match`.
    ///
    /// # Errors
    ///
    /// `precondition-required` without the header. A tag of another form matches no version.
    pub fn required(request: &HttpRequest) -> Result<Self, ApiError> {
        let tags = tags(request, &IF_MATCH);
        if tags.is_empty() {
            return Err(ApiError::new(PRECONDITION_REQUIRED));
        }
        if tags.iter().any(|tag| tag == "*") {
            return Ok(Self::Any);
        }
        Ok(Self::Versions(tags.iter().filter_map(|tag| version(tag)).collect()))
    }

    /// Whether a resource of this version may be changed.
    #[must_use]
    pub fn admits(&self, present: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.contains(&present),
        }
    }
}

/// Whether `If-None-Match` names this tag: then the caller has this form already.
#[must_use]
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let known = tags(request, &IF_NONE_MATCH);
    known.iter().any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn tags(request: &HttpRequest, header: &HeaderName) -> Vec<String> {
    request
        .headers()
        .get_all(header)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

fn version(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.split('-').next()?.parse().ok()
}

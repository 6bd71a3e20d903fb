//! Entity tags, and the preconditions that callers build from them.

use actix_web::{
    HttpRequest,
    http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    api::problem::{ApiError, PRECONDITION_REQUIRED, ProblemFault},
    hexadecimal::hex,
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
    Ok(bytes_tag(version, &serde_json::to_vec(document)?, "json"))
}

/// The tag of a document of which these are the bytes in this media.
#[must_use]
pub fn bytes_tag(version: i64, bytes: &[u8], media: &str) -> String {
    let digits: String = hex(Sha256::digest(bytes)).chars().take(16).collect();
    format!("\"{version}-{digits}-{media}\"")
}

/// The longest list of tags.
const LONGEST_LIST: usize = 1_000;

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
    /// `precondition-required` without the header, `invalid-parameter` when it holds no entity tags or anything else. A tag that
    /// this service did not make matches no version.
    pub fn required(request: &HttpRequest) -> Result<Self, ApiError> {
        Self::given(request)?.ok_or_else(|| ApiError::new(PRECONDITION_REQUIRED))
    }

    /// Reads `If-Match` where it may be absent: then any version will do.
    ///
    /// # Errors
    ///
    /// As [`Self::required`], but for its absence.
    pub fn optional(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self::given(request)?.unwrap_or(Self::Any))
    }

    fn given(request: &HttpRequest) -> Result<Option<Self>, ApiError> {
        let tags = tags(request, &IF_MATCH)?;
        if tags.iter().any(|tag| tag == "*") {
            return Ok(Some(Self::Any));
        }
        // An empty header is not an absent one: whoever sends it meant to name a version, and must not get any.
        if tags.is_empty() && request.headers().contains_key(IF_MATCH) {
            return Err(malformed(&IF_MATCH));
        }
        let versions = || Self::Versions(tags.iter().filter_map(|tag| version(tag)).collect());
        Ok((!tags.is_empty()).then(versions))
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

/// Refuses `If-None-Match` that holds anything but entity tags.
///
/// # Errors
///
/// `invalid-parameter`.
pub fn refuse_malformed(request: &HttpRequest) -> Result<(), ApiError> {
    tags(request, &IF_NONE_MATCH).map(|_| ())
}

/// Whether `If-None-Match` names this tag: then the caller has this form already.
#[must_use]
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let known = tags(request, &IF_NONE_MATCH).unwrap_or_default();
    known.iter().any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The entity tags of a header, `*` among them.
fn tags(request: &HttpRequest, header: &HeaderName) -> Result<Vec<String>, ApiError> {
    let mut found = Vec::new();
    let mut length = 0;
    for value in request.headers().get_all(header) {
        length += value.len();
        let tags = value.to_str().ok().and_then(listed).filter(|_| length <= LONGEST_LIST);
        found.extend(tags.ok_or_else(|| malformed(header))?);
    }
    Ok(found)
}

fn malformed(header: &HeaderName) -> ApiError {
    let name = if *header == IF_MATCH { "If-Match" } else { "If-None-Match" };
    let detail = format!("`*`, or ETags in quotation marks separated by commas: {LONGEST_LIST} characters in all.");
    ApiError::parameter(ProblemFault::header(name, detail))
}

/// The tags of a list (RFC 9110 section 5.6.1); `None` where it is none.
fn listed(text: &str) -> Option<Vec<String>> {
    const BLANKS: [char; 2] = [' ', '\t'];
    let mut tags = Vec::new();
    let mut rest = text.trim_matches(BLANKS);
    if rest == "*" {
        return Some(vec![rest.to_owned()]);
    }
    let is_empty = rest.is_empty();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start_matches(BLANKS);
            continue;
        }
        let (tag, after) = first(rest)?;
        tags.push(tag.to_owned());
        rest = after.trim_start_matches(BLANKS);
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
    (is_empty || !tags.is_empty()).then_some(tags)
}

/// The tag that the text begins with (RFC 9110 section 8.8.3), and what follows it.
fn first(text: &str) -> Option<(&str, &str)> {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
    let is_visible = opaque.bytes().all(|byte| byte.is_ascii_graphic());
    is_visible.then_some((text.strip_suffix(after)?, after))
}

fn version(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_of_tags_is_read_whole_or_not_at_all() {
        let tags = |text: &str| listed(text).map(|tags| tags.join(" "));
        for (text, expected) in [
            ("*", "*"),
            ("\"1-0-json\"", "\"1-0-json\""),
            (" \"a,b\" ,, W/\"c\"\t,", "\"a,b\" W/\"c\""),
            ("\"\"", "\"\""),
            ("", ""),
        ] {
            assert_eq!(tags(text).as_deref(), Some(expected), "{text}");
        }
        for malformed in
            ["1-0-json", "\"a", "\"a\" \"b\"", "\"a b\"", "w/\"a\"", "*a", "W/*", "*, \"a\"", "\"a\", *", ",", " , "]
        {
            assert_eq!(tags(malformed), None, "{malformed}");
        }
    }
}

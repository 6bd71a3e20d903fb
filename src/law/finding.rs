//! A finding: something that the statute says of what was done, or of what is about to be sent.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vocabulary;

vocabulary! {
    /// How much a finding weighs.
    pub enum Severity {
        /// Stops the issue of a draft unless it is overridden with a reason.
        Error = "error",
        /// A wrong that is already a fact, like lateness; it stops nothing.
        Breach = "breach",
        /// A weakness that a regulator is likely to raise.
        Warning = "warning",
        /// Good practice.
        Advice = "advice",
    }
}

/// One finding, wherever it appears: with a response, an extension, a check or the compliance of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The check that made it, stable: `missing-threshold`.
    #[schema(value_type = String)]
    pub id: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// The provision it rests on, like `section 17(1)(b)`; absent where it rests on guidance alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provision: Option<String>,
    /// JSON Pointer into the response or event, where it concerns one place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pointer: Option<String>,
    /// What is wrong.
    pub message: String,
    /// The dates, counts and provisions it was made from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
    /// What to do about it.
    pub next_step: String,
}

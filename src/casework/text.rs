//! Texts of casework: labels and prose with their bounds.

use std::{borrow::Cow, fmt, ops::Deref, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::{
    fault::{INVALID_TEXT, Refusal},
    written,
};

/// A text of 1 to `MAX` characters, with something other than white space in it and no NUL.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// Prose: reasons, the text of a part, a question asked. At most 100,000 characters.
pub type Prose = Text<100_000>;
/// A line: a subject, a name, a title. At most 500 characters.
pub type Line = Text<500>;
/// A word or reference given by the caller. At most 128 characters.
pub type Word = Text<128>;

impl<const MAX: usize> Text<MAX> {
    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Word {
    /// The word as a line, which may be longer.
    #[must_use]
    pub fn widen(self) -> Line {
        Text(self.0)
    }
}

impl Line {
    /// The line as prose, which may be longer.
    #[must_use]
    pub fn widen(self) -> Prose {
        Text(self.0)
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fault = if text.trim().is_empty() {
            "The text is empty.".to_owned()
        } else if text.contains('\0') {
            "The text holds a NUL character.".to_owned()
        } else if text.chars().nth(MAX).is_some() {
            format!("The text has more than {MAX} characters.")
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(Refusal::new(INVALID_TEXT, fault))
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written::read(deserializer, "-")
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Shows the length only: casework prose may hold personal data and must not reach a log.
impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Text({} bytes)", self.0.len())
    }
}

impl<const MAX: usize> utoipa::PartialSchema for Text<MAX> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX)).into()
    }
}

impl<const MAX: usize> utoipa::ToSchema for Text<MAX> {
    fn name() -> Cow<'static, str> {
        match MAX {
            128 => Cow::Borrowed("Word"),
            500 => Cow::Borrowed("Line"),
            100_000 => Cow::Borrowed("Prose"),
            _ => Cow::Owned(format!("Text{MAX}")),
        }
    }
}

/// What a request is about, in the authority's own words. Kept in small letters, without white space around it: a standing
/// position must not miss a request for a capital.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Topic(Word);

impl Deref for Topic {
    type Target = Word;

    fn deref(&self) -> &Word {
        &self.0
    }
}

impl FromStr for Topic {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        text.trim().to_lowercase().parse().map(Self)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written::read(deserializer, "-")
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl utoipa::PartialSchema for Topic {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Word::schema()
    }
}

impl utoipa::ToSchema for Topic {
    fn name() -> Cow<'static, str> {
        Word::name()
    }
}

/// The label of a part of a request: `1`, `2(a)`, `B.3`. Matches `[A-Za-z0-9.()_-]{1,32}`, and is neither `.` nor `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(SmolStr);

impl Label {
    /// The label of the only part of a request that was recorded without parts.
    #[must_use]
    pub fn only() -> Self {
        Self(SmolStr::new_static("1"))
    }

    /// The label as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".()_-".contains(&byte);
        // `.` and `..` are steps in an address: no client could name such a part.
        let is_step = [".", ".."].contains(&text);
        if (1..=32).contains(&text.len()) && text.bytes().all(allowed) && !is_step {
            Ok(Self(SmolStr::new(text)))
        } else {
            Err(Refusal::new(
                INVALID_TEXT,
                "A label is 1 to 32 letters, digits, dots, brackets, hyphens or underscores, and neither `.` nor `..`.",
            ))
        }
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written::read(deserializer, "stand-in")
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl utoipa::PartialSchema for Label {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(32))
            .pattern(Some("^[A-Za-z0-9.()_-]{1,32}$"))
            .description(Some("The label of a part of the request."))
            .into()
    }
}

impl utoipa::ToSchema for Label {}

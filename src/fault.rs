//! Faults in values: what is wrong, where, and how it travels through serde. Knows nothing of HTTP.
//!
//! A value of the right JSON type that means nothing (30 February, an unknown regime) must not end the reading of a
//! body: the caller is owed all faults at once. The value's `Deserialize` therefore answers with an error that carries a
//! *stand-in*; the reader of the body notes the fault, puts the stand-in in its place and reads on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The code of one fault: part of the closed table of problem codes (`api::problem`).
pub type FaultCode = &'static str;

/// Something wrong at one place of a request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer to the member at fault, without the leading `#`.
    pub pointer: String,
    /// Which kind of fault, from the closed table.
    pub code: FaultCode,
    /// What is wrong and what would be right, without repeating personal data.
    pub detail: String,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: FaultCode, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }

    /// The same fault, seen from a document in which the faulty one stands at `prefix`.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

/// The value is not one of the words the member accepts.
pub const UNKNOWN_VALUE: FaultCode = "unknown-value";
/// Not a date of the calendar, or outside 2005-01-01 to 2099-12-31.
pub const INVALID_DATE: FaultCode = "invalid-date";
/// A text that is empty, too long or holds a NUL character.
pub const INVALID_TEXT: FaultCode = "invalid-text";
/// A number outside its bounds, or a value not of the form asked for.
pub const INVALID_VALUE: FaultCode = "invalid-value";
/// A date later than today in London.
pub const DATE_IN_FUTURE: FaultCode = "date-in-future";
/// Two things that must differ are the same.
pub const DUPLICATE_VALUE: FaultCode = "duplicate-value";
/// A part that the request does not have.
pub const UNKNOWN_PART: FaultCode = "unknown-part";
/// A provision that the catalogue does not know.
pub const UNKNOWN_PROVISION: FaultCode = "unknown-provision";
/// A member that is required here, or has no place here, given the other members.
pub const INCONSISTENT_MEMBERS: FaultCode = "inconsistent-members";
/// Two dates that cannot stand in this order.
pub const IMPOSSIBLE_ORDER: FaultCode = "impossible-order";

/// Not possible in the state that something is in.
pub const NOT_POSSIBLE: FaultCode = "not-possible-in-this-state";
/// A part that records cannot be attached to, whatever the reason.
pub const PART_NOT_OPEN_TO_RECORDS: FaultCode = "part-not-open-to-records";

const MARK: char = '\u{1}';

/// A fault in one value, on its way through serde.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueFault {
    code: String,
    /// What is wrong.
    pub detail: String,
    /// A value that would have been accepted, to read on with.
    pub stand_in: serde_json::Value,
}

impl ValueFault {
    /// Reads a fault back from the text of a serde error; `None` when the error is of another kind.
    #[must_use]
    pub fn from_error_text(text: &str) -> Option<Self> {
        let json = text.strip_prefix(MARK)?;
        let end = json.rfind('}')?;
        serde_json::from_str(json.get(..=end)?).ok()
    }

    /// The fault's code in the closed table.
    #[must_use]
    pub fn code(&self) -> FaultCode {
        [UNKNOWN_VALUE, INVALID_DATE, INVALID_TEXT].into_iter().find(|code| *code == self.code).unwrap_or(INVALID_VALUE)
    }
}

/// Why a value was refused: for types that parse from text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind of fault.
    pub code: FaultCode,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Refusal {
    /// A refusal with its reason.
    pub fn new(code: FaultCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The refusal as a serde error that carries `stand_in`, an acceptable value to read on with.
    pub fn into_error<E: serde::de::Error>(self, stand_in: impl Into<serde_json::Value>) -> E {
        let fault = ValueFault { code: self.code.to_owned(), detail: self.detail, stand_in: stand_in.into() };
        E::custom(format_args!("{MARK}{}", serde_json::to_string(&fault).unwrap_or_default()))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_travels_through_serde_and_back() {
        let error: serde_json::Error = Refusal::new(INVALID_DATE, "no such day }").into_error("2005-01-01");
        let fault = ValueFault::from_error_text(&error.to_string()).unwrap();
        assert_eq!(fault.code(), INVALID_DATE);
        assert_eq!(fault.detail, "no such day }");
        assert_eq!(fault.stand_in, "2005-01-01");
        assert_eq!(ValueFault::from_error_text("missing field `x`"), None);
    }
}

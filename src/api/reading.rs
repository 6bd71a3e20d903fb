//! Reading a JSON document into a type, with all its faults at once.
//!
//! Faults in values come back with a stand-in (see [`crate::fault`]): it is put in the value's place and reading goes on.
//! Members that do not exist are taken out and reading goes on. Anything else ends it.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::{
    api::{
        by_name::ByName,
        problem::{MALFORMED_JSON, MISSING_MEMBER, ProblemCode, UNKNOWN_MEMBER, VALIDATION_FAILED, WRONG_TYPE},
    },
    fault::{Fault, INVALID_TEXT, ValueFault},
};

/// Deeper documents are refused.
pub const DEEPEST: usize = 32;
/// Reading stops after this many faults; a caller with more will hear of the rest at the next try.
pub const MOST_FAULTS: usize = 100;

/// Why a document could not be read at all.
#[derive(Debug)]
pub struct Unreadable {
    /// Which kind: malformed, unknown member, missing member, wrong type.
    pub code: &'static ProblemCode,
    /// Each fault of that kind, and the faults in values found beside them.
    pub faults: Vec<Fault>,
}

/// A document that could be read: what it says, and the faults in its values.
///
/// With faults present `value` holds stand-ins: good enough to look for more faults, not to act on.
#[derive(Debug)]
pub struct Reading<T> {
    /// The document as its type.
    pub value: T,
    /// Faults in single values.
    pub faults: Vec<Fault>,
}

/// Whether null may stand for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// In a patch null clears a member.
    Clear,
    /// Elsewhere a member without a value is left out.
    Refused,
}

/// Reads `document` as a `T`.
///
/// # Errors
///
/// [`Unreadable`] when a member does not exist, is missing or has the wrong JSON type.
pub fn read<T: DeserializeOwned>(mut document: Value, nulls: Nulls) -> Result<Reading<T>, Unreadable> {
    if !document.is_object() {
        let fault = Fault::new("", WRONG_TYPE.code, "The body is one JSON object.");
        return Err(Unreadable { code: WRONG_TYPE, faults: vec![fault] });
    }
    let mut structural = Vec::new();
    let mut faults = Vec::new();
    walk(&document, &mut String::new(), nulls, &mut structural, &mut faults);
    if let Some(first) = structural.first().map(|fault: &Fault| fault.code) {
        return Err(unreadable(first, structural, faults));
    }
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(ByName(&document)) {
            Ok(value) if structural.is_empty() => return Ok(Reading { value, faults }),
            Ok(_) => return Err(unreadable(UNKNOWN_MEMBER.code, structural, faults)),
            Err(error) => error,
        };
        let step = Step::of(&error);
        if !step.carry_out(&mut document, &mut structural, &mut faults)
            || structural.len() + faults.len() >= MOST_FAULTS
        {
            // With faults in values alone the document was well formed: there are only too many of them.
            let code = structural.first().map_or(VALIDATION_FAILED.code, |fault| fault.code);
            return Err(unreadable(code, structural, faults));
        }
    }
}

fn unreadable(code: &str, mut structural: Vec<Fault>, faults: Vec<Fault>) -> Unreadable {
    let code = crate::api::problem::find(code).unwrap_or(MALFORMED_JSON);
    structural.extend(faults);
    Unreadable { code, faults: structural }
}

/// What to do about one error of serde.
enum Step {
    StandIn { pointer: String, fault: ValueFault },
    Remove { pointer: String, member: String },
    Stop(Fault),
}

impl Step {
    fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let at = pointer(error.path());
        let text = error.inner().to_string();
        if let Some(fault) = ValueFault::from_error_text(&text) {
            return Self::StandIn { pointer: at, fault };
        }
        let named = text.split('`').nth(1).unwrap_or_default().to_owned();
        if text.starts_with("unknown field") {
            let holder = at.strip_suffix(&format!("/{}", escaped(&named))).map_or(at.clone(), str::to_owned);
            return Self::Remove { pointer: holder, member: named };
        }
        if text.starts_with("missing field") {
            let detail = "The member is required.";
            return Self::Stop(Fault::new(format!("{at}/{}", escaped(&named)), MISSING_MEMBER.code, detail));
        }
        let expected = text.split(", expected ").nth(1).unwrap_or("another type");
        Self::Stop(Fault::new(at, WRONG_TYPE.code, format!("Expected {}.", in_json(expected))))
    }

    /// Carries the step out; `false` when reading cannot go on.
    fn carry_out(self, document: &mut Value, structural: &mut Vec<Fault>, faults: &mut Vec<Fault>) -> bool {
        match self {
            Self::StandIn { pointer, fault } => {
                let Some(place) = document.pointer_mut(&pointer) else { return false };
                *place = fault.stand_in.clone();
                if !faults.iter().any(|known| known.pointer == pointer) {
                    faults.push(Fault::new(pointer, fault.code(), fault.detail));
                }
                true
            }
            Self::Remove { pointer, member } => {
                let place = document.pointer_mut(&pointer).and_then(Value::as_object_mut);
                let removed = place.and_then(|object| object.shift_remove(&member)).is_some();
                let at = format!("{pointer}/{}", escaped(&member));
                structural.push(Fault::new(at, UNKNOWN_MEMBER.code, "There is no such member."));
                removed
            }
            Self::Stop(fault) => {
                structural.push(fault);
                false
            }
        }
    }
}

/// What serde expected, in the words of JSON.
fn in_json(expected: &str) -> &str {
    match expected.split(' ').next().unwrap_or_default() {
        "struct" | "map" => "an object",
        "i64" | "u64" | "i32" | "u32" => "a whole number",
        _ if expected.starts_with("a map") => "an object",
        _ if expected.starts_with("a sequence") => "an array",
        _ => expected,
    }
}

fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// A member's name as it stands in a JSON Pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Looks at every value: nulls where none may be, and NUL characters in texts.
fn walk(value: &Value, at: &mut String, nulls: Nulls, structural: &mut Vec<Fault>, faults: &mut Vec<Fault>) {
    if structural.len() + faults.len() >= MOST_FAULTS {
        return;
    }
    let length = at.len();
    match value {
        Value::Null if nulls == Nulls::Refused => {
            let detail = "Leave out a member that has no value; null only clears in a patch.";
            structural.push(Fault::new(at.clone(), WRONG_TYPE.code, detail));
        }
        Value::String(text) if text.contains('\0') => {
            faults.push(Fault::new(at.clone(), INVALID_TEXT, "The text holds a NUL character."));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push('/');
                at.push_str(&index.to_string());
                walk(item, at, nulls, structural, faults);
                at.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                at.push('/');
                at.push_str(&escaped(name));
                walk(member, at, nulls, structural, faults);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// Parses bytes as one JSON document: UTF-8, no member named twice, at most [`DEEPEST`] levels.
///
/// # Errors
///
/// Words for the caller; nothing of the document is repeated.
pub fn parse(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("Not UTF-8 at byte {}.", error.valid_up_to()))?;
    if deeper_than_allowed(text) {
        return Err(format!("More than {DEEPEST} levels of nesting."));
    }
    match serde_json::from_str::<Unambiguous>(text) {
        Ok(document) => Ok(document.0),
        Err(error) if error.is_data() => {
            Err(format!("A member is named twice, before line {}, column {}.", error.line(), error.column()))
        }
        Err(error) => Err(format!("Not JSON at line {}, column {}.", error.line(), error.column())),
    }
}

/// Counts brackets outside strings, before any tree is built.
fn deeper_than_allowed(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > DEEPEST {
                    return true;
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// A JSON value whose objects name no member twice.
struct Unambiguous(Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnambiguousVisitor).map(Self)
    }
}

struct UnambiguousVisitor;

impl<'de> serde::de::Visitor<'de> for UnambiguousVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(whole(value).map_or_else(|| value.into(), Value::from))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unambiguous(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((name, Unambiguous(member))) = members.next_entry::<String, Unambiguous>()? {
            if object.insert(name, member).is_some() {
                return Err(serde::de::Error::custom("duplicate member"));
            }
        }
        Ok(Value::Object(object))
    }
}

/// The whole number that `value` is: `5.0` is one, as in JSON Schema. None beyond what a double holds exactly.
fn whole(value: f64) -> Option<i64> {
    let is_exact = value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_991.0;
    is_exact.then(|| format!("{value:.0}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::request::NewRequest;
    use serde_json::json;

    fn faults_of(document: Value) -> Vec<(String, &'static str)> {
        let faults = match read::<NewRequest>(document, Nulls::Refused) {
            Ok(reading) => reading.faults,
            Err(unreadable) => unreadable.faults,
        };
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn all_faults_in_values_come_at_once() {
        let document = json!({"regime": "ffoia", "received_on": "2019-02-30", "subject": " ",
            "parts": [{"label": "one two", "text": "x"}, {"label": "2", "text": "a\u{0}b"}]});
        let faults = faults_of(document);
        for expected in [
            ("/regime", "unknown-value"),
            ("/received_on", "invalid-date"),
            ("/subject", "invalid-text"),
            ("/parts/0/label", "invalid-text"),
            ("/parts/1/text", "invalid-text"),
        ] {
            assert_eq!(
                faults.iter().filter(|(at, code)| (at.as_str(), *code) == expected).count(),
                1,
                "{expected:?} in {faults:?}"
            );
        }
    }

    #[test]
    fn unknown_members_are_all_named() {
        let document = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "x", "held": true,
            "parts": [{"label": "1", "text": "x", "held": false}]});
        let named = ["/held", "/parts/0/held"].map(|at| (at.to_owned(), "unknown-member"));
        assert_eq!(faults_of(document), named);
    }

    #[test]
    fn structure_is_told_from_values() {
        assert_eq!(
            faults_of(json!({"regime": "foia", "subject": "x"})),
            [("/received_on".to_owned(), "missing-member")]
        );
        assert_eq!(
            faults_of(json!({"regime": 3, "received_on": "2019-11-07", "subject": "x"})),
            [("/regime".to_owned(), "wrong-type")]
        );
        assert_eq!(
            faults_of(json!({"regime": "foia", "received_on": null, "subject": "x"})),
            [("/received_on".to_owned(), "wrong-type")]
        );
        assert_eq!(faults_of(json!([])), [(String::new(), "wrong-type")]);
        // An array is no object, even with as many items as the object has members.
        let with = |member: &str, value: Value| {
            let mut document = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "x"});
            document[member] = value;
            faults_of(document)
        };
        assert_eq!(with("requester", json!(["A name"])), [("/requester".to_owned(), "wrong-type")]);
        assert_eq!(with("requester", json!([])), [("/requester".to_owned(), "wrong-type")]);
        assert_eq!(with("parts", json!([["1", "Text"]])), [("/parts/0".to_owned(), "wrong-type")]);
    }

    #[test]
    fn ambiguous_deep_or_broken_documents_are_refused() {
        assert!(parse(br#"{"a": 1, "a": 2}"#).unwrap_err().contains("twice"));
        assert!(parse("[".repeat(10_000).as_bytes()).unwrap_err().contains("levels"));
        assert!(parse(b"{\"a\": \"\xff\"}").unwrap_err().contains("UTF-8"));
        assert!(parse(b"{\"a\": }").is_err());
        assert!(parse(b"").is_err());
        assert_eq!(
            parse(br#"{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#).unwrap()["a"].as_str().unwrap().len(),
            40
        );
    }
}

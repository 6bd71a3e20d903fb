//! What letters write, what it means, and what is refused; and that any text is answered.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::law::{Date, Regime, catalogue::Lookup};

mod any_text;
mod forms;
mod refusals;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A day on which the wording of today is in force.
fn today() -> Date {
    day("2026-05-01")
}

fn read(regime: Regime, text: &str) -> ResolvedCitations {
    resolve(regime, text, today())
}

/// The provisions that a text under FOIA cites; nothing may be refused.
#[track_caller]
fn cited(text: &str) -> Vec<String> {
    cited_under(Regime::Foia, text)
}

#[track_caller]
fn cited_under(regime: Regime, text: &str) -> Vec<String> {
    let answer = read(regime, text);
    assert_eq!(answer.rejected, [], "{text}");
    answer.citations.into_iter().map(|citation| citation.provision).collect()
}

/// The only citation that a text under FOIA refuses; others may be accepted.
#[track_caller]
fn refused(text: &str) -> RejectedCitation {
    refused_under(Regime::Foia, text)
}

#[track_caller]
fn refused_under(regime: Regime, text: &str) -> RejectedCitation {
    let mut answer = read(regime, text);
    assert_eq!(answer.rejected.len(), 1, "{text}: {answer:?}");
    answer.rejected.pop().unwrap()
}

/// The text and code of everything that a text refuses.
fn refusals(regime: Regime, text: &str) -> Vec<(String, RejectionCode)> {
    read(regime, text).rejected.into_iter().map(|rejected| (rejected.text, rejected.code)).collect()
}

/// The warnings about the last citation of a text under FOIA.
#[track_caller]
fn warnings(text: &str) -> Vec<CitationWarning> {
    read(Regime::Foia, text).citations.pop().unwrap_or_else(|| panic!("{text} cites nothing")).warnings
}

#[derive(Deserialize)]
struct Written {
    names: BTreeMap<Regime, BTreeMap<String, String>>,
    refuses: BTreeMap<Regime, Vec<String>>,
}

#[test]
fn reads_what_letters_write_under_every_regime() {
    let written: Written = serde_json::from_str(include_str!("written.json")).unwrap();
    assert_eq!(written.names.keys().copied().collect::<Vec<_>>(), Regime::ALL);
    for (regime, texts) in &written.names {
        for (text, provisions) in texts {
            let provisions: Vec<_> = provisions.split(' ').collect();
            assert_eq!(cited_under(*regime, text), provisions, "{text}");
        }
    }
    for (regime, texts) in &written.refuses {
        for text in texts {
            assert_eq!(read(*regime, text).rejected.len(), 1, "{text}");
        }
    }
    assert_eq!(written.names.values().map(BTreeMap::len).sum::<usize>(), 29);
    assert_eq!(written.refuses.values().map(Vec::len).sum::<usize>(), 8);
}

#[test]
fn a_misprint_is_refused_and_never_corrected() {
    let answer = read(Regime::Foia, "sections 24(2), 31(3) and 3(3)");
    let accepted: Vec<_> = answer.citations.iter().map(|citation| citation.provision_id.as_str()).collect();
    assert_eq!(accepted, ["foia-24-2", "foia-31-3"]);
    let misprint = refused("sections 24(2), 31(3) and 3(3)");
    assert_eq!((misprint.text.as_str(), misprint.code), ("3(3)", RejectionCode::Unknown));
    assert_eq!(misprint.suggestions, ["43(3)", "30(3)", "31(3)", "32(3)", "33(3)", "35(3)", "36(3)"]);
    assert_eq!(misprint.detail, "The Freedom of Information Act 2000 has no section 3(3).");
}

#[test]
fn answers_with_the_members_of_the_contract() {
    let answer = serde_json::to_value(resolve(Regime::Foia, "s.40(5) and 31(1)(G)", day("2020-01-28"))).unwrap();
    let purposes: Vec<_> =
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|letter| format!("31(2)({letter})")).into();
    assert_eq!(
        answer,
        serde_json::json!({
            "citations": [
                {
                    "text": "s.40(5)", "provision": "40(5)", "provision_id": "foia-40-5-pre2018", "kind": "ncnd",
                    "warnings": ["imprecise", "superseded"], "superseded_by": ["40(5A)", "40(5B)"]
                },
                {
                    "text": "31(1)(G)", "provision": "31(1)(g)", "provision_id": "foia-31-1-g", "kind": "exemption",
                    "warnings": ["incomplete", "case-folded"], "missing": [{"any_of": purposes}]
                }
            ],
            "rejected": []
        })
    );
    let answer = serde_json::to_value(read(Regime::Foia, "section 43(4)")).unwrap();
    assert_eq!(
        answer["rejected"],
        serde_json::json!([{
            "text": "section 43(4)", "code": "unknown",
            "detail": "The Freedom of Information Act 2000 has no section 43(4).", "suggestions": ["43(3)", "43(1)", "43(2)"]
        }])
    );
}

#[test]
fn a_single_citation_is_found_however_it_is_written() {
    let id = |text: &str| match find_single(Regime::Foia, text, today()) {
        Lookup::InForce(row) | Lookup::NotAGround(row) => Some(row.id.as_str()),
        _ => None,
    };
    assert_eq!(id("Section 31 (1)(a) - Law Enforcement"), Some("foia-31-1-a"));
    assert_eq!(id("31(1)(a"), Some("foia-31-1-a"));
    assert_eq!(id("section 17(4)"), Some("foia-17-4"));
    assert_eq!(id("40(3A)(a)"), Some("foia-40-3A-a"), "a condition is found like a ground");
    for text in ["31(1)(a), (b)", "regulation 12(5)(b) of the EIR", "section 31(3) of the Police Act 1996", "crime", ""]
    {
        assert_eq!(find_single(Regime::Foia, text, today()), Lookup::Unknown { suggestions: Vec::new() }, "{text}");
    }
}

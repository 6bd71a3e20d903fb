//! Words and signs that steer the reading of citations: what introduces a number, what joins citations, what makes a
//! number something else. Looks at tokens around a place, never at the catalogue.

use super::{
    cursor::Cursor,
    tokens::{Kind, Token},
};
use crate::law::catalogue::Division;

/// Words before a number that say "a provision" without saying of which sort of statute.
const NEUTRAL: [&str; 4] = ["exemption", "exemptions", "exception", "exceptions"];
/// Divisions of enactments that the four regimes do not refuse by.
const OTHER_DIVISIONS: [&str; 15] = [
    "article",
    "articles",
    "art",
    "schedule",
    "schedules",
    "sch",
    "paragraph",
    "paragraphs",
    "para",
    "paras",
    "clause",
    "clauses",
    "chapter",
    "annex",
    "rule",
];
/// Things with numbers that are no provisions.
const NUMBERED_THINGS: [&str; 22] = [
    "question",
    "questions",
    "request",
    "requests",
    "part",
    "parts",
    "item",
    "items",
    "point",
    "points",
    "page",
    "pages",
    "no",
    "number",
    "ref",
    "reference",
    "table",
    "version",
    "principle",
    "figure",
    "step",
    "appendix",
];
/// What is counted or dated by the number before it.
const MEASURES: [&str; 38] = [
    "working",
    "calendar",
    "day",
    "days",
    "hour",
    "hours",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "minutes",
    "people",
    "pages",
    "documents",
    "records",
    "emails",
    "requests",
    "items",
    "files",
    "percent",
    "per",
    "million",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "st",
    "th",
];
const JOINING_SIGNS: [char; 5] = [',', ';', '&', '/', '+'];
/// Signs after which a bare number may be a section.
const LOOSE_SIGNS: [char; 9] = [',', ';', '&', ':', '[', '"', '“', '\'', '‘'];
/// Signs after which it may be one only if they stand directly behind a citation: not in `COVID-19` or `24/7`.
const TIGHT_SIGNS: [char; 3] = ['/', '+', '-'];

/// How a number is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Introduction {
    /// By `section` or `regulation` in one of their forms.
    Division(Division),
    /// By a word like `exemption`.
    Neutral,
    /// As an article, paragraph or the like.
    OtherDivision,
    /// As something else that has numbers.
    Thing,
}

/// The word that introduces a number here, and how many tokens stand before the number.
pub(super) fn introduction(tokens: &Cursor<'_, Token>) -> Option<(Introduction, usize)> {
    let word = tokens.ahead(0)?;
    let introduction = match Division::from_word(&word.letters) {
        Some(division) => Introduction::Division(division),
        None if word.is_word(&NEUTRAL) => Introduction::Neutral,
        None if word.is_word(&OTHER_DIVISIONS) => Introduction::OtherDivision,
        None if word.is_word(&NUMBERED_THINGS) => Introduction::Thing,
        None => return None,
    };
    let plural = |token: &Token| !token.spaced && token.label().is_some_and(|label| label.canonical == "s");
    let mut places = 1;
    if tokens.ahead(places).is_some_and(plural) {
        places = 2;
    }
    if tokens.ahead(places).is_some_and(|token| token.kind == Kind::Dot) {
        places = places.saturating_add(1);
    }
    let number = tokens.ahead(places)?;
    matches!(number.kind, Kind::Number | Kind::Mixed).then_some((introduction, places))
}

/// Whether what stands before this place joins citations: a sign, `and`, `read with` and the like.
pub(super) fn is_joined(tokens: &Cursor<'_, Token>) -> bool {
    let Some(before) = tokens.behind(1) else { return false };
    let follows = |words: &[&str]| tokens.behind(2).is_some_and(|token| token.is_word(words));
    before.is_sign(&JOINING_SIGNS)
        || before.is_word(&["and", "or", "to"])
        || (before.is_word(&["with"]) && follows(&["read", "together"]))
        || (before.is_word(&["of"]) && follows(&["virtue"]))
}

/// Whether a range goes on here to what follows: `to`, or a dash.
pub(super) fn is_range_sign(token: &Token) -> bool {
    token.is_sign(&['-']) || token.is_word(&["to"])
}

/// Whether the number here, which has no labels and no word before it, is no provision: a date, a count, an amount, the
/// number of a paragraph.
///
/// `item_end` is where the citation before ends in the text.
pub(super) fn is_other_number(tokens: &Cursor<'_, Token>, item_end: Option<usize>) -> bool {
    let at_item = tokens.behind(2).is_some_and(|token| item_end == Some(token.end));
    let in_prose = tokens.behind(1).is_some_and(|token| match token.kind {
        Kind::Word => !is_joined(tokens),
        Kind::Mixed | Kind::Dot => true,
        Kind::Sign(_) => !(token.is_sign(&LOOSE_SIGNS) || (at_item && token.is_sign(&TIGHT_SIGNS))),
        _ => false,
    });
    let next = tokens.ahead(1);
    let is_measure = next.is_some_and(|token| token.is_word(&MEASURES) || token.is_sign(&['%', '°']));
    let is_list_number = item_end.is_none()
        && next.is_some_and(|token| matches!(token.kind, Kind::Dot | Kind::Close))
        && tokens.ahead(2).is_some_and(|token| token.spaced);
    in_prose || is_measure || is_list_number || is_date(tokens) || is_year(tokens)
}

fn is_year(tokens: &Cursor<'_, Token>) -> bool {
    tokens.ahead(0).is_some_and(|token| token.letters.is_empty() || token.letters.len() >= 4)
}

/// A date in digits, seen from its day or its month.
fn is_date(tokens: &Cursor<'_, Token>) -> bool {
    let separates = |token: Option<&Token>| {
        token.is_some_and(|token| !token.spaced && (token.is_sign(&['/', '-']) || token.kind == Kind::Dot))
    };
    let year =
        |token: Option<&Token>| token.is_some_and(|token| token.kind == Kind::Number && token.letters.len() == 4);
    separates(tokens.ahead(1)) && (year(tokens.ahead(2)) || (separates(tokens.ahead(3)) && year(tokens.ahead(4))))
}

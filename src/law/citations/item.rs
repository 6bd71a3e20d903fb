//! What the grammar finds: the citations of a text as written, before anyone asks whether such provisions exist.

use super::{
    enactment::Enactment,
    tokens::{Label, Token},
};
use crate::law::catalogue::{Canonical, Division};

/// More labels in a row are no citation.
const MOST_LABELS: usize = 24;

/// A stretch of the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub(super) const fn of(token: &Token) -> Self {
        Self { start: token.start, end: token.end }
    }
}

/// The number of a section or regulation: `21`, `22A`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub value: u16,
    pub suffix: Option<char>,
    /// Whether the letter was written small.
    pub folded: bool,
}

impl Number {
    /// Reads at most three digits, the first not 0, and at most one letter.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let letter = text.strip_prefix(digits)?.chars().next();
        if digits.starts_with('0') || !(1..=3).contains(&digits.len()) {
            return None;
        }
        let folded = letter.is_some_and(|letter| letter.is_ascii_lowercase());
        Some(Self { value: digits.parse().ok()?, suffix: letter.map(|letter| letter.to_ascii_uppercase()), folded })
    }

    /// The section or regulation alone.
    pub(super) const fn path(&self) -> Canonical {
        Canonical::new(self.value, self.suffix, Vec::new())
    }
}

/// A label as written, with its place.
#[derive(Debug, Clone)]
pub(super) struct WrittenLabel {
    pub label: Label,
    pub span: Span,
}

/// Why a citation cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misshape {
    /// Brackets around nothing, or around what is no label.
    BadLabel,
    /// A label without brackets, or with half of them where the path is not clear.
    Brackets,
    /// A label that follows no section or regulation.
    NoSection,
    /// No number of a section: `0`, `22AB`, `4567(1)`.
    NoNumber,
    /// Called an article, a paragraph of a schedule or the like.
    OtherDivision,
}

/// Where a range ends: labels, with a section or regulation where one is written again.
#[derive(Debug, Clone)]
pub(super) struct RangeEnd {
    pub number: Option<Number>,
    pub labels: Vec<WrittenLabel>,
}

/// A citation as written: a number with labels, or labels that continue an earlier one.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub span: Span,
    /// The word that governs it; one word may govern several.
    pub division: Option<Division>,
    /// Absent when labels continue an earlier citation.
    pub number: Option<Number>,
    pub labels: Vec<WrittenLabel>,
    pub range_end: Option<RangeEnd>,
    /// Whether a bracket is missing, or one too many.
    pub unbalanced: bool,
    pub misshape: Option<Misshape>,
    pub enactment: Enactment,
}

impl Item {
    pub(super) const fn starting(span: Span, division: Option<Division>) -> Self {
        Self {
            span,
            division,
            number: None,
            labels: Vec::new(),
            range_end: None,
            unbalanced: false,
            misshape: None,
            enactment: Enactment::OfLetter,
        }
    }

    /// Adds a label, unless there are more than any path has.
    pub(super) fn push(&mut self, label: Label, span: Span) {
        if self.labels.len() < MOST_LABELS {
            self.labels.push(WrittenLabel { label, span });
        } else {
            self.spoil(Misshape::BadLabel);
        }
    }

    /// Notes what is wrong, unless something was wrong before.
    pub(super) fn spoil(&mut self, misshape: Misshape) {
        self.misshape.get_or_insert(misshape);
    }
}

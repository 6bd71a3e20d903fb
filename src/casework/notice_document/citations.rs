//! Citations in full form, their order by number, and dates in words. Knows nothing of what is cited for what.

use crate::law::{
    Date, Regime,
    catalogue::{PrintPlace, Provision, WrittenCitation, print_place},
    notice::cited_row,
};

/// A provision as the notice cites it.
#[derive(Debug, Clone)]
pub(super) struct Citation {
    /// In full form, like `section 31(1)(a)`.
    pub text: String,
    /// In the catalogue's form, like `31(1)(a)`; as it was written where the catalogue does not know it.
    pub path: String,
    /// Its row in the catalogue.
    pub row: Option<&'static Provision>,
}

impl Citation {
    /// Reads what was written, as the catalogue stands on the day of the letter.
    pub(super) fn of(regime: Regime, on: Date, written: &str) -> Self {
        if let Some(row) = cited_row(regime, on, written) {
            return Self { text: row.citation.clone(), path: row.provision.clone(), row: Some(row) };
        }
        let written = one_line(written);
        let text = if written.starts_with(|first: char| first.is_ascii_digit()) {
            format!("{} {written}", regime.division())
        } else {
            written.clone()
        };
        Self { text, path: canonical(&written), row: None }
    }

    /// What sorts citations as the statute prints them; what is no provision comes last.
    pub(super) fn order(&self) -> PrintPlace {
        print_place(&self.path)
    }
}

/// The form of the catalogue; as it is where it is not one citation.
pub(super) fn canonical(written: &str) -> String {
    WrittenCitation::read(written).map_or_else(|| written.to_owned(), |written| written.canonical.to_string())
}

/// The texts as one enumeration, each once: `a`, `a and b`, `a; b and c`.
pub(super) fn enumerated(texts: impl IntoIterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    match all.pop() {
        None => String::new(),
        Some(last) if all.is_empty() => last,
        Some(last) => format!("{} and {last}", all.join("; ")),
    }
}

/// A day as a letter writes it, like `7 November 2019`.
pub(super) fn in_words(date: Date) -> String {
    date.0.format("%-d %B %Y").to_string()
}

/// The text on one line, for headings.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

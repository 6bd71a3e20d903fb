//! From what a letter cites to the row of the catalogue that counts. Reads one citation at a time; a list of citations
//! is not resolved here.

use crate::{
    casework::{response::Ground, text::Text},
    law::{
        Date, Regime,
        catalogue::{Lookup, Provision, WrittenCitation},
        citations::find_single,
    },
    vocabulary,
};

vocabulary! {
    /// What the catalogue says of a citation.
    pub enum CitationStatus {
        /// A row that is in force on the day.
        InForce = "in_force",
        /// A row that is not in force on the day; it still says what was meant.
        NotInForce = "not_in_force",
        /// A provision that exists and is no ground of refusal.
        NotAGround = "not_a_ground",
        /// The catalogue has no such provision.
        Unknown = "unknown",
    }
}

/// Which row of the catalogue a ground counts as: for storage and for figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedGround {
    /// The row's id; absent when the catalogue has none.
    pub provision_id: Option<String>,
    /// The provision as the catalogue writes it, like `31(3)`.
    pub provision: Option<String>,
    /// What the catalogue says of the citation.
    pub status: CitationStatus,
}

/// Resolves a ground on the day of its letter, by its `provision`, else by `as_cited`. A misprint stays unknown.
#[must_use]
pub fn resolve(regime: Regime, on: Date, ground: &Ground) -> ResolvedGround {
    let resolution = Resolution::of_ground(regime, on, ground);
    ResolvedGround {
        provision_id: resolution.row.map(|row| row.id.clone()),
        provision: resolution.row.map(|row| row.provision.clone()),
        status: resolution.status,
    }
}

/// The row of the catalogue that a citation means on a day, in force or not; `None` for what the catalogue does not know.
#[must_use]
pub fn cited_row(regime: Regime, on: Date, cited: &str) -> Option<&'static Provision> {
    Resolution::of(regime, on, cited).row
}

/// A citation with what the catalogue says of it.
#[derive(Debug)]
pub(super) struct Resolution {
    /// The citation as it was written.
    pub cited: String,
    /// The row, in force or not.
    pub row: Option<&'static Provision>,
    pub status: CitationStatus,
    /// What took the place of a row that is no longer in force.
    pub superseded_by: Vec<String>,
    /// What may have been meant by an unknown citation.
    pub suggestions: Vec<String>,
}

impl Resolution {
    /// Resolves the ground by the member that counts.
    pub(super) fn of_ground(regime: Regime, on: Date, ground: &Ground) -> Self {
        let provision = ground.provision.as_ref().map(Text::as_str);
        let as_cited = ground.as_cited.as_ref().map(Text::as_str);
        Self::of(regime, on, provision.or(as_cited).unwrap_or_default())
    }

    /// Resolves one citation, as the catalogue writes it or as letters do. A list of citations stays unknown.
    pub(super) fn of(regime: Regime, on: Date, cited: &str) -> Self {
        let base = |status, row| Self {
            cited: cited.trim().to_owned(),
            row,
            status,
            superseded_by: Vec::new(),
            suggestions: Vec::new(),
        };
        match find_single(regime, cited, on) {
            Lookup::InForce(row) => base(CitationStatus::InForce, Some(row)),
            Lookup::NotInForce { provision, superseded_by } => {
                Self { superseded_by, ..base(CitationStatus::NotInForce, Some(provision)) }
            }
            Lookup::NotAGround(row) => base(CitationStatus::NotAGround, Some(row)),
            Lookup::Unknown { suggestions } => Self { suggestions, ..base(CitationStatus::Unknown, None) },
        }
    }
}

/// A citation in the form of the catalogue; as it is where it is not one citation.
pub(super) fn canonical(text: &str) -> String {
    WrittenCitation::read(text).map_or_else(|| text.to_owned(), |written| written.canonical.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_left_aside_and_a_list_is_no_citation() {
        for (text, provision) in [
            ("section 31(3)", Some("31(3)")),
            ("Section 31 (1)(a) - Law Enforcement", Some("31(1)(a)")),
            ("s.40(2) (personal information)", Some("40(2)")),
            ("s22A(1) research", Some("22A(1)")),
            ("section 31(1)(a) of the FOI Act", Some("31(1)(a)")),
            ("section 31(1)(a) of the EIR", None),
            ("31(1)(a)&(b)", None),
            ("31(1)(a)(b)", None),
            ("31(1)(a) to (c)", None),
            ("sections 24(2), 31(3)", None),
            ("the exemption for crime", None),
        ] {
            let resolution = Resolution::of(Regime::Foia, "2021-03-15".parse().unwrap(), text);
            assert_eq!(resolution.row.map(|row| row.provision.as_str()), provision, "{text}");
            assert_eq!(resolution.status == CitationStatus::InForce, provision.is_some(), "{text}");
        }
    }
}

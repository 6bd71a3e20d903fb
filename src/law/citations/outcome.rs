//! What the resolver answers: provisions with warnings, and what was refused with the reason. Says nothing of how it was
//! found.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use super::enactment;
use crate::{
    law::{
        Regime,
        catalogue::{ProvisionKind, Requirement},
    },
    vocabulary,
};

vocabulary! {
    /// What to mind about a citation that was accepted.
    pub enum CitationWarning {
        /// It stands over several grounds, one of which should be named.
        Imprecise = "imprecise",
        /// Something that must be cited with it is not: see `missing`.
        Incomplete = "incomplete",
        /// It is no longer in force on the day: see `superseded_by`.
        Superseded = "superseded",
        /// Capital or small letters were read as the statute has them.
        CaseFolded = "case-folded",
        /// A bracket is missing, or one too many; the path is clear all the same.
        UnbalancedBrackets = "unbalanced-brackets",
        /// The text names another of the four regimes than the one asked for.
        AnotherRegime = "another-regime",
    }
}

vocabulary! {
    /// Why a citation was refused.
    pub enum RejectionCode {
        /// No such provision.
        Unknown = "unknown",
        /// The provision exists, and refuses nothing.
        NotAGround = "not-a-ground",
        /// A condition, purpose or modifier without the ground it goes with.
        CannotStandAlone = "cannot-stand-alone",
        /// Not in force yet on the day.
        NotInForceYet = "not-in-force-yet",
        /// `section` for a regulation, or the reverse, or a word for something else.
        WrongKeyword = "wrong-keyword",
        /// Brackets set so that another provision may be meant, like `40(5)(B)` for 40(5B).
        WrongBracketing = "wrong-bracketing",
        /// A range between provisions that do not stand side by side.
        RangeAcrossLevels = "range-across-levels",
        /// It belongs to an enactment outside the four regimes.
        AnotherEnactment = "another-enactment",
        /// It cannot be read as a citation, or the text has none.
        Malformed = "malformed",
        /// The text has too many citations; the rest was not read.
        TooMany = "too-many",
    }
}

/// The citations of a text, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct ResolvedCitations {
    /// What was found in the catalogue.
    #[schema(max_items = 1000)]
    pub citations: Vec<ResolvedCitation>,
    /// What was refused. Nothing is ever corrected: the writer chooses among the suggestions.
    #[schema(max_items = 1000)]
    pub rejected: Vec<RejectedCitation>,
}

/// A citation that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResolvedCitation {
    /// As it stands in the text.
    pub text: String,
    /// The provision cited, in canonical form, like `31(1)(a)`; a bare section stays bare.
    pub provision: String,
    /// The row of the catalogue, in the wording of the day.
    pub provision_id: String,
    /// What the provision does.
    pub kind: ProvisionKind,
    /// What to mind.
    #[schema(max_items = 6)]
    pub warnings: Vec<CitationWarning>,
    /// With `superseded`: what stands in its place on the day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub superseded_by: Vec<String>,
    /// With `incomplete`: what must be cited with it, each entry by one of its provisions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub missing: Vec<Requirement>,
    /// The regime it belongs to.
    #[serde(skip)]
    pub regime: Regime,
}

/// A citation that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RejectedCitation {
    /// As it stands in the text.
    pub text: String,
    /// Why.
    pub code: RejectionCode,
    /// Why, in words.
    pub detail: String,
    /// What may have been meant, likeliest first.
    #[schema(max_items = 20)]
    pub suggestions: Vec<String>,
}

/// The citation in full, like `section 31(1)(a)`; with the enactment where the text named another regime.
impl fmt::Display for ResolvedCitation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.regime.division(), self.provision)?;
        if self.warnings.contains(&CitationWarning::AnotherRegime) {
            write!(formatter, " of {}", enactment::title(self.regime))?;
        }
        Ok(())
    }
}

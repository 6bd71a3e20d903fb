//! What became of the grounds of an answer: at review, and at the regulator. Knows nothing of how it is found, and of
//! grounds in the alternative only that they are one class.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{decision_notice::RegulatorFinding, review::ReviewOutcome, text::Label},
    law::{Date, Regime, citations::within},
    metrics::{Figure, proceedings::whole},
};

/// What was decided about the answers to one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redress {
    /// What reviews made of its parts.
    pub reviewed: Vec<ReviewedPart>,
    /// What notices of the regulator found of grounds.
    pub found: Vec<FoundOn>,
}

/// What a review made of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedPart {
    /// The part.
    pub part: Label,
    /// The day of the decision.
    pub decided_on: Date,
    /// What became of the answer.
    pub result: ReviewOutcome,
}

/// What a notice found of a ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOn {
    /// The parts concerned; all when absent.
    pub parts: Option<Vec<Label>>,
    /// The day of the notice.
    pub sent_on: Date,
    /// The regime of the provision.
    pub regime: Regime,
    /// The provision, as the catalogue has it; absent for grounds in the alternative.
    pub provision: Option<String>,
    /// What was found.
    pub finding: RegulatorFinding,
}

impl Redress {
    /// What reviews decided by the end of `as_at` made of these parts: what became of each where that is the same, else the
    /// answer was partly changed. The last review of a part decides.
    pub(super) fn at_review(&self, parts: &BTreeSet<&Label>, as_at: Date) -> Option<ReviewOutcome> {
        let of_part = |part: &&Label| {
            let mut decided: Vec<&ReviewedPart> =
                self.reviewed.iter().filter(|one| one.part == **part && one.decided_on <= as_at).collect();
            decided.sort_by_key(|one| one.decided_on);
            decided.last().map(|one| one.result)
        };
        whole(&parts.iter().filter_map(of_part).collect::<Vec<_>>())
    }

    /// What notices sent by the end of `as_at` found of the ground `class` for these parts. A finding on a section is one on
    /// everything below it, and one on grounds in the alternative is one on the class of alternatives of its parts, where
    /// there is one alone.
    pub(super) fn at_regulator(
        &self,
        class: GroundClass<'_>,
        parts: &BTreeSet<&Label>,
        as_at: Date,
    ) -> BTreeSet<RegulatorFinding> {
        let concerns = |one: &&FoundOn| {
            let same_part = one.parts.as_ref().is_none_or(|named| named.iter().any(|label| parts.contains(label)));
            let same_ground = match &one.provision {
                Some(provision) => !is_alternatives(class.name) && within(class.name, provision),
                None => class.is_only_alternatives,
            };
            one.sent_on <= as_at && same_part && same_ground
        };
        self.found.iter().filter(concerns).map(|one| one.finding).collect()
    }
}

/// A ground as it is counted, among those of the same parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroundClass<'a> {
    /// The provision, or the alternatives.
    pub name: &'a str,
    /// Whether it is the only class of alternatives there: a finding on grounds in the alternative does not name them.
    pub is_only_alternatives: bool,
}

impl<'a> GroundClass<'a> {
    /// A class among all those that were cited for its parts.
    pub(super) fn among(name: &'a str, all: impl Iterator<Item = &'a str>) -> Self {
        let others = all.filter(|other| *other != name && is_alternatives(other)).count();
        Self { name, is_only_alternatives: is_alternatives(name) && others == 0 }
    }
}

/// Whether a class is one of grounds in the alternative.
fn is_alternatives(class: &str) -> bool {
    class.contains(" or ")
}

/// What reviews made of answers that cited a ground.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ReviewResults {
    /// The answer stood for every part that cited it.
    pub position_maintained: Figure,
    /// It was changed in part, or differently for different parts.
    pub partly_changed: Figure,
    /// It was replaced.
    pub overturned: Figure,
}

/// What the regulator found of a ground.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct RegulatorResults {
    /// The ground applies, and the refusal stands.
    pub correctly_applied: Figure,
    /// The ground does not apply.
    pub not_engaged: Figure,
    /// The ground applies, but the public interest is for disclosure, or for confirming or denying.
    pub public_interest_favours_disclosure: Figure,
    /// The ground applies to some of the information.
    pub partly: Figure,
    /// Not looked at, because another ground was enough.
    pub not_examined: Figure,
}

/// Requests by what became of a ground that they cited.
#[derive(Debug, Clone, Default)]
pub(super) struct Results {
    reviews: Vec<ReviewOutcome>,
    findings: Vec<RegulatorFinding>,
}

impl Results {
    /// Adds one request.
    pub fn add(&mut self, redress: &Redress, class: GroundClass<'_>, parts: &BTreeSet<&Label>, as_at: Date) {
        self.reviews.extend(redress.at_review(parts, as_at));
        self.findings.extend(redress.at_regulator(class, parts, as_at));
    }

    /// What reviews made of them, of `requests`.
    pub fn at_review(&self, requests: u32) -> ReviewResults {
        let of =
            |wanted| Figure::new(super::figure::count(self.reviews.iter().filter(|one| **one == wanted)), requests);
        ReviewResults {
            position_maintained: of(ReviewOutcome::PositionMaintained),
            partly_changed: of(ReviewOutcome::PartlyChanged),
            overturned: of(ReviewOutcome::Overturned),
        }
    }

    /// What the regulator found of the ground, of `requests`.
    pub fn at_regulator(&self, requests: u32) -> RegulatorResults {
        let of =
            |wanted| Figure::new(super::figure::count(self.findings.iter().filter(|one| **one == wanted)), requests);
        RegulatorResults {
            correctly_applied: of(RegulatorFinding::CorrectlyApplied),
            not_engaged: of(RegulatorFinding::NotEngaged),
            public_interest_favours_disclosure: of(RegulatorFinding::PublicInterestFavoursDisclosure),
            partly: of(RegulatorFinding::Partly),
            not_examined: of(RegulatorFinding::NotExamined),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_that_names_no_alternatives_is_one_on_the_only_ones_there() {
        let cited = ["23(5) or 24(2)", "31(3)"];
        assert!(GroundClass::among("23(5) or 24(2)", cited.into_iter()).is_only_alternatives);
        assert!(!GroundClass::among("31(3)", cited.into_iter()).is_only_alternatives);
        let two = ["23(5) or 24(2)", "35(1)(a) or 36(2)(b)"];
        assert!(two.iter().all(|class| !GroundClass::among(class, two.into_iter()).is_only_alternatives));
    }
}

//! The outcome of a review says what became of the answer: EIR reg 11(4), FOISA s21(5), EI(S)Rs reg 16(4), and good
//! practice under FOIA.

use crate::{
    casework::response::ResponseKind,
    law::{
        Regime, Severity,
        notice::{
            check::{
                Applies::{Guidance, Under},
                Check, Hit, Test,
            },
            letter::Letter,
        },
    },
};

/// The checks of a review's outcome.
pub(super) const CHECKS: &[Check] = &[Check {
    id: "review-letter-decides-nothing",
    severity: Severity::Warning,
    rests_on: [Guidance, Under("regulation 11(4)"), Under("section 21(5)"), Under("regulation 16(4)")],
    message: "The outcome of the review has no decision on any part, and none is recorded with the review.",
    next_step: "Determine the parts in the letter, or record the decision of the review that the letter names.",
    test: Test::Letter(decides_nothing),
}];

fn decides_nothing(letter: &Letter<'_>) -> Vec<Hit> {
    let is_decided = letter.facts.review.is_some_and(|review| review.is_decided);
    if letter.facts.kind != ResponseKind::Review || is_decided || !letter.facts.determinations.is_empty() {
        return Vec::new();
    }
    let mut regimes: Vec<Regime> = letter.reviewed().into_iter().map(|part| part.regime).collect();
    regimes.sort_unstable();
    regimes.dedup();
    regimes.into_iter().map(|regime| Hit::at("/determinations").under(regime)).collect()
}

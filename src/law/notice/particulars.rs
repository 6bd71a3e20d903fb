//! The requester's further rights, which a notice of refusal must name: the internal review and the regulator. FOIA
//! s17(7), EIR reg 14(5), FOISA s19 (for a section 17 notice too) and s21(10), EI(S)Rs reg 13(e).

use crate::{
    casework::response::{DeterminationOutcome, Particular, ResponseKind},
    law::{
        Regime, Severity,
        notice::{
            check::{
                Applies::{Guidance, Never, Under},
                Check, Hit, Test,
            },
            letter::{DeterminedPart, Letter},
        },
    },
};

/// The checks of particulars.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "missing-internal-review",
        severity: Severity::Error,
        rests_on: [
            Under("section 17(7)(a)"),
            Under("regulation 14(5)(a)"),
            Under("section 19(a)"),
            Under("regulation 13(e)"),
        ],
        message: "The notice is not recorded as giving particulars of the internal review.",
        next_step: "Give them; only under the Act of 2000 may the notice say instead that there is no such procedure.",
        test: Test::Letter(internal_review),
    },
    Check {
        id: "missing-regulator",
        severity: Severity::Error,
        rests_on: [
            Under("section 17(7)(b)"),
            Under("regulation 14(5)(b)"),
            Under("section 19(b)"),
            Under("regulation 13(e)"),
        ],
        message: "The notice is not recorded as giving particulars of the right to apply to the regulator.",
        next_step: "Give the particulars of the regulator and of the right to apply.",
        test: Test::Letter(|letter| regulator(letter, false)),
    },
    Check {
        id: "review-outcome-without-further-rights",
        severity: Severity::Error,
        rests_on: [Never, Never, Under("section 21(10)"), Never],
        message: "The outcome of the review is not recorded as giving particulars of the application to the Commissioner and of the appeal.",
        next_step: "Give the particulars of the rights under sections 47(1) and 56.",
        test: Test::Letter(|letter| regulator(letter, true)),
    },
    Check {
        id: "review-outcome-without-regulator",
        severity: Severity::Warning,
        rests_on: [Guidance, Guidance, Never, Guidance],
        message: "The outcome of the review is not recorded as saying how to apply to the regulator.",
        next_step: "Say how the requester can apply to the regulator.",
        test: Test::Letter(|letter| regulator(letter, true)),
    },
];

/// A transferred or fully answered part asks for no notice; nor does an answer of not held under FOIA.
fn asks_for_notice(part: &DeterminedPart<'_>) -> bool {
    part.refuses() || (part.regime == Regime::Foisa && part.outcome() == DeterminationOutcome::NotHeld)
}

/// The regimes under which something is refused, each once. FOISA s21(10) asks for particulars whatever a review came to.
fn regimes(letter: &Letter<'_>) -> Vec<Regime> {
    let at_review = letter.facts.kind == ResponseKind::Review;
    let asks = |part: &&DeterminedPart<'_>| asks_for_notice(part) || (at_review && part.regime == Regime::Foisa);
    let mut regimes: Vec<Regime> = letter.parts.iter().filter(asks).map(|part| part.regime).collect();
    regimes.sort_unstable();
    regimes.dedup();
    regimes
}

fn hits(letter: &Letter<'_>, pointer: &str, wrong: impl Fn(Regime) -> bool) -> Vec<Hit> {
    let wrong = regimes(letter).into_iter().filter(|regime| wrong(*regime));
    wrong.map(|regime| Hit::at(pointer).under(regime)).collect()
}

fn internal_review(letter: &Letter<'_>) -> Vec<Hit> {
    if letter.facts.kind == ResponseKind::Review {
        return Vec::new();
    }
    let given = letter.facts.particulars.internal_review;
    hits(letter, "/particulars/internal_review", |regime| match given {
        Some(Particular::Stated) => false,
        Some(Particular::NoneExists) => regime != Regime::Foia,
        Some(Particular::Omitted) | None => true,
    })
}

fn regulator(letter: &Letter<'_>, at_review: bool) -> Vec<Hit> {
    let stated = letter.facts.particulars.regulator == Some(Particular::Stated);
    if stated || (letter.facts.kind == ResponseKind::Review) != at_review {
        return Vec::new();
    }
    hits(letter, "/particulars/regulator", |_| true)
}

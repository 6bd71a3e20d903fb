//! The requester's further rights, which a notice of refusal must name: the internal review and the regulator. FOIA
//! s17(7), EIR reg 14(5), FOISA s19 (for a section 17 notice too) and s21(10), EI(S)Rs reg 13(e). And those of EIR reg
//! 6(2)(c), where the answer is where the information is to be had.

use crate::{
    casework::response::{DeterminationOutcome, Particular, ResponseKind},
    law::{
        Regime, Severity,
        notice::{
            ParticularsInSettings,
            check::{
                Applies::{self, Guidance, Never, Under},
                Check, Hit, Test,
            },
            letter::{DeterminedPart, Letter},
        },
    },
};

const INTERNAL_REVIEW: [Applies; 4] =
    [Under("section 17(7)(a)"), Under("regulation 14(5)(a)"), Under("section 19(a)"), Under("regulation 13(e)")];

const REGULATOR: [Applies; 4] =
    [Under("section 17(7)(b)"), Under("regulation 14(5)(b)"), Under("section 19(b)"), Under("regulation 13(e)")];

/// That the information is public in another form is no refusal: the explanation has particulars of its own.
const EXPLANATION: [Applies; 4] = [Never, Under("regulation 6(2)(c)"), Never, Never];

/// The checks of particulars.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "missing-internal-review",
        severity: Severity::Error,
        rests_on: INTERNAL_REVIEW,
        message: "The notice is not recorded as giving particulars of the internal review.",
        next_step: "Give them; only under the Act of 2000 may the notice say instead that there is no such procedure.",
        test: Test::Letter(internal_review),
    },
    Check {
        id: "missing-regulator",
        severity: Severity::Error,
        rests_on: REGULATOR,
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
    Check {
        id: "accessible-without-internal-review",
        severity: Severity::Error,
        rests_on: EXPLANATION,
        message: "The letter says where the information can be had, and is not recorded as giving particulars of the reconsideration.",
        next_step: "Tell of the right to make representations under regulation 11.",
        test: Test::Letter(|letter| by_form(letter, "/particulars/internal_review", internal_review_is_said)),
    },
    Check {
        id: "accessible-without-regulator",
        severity: Severity::Error,
        rests_on: EXPLANATION,
        message: "The letter says where the information can be had, and is not recorded as giving particulars of enforcement and appeal.",
        next_step: "Tell of the enforcement and appeal provisions that regulation 18 applies.",
        test: Test::Letter(|letter| by_form(letter, "/particulars/regulator", |letter, _| regulator_is_said(letter))),
    },
    Check {
        id: "internal-review-not-in-settings",
        severity: Severity::Warning,
        rests_on: INTERNAL_REVIEW,
        message: "The draft is recorded as giving particulars of the internal review, and the authority's settings have none: \
                  its notice has a gap there.",
        next_step: "Set `review_particulars` of the authority before the notice is sent.",
        test: Test::Letter(|letter| {
            let stated = letter.facts.particulars.internal_review == Some(Particular::Stated);
            not_in_settings(letter, "/particulars/internal_review", stated, |settings| settings.internal_review)
        }),
    },
    Check {
        id: "regulator-not-in-settings",
        severity: Severity::Warning,
        rests_on: REGULATOR,
        message: "The draft is recorded as giving particulars of the regulator, and the authority's settings have none: its \
                  notice has a gap there.",
        next_step: "Set `regulator_particulars` of the authority before the notice is sent.",
        test: Test::Letter(|letter| {
            let stated = letter.facts.particulars.regulator == Some(Particular::Stated);
            not_in_settings(letter, "/particulars/regulator", stated, |settings| settings.regulator)
        }),
    },
];

/// A transferred or fully answered part asks for no notice; nor does an answer of not held under FOIA.
fn asks_for_notice(part: &DeterminedPart<'_>) -> bool {
    part.refuses() || (part.regime == Regime::Foisa && part.outcome() == DeterminationOutcome::NotHeld)
}

/// Whether the part is answered by where the information is to be had (EIR reg 6(1)(b)), which is no refusal there.
fn tells_of_another_form(part: &DeterminedPart<'_>) -> bool {
    part.regime == Regime::Eir && part.outcome() == DeterminationOutcome::AccessibleElsewhere
}

fn is_at_review(letter: &Letter<'_>) -> bool {
    letter.facts.kind == ResponseKind::Review
}

/// The regimes under which something is refused, each once. FOISA s21(10) asks for particulars whatever a review came to,
/// also where its notice determines nothing.
fn regimes(letter: &Letter<'_>) -> Vec<Regime> {
    let at_review = is_at_review(letter);
    let asks = |part: &&DeterminedPart<'_>| asks_for_notice(part) && (at_review || !tells_of_another_form(part));
    let mut regimes: Vec<Regime> = letter.parts.iter().filter(asks).map(|part| part.regime).collect();
    if at_review {
        let reviewed = letter.reviewed().into_iter().map(|part| part.regime);
        regimes.extend(reviewed.filter(|regime| *regime == Regime::Foisa));
    }
    regimes.sort_unstable();
    regimes.dedup();
    regimes
}

fn hits(letter: &Letter<'_>, pointer: &str, wrong: impl Fn(Regime) -> bool) -> Vec<Hit> {
    let wrong = regimes(letter).into_iter().filter(|regime| wrong(*regime));
    wrong.map(|regime| Hit::at(pointer).under(regime)).collect()
}

fn internal_review_is_said(letter: &Letter<'_>, regime: Regime) -> bool {
    match letter.facts.particulars.internal_review {
        Some(Particular::Stated) => true,
        Some(Particular::NoneExists) => regime == Regime::Foia,
        Some(Particular::Omitted) | None => false,
    }
}

fn regulator_is_said(letter: &Letter<'_>) -> bool {
    letter.facts.particulars.regulator == Some(Particular::Stated)
}

fn internal_review(letter: &Letter<'_>) -> Vec<Hit> {
    if is_at_review(letter) {
        return Vec::new();
    }
    hits(letter, "/particulars/internal_review", |regime| !internal_review_is_said(letter, regime))
}

fn regulator(letter: &Letter<'_>, at_review: bool) -> Vec<Hit> {
    if regulator_is_said(letter) || is_at_review(letter) != at_review {
        return Vec::new();
    }
    hits(letter, "/particulars/regulator", |_| true)
}

/// Beside a refusal under the same Regulations its particulars are missed already, and they would be the same.
fn by_form(letter: &Letter<'_>, pointer: &str, is_said: fn(&Letter<'_>, Regime) -> bool) -> Vec<Hit> {
    let told = !is_at_review(letter) && letter.parts.iter().any(tells_of_another_form);
    if !told || regimes(letter).contains(&Regime::Eir) || is_said(letter, Regime::Eir) {
        return Vec::new();
    }
    vec![Hit::at(pointer).under(Regime::Eir)]
}

/// At a review these particulars are asked for by other provisions, or by none.
fn not_in_settings(
    letter: &Letter<'_>,
    pointer: &str,
    stated: bool,
    are_set: fn(ParticularsInSettings) -> bool,
) -> Vec<Hit> {
    let lacking = letter.facts.particulars_in_settings.is_some_and(|settings| !are_set(settings));
    if is_at_review(letter) || !stated || !lacking {
        return Vec::new();
    }
    hits(letter, pointer, |_| true)
}

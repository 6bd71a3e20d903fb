//! What a notice leaves out because to say it would itself disclose exempt information (FOIA s17(4), FOISA s16(3)). What
//! is recorded as left out is never shown, even where the law does not allow it: then a gap says so.

use crate::{
    casework::{
        notice_document::{
            NoticeError,
            citations::{canonical, enumerated},
            model::Passage,
            wording::{Told, Wording},
        },
        response::StatementOmitted,
    },
    law::{Regime, citations::within},
};

/// Which statements are left out, and whether the law allows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Omission {
    /// Why the ground applies.
    pub reasons: bool,
    /// How the public interest was weighed.
    pub public_interest: bool,
    forbidden: bool,
}

/// The provisions that ask for the two statements: why the ground applies, and the public interest.
const fn asked_for_by(regime: Regime) -> (&'static str, &'static str) {
    match regime {
        Regime::Foia => ("17(1)(c)", "17(3)"),
        Regime::Eir => ("14(3)(a)", "14(3)(b)"),
        Regime::Foisa => ("16(1)(d)", "16(2)"),
        Regime::Eisr => ("13(c)", "13(b)"),
    }
}

/// The provision that allows a statement to be left out.
const fn allowed_by(regime: Regime) -> Option<&'static str> {
    match regime {
        Regime::Foia => Some("17(4)"),
        Regime::Foisa => Some("16(3)"),
        Regime::Eir | Regime::Eisr => None,
    }
}

impl Omission {
    /// What a ground leaves out. What cannot be assigned to one statement is taken for both.
    pub(super) fn of(regime: Regime, omitted: &StatementOmitted) -> Self {
        let (reasons, public_interest) = asked_for_by(regime);
        let covered: Vec<String> = omitted.covers.iter().map(|covered| canonical(covered)).collect();
        let covers = |path: &str| covered.iter().any(|covered| within(covered, path) || within(path, covered));
        let known = |covered: &String| {
            [reasons, public_interest].iter().any(|path| within(covered, path) || within(path, covered))
        };
        let unclear = covered.is_empty() || !covered.iter().all(known);
        // FOISA s16(3) never frees the statement of the public interest.
        let weighing = covers(public_interest) || (unclear && regime != Regime::Foisa);
        Self {
            reasons: unclear || covers(reasons),
            public_interest: weighing,
            forbidden: allowed_by(regime) != Some(canonical(&omitted.under).as_str())
                || (regime == Regime::Foisa && weighing),
        }
    }

    /// What either leaves out: of alternatives, what one leaves out all leave out.
    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            reasons: self.reasons || other.reasons,
            public_interest: self.public_interest || other.public_interest,
            forbidden: self.forbidden || other.forbidden,
        }
    }

    /// The sentence that says what is left out.
    pub(super) fn passage(self, words: &mut Wording) -> Result<Option<Passage>, NoticeError> {
        let mut statements = Vec::new();
        if self.reasons {
            statements.push(words.phrase("left_out_reasons")?);
        }
        if self.public_interest {
            statements.push(words.phrase("left_out_public_interest")?);
        }
        if statements.is_empty() {
            return Ok(None);
        }
        let told = Told::that("statements", enumerated(statements));
        Ok(Some(if self.forbidden {
            Passage::gap(words.say("left_out_gap", told)?)
        } else {
            Passage::paragraph(words.say("left_out", told)?)
        }))
    }
}

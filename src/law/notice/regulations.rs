//! What the Regulations ask beyond the Acts: a presumption in favour of disclosure (EIR reg 12(2), EI(S)Rs reg 10(2)(b)),
//! and that information on emissions is not refused under the exceptions for interests of others (EIR reg 12(9), EI(S)Rs
//! reg 10(6)).

use crate::{
    casework::response::DeterminationOutcome as Outcome,
    law::{
        Regime, Severity,
        notice::{
            check::{
                Applies::{self, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
        },
    },
};

const EMISSIONS: [Applies; 4] = [Never, Under("regulation 12(9)"), Never, Under("regulation 10(6)")];

/// The checks of the Regulations alone.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "presumption-not-applied",
        severity: Severity::Warning,
        rests_on: [Never, Under("regulation 12(2)"), Never, Under("regulation 10(2)(b)")],
        message: "The public-interest test of part {part} does not show that the presumption in favour of disclosure was applied.",
        next_step: "Apply the presumption, say so in the letter, and record `presumption_applied`.",
        test: Test::Part(presumption),
    },
    Check {
        id: "emissions-refused",
        severity: Severity::Error,
        rests_on: EMISSIONS,
        message: "{provision} does not apply to information on emissions, and what it covers is recorded as such.",
        next_step: "Rely on an exception that information on emissions admits, or give the information.",
        test: Test::Ground(|part, ground| {
            let on_emissions = ground.ground.concerns_emissions == Some(true);
            Hit::when(on_emissions && barred(part, ground), "/concerns_emissions")
        }),
    },
    Check {
        id: "emissions-not-considered",
        severity: Severity::Advice,
        rests_on: EMISSIONS,
        message: "{provision} does not apply to information on emissions, and whether this is such is not recorded.",
        next_step: "Record `concerns_emissions`.",
        test: Test::Ground(|part, ground| {
            let unknown = ground.ground.concerns_emissions.is_none();
            Hit::when(unknown && barred(part, ground), "/concerns_emissions")
        }),
    },
];

fn presumption(part: &DeterminedPart<'_>) -> Vec<Hit> {
    if !matches!(part.outcome(), Outcome::Withheld | Outcome::PartlyDisclosed) {
        return Vec::new();
    }
    let tests = part.determination.public_interest_tests.iter().enumerate();
    tests
        .filter(|(_, test)| test.presumption_applied != Some(true))
        .map(|(at, _)| Hit::at(format!("/public_interest_tests/{at}/presumption_applied")))
        .collect()
}

/// Whether the exception is one that information on emissions closes: (d) to (g) of EIR reg 12(5), EI(S)Rs reg 10(5).
fn barred(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> bool {
    let exceptions = match part.regime {
        Regime::Eir => ["12(5)(d)", "12(5)(e)", "12(5)(f)", "12(5)(g)"],
        Regime::Eisr => ["10(5)(d)", "10(5)(e)", "10(5)(f)", "10(5)(g)"],
        Regime::Foia | Regime::Foisa => return false,
    };
    exceptions.iter().any(|exception| ground.is_within(exception))
}

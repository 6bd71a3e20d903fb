//! The public-interest test: made where the ground is qualified, reasoned, and in favour of what was done. FOIA s2(1)(b),
//! s2(2)(b), s17(3); EIR regs 12(1)(b), 14(3)(b); FOISA ss2(1)(b), 16(2); EI(S)Rs regs 10(1)(b), 13(b). The interest in
//! maintaining must outweigh: an equal balance means disclosure.

use crate::{
    casework::response::{Balance, PublicInterestTest},
    law::{
        Regime, Severity,
        catalogue::{Applicability, Catalogue, Provision, ProvisionKind},
        citations::within,
        notice::{
            check::{
                Applies::{self, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
            resolution::canonical,
        },
    },
};

const REASONED: [Applies; 4] =
    [Under("section 17(3)"), Under("regulation 14(3)(b)"), Under("section 16(2)"), Under("regulation 13(b)")];
const OUTWEIGHS: [Applies; 4] =
    [Under("section 2"), Under("regulation 12(1)(b)"), Under("section 2(1)(b)"), Under("regulation 10(1)(b)")];

/// The checks of public-interest tests.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "missing-public-interest-test",
        severity: Severity::Error,
        rests_on: REASONED,
        message: "{provision} is qualified, and no public-interest test covers it.",
        next_step: "Weigh the public interest and give the reasons; one test may cover several grounds.",
        test: Test::Ground(|part, ground| untested(part, ground, Demand::Required)),
    },
    Check {
        id: "public-interest-test-not-shown",
        severity: Severity::Warning,
        // FOISA s18(2) disapplies s16: that a confirmation would be against the public interest is a condition of s18(1).
        rests_on: [
            Under("section 17(3)"),
            Under("regulation 14(3)(b)"),
            Under("section 18(1)"),
            Under("regulation 13(b)"),
        ],
        message: "The record shows no public-interest test for {provision}, which may need one.",
        next_step: "Record the test, or name the condition that makes the ground absolute.",
        test: Test::Ground(|part, ground| {
            if part.regime == Regime::Foisa && !ground.is_of(ProvisionKind::Ncnd) {
                return Vec::new();
            }
            untested(part, ground, Demand::Advisable)
        }),
    },
    Check {
        id: "conditional-ground-without-test",
        severity: Severity::Warning,
        rests_on: [Never, Never, Under("section 16(2)"), Never],
        message: "No public-interest test covers {provision}, which may need one.",
        next_step: "Give the test, or name the condition that makes the ground absolute.",
        test: Test::Ground(|part, ground| {
            if ground.is_of(ProvisionKind::Ncnd) {
                return Vec::new();
            }
            untested(part, ground, Demand::Advisable)
        }),
    },
    Check {
        id: "balance-favours-disclosure",
        severity: Severity::Error,
        rests_on: OUTWEIGHS,
        message: "The balance is recorded as {balance}, and yet part {part} is refused: the interest in maintaining must outweigh.",
        next_step: "Answer the part, or weigh again and record the balance that was found.",
        test: Test::Part(favours_disclosure),
    },
    Check {
        id: "missing-balance",
        severity: Severity::Error,
        rests_on: REASONED,
        message: "A public-interest test of part {part} does not say where the balance lies.",
        next_step: "Record the balance: maintain, equal or disclose.",
        test: Test::Part(|part| tests(part, lacks_balance, "/balance")),
    },
    Check {
        id: "missing-factors",
        severity: Severity::Error,
        rests_on: REASONED,
        message: "A public-interest test of part {part} gives no factor on either side.",
        next_step: "Give the factors for and against.",
        test: Test::Part(|part| tests(part, lacks_factors, "/factors_against")),
    },
    Check {
        id: "one-sided-factors",
        severity: Severity::Warning,
        rests_on: REASONED,
        message: "A public-interest test of part {part} gives factors on one side only.",
        next_step: "Give the factors on the other side too, or say that there are none of weight.",
        test: Test::Part(|part| tests(part, is_one_sided, "/factors_for")),
    },
    Check {
        id: "public-interest-test-incomplete",
        severity: Severity::Warning,
        // As with a test that is not shown at all: FOISA s18(2) disapplies s16.
        rests_on: [
            Under("section 17(3)"),
            Under("regulation 14(3)(b)"),
            Under("section 18(1)"),
            Under("regulation 13(b)"),
        ],
        message: "The record of a public-interest test of part {part} lacks {lacking}.",
        next_step: "Record the balance and the factors on both sides, or that there are none of weight.",
        test: Test::Part(incomplete),
    },
    Check {
        id: "test-of-uncited-provision",
        severity: Severity::Warning,
        rests_on: REASONED,
        message: "A public-interest test of part {part} covers {tested}, which the part does not cite.",
        next_step: "Cite the provision, or take it out of the test.",
        test: Test::Part(of_uncited),
    },
    Check {
        id: "test-decided-after-issue",
        severity: Severity::Warning,
        rests_on: OUTWEIGHS,
        message: "The public interest of part {part} was decided on {decided_on}, after the letter of {issued_on}.",
        next_step: "Correct the date, or weigh the public interest before answering.",
        test: Test::Part(decided_after_issue),
    },
];

/// How far a ground calls for a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demand {
    Required,
    Advisable,
    Nothing,
}

/// A conditional ground is settled by the conditions or limbs named with it: one that is absolute is enough. Section 36
/// is absolute for the Houses of Parliament alone, and their certificate under s36(7) shows it.
fn demand(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Demand {
    let row = ground.standing_row().filter(|_| !part.is_named_for_section_18(ground));
    let Some(row) = row else {
        return Demand::Nothing;
    };
    match row.requires_public_interest_test {
        Applicability::No => Demand::Nothing,
        Applicability::Yes if row.missing_test == Some(Severity::Warning) => Demand::Advisable,
        Applicability::Yes => Demand::Required,
        Applicability::Conditional if ground.is_within("36") && part.regime.division() == "section" => {
            if ground.ground.certificate.is_some() { Demand::Advisable } else { Demand::Required }
        }
        Applicability::Conditional => settled_by(&deciding(part, ground, row)),
    }
}

/// Whether the ground stands, and no public interest is weighed for it.
pub(super) fn is_absolute(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> bool {
    ground.standing_row().is_some() && demand(part, ground) == Demand::Nothing
}

/// The provisions that decide whether a conditional ground is absolute: those that meet its requirements, or the limbs
/// it mirrors.
fn deciding(part: &DeterminedPart<'_>, ground: &CitedGround<'_>, row: &Provision) -> Vec<&'static Provision> {
    let mirrored =
        row.ncnd_of.iter().filter_map(|id| Catalogue::embedded().get(id)).map(|mirrored| &mirrored.provision);
    let required = row.requires.iter().flat_map(|requirement| &requirement.any_of);
    let known: Vec<&String> = required.chain(mirrored).collect();
    let decides = |path: &str| known.iter().any(|known| within(path, known));
    part.companions_of(ground).into_iter().filter(|companion| decides(&companion.provision)).collect()
}

fn settled_by(deciding: &[&Provision]) -> Demand {
    let any = |settled: Applicability| deciding.iter().any(|row| row.requires_public_interest_test == settled);
    if any(Applicability::No) {
        Demand::Nothing
    } else if any(Applicability::Yes) && !any(Applicability::Conditional) {
        Demand::Required
    } else {
        Demand::Advisable
    }
}

/// Whether a test names the ground, a parent of it, any alternative to it, or its group.
fn covers(part: &DeterminedPart<'_>, ground: &CitedGround<'_>, test: &PublicInterestTest) -> bool {
    let members = part.alternatives_of(ground);
    test.provisions.iter().any(|named| {
        ground.alternative_group() == Some(named.as_str()) || members.iter().any(|member| names(named, member))
    })
}

/// Whether a test that names this covers the ground: a bare section covers all that stands below it.
fn names(named: &str, ground: &CitedGround<'_>) -> bool {
    within(ground.name(), &canonical(named)) || named == ground.resolution.cited
}

/// The statement of the public interest, which FOIA s17(4) allows to be left out.
fn left_out(ground: &CitedGround<'_>) -> bool {
    ground.leaves_out("17(3)")
}

fn untested(part: &DeterminedPart<'_>, ground: &CitedGround<'_>, demand_asked: Demand) -> Vec<Hit> {
    let tested = part.determination.public_interest_tests.iter().any(|test| covers(part, ground, test));
    let wrong = part.refuses() && demand(part, ground) == demand_asked && !tested && !left_out(ground);
    Hit::when(wrong, "")
}

fn lacks_balance(test: &PublicInterestTest) -> bool {
    test.balance.is_none()
}

fn lacks_factors(test: &PublicInterestTest) -> bool {
    test.factors_for.is_empty() && test.factors_against.is_empty()
}

fn is_one_sided(test: &PublicInterestTest) -> bool {
    test.factors_for.is_empty() != test.factors_against.is_empty()
}

/// Whether the test is one whose absence would be a warning: what it lacks weighs no more. Under FOISA that is the test of
/// section 18(1) alone.
fn is_advisable(part: &DeterminedPart<'_>, test: &PublicInterestTest) -> bool {
    if part.regime == Regime::Foisa {
        return part.neither_confirms_nor_denies() && part.cites(ProvisionKind::Ncnd);
    }
    let mut covered = part.grounds.iter().filter(|ground| covers(part, ground, test)).peekable();
    covered.peek().is_some() && covered.all(|ground| demand(part, ground) == Demand::Advisable)
}

/// The tests of the part with their places, those whose absence would be a warning or the others; none where the statement of
/// the public interest is left out.
fn recorded_tests<'b>(
    part: &'b DeterminedPart<'_>,
    advisable: bool,
) -> impl Iterator<Item = (usize, &'b PublicInterestTest)> + 'b {
    let told = !part.grounds.iter().any(left_out);
    let tests = part.determination.public_interest_tests.iter().enumerate();
    tests.filter(move |(_, test)| told && is_advisable(part, test) == advisable)
}

fn tests(part: &DeterminedPart<'_>, wrong: fn(&PublicInterestTest) -> bool, member: &str) -> Vec<Hit> {
    let wrong = recorded_tests(part, false).filter(|(_, test)| wrong(test));
    wrong.map(|(at, _)| Hit::at(format!("/public_interest_tests/{at}{member}"))).collect()
}

fn incomplete(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let lacking = |test: &PublicInterestTest| {
        let balance = lacks_balance(test).then_some("a balance");
        let factors = lacks_factors(test).then_some("factors");
        let side = is_one_sided(test).then_some("factors on one side");
        balance.into_iter().chain(factors).chain(side).collect::<Vec<_>>().join(" and ")
    };
    let tests = recorded_tests(part, true).map(|(at, test)| (at, lacking(test)));
    let incomplete = tests.filter(|(_, lacking)| !lacking.is_empty());
    let hit = |(at, lacking)| Hit::at(format!("/public_interest_tests/{at}")).fact("lacking", lacking);
    incomplete.map(hit).collect()
}

fn favours_disclosure(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let maintained = |test: &PublicInterestTest| part.grounds.iter().any(|ground| covers(part, ground, test));
    let tests = part.determination.public_interest_tests.iter().enumerate();
    tests
        .filter(|(_, test)| part.refuses() && maintained(test))
        .filter_map(|(at, test)| {
            let balance = test.balance.filter(|balance| *balance != Balance::Maintain)?;
            Some(Hit::at(format!("/public_interest_tests/{at}/balance")).fact("balance", balance))
        })
        .collect()
}

fn of_uncited(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let cited = |named: &str| {
        part.grounds.iter().any(|ground| {
            ground.alternative_group() == Some(named)
                || names(named, ground)
                || within(&canonical(named), ground.name())
                || ground.relied_rows().any(|row| within(&row.provision, &canonical(named)))
        })
    };
    let tests = part.determination.public_interest_tests.iter().enumerate();
    let named =
        tests.flat_map(|(at, test)| test.provisions.iter().enumerate().map(move |(place, named)| (at, place, named)));
    named
        .filter(|(_, _, named)| !cited(named))
        .map(|(at, place, named)| {
            Hit::at(format!("/public_interest_tests/{at}/provisions/{place}")).fact("tested", named)
        })
        .collect()
}

fn decided_after_issue(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let Some(issued) = part.letter.issued_on else {
        return Vec::new();
    };
    let tests = part.determination.public_interest_tests.iter().enumerate();
    tests
        .filter_map(|(at, test)| {
            let decided = test.decided_on.filter(|decided| *decided > issued)?;
            let hit = Hit::at(format!("/public_interest_tests/{at}/decided_on"));
            Some(hit.fact("decided_on", decided).fact("issued_on", issued))
        })
        .collect()
}

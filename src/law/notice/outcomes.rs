//! Does the kind of each ground fit the outcome of its part? An exemption withholds, an exclusion of the duty to confirm
//! or deny neither confirms nor denies, sections 12 and 14 refuse the request; not one does the work of another.

use crate::{
    casework::response::DeterminationOutcome as Outcome,
    law::{
        Regime, Severity,
        catalogue::{Catalogue, ProvisionKind, Role},
        citations::on_one_line,
        notice::{
            check::{
                Applies::{self, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
            resolution::CitationStatus,
        },
    },
};

const STATED: [Applies; 4] =
    [Under("section 17(1)(a)"), Under("regulation 14(3)(a)"), Under("section 16(1)(b)"), Under("regulation 13(b)")];
const DUTY: [Applies; 4] =
    [Under("section 2(1)"), Under("regulation 12(6)"), Under("section 18(1)"), Under("regulation 10(8)")];
const ACTS_17_5: [Applies; 4] = [Under("section 17(5)"), Never, Under("section 16(4)"), Never];
const ACTS_14: [Applies; 4] = [Under("section 17(5)"), Never, Under("section 16(5)"), Never];

/// The checks of grounds against outcomes.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "substantive-ground-for-ncnd",
        severity: Severity::Error,
        rests_on: DUTY,
        message: "{provision} is a ground for withholding; it does not exclude the duty to confirm or deny.",
        next_step: "Cite the provision that excludes the duty ({instead}), or answer the part another way.",
        test: Test::Ground(substantive_for_ncnd),
    },
    Check {
        id: "ncnd-ground-to-withhold",
        severity: Severity::Error,
        rests_on: STATED,
        message: "{provision} excludes the duty to confirm or deny; it is not a ground for withholding.",
        next_step: "Cite the ground for withholding, or neither confirm nor deny.",
        test: Test::Ground(ncnd_to_withhold),
    },
    Check {
        id: "mixed-ncnd-and-withholding",
        severity: Severity::Error,
        rests_on: DUTY,
        message: "Part {part} cites grounds for withholding together with an exclusion of the duty to confirm or deny; each contradicts the other.",
        next_step: "Split the part in two, the second marked residual (\"any other information\"), and give each its own answer.",
        test: Test::Part(mixed),
    },
    Check {
        id: "exemption-beside-scottish-ncnd",
        severity: Severity::Warning,
        rests_on: [Never, Never, Under("section 18(1)"), Never],
        message: "{provision} is cited beside section 18(1) as if it were a ground of its own.",
        next_step: "Name it among what section 18(1) relies on: it is the exemption that would apply.",
        test: Test::Ground(|part, ground| Hit::when(part.is_named_for_section_18(ground), "/provision")),
    },
    Check {
        id: "ncnd-without-ground",
        severity: Severity::Error,
        rests_on: STATED,
        message: "Part {part} is answered without confirming or denying, and no provision that allows it is cited.",
        next_step: "Cite the provision that excludes the duty to confirm or deny.",
        test: Test::Part(ncnd_without_ground),
    },
    Check {
        id: "refusal-without-ground",
        severity: Severity::Error,
        rests_on: STATED,
        message: "Part {part} is refused in whole or in part, and no ground is cited.",
        next_step: "State the ground relied on.",
        test: Test::Part(refusal_without_ground),
    },
    Check {
        id: "ground-without-refusal",
        severity: Severity::Warning,
        rests_on: STATED,
        message: "Part {part} is recorded as {outcome}, and yet cites {cited}.",
        next_step: "Take the grounds away, or correct the outcome.",
        test: Test::Part(ground_without_refusal),
    },
    Check {
        id: "cost-refusal-ground",
        severity: Severity::Error,
        rests_on: ACTS_17_5,
        message: "A refusal on cost rests on section 12(1) or 12(2) and on nothing else; part {part} cites {cited}.",
        next_step: "State that section 12(1) or 12(2) is relied on, and nothing else for this part.",
        test: Test::Part(|part| outcome_rests_on(part, Outcome::RefusedCost, "12", &["12(1)", "12(2)"])),
    },
    Check {
        id: "vexatious-refusal-ground",
        severity: Severity::Error,
        rests_on: ACTS_14,
        message: "A refusal of a vexatious request rests on section 14(1); part {part} cites {cited}.",
        next_step: "State that section 14(1) is relied on, and nothing else for this part.",
        test: Test::Part(|part| outcome_rests_on(part, Outcome::RefusedVexatious, "14(1)", &["14(1)"])),
    },
    Check {
        id: "repeated-refusal-ground",
        severity: Severity::Error,
        rests_on: ACTS_14,
        message: "A refusal of a repeated request rests on section 14(2); part {part} cites {cited}.",
        next_step: "State that section 14(2) is relied on, and nothing else for this part.",
        test: Test::Part(|part| outcome_rests_on(part, Outcome::RefusedRepeated, "14(2)", &["14(2)"])),
    },
    Check {
        id: "procedural-ground-for-other-outcome",
        severity: Severity::Warning,
        rests_on: ACTS_17_5,
        message: "{provision} relieves from answering the request at all; part {part} is recorded as {outcome}.",
        next_step: "Record the outcome that goes with {provision}, or cite the ground for this one.",
        test: Test::Ground(procedural_for_other_outcome),
    },
    Check {
        id: "outcome-not-in-regime",
        severity: Severity::Error,
        rests_on: [Never, Under("regulation 12(4)(b)"), Never, Under("regulation 10(4)(b)")],
        message: "Part {part} is recorded as {outcome}; the Regulations know no such refusal.",
        next_step: "Rely on the exception for manifestly unreasonable requests, with a public-interest test, or answer the part.",
        test: Test::Part(outcome_not_in_regime),
    },
    Check {
        id: "not-held-without-exception",
        severity: Severity::Error,
        rests_on: [Never, Under("regulation 12(4)(a)"), Never, Under("regulation 10(4)(a)")],
        message: "Part {part} is answered not held, which under the Regulations is an exception that must be cited.",
        next_step: "Cite the exception for information not held, in a notice of refusal.",
        test: Test::Part(not_held_without_exception),
    },
    Check {
        id: "not-held-notice",
        severity: Severity::Advice,
        rests_on: [Never, Never, Under("section 17(1)"), Never],
        message: "Part {part} is answered not held: under the Scottish Act that is a notice of its own.",
        next_step: "Give written notice that the information is not held, with the particulars of section 19.",
        test: Test::Part(|part| Hit::when(part.outcome() == Outcome::NotHeld, "/outcome")),
    },
    Check {
        id: "accessible-elsewhere-without-exemption",
        severity: Severity::Error,
        rests_on: [Under("section 21(1)"), Never, Under("section 25(1)"), Never],
        message: "Part {part} points to where the information can be had, without citing the exemption that allows it.",
        next_step: "Cite the exemption for information otherwise accessible, or give the information.",
        test: Test::Part(accessible_without_exemption),
    },
    Check {
        id: "accessible-elsewhere-unexplained",
        severity: Severity::Warning,
        rests_on: [Never, Under("regulation 6(1)(b)"), Never, Under("regulation 6(1)(b)")],
        message: "Part {part} points to information that is public already, without citing the provision on form and format.",
        next_step: "Cite regulation 6(1)(b) and explain that the information is public and easily accessible to the requester.",
        test: Test::Part(accessible_unexplained),
    },
];

fn withholds(part: &DeterminedPart<'_>) -> bool {
    matches!(part.outcome(), Outcome::Withheld | Outcome::PartlyDisclosed | Outcome::AccessibleElsewhere)
}

fn is_mixed(part: &DeterminedPart<'_>) -> bool {
    let withholds =
        |ground: &CitedGround<'_>| ground.is_of(ProvisionKind::Exemption) && !part.is_named_for_section_18(ground);
    part.cites(ProvisionKind::Ncnd) && part.grounds.iter().any(withholds)
}

fn substantive_for_ncnd(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(row) = ground.row().filter(|row| row.kind == ProvisionKind::Exemption) else {
        return Vec::new();
    };
    if !part.neither_confirms_nor_denies() || is_mixed(part) || part.is_named_for_section_18(ground) {
        return Vec::new();
    }
    let catalogue = Catalogue::embedded();
    let mirrors = |id: &String| {
        let mirrored = catalogue.get(id).map(|mirrored| mirrored.provision.as_str());
        mirrored.is_some_and(|path| on_one_line(&row.provision, path))
    };
    let instead: Vec<&str> = catalogue
        .filtered(Some(part.regime), Some(ProvisionKind::Ncnd), Some(part.on))
        .filter(|other| other.role == Some(Role::Ground) && other.ncnd_of.iter().any(mirrors))
        .map(|other| other.provision.as_str())
        .collect();
    let instead = if instead.is_empty() { "there is none for this ground".to_owned() } else { instead.join(", ") };
    vec![Hit::at("/provision").fact("instead", instead)]
}

fn ncnd_to_withhold(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    Hit::when(withholds(part) && ground.is_of(ProvisionKind::Ncnd) && !is_mixed(part), "/provision")
}

fn mixed(part: &DeterminedPart<'_>) -> Vec<Hit> {
    Hit::when(is_mixed(part), "/grounds")
}

/// A ground that says what was meant, however wrongly, has a finding of its own.
fn ncnd_without_ground(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let says_something = part.cites(ProvisionKind::Ncnd)
        || part.cites(ProvisionKind::Exemption)
        || part.grounds.iter().any(|ground| ground.resolution.status == CitationStatus::Unknown);
    Hit::when(part.neither_confirms_nor_denies() && !says_something, "/grounds")
}

fn refusal_without_ground(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let refused = matches!(part.outcome(), Outcome::Withheld | Outcome::PartlyDisclosed);
    Hit::when(refused && part.grounds.is_empty(), "/grounds")
}

/// The exception that an answer of not held rests on under the Regulations.
const fn not_held_exception(regime: Regime) -> Option<&'static str> {
    match regime {
        Regime::Eir => Some("12(4)(a)"),
        Regime::Eisr => Some("10(4)(a)"),
        Regime::Foia | Regime::Foisa => None,
    }
}

fn ground_without_refusal(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let belongs = |ground: &CitedGround<'_>| match part.outcome() {
        Outcome::Disclosed | Outcome::AdviceGiven | Outcome::Transferred => false,
        Outcome::NotHeld => not_held_exception(part.regime).is_some_and(|exception| ground.is_within(exception)),
        _ => true,
    };
    if part.grounds.iter().all(belongs) {
        return Vec::new();
    }
    vec![Hit::at("/grounds").fact("outcome", part.outcome()).fact("cited", part.names_of_grounds())]
}

fn outcome_rests_on(part: &DeterminedPart<'_>, outcome: Outcome, section: &str, grounds: &[&str]) -> Vec<Hit> {
    let stated = part.grounds.iter().any(|ground| grounds.iter().any(|path| ground.is_within(path)));
    let only = part.grounds.iter().all(|ground| ground.is_within(section));
    if part.outcome() != outcome || (stated && only) {
        return Vec::new();
    }
    vec![Hit::at("/grounds").fact("cited", part.names_of_grounds())]
}

fn procedural_for_other_outcome(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let other = withholds(part) || part.neither_confirms_nor_denies();
    if !other || !ground.is_of(ProvisionKind::ProceduralRefusal) {
        return Vec::new();
    }
    vec![Hit::at("/provision").fact("outcome", part.outcome())]
}

fn outcome_not_in_regime(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let unknown = matches!(part.outcome(), Outcome::RefusedCost | Outcome::RefusedVexatious | Outcome::RefusedRepeated);
    if unknown { vec![Hit::at("/outcome").fact("outcome", part.outcome())] } else { Vec::new() }
}

fn not_held_without_exception(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let cited = not_held_exception(part.regime)
        .is_some_and(|exception| part.grounds.iter().any(|ground| ground.is_within(exception)));
    Hit::when(part.outcome() == Outcome::NotHeld && !cited, "/grounds")
}

fn accessible_without_exemption(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let section = if part.regime == Regime::Foisa { "25" } else { "21" };
    let cited = part.grounds.iter().any(|ground| ground.is_within(section));
    Hit::when(part.outcome() == Outcome::AccessibleElsewhere && !cited, "/grounds")
}

fn accessible_unexplained(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let cited = part.grounds.iter().any(|ground| ground.resolution.cited.contains("6(1)"));
    Hit::when(part.outcome() == Outcome::AccessibleElsewhere && !cited, "/grounds")
}

//! Grounds that cannot both apply to the same information, and grounds relied on in the alternative. A finding about
//! alternatives speaks of all of them alike and never shows which one applied.

use std::collections::BTreeSet;

use crate::{
    casework::response::Threshold,
    law::{
        Severity,
        catalogue::{Provision, ProvisionKind},
        citations::within,
        notice::{
            check::{
                Applies::{self, Guidance, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
            resolution::canonical,
        },
    },
};

const GUIDANCE: [Applies; 4] = [Guidance, Guidance, Guidance, Guidance];

/// The checks of alternatives.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "alternatives-required",
        severity: Severity::Error,
        rests_on: [Under("section 24(1)"), Never, Never, Never],
        message: "Sections 23(1) and 24(1) cannot both apply to the same information, and part {part} does not rely on them in the alternative.",
        next_step: "Give both the same alternative group, with one public-interest test worded to cover both.",
        test: Test::Part(security_without_group),
    },
    Check {
        id: "mutually-exclusive-grounds",
        severity: Severity::Warning,
        rests_on: [Under("sections 31(1), 36(1)(b)"), Never, Never, Never],
        message: "{grounds} are relied on for the same information; by the words of the Act the one leaves out what falls under the other.",
        next_step: "Say which information each covers, rely on one, or rely on them in the alternative.",
        test: Test::Part(mutually_exclusive),
    },
    Check {
        id: "alternative-group-of-one",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "The alternative group {group} of part {part} has a single member, and alternatives need two.",
        next_step: "Add the other ground to the group, or remove the group.",
        test: Test::Part(group_of_one),
    },
    Check {
        id: "alternative-shown-by-certificate",
        severity: Severity::Error,
        rests_on: GUIDANCE,
        message: "A certificate is recorded with one of the alternatives {grounds}; that would show which applies.",
        next_step: "Keep the certificate out of the letter, or have it cover all alternatives alike.",
        test: Test::Part(shown_by_certificate),
    },
    Check {
        id: "alternative-shown-by-particulars",
        severity: Severity::Error,
        rests_on: GUIDANCE,
        message: "The alternatives {grounds} do not have the same reasons, harm and likelihood recorded with each of them; what is said of one alone would show which applies.",
        next_step: "Word one statement that fits all of them, and record the same with each.",
        test: Test::Part(shown_by_particulars),
    },
    Check {
        id: "alternative-test-not-joint",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "A public-interest test of part {part} covers some of the alternatives {grounds} and not all.",
        next_step: "Word one test to cover all of them, and name all of them in it.",
        test: Test::Part(test_not_joint),
    },
    Check {
        id: "ncnd-security-pair",
        severity: Severity::Advice,
        rests_on: [Guidance, Never, Never, Never],
        message: "Section 24(2) is relied on without section 23(5); relying on one alone can tell whether a security body is concerned.",
        next_step: "Rely on sections 23(5) and 24(2) together, and do so for every like request.",
        test: Test::Part(security_pair),
    },
];

fn cited<'b, 'a>(part: &'b DeterminedPart<'a>, path: &str) -> Option<&'b CitedGround<'a>> {
    part.grounds.iter().find(|ground| ground.is_within(path))
}

/// Whether two grounds are relied on for the same information, otherwise than in the alternative. A ground that does not
/// say what it covers covers the whole part.
fn collide(one: &CitedGround<'_>, other: &CitedGround<'_>) -> bool {
    let alternatives = one.alternative_group().is_some() && one.alternative_group() == other.alternative_group();
    let same = match (&one.ground.applies_to, &other.ground.applies_to) {
        (Some(this), Some(that)) => this == that,
        _ => true,
    };
    !alternatives && same
}

fn security_without_group(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let bodies = cited(part, "23(1)");
    let security = cited(part, "24(1)");
    Hit::when(bodies.zip(security).is_some_and(|(one, other)| collide(one, other)), "/grounds")
}

fn exempts(ground: &CitedGround<'_>) -> Option<&'static Provision> {
    ground.standing_row().filter(|row| row.kind == ProvisionKind::Exemption)
}

fn excludes(one: &Provision, other: &Provision) -> bool {
    one.mutually_exclusive_with.iter().any(|path| within(&other.provision, path))
}

/// Sections 23(1) and 24(1) have a check of their own.
fn mutually_exclusive(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let security = |row: &Provision| within(&row.provision, "23") || within(&row.provision, "24");
    let mut names: Vec<&str> = Vec::new();
    let pairs = part.grounds.iter().flat_map(|one| part.grounds.iter().map(move |other| (one, other)));
    for (one, other) in pairs.filter(|(one, other)| one.index < other.index && collide(one, other)) {
        let Some((row, other_row)) = exempts(one).zip(exempts(other)).filter(|(row, _)| !security(row)) else {
            continue;
        };
        if excludes(row, other_row) || excludes(other_row, row) {
            names.extend([one.name(), other.name()]);
        }
    }
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { Vec::new() } else { vec![Hit::at("/grounds").fact("grounds", names.join(", "))] }
}

/// The first member of each alternative group: one for each group.
fn groups<'b, 'a>(part: &'b DeterminedPart<'a>) -> impl Iterator<Item = (&'a str, &'b CitedGround<'a>)> + 'b {
    part.grounds.iter().filter_map(move |ground| {
        let group = ground.alternative_group()?;
        let first = part.alternatives_of(ground).first().map(|member| member.index)?;
        (first == ground.index).then_some((group, ground))
    })
}

fn group_of_one(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let alone = groups(part).filter(|(_, ground)| part.alternatives_of(ground).len() == 1);
    alone.map(|(group, _)| Hit::at("/grounds").fact("group", group)).collect()
}

fn shown_by_certificate(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let shown = groups(part).filter(|(_, ground)| {
        let certificates = part.alternatives_of(ground).into_iter().map(|member| member.ground.certificate.as_ref());
        certificates.clone().any(|certificate| certificate != ground.ground.certificate.as_ref())
    });
    shown.map(|(_, ground)| Hit::at("/grounds").fact("grounds", part.name_of_group(ground))).collect()
}

/// What a ground says of why it applies, how likely the harm is and what it covers. What the statute asks of one provision
/// alone, like the opinion of a qualified person, goes with the provision and tells nothing.
fn particulars<'b>(member: &CitedGround<'b>) -> impl PartialEq + use<'b> {
    let ground = member.ground;
    let of_limbs = ground.relies_on.iter().filter_map(|limb| limb.threshold);
    let thresholds: BTreeSet<Threshold> = ground.threshold.into_iter().chain(of_limbs).collect();
    (thresholds, &ground.reasons, &ground.prejudice, &ground.consistency_reasons, &ground.applies_to)
}

fn shown_by_particulars(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let shown = groups(part).filter(|(_, ground)| {
        let first = particulars(ground);
        part.alternatives_of(ground).into_iter().any(|member| particulars(member) != first)
    });
    shown.map(|(_, ground)| Hit::at("/grounds").fact("grounds", part.name_of_group(ground))).collect()
}

fn test_not_joint(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (at, test) in part.determination.public_interest_tests.iter().enumerate() {
        let paths: Vec<String> = test.provisions.iter().map(|named| canonical(named)).collect();
        let group_named = |group: &str| test.provisions.iter().any(|named| named.as_str() == group);
        for (_, ground) in groups(part).filter(|(group, _)| !group_named(group)) {
            let members = part.alternatives_of(ground);
            let named = members.iter().filter(|member| paths.iter().any(|path| within(member.name(), path))).count();
            if named > 0 && named < members.len() {
                let hit = Hit::at(format!("/public_interest_tests/{at}/provisions"));
                hits.push(hit.fact("grounds", part.name_of_group(ground)));
            }
        }
    }
    hits
}

fn security_pair(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let wrong = part.neither_confirms_nor_denies() && cited(part, "24(2)").is_some() && cited(part, "23(5)").is_none();
    Hit::when(wrong, "/grounds")
}

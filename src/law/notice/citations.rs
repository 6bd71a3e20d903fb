//! Is what the letter cites a ground, of this regime, in force on the day, and precise? FOIA s17(1)(b), EIR reg
//! 14(3)(a), FOISA s16(1)(c), EI(S)Rs reg 13(b). Looks at citations alone, not at what they are used for.

use crate::{
    casework::response::DeterminationOutcome,
    law::{
        Regime, Severity,
        catalogue::{Provision, Role},
        citations::{on_one_line, resolve, within},
        notice::{
            check::{Applies, Check, Hit, Test},
            letter::{CitedGround, DeterminedPart},
            resolution::{CitationStatus, Resolution},
        },
    },
};

const SPECIFIED: [Applies; 4] = [
    Applies::Under("section 17(1)(b)"),
    Applies::Under("regulation 14(3)(a)"),
    Applies::Under("section 16(1)(c)"),
    Applies::Under("regulation 13(b)"),
];

/// The checks of citations.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "unknown-provision",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "There is no provision {cited} to rely on.",
        next_step: "Correct the citation. Provisions close to it: {suggestions}.",
        test: Test::Citation(unknown),
    },
    Check {
        id: "provision-of-another-regime",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "Part {part} is handled under {regime}; {cited} belongs to {other_regime}.",
        next_step: "Cite a provision of {regime}, or handle the part under the other regime.",
        test: Test::Citation(foreign),
    },
    Check {
        id: "provision-not-a-ground",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "{provision} exists, but it is not a ground for refusing anything.",
        next_step: "Cite the exemption, exception or procedural ground that is relied on.",
        test: Test::Citation(not_a_ground),
    },
    Check {
        id: "provision-cannot-stand-alone",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "{provision} is a {role}: it goes with a ground and is none by itself.",
        next_step: "Cite the ground it belongs to ({belongs_to}) and name {provision} among what that ground relies on.",
        test: Test::Citation(cannot_stand_alone),
    },
    Check {
        id: "imprecise-provision",
        severity: Severity::Warning,
        rests_on: SPECIFIED,
        message: "{provision} holds several grounds; which of them is relied on is not said.",
        next_step: "Cite the subsection and paragraph.",
        test: Test::Citation(imprecise),
    },
    Check {
        id: "provision-not-in-force",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "{provision} was not in force on {on}.",
        next_step: "Cite what is in force on the day of the letter: {superseded_by}.",
        test: Test::Citation(not_in_force),
    },
    Check {
        id: "unknown-provision-relied-on",
        severity: Severity::Warning,
        rests_on: SPECIFIED,
        message: "{provision} is said to rely on {relied_on}, which does not exist.",
        next_step: "Correct the provision relied on. Provisions close to it: {suggestions}.",
        test: Test::Citation(unknown_reliance),
    },
    Check {
        id: "provision-relied-on-not-in-force",
        severity: Severity::Warning,
        rests_on: SPECIFIED,
        message: "{provision} is said to rely on {relied_on}, which was not in force on {on}.",
        next_step: "Name what is in force on the day of the letter: {superseded_by}.",
        test: Test::Citation(reliance_not_in_force),
    },
    Check {
        id: "citation-mismatch",
        severity: Severity::Warning,
        rests_on: SPECIFIED,
        message: "The letter has {as_cited}, which does not cite {provision}.",
        next_step: "Correct the letter, or record the provision that it cites.",
        test: Test::Citation(mismatch),
    },
];

/// EIR and EI(S)Rs reg 6(1)(b) answers a request for a form or format. It is no exception, and it is the right citation
/// for information that is easily accessible already.
fn answers_form(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> bool {
    matches!(part.regime, Regime::Eir | Regime::Eisr)
        && part.outcome() == DeterminationOutcome::AccessibleElsewhere
        && ground.resolution.cited.contains("6(1)(b)")
}

fn listed(provisions: &[String]) -> String {
    if provisions.is_empty() { "none".to_owned() } else { provisions.join(", ") }
}

/// The other regime in which the citation is a ground in force, when this regime does not know it.
fn home_of(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Option<Regime> {
    let strange = ground.resolution.status == CitationStatus::Unknown;
    let is_ground =
        |regime: Regime| Resolution::of_ground(regime, part.on, ground.ground).status == CitationStatus::InForce;
    Regime::ALL.iter().copied().find(|regime| strange && *regime != part.regime && is_ground(*regime))
}

fn unknown(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let resolution = &ground.resolution;
    let wrong =
        resolution.status == CitationStatus::Unknown && home_of(part, ground).is_none() && !answers_form(part, ground);
    if !wrong {
        return Vec::new();
    }
    let hit = Hit::at(ground.citing_member()).fact("cited", &resolution.cited);
    vec![hit.fact("suggestions", listed(&resolution.suggestions))]
}

fn foreign(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let home = home_of(part, ground);
    let hit = |home: Regime| {
        Hit::at(ground.citing_member())
            .fact("cited", &ground.resolution.cited)
            .fact("regime", name_of(part.regime))
            .fact("other_regime", name_of(home))
    };
    home.map(hit).into_iter().collect()
}

const fn name_of(regime: Regime) -> &'static str {
    match regime {
        Regime::Foia => "the Freedom of Information Act 2000",
        Regime::Eir => "the Environmental Information Regulations 2004",
        Regime::Foisa => "the Freedom of Information (Scotland) Act 2002",
        Regime::Eisr => "the Environmental Information (Scotland) Regulations 2004",
    }
}

fn not_a_ground(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let wrong = ground.resolution.status == CitationStatus::NotAGround && !answers_form(part, ground);
    Hit::when(wrong, ground.citing_member())
}

fn cannot_stand_alone(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(row) = ground.row() else {
        return Vec::new();
    };
    let Some(role @ (Role::Condition | Role::Purpose | Role::Modifier)) = row.role else {
        return Vec::new();
    };
    let belongs_to: Vec<String> =
        row.requires.iter().flat_map(|requirement| requirement.any_of.iter().cloned()).collect();
    let goes_with = |other: &CitedGround<'_>| {
        other.standing_row().is_some_and(|standing| belongs_to.iter().any(|path| within(&standing.provision, path)))
    };
    if part.grounds.iter().any(|other| other.index != ground.index && goes_with(other)) {
        return Vec::new();
    }
    let hit = Hit::at(ground.citing_member()).fact("role", role);
    vec![hit.fact("belongs_to", listed(&belongs_to))]
}

fn imprecise(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let wrong = ground.row().is_some_and(Provision::is_parent);
    Hit::when(wrong, ground.citing_member())
}

fn not_in_force(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    if ground.resolution.status != CitationStatus::NotInForce {
        return Vec::new();
    }
    let hit = Hit::at(ground.citing_member()).fact("on", part.on);
    vec![hit.fact("superseded_by", listed(&ground.resolution.superseded_by))]
}

/// The letter may cite more broadly or more narrowly than the provision that counts, or cite others beside it.
fn mismatch(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let (Some(row), Some(_), Some(as_cited)) =
        (ground.resolution.row, &ground.ground.provision, &ground.ground.as_cited)
    else {
        return Vec::new();
    };
    let related = |cited: &str| on_one_line(cited, &row.provision);
    let single = Resolution::of(part.regime, part.on, as_cited).row;
    let is_cited = single.is_some_and(|cited| related(&cited.provision))
        || resolve(part.regime, as_cited, part.on).citations.iter().any(|citation| related(&citation.provision));
    if is_cited { Vec::new() } else { vec![Hit::at("/as_cited").fact("as_cited", as_cited)] }
}

fn relied_on_with<'b>(
    ground: &'b CitedGround<'_>,
    status: CitationStatus,
) -> impl Iterator<Item = (String, &'b Resolution)> + 'b {
    let limbs = ground.relied_on.iter().enumerate().filter(move |(_, limb)| limb.status == status);
    limbs.map(|(at, limb)| (format!("/relies_on/{at}/provision"), limb))
}

fn unknown_reliance(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let hit = |(pointer, limb): (String, &Resolution)| {
        Hit::at(pointer).fact("relied_on", &limb.cited).fact("suggestions", listed(&limb.suggestions))
    };
    relied_on_with(ground, CitationStatus::Unknown).map(hit).collect()
}

fn reliance_not_in_force(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let hit = |(pointer, limb): (String, &Resolution)| {
        Hit::at(pointer)
            .fact("relied_on", &limb.cited)
            .fact("on", part.on)
            .fact("superseded_by", listed(&limb.superseded_by))
    };
    relied_on_with(ground, CitationStatus::NotInForce).map(hit).collect()
}

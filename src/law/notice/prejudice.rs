//! Why a ground applies: reasons, and for a ground that turns on prejudice the interest, the harm, the causal link and
//! the likelihood. FOIA s17(1)(c), EIR reg 14(3), FOISA s16(1)(d), EI(S)Rs reg 13(c). FOIA s17(4) and FOISA s16(3) allow
//! a statement to be left out that would itself disclose exempt information.

use crate::{
    casework::{
        response::{DeterminationOutcome, Prejudice, Threshold},
        text::Text,
    },
    law::{
        Regime, Severity,
        catalogue::{Basis, HarmThreshold, Provision, ProvisionKind, Role},
        citations::within,
        notice::{
            check::{
                Applies::{self, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
        },
    },
};

const REASONS: [Applies; 4] =
    [Under("section 17(1)(c)"), Under("regulation 14(3)"), Under("section 16(1)(d)"), Under("regulation 13(c)")];
const OMISSIONS: [Applies; 4] =
    [Under("section 17(4)"), Under("regulation 14(3)"), Under("section 16(3)"), Under("regulation 13")];

/// The checks of reasons and prejudice.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "missing-reasons",
        severity: Severity::Error,
        rests_on: REASONS,
        message: "Why {provision} applies is not said.",
        next_step: "Say why it applies, or record which statement is left out because it would itself disclose exempt information.",
        test: Test::Ground(missing_reasons),
    },
    Check {
        id: "missing-harm",
        severity: Severity::Error,
        rests_on: REASONS,
        message: "{provision} turns on prejudice, and no harm is shown.",
        next_step: "Say what harm would follow from disclosure, or from confirming or denying where that is what is refused.",
        test: Test::Ground(missing_harm),
    },
    Check {
        id: "missing-causal-link",
        severity: Severity::Error,
        rests_on: REASONS,
        message: "How the harm claimed under {provision} would come about is not said.",
        next_step: "Say how disclosure, or confirming or denying, would lead to the harm.",
        test: Test::Ground(|part, ground| {
            lacking(part, ground, "/prejudice/causal_link", |claim| claim.causal_link.is_none())
        }),
    },
    Check {
        id: "missing-interest",
        severity: Severity::Warning,
        rests_on: REASONS,
        message: "The interest that {provision} protects here is not named.",
        next_step: "Name the interest, and show that the harm is a harm to it.",
        test: Test::Ground(|part, ground| {
            lacking(part, ground, "/prejudice/interest", |claim| claim.interest.is_none())
        }),
    },
    Check {
        id: "missing-threshold",
        severity: Severity::Error,
        rests_on: [REASONS_FOIA, Never, REASONS_FOISA, REASONS_EISR],
        message: "{limb} is claimed without saying whether prejudice would, or would be likely to, follow.",
        next_step: "State the threshold for every limb relied on; where none is stated the lower one is assumed.",
        test: Test::Ground(missing_threshold),
    },
    Check {
        id: "foreign-threshold",
        severity: Severity::Error,
        rests_on: [Never, Under("regulation 12(5)"), Never, Never],
        message: "{limb} is claimed at \"would be likely to\"; the exception asks that disclosure would adversely affect the interest.",
        next_step: "Show that the adverse effect is more probable than not, or do not rely on the exception.",
        test: Test::Ground(foreign_threshold),
    },
    Check {
        id: "omission-not-allowed",
        severity: Severity::Error,
        rests_on: OMISSIONS,
        message: "A statement is left out under {under}, which does not allow {covers} to be left out.",
        next_step: "Make the statement, or record the provision that allows it to be left out.",
        test: Test::Ground(omission_not_allowed),
    },
    Check {
        id: "omission-without-decider",
        severity: Severity::Advice,
        rests_on: OMISSIONS,
        message: "A statement about {provision} is left out, without a record of who decided so.",
        next_step: "Record who decided that the statement would itself disclose exempt information.",
        test: Test::Ground(|_, ground| {
            let undecided =
                ground.ground.statement_omitted.as_ref().is_some_and(|omitted| omitted.decided_by.is_none());
            Hit::when(undecided, "/statement_omitted/decided_by")
        }),
    },
];

const REASONS_FOIA: Applies = Under("section 17(1)(c)");
const REASONS_FOISA: Applies = Under("section 16(1)(d)");
const REASONS_EISR: Applies = Under("regulation 13(c)");

/// The provision that asks a notice to say why a ground applies.
#[must_use]
pub const fn reasons_provision(regime: Regime) -> &'static str {
    match regime {
        Regime::Foia => "17(1)(c)",
        Regime::Foisa => "16(1)(d)",
        Regime::Eir => "14(3)",
        Regime::Eisr => "13(c)",
    }
}

/// The row of a ground that needs reasons: not sections 12 and 14, and not where the statement is lawfully left out.
fn needing_reasons(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Option<&'static Provision> {
    let row = ground.standing_row().filter(|row| row.kind != ProvisionKind::ProceduralRefusal)?;
    let left_out =
        matches!(part.regime, Regime::Foia | Regime::Foisa) && ground.leaves_out(reasons_provision(part.regime));
    (!left_out).then_some(row)
}

/// Whether the letter says why, in words or in what the catalogue asks of the ground; or it is plain from the answer.
fn says_why(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> bool {
    let said = ground.ground;
    let complete = |claim: &Prejudice| claim.harm.is_some() && claim.causal_link.is_some();
    said.reasons.is_some()
        || said.prejudice.as_ref().is_some_and(complete)
        || said.legitimate_interests.is_some()
        || !said.available_at.is_empty()
        || said.qualified_person.as_ref().is_some_and(|person| person.opinion.is_some())
        || part.outcome() == DeterminationOutcome::NotHeld
}

/// One member of an alternative group may say why for all of them.
fn missing_reasons(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let said = part.alternatives_of(ground).into_iter().any(|member| says_why(part, member));
    Hit::when(needing_reasons(part, ground).is_some() && !said, "/reasons")
}

/// Whether the ground turns on prejudice: by itself, or by the limbs named where it stands for grounds of both kinds.
fn claims_prejudice(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> bool {
    let by_limbs = || ground.relied_rows().any(|limb| limb.basis == Some(Basis::Prejudice));
    needing_reasons(part, ground).is_some_and(|row| row.basis.map_or_else(by_limbs, |basis| basis == Basis::Prejudice))
}

fn missing_harm(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let shown = |member: &CitedGround<'_>| member.ground.prejudice.as_ref().is_some_and(|claim| claim.harm.is_some());
    let shown = part.alternatives_of(ground).into_iter().any(shown);
    Hit::when(claims_prejudice(part, ground) && !shown, "/prejudice/harm")
}

/// Where nothing is said of the prejudice, the missing harm says it once.
fn lacking(
    part: &DeterminedPart<'_>,
    ground: &CitedGround<'_>,
    pointer: &str,
    lacks: fn(&Prejudice) -> bool,
) -> Vec<Hit> {
    let wrong = ground.ground.prejudice.as_ref().is_some_and(lacks);
    Hit::when(claims_prejudice(part, ground) && wrong, pointer)
}

/// A limb of prejudice: where its threshold stands, its name, the threshold it has, and its row.
type Limb = (String, String, Option<Threshold>, &'static Provision);

/// The limbs that turn on prejudice: those relied on, else the ground itself. A limb without a threshold has the ground's.
fn limbs(ground: &CitedGround<'_>, row: &'static Provision) -> Vec<Limb> {
    let own = ground.ground.threshold;
    let relied = ground.ground.relies_on.iter().zip(&ground.relied_on).enumerate();
    let limbs: Vec<Limb> = relied
        .filter_map(|(at, (limb, resolution))| {
            let limb_row = resolution
                .row
                .filter(|row| row.basis == Some(Basis::Prejudice) && row.role != Some(Role::Condition))?;
            let threshold = limb.threshold.or(own);
            Some((format!("/relies_on/{at}/threshold"), limb_row.provision.clone(), threshold, limb_row))
        })
        .collect();
    if limbs.is_empty() { vec![("/threshold".to_owned(), row.provision.clone(), own, row)] } else { limbs }
}

/// The limb by its name; of an alternative group the whole group, for no member of it is told apart.
fn told(part: &DeterminedPart<'_>, ground: &CitedGround<'_>, limb: String) -> String {
    if ground.alternative_group().is_some() { part.name_of_group(ground) } else { limb }
}

fn missing_threshold(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(row) = needing_reasons(part, ground).filter(|_| claims_prejudice(part, ground)) else {
        return Vec::new();
    };
    let missing = limbs(ground, row).into_iter().filter(|(_, _, threshold, _)| threshold.is_none());
    missing.map(|(pointer, limb, ..)| Hit::at(pointer).fact("limb", told(part, ground, limb))).collect()
}

/// Whether the provision can be claimed at this likelihood.
fn admits(row: &Provision, claimed: Threshold) -> bool {
    row.harm_thresholds.iter().any(|level| match level {
        HarmThreshold::Would => claimed == Threshold::Would,
        HarmThreshold::WouldBeLikely => claimed == Threshold::WouldBeLikely,
    })
}

fn foreign_threshold(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(row) = ground.row().filter(|row| row.basis == Some(Basis::Prejudice)) else { return Vec::new() };
    let foreign = limbs(ground, row)
        .into_iter()
        .filter(|(_, _, threshold, row)| threshold.is_some_and(|claimed| !admits(row, claimed)));
    foreign.map(|(pointer, limb, ..)| Hit::at(pointer).fact("limb", told(part, ground, limb))).collect()
}

/// What may be left out, by regime: the provision that allows it and the statements it frees.
const fn allowed_omissions(regime: Regime) -> Option<(&'static str, &'static [&'static str])> {
    match regime {
        Regime::Foia => Some(("17(4)", &["17(1)(c)", "17(3)"])),
        Regime::Foisa => Some(("16(3)", &["16(1)(d)"])),
        Regime::Eir | Regime::Eisr => None,
    }
}

fn omission_not_allowed(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(omitted) = &ground.ground.statement_omitted else {
        return Vec::new();
    };
    let hit = |covers: String| vec![Hit::at("/statement_omitted").fact("under", &omitted.under).fact("covers", covers)];
    let Some((under, freed)) = allowed_omissions(part.regime).filter(|(under, _)| *under == omitted.under.as_str())
    else {
        return hit("a statement".to_owned());
    };
    let beyond = omitted.covers.iter().map(Text::as_str);
    let beyond: Vec<&str> =
        beyond.filter(|covered| *covered != under && !freed.iter().any(|path| within(covered, path))).collect();
    if beyond.is_empty() { Vec::new() } else { hit(beyond.join(", ")) }
}

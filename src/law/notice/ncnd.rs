//! What was done or said around an answer that neither confirms nor denies, and tells. The same guards stand around a
//! refusal under section 12(2), which does not confirm or deny either. No message here says or implies that anything is
//! held.

use crate::{
    casework::response::DeterminationOutcome,
    law::{
        Finding, Regime, Severity,
        catalogue::{Basis, Catalogue, Provision, ProvisionKind, Role},
        citations::on_one_line,
        notice::{
            NAMED_BY_EXTENSION,
            check::{
                Applies::{self, Guidance, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
            resolution::Resolution,
        },
    },
};

const GUIDANCE: [Applies; 4] = [Guidance, Guidance, Guidance, Guidance];

/// The checks around answers that neither confirm nor deny.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "ncnd-fee-notice",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "A fee was asked for part {part}, which is answered without confirming or denying; asking for one tells the requester something.",
        next_step: "Consider whether the answer can still be kept; ask no fee before such an answer.",
        test: Test::Part(|part| Hit::when(guarded(part) && part.facts.fee_notice_given, "/outcome")),
    },
    Check {
        id: "ncnd-complexity-extension",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "The time for part {part} was extended for complexity and volume, and it is answered without confirming or denying; the reason tells the requester something.",
        next_step: "Consider whether the answer can still be kept; take no such extension before such an answer.",
        test: Test::Part(|part| Hit::when(guarded(part) && part.facts.complexity_extension, "/outcome")),
    },
    Check {
        id: "ncnd-cost-estimate",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "A cost estimate goes with part {part}, which is answered without confirming or denying; an estimate of more than the cost of confirming or denying tells.",
        next_step: "Take the estimate out; one for confirming or denying alone belongs to section 12(2).",
        test: Test::Ground(cost_estimate),
    },
    Check {
        id: "ncnd-transfer-or-advice",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "Part {part} was transferred, or met with advice on where to turn, and is answered without confirming or denying; the one tells against the other.",
        next_step: "Consider whether the answer can still be kept; give such advice only in terms that fit every like request.",
        test: Test::Part(|part| Hit::when(guarded(part) && part.facts.transferred_or_advised, "/outcome")),
    },
    Check {
        id: "relies-on-what-is-not-mirrored",
        severity: Severity::Error,
        rests_on: [Under("section 17(1)(b)"), Under("regulation 14(3)(a)"), Never, Under("regulation 13(b)")],
        message: "{provision} is relied on for the sake of {relied_on}, and it excludes the duty for the sake of {mirrored} alone.",
        next_step: "Rely on what it stands for, or on the provision that excludes the duty for the other.",
        test: Test::Ground(not_mirrored),
    },
    Check {
        id: "ncnd-extension-named-exemption",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "When the time for part {part} was extended, {named} was named: an exemption from disclosure. Read beside this answer, it undermines neither confirming nor denying.",
        next_step: "Consider whether the answer can still be kept; name the exclusion of the duty to confirm or deny when extending the time.",
        test: Test::Part(extension_named_exemption),
    },
    Check {
        id: "ncnd-detail",
        severity: Severity::Warning,
        rests_on: GUIDANCE,
        message: "{member} has no place in an answer that neither confirms nor denies: it reads as if there were something to describe.",
        next_step: "Take it out.",
        test: Test::Ground(detail),
    },
    Check {
        id: "ncnd-limb-not-named",
        severity: Severity::Advice,
        rests_on: GUIDANCE,
        message: "{provision} mirrors several limbs, and none is named.",
        next_step: "Name the limbs whose interests confirming or denying would harm.",
        test: Test::Ground(limb_not_named),
    },
    Check {
        id: "ncnd-consistency-reasons",
        severity: Severity::Advice,
        rests_on: GUIDANCE,
        message: "Part {part} does not say why like requests get the same answer.",
        next_step: "Record why the answer must be the same whatever the facts, so that later answers can keep to it.",
        test: Test::Part(|part| {
            let given = part.grounds.iter().any(|ground| ground.ground.consistency_reasons.is_some());
            Hit::when(part.neither_confirms_nor_denies() && part.cites(ProvisionKind::Ncnd) && !given, "/grounds")
        }),
    },
    Check {
        id: DEPARTS_FROM_POSITION,
        severity: Severity::Error,
        rests_on: GUIDANCE,
        message: "A standing position on a topic of the request is to neither confirm nor deny, and part {part} is answered otherwise without a recorded reason.",
        next_step: "Answer as the position has it, or give a reason of the list in `position_departure`.",
        test: Test::Part(|part| {
            let departs = part.facts.standing_position && departs(part);
            Hit::when(departs && part.determination.position_departure.is_none(), "/position_departure")
        }),
    },
];

/// The check that a standing position is kept to, or departed from for a reason.
const DEPARTS_FROM_POSITION: &str = "departs-from-position";

/// Whether a finding is that a standing position is not kept to. It is for those who work on the draft: an issued response
/// does not keep it, for it tells that there is a position.
#[must_use]
pub fn is_of_position(finding: &Finding) -> bool {
    finding.id == DEPARTS_FROM_POSITION
}

/// Whether an answer says whether there is anything, where a position would leave it open. Advice, a transfer and the
/// refusal of a vexatious or repeated request say nothing of it.
#[must_use]
pub const fn departs_from_positions(outcome: DeterminationOutcome) -> bool {
    match outcome {
        DeterminationOutcome::Disclosed
        | DeterminationOutcome::PartlyDisclosed
        | DeterminationOutcome::Withheld
        | DeterminationOutcome::NotHeld
        | DeterminationOutcome::AccessibleElsewhere
        | DeterminationOutcome::RefusedCost => true,
        DeterminationOutcome::NeitherConfirmedNorDenied
        | DeterminationOutcome::RefusedVexatious
        | DeterminationOutcome::RefusedRepeated
        | DeterminationOutcome::AdviceGiven
        | DeterminationOutcome::Transferred => false,
    }
}

fn departs(part: &DeterminedPart<'_>) -> bool {
    departs_from_positions(part.outcome()) && !guarded(part)
}

/// Whether the answer leaves open whether anything is held.
pub(super) fn guarded(part: &DeterminedPart<'_>) -> bool {
    let of_the_acts = matches!(part.regime, Regime::Foia | Regime::Foisa);
    part.neither_confirms_nor_denies() || (of_the_acts && part.grounds.iter().any(|ground| ground.is_within("12(2)")))
}

fn cost_estimate(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let tells = ground.ground.cost_estimate.is_some() && !ground.is_within("12(2)");
    Hit::when(guarded(part) && tells, "/cost_estimate")
}

/// A bare section may mean its exclusion of the duty as well: only a subsection says that it is the exemption.
fn extension_named_exemption(part: &DeterminedPart<'_>) -> Vec<Hit> {
    let exemption = |named: &&String| {
        let row = Resolution::of(part.regime, part.on, named).row;
        named.contains('(') && row.is_some_and(|row| row.kind == ProvisionKind::Exemption)
    };
    let named: Vec<&str> =
        part.facts.public_interest_extension_named.iter().filter(exemption).map(String::as_str).collect();
    if named.is_empty() || !guarded(part) {
        return Vec::new();
    }
    vec![Hit::at("/outcome").fact(NAMED_BY_EXTENSION, named.join(", "))]
}

/// What an exclusion of the duty is relied on with, and does not mirror. FOISA s18(1) has a check of its own.
fn not_mirrored(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let Some(row) = ground.standing_row().filter(|row| row.is_ncnd()) else {
        return Vec::new();
    };
    let catalogue = Catalogue::embedded();
    let mirrored: Vec<&str> =
        row.ncnd_of.iter().filter_map(|id| catalogue.get(id)).map(|mirrored| mirrored.provision.as_str()).collect();
    let is_foreign = |relied: &&Provision| {
        matches!(relied.role, Some(Role::Ground | Role::Parent))
            && !relied.is_ncnd()
            && !mirrored.iter().any(|path| on_one_line(&relied.provision, path))
    };
    let foreign: Vec<&str> = ground.relied_rows().filter(is_foreign).map(|relied| relied.provision.as_str()).collect();
    if foreign.is_empty() {
        return Vec::new();
    }
    vec![Hit::at("/relies_on").fact("relied_on", foreign.join(", ")).fact("mirrored", mirrored.join(", "))]
}

fn detail(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    if !part.neither_confirms_nor_denies() {
        return Vec::new();
    }
    let said = ground.ground;
    let present = [
        ("applies_to", said.applies_to.is_some()),
        ("available_at", !said.available_at.is_empty()),
        ("publication_planned_on", said.publication_planned_on.is_some()),
    ];
    let present = present.into_iter().filter(|(_, present)| *present);
    present.map(|(member, _)| Hit::at(format!("/{member}")).fact("member", member)).collect()
}

fn limb_not_named(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let several = ground.standing_row().is_some_and(|row| {
        row.kind == ProvisionKind::Ncnd && row.basis == Some(Basis::Prejudice) && row.ncnd_of.len() > 1
    });
    Hit::when(several && ground.ground.relies_on.is_empty(), "/relies_on")
}

//! Grounds that are open to some authorities alone: FOIA s35 to government departments and the Welsh Government, FOISA s29 to
//! the Scottish Administration. Only where the kind of an authority tells surely that it is none of these.

use crate::{
    casework::authority::AuthorityKind,
    law::{
        Severity,
        catalogue::Holder,
        notice::{
            check::{
                Applies::{Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
        },
    },
};

/// The checks of who may rely on a ground.
pub(super) const CHECKS: &[Check] = &[Check {
    id: "ground-not-open-to-authority",
    severity: Severity::Warning,
    rests_on: [Under("section 35(1)"), Never, Under("section 29(1)"), Never],
    message: "{provision} is open to {holder} alone, and the authority is recorded as one of another kind ({kind}).",
    next_step: "Rely on another ground, or correct the kind of the authority.",
    test: Test::Ground(not_open),
}];

fn not_open(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let holder = match ground.row().and_then(|row| row.available_to) {
        Some(Holder::GovernmentDepartmentOrWelshGovernment) => "government departments and the Welsh Government",
        Some(Holder::ScottishAdministration) => "the Scottish Administration",
        _ => return Vec::new(),
    };
    let kind = part.letter.authority_kind.filter(|kind| is_no_government(*kind));
    let hit = |kind| Hit::at("/provision").fact("holder", holder).fact("kind", kind);
    kind.map(hit).into_iter().collect()
}

/// Whether an authority of this kind is surely no government: departments have a kind of their own, and some regulators
/// are departments.
const fn is_no_government(kind: AuthorityKind) -> bool {
    match kind {
        AuthorityKind::PoliceForce | AuthorityKind::Council | AuthorityKind::Health | AuthorityKind::Education => true,
        AuthorityKind::GovernmentDepartment | AuthorityKind::Regulator | AuthorityKind::Other => false,
    }
}

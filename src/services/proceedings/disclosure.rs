//! What of the chain after the response is told to whom: provisions by which it is neither confirmed nor denied whether
//! information is held are for `ncnd:read` alone, here as in the answers themselves.

use crate::{
    casework::{
        complaint::PartPosition, decision_notice::NoticeFinding, ncnd_masking, response::DeterminationOutcome,
        scope::Scope,
    },
    law::{Date, Regime, notice},
    services::Context,
};

/// Whether the caller may be told by which provisions it was neither confirmed nor denied.
fn is_cleared(context: &Context) -> bool {
    context.scopes.holds(Scope::NcndRead)
}

fn is_ncnd(regime: Regime, on: Date, cited: Option<&str>) -> bool {
    cited.is_some_and(|cited| match notice::cited_row(regime, on, cited) {
        Some(row) => row.is_ncnd(),
        // What is no single citation may name such a provision among others, or one of another regime.
        None => ncnd_masking::cites_ncnd(cited, on),
    })
}

/// Positions without the provisions of those that neither confirm nor deny.
pub(super) fn of_positions(context: &Context, positions: &mut [PartPosition]) {
    if is_cleared(context) {
        return;
    }
    let neither = |position: &&mut PartPosition| position.outcome == DeterminationOutcome::NeitherConfirmedNorDenied;
    for position in positions.iter_mut().filter(neither) {
        position.provisions.clear();
    }
}

/// Findings without those on such provisions.
pub(super) fn of_findings(context: &Context, regime: Regime, on: Date, findings: &mut Vec<NoticeFinding>) {
    if !is_cleared(context) {
        findings.retain(|finding| !is_ncnd(regime, on, finding.provision.as_deref()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::{
        casework::scope::ScopeSet,
        law::calendar::Calendars,
        services::{Principal, context::Instant},
    };

    fn caller(scopes: ScopeSet) -> Context {
        let nobody = Principal { scopes, ..Principal::unlimited("test") };
        let calendars = Arc::new(Calendars::embedded().clone());
        Context::of(&nobody, Instant(0), Date::FIRST, calendars)
    }

    #[test]
    fn provisions_of_ncnd_are_for_those_who_are_cleared() {
        let on: Date = "2020-06-23".parse().unwrap();
        let findings: Vec<NoticeFinding> = serde_json::from_value(json!([
            {"provision": "31(3)", "finding": "not_engaged"}, {"provision": "section 31(1)(a)", "finding": "partly"},
            {"alternative_group": "security", "finding": "not_examined"}, {"provision": "10(1)", "finding": "breach"}
        ]))
        .unwrap();
        let positions: Vec<PartPosition> = ["neither_confirmed_nor_denied", "withheld"]
            .map(|outcome| PartPosition {
                part: "1".parse().unwrap(),
                outcome: outcome.parse().unwrap(),
                provisions: vec!["31(3)".to_owned()],
            })
            .to_vec();
        for (scopes, left, told) in [
            (ScopeSet::of([Scope::ComplaintsRead]), 3, 0),
            (ScopeSet::of([Scope::ComplaintsRead, Scope::NcndRead]), 4, 1),
        ] {
            let context = caller(scopes);
            let (mut findings, mut positions) = (findings.clone(), positions.clone());
            of_findings(&context, Regime::Foia, on, &mut findings);
            of_positions(&context, &mut positions);
            assert_eq!(findings.len(), left);
            assert_eq!(positions[0].provisions.len(), told);
            assert_eq!(positions[1].provisions.len(), 1);
        }
    }
}

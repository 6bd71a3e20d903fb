//! Citations that the catalogue does not know, in what was decided or stated: facts, which are recorded and told of.

use crate::{
    casework::{
        decision_notice::NoticeFinding,
        position_change::GroundNamed,
        response::Ground,
        text::{Label, Text},
    },
    law::{Date, Finding, Regime, redress::citation_finding},
    services::{ServiceResult, proceedings::CaseFile},
};

/// Of the findings of a decision of a day that stand at `at`; `parts` are those of its complaint.
pub(super) fn of_decision(
    file: &CaseFile,
    parts: &[Label],
    on: Date,
    at: &str,
    findings: &[NoticeFinding],
) -> ServiceResult<Vec<Finding>> {
    let mut told = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let Some(provision) = &finding.provision else { continue };
        let regimes = file.regimes(finding.parts.as_deref().unwrap_or(parts))?;
        told.extend(citation_finding(&regimes, on, &format!("{at}/{index}/provision"), provision));
    }
    Ok(told)
}

/// Of the grounds that a change of position of a day added and dropped.
pub(super) fn of_position(regimes: &[Regime], on: Date, added: &[Ground], dropped: &[GroundNamed]) -> Vec<Finding> {
    let mut told = Vec::new();
    for (index, ground) in added.iter().enumerate() {
        let here = format!("/grounds_added/{index}");
        let as_cited = ground.as_cited.as_ref().map(Text::as_str).map(|text| ("as_cited", text));
        let own = ground.provision.as_ref().map(Text::as_str).map(|text| ("provision", text)).or(as_cited);
        told.extend(own.and_then(|(member, cited)| citation_finding(regimes, on, &format!("{here}/{member}"), cited)));
        for (limb, reliance) in ground.relies_on.iter().enumerate() {
            let pointer = format!("{here}/relies_on/{limb}/provision");
            told.extend(citation_finding(regimes, on, &pointer, &reliance.provision));
        }
    }
    for (index, named) in dropped.iter().enumerate() {
        let Some(provision) = &named.provision else { continue };
        told.extend(citation_finding(regimes, on, &format!("/grounds_dropped/{index}/provision"), provision));
    }
    told
}

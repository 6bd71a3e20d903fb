//! Reviews and complaints: finds those that the days asked for concern, with what belongs to them.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use crate::{
    casework::{
        appeal::NewAppeal, complaint::NewComplaint, decision_notice::NewDecisionNotice, filing::ProceedingKind,
        review::NewReview, text::Label,
    },
    law::{Date, Regime},
    metrics::{ComplaintCase, NoticeCase, ReviewCase},
    services::{
        ServiceError, ServiceResult,
        clocks::{optional_word, word},
        metrics::cases::Stretch,
    },
    store::{
        Connection,
        metrics::{self as rows, ProceedingWindow},
        proceedings::ProceedingRow,
    },
};

/// The valid parts of requests with their regimes, by key.
type Parts = HashMap<i64, Vec<(Label, Regime)>>;

/// The reviews asked for or decided in these days.
pub(super) fn reviews(connection: &mut Connection, stretch: Stretch) -> ServiceResult<Vec<ReviewCase>> {
    let found =
        found(connection, stretch, ProceedingKind::Review, &[ProceedingWindow::Begun, ProceedingWindow::Ended])?;
    let parts = parts_of(connection, &found)?;
    found
        .iter()
        .map(|row| {
            let review: NewReview = content(row)?;
            let regimes = regimes(&parts, row.request_key, review.parts.as_deref());
            let results = review.decision.iter().flat_map(|decision| &decision.results);
            Ok(ReviewCase {
                requested_on: review.requested_on,
                decided_on: review.decision.as_ref().map(|decision| decision.decided_on),
                results: results
                    .filter_map(|one| Some((regime_of(&parts, row.request_key, &one.part)?, one.result)))
                    .collect(),
                regimes,
            })
        })
        .collect()
}

/// The complaints made, ended or decided in these days, and those appealed in them, with their notices and appeals.
pub(super) fn complaints(connection: &mut Connection, stretch: Stretch) -> ServiceResult<Vec<ComplaintCase>> {
    let both = [ProceedingWindow::Begun, ProceedingWindow::Ended];
    let mut touched = found(connection, stretch, ProceedingKind::Complaint, &both)?;
    touched.extend(found(connection, stretch, ProceedingKind::DecisionNotice, &[ProceedingWindow::Begun])?);
    touched.extend(found(connection, stretch, ProceedingKind::Appeal, &[ProceedingWindow::Begun])?);
    let mut keys: Vec<i64> = touched.iter().map(|row| row.request_key).collect();
    keys.sort_unstable();
    keys.dedup();
    let all = rows::proceedings_of(connection, &keys)?;
    let parts = parts_of(connection, &all)?;
    let of_kind = |kind: ProceedingKind| all.iter().filter(move |row| row.kind == kind.as_str());
    let mut cases = Vec::new();
    for row in of_kind(ProceedingKind::Complaint) {
        let complaint: NewComplaint = content(row)?;
        let regimes = regimes(&parts, row.request_key, complaint.parts.as_deref());
        let regime = regimes.first().copied().unwrap_or(Regime::Foia);
        let mut notices = Vec::new();
        for notice in of_kind(ProceedingKind::DecisionNotice).filter(|one| one.parent_key == Some(row.proceeding_key)) {
            notices.push(NoticeCase {
                notice: content::<NewDecisionNotice>(notice)?,
                regime,
                appeals: of_kind(ProceedingKind::Appeal)
                    .filter(|appeal| appeal.parent_key == Some(notice.proceeding_key))
                    .map(content::<NewAppeal>)
                    .collect::<ServiceResult<_>>()?,
            });
        }
        let ended_on = complaint.outcome.as_ref().map(|outcome| outcome.ended_on);
        cases.push(ComplaintCase { made_on: complaint.made_on, regimes, ended_on, notices });
    }
    Ok(cases)
}

/// The entries of a kind that windows find, each once.
fn found(
    connection: &mut Connection,
    stretch: Stretch,
    kind: ProceedingKind,
    windows: &[ProceedingWindow],
) -> ServiceResult<Vec<ProceedingRow>> {
    let days: (Date, Date) = (stretch.start_on, stretch.end_on.min(stretch.as_at));
    let mut found: HashMap<i64, ProceedingRow> = HashMap::new();
    for window in windows {
        let rows = rows::proceedings(connection, stretch.authority_key, kind.as_str(), *window, (days.0.0, days.1.0))?;
        found.extend(rows.into_iter().map(|row| (row.proceeding_key, row)));
    }
    Ok(found.into_values().collect())
}

fn parts_of(connection: &mut Connection, found: &[ProceedingRow]) -> ServiceResult<Parts> {
    let mut keys: Vec<i64> = found.iter().map(|row| row.request_key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut parts = Parts::new();
    for (request_key, label, own, of_request, valid) in rows::regimes_of_parts(connection, &keys)? {
        let label = label.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))?;
        let regime = optional_word(own.as_deref())?.map_or_else(|| word(&of_request), Ok)?;
        if valid {
            parts.entry(request_key).or_default().push((label, regime));
        }
    }
    Ok(parts)
}

/// The regimes of the parts named, or of all, each once.
fn regimes(parts: &Parts, request_key: i64, named: Option<&[Label]>) -> Vec<Regime> {
    let of_request = parts.get(&request_key).into_iter().flatten();
    let mut regimes: Vec<Regime> = of_request
        .filter(|(label, _)| named.is_none_or(|named| named.contains(label)))
        .map(|(_, regime)| *regime)
        .collect();
    regimes.sort_unstable();
    regimes.dedup();
    regimes
}

fn regime_of(parts: &Parts, request_key: i64, label: &Label) -> Option<Regime> {
    parts.get(&request_key)?.iter().find(|(other, _)| other == label).map(|(_, regime)| *regime)
}

fn content<T: DeserializeOwned>(row: &ProceedingRow) -> ServiceResult<T> {
    Ok(serde_json::from_str(&row.content)?)
}

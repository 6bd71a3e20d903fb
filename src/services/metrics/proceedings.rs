//! Reviews and complaints: finds those that the days asked for concern, with what belongs to them.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use crate::{
    casework::{
        appeal::NewAppeal,
        complaint::NewComplaint,
        decision_notice::{NewDecisionNotice, NoticeFinding},
        filing::ProceedingKind,
        review::NewReview,
        text::{Label, Word},
    },
    law::{Date, Regime, notice::cited_row},
    metrics::{ComplaintCase, FoundOn, NoticeCase, Redress, ReviewCase, ReviewedPart},
    services::{
        ServiceError, ServiceResult,
        clocks::{optional_word, word},
        metrics::cases::Stretch,
    },
    store::{
        AuthorityKey, Connection, ProceedingKey, RequestKey,
        metrics::{self as rows, ProceedingWindow},
        proceedings::ProceedingRow,
    },
};

/// The valid parts of requests with their regimes, by key.
type Parts = HashMap<RequestKey, Vec<(Label, Regime)>>;

/// Some days of some authorities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days<'a> {
    pub authority_keys: &'a [AuthorityKey],
    pub first: Date,
    pub last: Date,
}

impl Stretch {
    /// The reviews asked for or decided in these days.
    pub(super) fn reviews(self, connection: &mut Connection) -> ServiceResult<Vec<ReviewCase>> {
        let found = reviews(connection, self.days(&[self.authority_key]))?;
        Ok(found.into_iter().map(|(_, case)| case).collect())
    }

    /// The complaints made, ended or decided in these days, and those appealed in them.
    pub(super) fn complaints(self, connection: &mut Connection) -> ServiceResult<Vec<ComplaintCase>> {
        let found = complaints(connection, self.days(&[self.authority_key]))?;
        Ok(found.into_iter().map(|(_, case)| case).collect())
    }

    fn days(self, authority_keys: &[AuthorityKey]) -> Days<'_> {
        Days { authority_keys, first: self.start_on, last: self.end_on.min(self.as_at) }
    }
}

/// The reviews asked for or decided in these days, each with its authority.
pub(super) fn reviews(connection: &mut Connection, days: Days<'_>) -> ServiceResult<Vec<(AuthorityKey, ReviewCase)>> {
    let found = found(connection, days, ProceedingKind::Review, &[ProceedingWindow::Begun, ProceedingWindow::Ended])?;
    let parts = parts_of(connection, &found)?;
    found
        .iter()
        .map(|row| {
            let review: NewReview = content(row)?;
            let regimes = regimes(&parts, row.request_key, review.parts.as_deref());
            let results = review.decision.iter().flat_map(|decision| &decision.results);
            let case = ReviewCase {
                requested_on: review.requested_on,
                decided_on: review.decision.as_ref().map(|decision| decision.decided_on),
                results: results
                    .filter_map(|one| Some((regime_of(&parts, row.request_key, &one.part)?, one.result)))
                    .collect(),
                regimes,
            };
            Ok((row.authority_key, case))
        })
        .collect()
}

/// The complaints made, ended or decided in these days, and those appealed in them, with their notices and appeals, each
/// with its authority.
pub(super) fn complaints(
    connection: &mut Connection,
    days: Days<'_>,
) -> ServiceResult<Vec<(AuthorityKey, ComplaintCase)>> {
    let both = [ProceedingWindow::Begun, ProceedingWindow::Ended];
    let mut touched = found(connection, days, ProceedingKind::Complaint, &both)?;
    touched.extend(found(connection, days, ProceedingKind::DecisionNotice, &[ProceedingWindow::Begun])?);
    touched.extend(found(connection, days, ProceedingKind::Appeal, &[ProceedingWindow::Begun])?);
    let mut keys: Vec<RequestKey> = touched.iter().map(|row| row.request_key).collect();
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
            let decided: NewDecisionNotice = content(notice)?;
            let concerned =
                Concerned { parts: &parts, request_key: row.request_key, named: complaint.parts.as_deref() };
            notices.push(NoticeCase {
                findings: decided.findings.iter().map(|found| concerned.found_on(found, decided.sent_on)).collect(),
                notice: decided,
                regime,
                appeals: of_kind(ProceedingKind::Appeal)
                    .filter(|appeal| appeal.parent_key == Some(notice.proceeding_key))
                    .map(content::<NewAppeal>)
                    .collect::<ServiceResult<_>>()?,
            });
        }
        let ended_on = complaint.outcome.as_ref().map(|outcome| outcome.ended_on);
        let case = ComplaintCase { made_on: complaint.made_on, regimes, ended_on, notices };
        cases.push((row.authority_key, case));
    }
    Ok(cases)
}

/// What became of the answers to these requests, by key of the request: only of those that had a review or a notice.
pub(super) fn redress(
    connection: &mut Connection,
    mut request_keys: Vec<RequestKey>,
) -> ServiceResult<HashMap<RequestKey, Redress>> {
    request_keys.sort_unstable();
    request_keys.dedup();
    let all = rows::proceedings_of(connection, &request_keys)?;
    let parts = parts_of(connection, &all)?;
    let mut redress: HashMap<RequestKey, Redress> = HashMap::new();
    for row in all.iter().filter(|row| row.kind == ProceedingKind::Review.as_str()) {
        let review: NewReview = content(row)?;
        let Some(decision) = review.decision else { continue };
        let reviewed = decision.results.into_iter().map(|one| ReviewedPart {
            part: one.part,
            decided_on: decision.decided_on,
            result: one.result,
        });
        redress.entry(row.request_key).or_default().reviewed.extend(reviewed);
    }
    for row in all.iter().filter(|row| row.kind == ProceedingKind::DecisionNotice.as_str()) {
        let notice: NewDecisionNotice = content(row)?;
        let complaint = all.iter().find(|above| Some(above.proceeding_key) == row.parent_key);
        let complained: Option<Vec<Label>> = match complaint {
            Some(complaint) => content::<NewComplaint>(complaint)?.parts,
            None => None,
        };
        let concerned = Concerned { parts: &parts, request_key: row.request_key, named: complained.as_deref() };
        let found = notice.findings.iter().map(|found| concerned.found_on(found, notice.sent_on));
        redress.entry(row.request_key).or_default().found.extend(found);
    }
    Ok(redress)
}

/// The parts that a complaint concerns, with their regimes.
struct Concerned<'a> {
    parts: &'a Parts,
    request_key: RequestKey,
    /// Those it names; all where it names none.
    named: Option<&'a [Label]>,
}

impl Concerned<'_> {
    /// A finding as it is counted: on the provision that the catalogue has for its words under a regime of the parts
    /// concerned, the first that has one. What none has stays as it was written, and is no ground that was counted.
    fn found_on(&self, found: &NoticeFinding, sent_on: Date) -> FoundOn {
        let labels = found.parts.as_deref().or(self.named);
        let regimes = regimes(self.parts, self.request_key, labels);
        let row_of = |cited: &Word| {
            let rows = regimes.iter().filter_map(|regime| Some((*regime, cited_row(*regime, sent_on, cited)?)));
            rows.map(|(regime, row)| (regime, row.provision.clone())).next()
        };
        let known = found.provision.as_ref().and_then(row_of);
        let first = regimes.first().copied().unwrap_or(Regime::Foia);
        let (regime, provision) = match known {
            Some((regime, provision)) => (regime, Some(provision)),
            None => (first, found.provision.as_ref().map(Word::to_string)),
        };
        FoundOn { parts: labels.map(<[Label]>::to_vec), sent_on, regime, provision, finding: found.finding }
    }
}

/// The entries of a kind that windows find, each once.
fn found(
    connection: &mut Connection,
    days: Days<'_>,
    kind: ProceedingKind,
    windows: &[ProceedingWindow],
) -> ServiceResult<Vec<ProceedingRow>> {
    let mut found: HashMap<ProceedingKey, ProceedingRow> = HashMap::new();
    for window in windows {
        let rows =
            rows::proceedings(connection, days.authority_keys, kind.as_str(), *window, (days.first.0, days.last.0))?;
        found.extend(rows.into_iter().map(|row| (row.proceeding_key, row)));
    }
    Ok(found.into_values().collect())
}

fn parts_of(connection: &mut Connection, found: &[ProceedingRow]) -> ServiceResult<Parts> {
    let mut keys: Vec<RequestKey> = found.iter().map(|row| row.request_key).collect();
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
fn regimes(parts: &Parts, request_key: RequestKey, named: Option<&[Label]>) -> Vec<Regime> {
    let of_request = parts.get(&request_key).into_iter().flatten();
    let mut regimes: Vec<Regime> = of_request
        .filter(|(label, _)| named.is_none_or(|named| named.contains(label)))
        .map(|(_, regime)| *regime)
        .collect();
    regimes.sort_unstable();
    regimes.dedup();
    regimes
}

fn regime_of(parts: &Parts, request_key: RequestKey, label: &Label) -> Option<Regime> {
    parts.get(&request_key)?.iter().find(|(other, _)| other == label).map(|(_, regime)| *regime)
}

fn content<T: DeserializeOwned>(row: &ProceedingRow) -> ServiceResult<T> {
    Ok(serde_json::from_str(&row.content)?)
}

//! Reviews: asked for by the requester, decided by the authority.

use crate::{
    casework::{
        filing::ProceedingKind,
        ncnd_masking,
        response::ResponseKind,
        review::{NewReview, Review, ReviewDecision},
        text::{Label, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, UNKNOWN_PART},
    law::{
        Date, Regime,
        clock::{DueDate, DueDateKind, explain},
        compliance::ComplianceReview,
        redress::{ReviewFacts, review_findings},
    },
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{History, is_first_answer},
        proceedings::{
            CaseFile, Change, Filing, NewEntry, Place, Proceeding, content, disclosure, due_dates, in_order, standing,
        },
        timeline::TimelineKind,
    },
    store::{
        Connection,
        proceedings::{self, ProceedingRow},
        requests::RequestRow,
    },
};

/// Records a request for a review.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part that does not exist or a day that has not come;
/// [`ServiceError::ImpossibleOrder`] when it was asked for before the request came, or decided before it was asked for.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    review: &NewReview,
) -> ServiceResult<Review> {
    let mut file = CaseFile::to_change(connection, context, request_id)?;
    let mut faults = review.faults(context.today);
    faults.extend(file.unknown_parts("/parts", review.parts.as_deref()));
    if let Some(decision) = &review.decision {
        let of_decision = result_faults(&file, review, decision).into_iter();
        faults.extend(of_decision.map(|fault| fault.below("/decision")));
    }
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    in_order(("request_received", file.history.corrected_received_on()), ("review_requested", review.requested_on))?;
    refuse_impossible_decision(review)?;
    let entry = NewEntry {
        kind: ProceedingKind::Review,
        parent_key: None,
        begun_on: review.requested_on,
        ended_on: review.decision.as_ref().map(|decision| decision.decided_on),
        content: serde_json::to_string(review)?,
    };
    let id = file.record(connection, context, entry)?;
    let place = Place { request_id: request_id.to_owned(), complaint_id: None };
    Review::document(context, &file, file.entry(&place, ProceedingKind::Review, &id)?)
}

/// Records the decision of a review.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when it is decided already; else as [`record`].
pub fn decide(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    id: &str,
    decision: ReviewDecision,
) -> ServiceResult<Review> {
    let mut file = CaseFile::to_change(connection, context, request_id)?;
    let place = Place { request_id: request_id.to_owned(), complaint_id: None };
    let mut row = file.entry(&place, ProceedingKind::Review, id)?.clone();
    let mut review: NewReview = standing(&row)?;
    let mut faults = decision.faults(context.today);
    faults.extend(result_faults(&file, &review, &decision));
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if review.decision.is_some() {
        let detail = "The review is decided. Void it and record it anew if it was recorded wrongly.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    let decided_on = decision.decided_on;
    review.decision = Some(decision);
    refuse_impossible_decision(&review)?;
    row.ended_on = Some(decided_on.0);
    row.content = serde_json::to_string(&review)?;
    let kind = TimelineKind::ProceedingChanged;
    file.change(connection, context, Change { row, kind, effective_on: decided_on, detail: "review_decided" })?;
    Review::document(context, &file, file.entry(&place, ProceedingKind::Review, id)?)
}

fn refuse_impossible_decision(review: &NewReview) -> ServiceResult<()> {
    match &review.decision {
        Some(decision) => in_order(("review_requested", review.requested_on), ("review_decided", decision.decided_on)),
        None => Ok(()),
    }
}

/// A decision speaks of parts that are under review.
fn result_faults(file: &CaseFile, review: &NewReview, decision: &ReviewDecision) -> Vec<Fault> {
    let reviewed = file.parts(review.parts.as_deref());
    let mut faults = Vec::new();
    for (at, result) in decision.results.iter().enumerate() {
        let pointer = format!("/results/{at}/part");
        if file.part(&result.part).is_none() {
            faults.push(Fault::new(pointer, UNKNOWN_PART, "The request has no part with this label."));
        } else if !reviewed.contains(&result.part) {
            faults.push(Fault::new(pointer, INCONSISTENT_MEMBERS, "The part is not under review."));
        }
    }
    faults
}

impl Proceeding for Review {
    const KIND: ProceedingKind = ProceedingKind::Review;

    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        let review: NewReview = content(row)?;
        let parts = file.parts(review.parts.as_deref());
        let regimes = file.regimes(&parts)?;
        let due_dates = due_dates::of_review(context, &regimes, review.requested_on);
        let due_on = first(&due_dates, DueDateKind::Review).unwrap_or(review.requested_on);
        let decided_on = review.decision.as_ref().map(|decision| decision.decided_on);
        let calendar = regimes.first().map(|regime| context.calendars.get(regime.calendar()));
        let facts = ReviewFacts {
            regimes: &regimes,
            requested_on: review.requested_on,
            may_be_asked_until: may_be_asked_until(context, file, &parts, review.requested_on),
            decided_on,
            undecided: &undecided(file, &row.id, &parts, review.decision.as_ref()),
            same_decider: same_decider(file, &parts, review.decision.as_ref()),
            today: context.today,
        };
        // A void entry was never a review.
        let standing = row.voided_at.is_none().then_some(&facts);
        let findings = standing.map(|facts| review_findings(&context.calendars, facts)).unwrap_or_default();
        let filing = Filing::of(file, row)?;
        let named = review.parts;
        let document = Self {
            id: filing.id,
            request_id: filing.request_id,
            requested_on: review.requested_on,
            parts,
            grounds: review.grounds,
            not_contested: review.not_contested,
            due_on,
            due_dates,
            working_days_taken: decided_on
                .and_then(|day| calendar.map(|calendar| calendar.working_days_between(review.requested_on, day))),
            overdue: decided_on.is_none() && row.voided_at.is_none() && due_on < context.today,
            decision: review.decision,
            findings,
            version: filing.version,
            created_at: filing.created_at,
            updated_at: filing.updated_at,
            voided_at: filing.voided_at,
            void_reason: filing.void_reason,
        };
        Ok(match disclosure::guarded_in(context, file)? {
            Some(guarded) => ncnd_masking::masked_review(document, named.as_deref(), guarded),
            None => document,
        })
    }
}

/// The reviews of a request as its compliance looks at them, by the day on which they were asked for; one for each regime.
pub(in crate::services) fn reviews_of(context: &Context, file: &CaseFile) -> ServiceResult<Vec<ComplianceReview>> {
    let mut reviews = Vec::new();
    for row in file.standing(ProceedingKind::Review) {
        let review: NewReview = content(row)?;
        let parts = file.parts(review.parts.as_deref());
        let same_decider = same_decider(file, &parts, review.decision.as_ref());
        let until = may_be_asked_until(context, file, &parts, review.requested_on);
        let undecided = undecided(file, &row.id, &parts, review.decision.as_ref());
        for (at, regime) in file.regimes(&parts)?.into_iter().enumerate() {
            reviews.push(ComplianceReview {
                review_id: row.id.clone(),
                regime,
                requested_on: review.requested_on,
                asked_late: until.is_some_and(|until| review.requested_on > until),
                decided_on: review.decision.as_ref().map(|decision| decision.decided_on),
                undecided: of_regime(&undecided, regime),
                // Told of once, however many regimes.
                same_decider: same_decider && at == 0,
            });
        }
    }
    reviews.sort_by_key(|review| review.requested_on);
    Ok(reviews)
}

/// The parts under the review that a letter names, and whether it is decided; none where it names no review that stands.
pub(in crate::services) fn reviewed_by(
    connection: &mut Connection,
    request: &RequestRow,
    history: &History,
    review_id: Option<&Word>,
) -> ServiceResult<Option<(Vec<Label>, bool)>> {
    let Some(review_id) = review_id else { return Ok(None) };
    let rows = proceedings::of_request(connection, request.request_key)?;
    let is_named = |row: &&ProceedingRow| {
        row.id == review_id.as_str() && row.kind == ProceedingKind::Review.as_str() && row.voided_at.is_none()
    };
    let Some(row) = rows.iter().find(is_named) else { return Ok(None) };
    let review: NewReview = content(row)?;
    let all = || history.valid_parts().map(|part| part.label.clone()).collect();
    Ok(Some((review.parts.unwrap_or_else(all), review.decision.is_some())))
}

/// The valid parts under review that its decision says nothing of, and no letter that came out of it: each with its regime.
/// None while there is no decision.
fn undecided(
    file: &CaseFile,
    review_id: &str,
    labels: &[Label],
    decision: Option<&ReviewDecision>,
) -> Vec<(Regime, Label)> {
    let Some(decision) = decision else { return Vec::new() };
    let came_out = file.letters.iter().filter(|letter| {
        letter.kind == ResponseKind::Review
            && letter.content.review_id.as_ref().is_some_and(|id| id.as_str() == review_id)
    });
    let answered: Vec<&Label> = came_out
        .flat_map(|letter| &letter.content.determinations)
        .map(|answer| &answer.part)
        .chain(decision.results.iter().map(|result| &result.part))
        .collect();
    let left = labels.iter().filter(|label| !answered.contains(label)).filter_map(|label| file.part(label));
    left.filter(|part| part.row.valid_request).map(|part| (part.regime, part.label.clone())).collect()
}

fn of_regime(labels: &[(Regime, Label)], regime: Regime) -> Vec<Label> {
    labels.iter().filter(|(of, _)| *of == regime).map(|(_, label)| label.clone()).collect()
}

fn first(dates: &[DueDate], kind: DueDateKind) -> Option<Date> {
    dates.iter().filter(|date| date.kind == kind).map(|date| date.due_on).min()
}

/// The last day for asking for a review of any of these parts, as the clock knew it when the review was asked for.
fn may_be_asked_until(context: &Context, file: &CaseFile, labels: &[Label], on: Date) -> Option<Date> {
    let parts = labels.iter().filter_map(|label| file.part(label)).filter(|part| part.row.valid_request);
    let until = parts.filter_map(|part| {
        let explained = explain(&context.calendars, &file.history.of_part(part), on);
        first(&explained.due_dates, DueDateKind::ReviewMayBeAskedUntil)
    });
    until.max()
}

/// Whether the reviewer decided the answer that was reviewed.
fn same_decider(file: &CaseFile, labels: &[Label], decision: Option<&ReviewDecision>) -> bool {
    let Some((decision, reviewer)) = decision.and_then(|decision| Some((decision, decision.decided_by.as_ref()?)))
    else {
        return false;
    };
    file.letters
        .iter()
        .filter(|letter| is_first_answer(letter.kind.as_str()) && letter.issued_on <= decision.decided_on)
        .filter(|letter| letter.content.determinations.iter().any(|answer| labels.contains(&answer.part)))
        .filter_map(|letter| letter.content.decided_by.as_ref())
        .any(|decider| decider.staff_ref == reviewer.staff_ref)
}

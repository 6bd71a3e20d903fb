//! What is wrong with a response beside its words: parts, provisions and origins that are not there, a second first answer,
//! a letter from before what it came out of.

use crate::{
    casework::{
        filing::ProceedingKind,
        response::{Determination, NewResponse, ResponseKind, ResponseStatus},
        text::{Label, Word},
    },
    fault::{Fault, INVALID_VALUE, UNKNOWN_PART, UNKNOWN_PROVISION},
    law::{Date, catalogue::Lookup, citations::find_single},
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{History, is_first_answer},
        proceedings::{begins_with, in_order},
        responses::Content,
    },
    store::{Connection, proceedings, requests::RequestRow, responses as rows},
};

/// A fault for each part that the request does not have.
pub(super) fn part_faults(history: &History, new: &NewResponse) -> Vec<Fault> {
    let determined = new.determinations.iter().map(|determination| &determination.part);
    let mut faults = unknown_parts(history, "/determinations", determined);
    faults.extend(unknown_parts(history, "/left_open", new.left_open.iter().map(|left| &left.part)));
    faults
}

/// A fault for each of these parts, named by the members of the list at `at`, that the request does not have.
pub(super) fn unknown_parts<'a>(history: &History, at: &str, named: impl Iterator<Item = &'a Label>) -> Vec<Fault> {
    let known = |label: &Label| history.parts.iter().any(|part| part.label == *label);
    let detail = "The request has no part with this label.";
    let unknown = named.enumerate().filter(|(_, label)| !known(label));
    unknown.map(|(index, _)| Fault::new(format!("{at}/{index}/part"), UNKNOWN_PART, detail)).collect()
}

/// A draft can still be mended, so it is not kept with a citation that means nothing.
pub(super) fn provision_faults(
    context: &Context,
    history: &History,
    determination: &Determination,
    at: &str,
) -> Vec<Fault> {
    let Some(part) = history.parts.iter().find(|part| part.label == determination.part) else { return Vec::new() };
    let mut faults = Vec::new();
    let mut check = |pointer: String, cited: &str| {
        if let Lookup::Unknown { suggestions } = find_single(part.regime, cited, context.today) {
            let meant =
                if suggestions.is_empty() { String::new() } else { format!(" Perhaps: {}.", suggestions.join(", ")) };
            let detail = format!("The catalogue has no such provision under the regime of the part.{meant}");
            faults.push(Fault::new(pointer, UNKNOWN_PROVISION, detail));
        }
    };
    for (index, ground) in determination.grounds.iter().enumerate() {
        let here = format!("{at}/grounds/{index}");
        match (&ground.provision, &ground.as_cited) {
            (Some(provision), _) => check(format!("{here}/provision"), provision),
            (None, Some(as_cited)) => check(format!("{here}/as_cited"), as_cited),
            (None, None) => {}
        }
        for (limb, reliance) in ground.relies_on.iter().enumerate() {
            check(format!("{here}/relies_on/{limb}/provision"), &reliance.provision);
        }
    }
    faults
}

/// What a response supersedes was issued for the same request.
pub(super) fn supersession_fault(
    connection: &mut Connection,
    request: &RequestRow,
    supersedes: Option<&Word>,
) -> ServiceResult<Option<Fault>> {
    let Some(id) = supersedes else { return Ok(None) };
    let superseded = rows::find(connection, request.request_key, id)?;
    let is_issued = superseded.is_some_and(|row| row.status == ResponseStatus::Issued.as_str());
    let detail = "The request has no issued response with this identifier.";
    Ok((!is_issued).then(|| Fault::new("/supersedes", INVALID_VALUE, detail)))
}

/// What a response came out of stands in the same request.
pub(super) fn origin_faults(
    connection: &mut Connection,
    request: &RequestRow,
    new: &NewResponse,
) -> ServiceResult<Vec<Fault>> {
    let named = [
        ("/review_id", ProceedingKind::Review, &new.review_id),
        ("/complaint_id", ProceedingKind::Complaint, &new.complaint_id),
        ("/decision_notice_id", ProceedingKind::DecisionNotice, &new.decision_notice_id),
    ];
    if named.iter().all(|(_, _, id)| id.is_none()) {
        return Ok(Vec::new());
    }
    let standing = proceedings::of_request(connection, request.request_key)?;
    let missing = named.into_iter().filter_map(|(pointer, kind, id)| {
        let id = id.as_ref()?;
        let mut of_kind = standing.iter().filter(|row| row.kind == kind.as_str() && row.voided_at.is_none());
        let detail = format!("The request has no {} with this identifier.", kind.as_str().replace('_', " "));
        of_kind.all(|row| row.id != id.as_str()).then(|| Fault::new(pointer, INVALID_VALUE, detail))
    });
    Ok(missing.collect())
}

/// A part may have been split since the draft answered it, or left it open.
pub(super) fn refuse_parts_that_are_gone(history: &History, content: &Content) -> ServiceResult<()> {
    let known = |label: &Label| history.parts.iter().any(|part| part.label == *label);
    let named = content.determinations.iter().map(|determination| &determination.part);
    let gone = named.chain(content.left_open.iter().map(|left| &left.part)).find(|label| !known(label));
    match gone {
        None => Ok(()),
        Some(label) => Err(ServiceError::NotPossible(format!(
            "The draft names part {label}, which the request has no longer. Take it out of the draft, and answer the parts it was split into."
        ))),
    }
}

/// An initial response answers a part once, and the outcome of a public-interest test (FOIA s17(3)) is told of once; the
/// outcome may be a separate notice that follows an initial answer to the same part. Other answers are of another kind.
/// `issued_on` is absent of drafts, which are asked again when they are issued.
pub(super) fn refuse_second_answer(
    history: &History,
    kind: ResponseKind,
    content: &Content,
    issued_on: Option<Date>,
) -> ServiceResult<()> {
    if !is_first_answer(kind.as_str()) {
        return Ok(());
    }
    for determination in &content.determinations {
        let of_part = history.answers.iter().filter(|answer| answer.part_label == determination.part.as_str());
        for answer in of_part.filter(|answer| is_first_answer(&answer.response_kind)) {
            if answer.response_kind == kind.as_str() {
                return Err(ServiceError::NotPossible(format!(
                    "Part {} was answered in an issued response of this kind already. A later answer is of kind `revised`, `fresh` or `review`.",
                    determination.part
                )));
            }
            let Some(issued_on) = issued_on else { continue };
            let (this, other) = ((kind.as_str(), issued_on), (answer.response_kind.as_str(), Date(answer.issued_on)));
            let (initial, outcome) = if kind == ResponseKind::Initial { (this, other) } else { (other, this) };
            in_order(initial, outcome)?;
        }
    }
    Ok(())
}

/// What a draft was to take the place of may have been voided since.
pub(super) fn refuse_void_predecessor(
    connection: &mut Connection,
    request: &RequestRow,
    content: &Content,
) -> ServiceResult<()> {
    match supersession_fault(connection, request, content.supersedes.as_ref())? {
        None => Ok(()),
        Some(_) => {
            let detail = "The letter that the draft supersedes was voided since. Make a new draft.";
            Err(ServiceError::NotPossible(detail.to_owned()))
        }
    }
}

/// A letter comes after the review, complaint or notice that it came out of, and after the letter that it takes the place
/// of. `issued_on` is absent of drafts, which are asked again when they are issued.
pub(super) fn refuse_before_origin(
    connection: &mut Connection,
    request: &RequestRow,
    content: &Content,
    issued_on: Option<Date>,
) -> ServiceResult<()> {
    let Some(issued_on) = issued_on else { return Ok(()) };
    if let Some(id) = &content.supersedes
        && let Some(day) = rows::find(connection, request.request_key, id)?.and_then(|row| row.issued_on)
    {
        in_order(("superseded_response", Date(day)), ("response", issued_on))?;
    }
    let named = [&content.review_id, &content.complaint_id, &content.decision_notice_id];
    if named.iter().all(|id| id.is_none()) {
        return Ok(());
    }
    for row in proceedings::of_request(connection, request.request_key)? {
        if named.iter().any(|id| id.as_ref().is_some_and(|id| id.as_str() == row.id)) {
            in_order((begins_with(&row)?, Date(row.begun_on)), ("response", issued_on))?;
        }
    }
    Ok(())
}

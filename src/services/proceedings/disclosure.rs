//! Which parts of a request are guarded, for callers who may not be told what an answer that neither confirms nor denies
//! rests on. What is hidden of them is one rule of `casework::ncnd_masking`.

use crate::{
    casework::{ncnd_masking::GuardedParts, response::Determination, scope::Scope},
    services::{
        Context, ServiceResult, parts,
        proceedings::{CaseFile, positions::Changes},
    },
    store::Connection,
};

/// The guarded parts of a file; `None` for a caller from whom nothing is hidden.
pub(super) fn guarded_in<'a>(context: &Context, file: &'a CaseFile) -> ServiceResult<Option<&'a GuardedParts>> {
    if context.scopes.holds(Scope::NcndRead) {
        return Ok(None);
    }
    of_file(context, file).map(Some)
}

/// The guarded parts of a request; `None` for a caller from whom nothing is hidden.
pub(in crate::services) fn guarded_parts(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
) -> ServiceResult<Option<GuardedParts>> {
    if context.scopes.holds(Scope::NcndRead) {
        return Ok(None);
    }
    guarded_from_anybody(connection, context, request_id).map(Some)
}

/// The guarded parts of a request, whoever asks: for what somebody else is to read.
pub(in crate::services) fn guarded_from_anybody(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
) -> ServiceResult<GuardedParts> {
    let file = CaseFile::read(connection, context, request_id)?;
    of_file(context, &file).cloned()
}

fn of_file<'a>(context: &Context, file: &'a CaseFile) -> ServiceResult<&'a GuardedParts> {
    if let Some(known) = file.guarded.get() {
        return Ok(known);
    }
    let mut guarded = GuardedParts::default();
    for answer in file.letters.iter().flat_map(|letter| &letter.content.determinations) {
        guarded.add_answer(answer, context.today);
    }
    // Voiding a letter shows nobody what its words had hidden of reviews, complaints and other letters.
    let became = |answer: &Determination| parts::became(&answer.part, &file.splits);
    let voided: Vec<_> = file.voided_answers.iter().map(|answer| (answer, became(answer))).collect();
    for (answer, labels) in &voided {
        guarded.add_answer(answer, context.today);
        for part in &file.history.parts {
            if labels.as_ref().is_none_or(|labels| labels.contains(&part.label)) {
                guarded.add_answer(&Determination { part: part.label.clone(), ..(*answer).clone() }, context.today);
            }
        }
    }
    for (parts, change) in Changes::of(file)?.iter() {
        guarded.add_change(parts, change, context.today);
    }
    for (answer, labels) in &voided {
        if guarded.covers(labels.as_deref()) {
            guarded.add_former_label(&answer.part);
        }
    }
    Ok(file.guarded.get_or_init(|| guarded))
}

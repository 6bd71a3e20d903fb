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
    for answer in &file.voided_answers {
        guarded.add_answer(answer, context.today);
        let became = parts::became(answer.part.as_str(), &file.splits);
        for part in &file.history.parts {
            if became.as_ref().is_none_or(|labels| labels.contains(&part.label.as_str())) {
                guarded.add_answer(&Determination { part: part.label.clone(), ..answer.clone() }, context.today);
            }
        }
    }
    for (parts, change) in Changes::of(file)?.iter() {
        guarded.add_change(parts, change, context.today);
    }
    for answer in &file.voided_answers {
        let became = parts::became(answer.part.as_str(), &file.splits);
        if became.map_or_else(|| guarded.covers(None), |labels| guarded.covers_any(&labels)) {
            guarded.add_former_label(&answer.part);
        }
    }
    Ok(file.guarded.get_or_init(|| guarded))
}

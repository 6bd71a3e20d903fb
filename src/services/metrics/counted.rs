//! What timeliness, outcomes and NCND count: read from the sheets where these hold on the day asked for, and replayed from
//! the events for the other requests. Knows nothing of periods.

use std::collections::HashMap;

use crate::{
    casework::response::DeterminationOutcome,
    law::Date,
    metrics::{Counted, Standing, Timed, TimelinessBasis},
    services::{
        Context, ServiceResult, case_sheets,
        clocks::{optional_word, word},
        metrics::{Asked, cases::Cases},
    },
    store::{
        Connection,
        sheets::{self, SheetDay, SheetFilter, TimedRow},
    },
};

/// How the parts of a request were answered, by the day of the complete answer.
pub(super) type Answered = (Date, Vec<DeterminationOutcome>);

/// The requests as timeliness counts them on `basis`.
pub(super) fn timed(
    connection: &mut Connection,
    context: &Context,
    asked: &Asked,
    basis: TimelinessBasis,
) -> ServiceResult<Vec<Timed>> {
    let days = (asked.selection.start_on.0, asked.selection.end_on.0);
    let rows = sheets::timed(connection, asked.authority_key, filter(context, asked), sheet_day(basis), days)?;
    let as_at = asked.selection.as_at;
    let mut timed = rows.iter().map(|row| timed_of(row, as_at)).collect::<ServiceResult<Vec<_>>>()?;
    timed.extend(replayed(connection, context, asked)?.iter().filter_map(|counted| counted.timed(basis)));
    Ok(timed)
}

/// The requests completely answered in the days asked for.
pub(super) fn answered(connection: &mut Connection, context: &Context, asked: &Asked) -> ServiceResult<Vec<Answered>> {
    let days = (asked.selection.start_on.0, asked.selection.end_on.0);
    let mut known: HashMap<String, Vec<DeterminationOutcome>> = HashMap::new();
    let mut answered = Vec::new();
    for (day, words) in sheets::answered(connection, asked.authority_key, filter(context, asked), days)? {
        let parts = match known.get(&words) {
            Some(parts) => parts.clone(),
            None => known.entry(words.clone()).or_insert(outcomes(&words)?).clone(),
        };
        answered.push((Date(day), parts));
    }
    let replayed = replayed(connection, context, asked)?;
    answered.extend(replayed.iter().filter_map(Counted::answered).map(|(day, parts)| (day, parts.to_vec())));
    Ok(answered)
}

/// The requests of which no sheet tells on the day asked for, from their events.
fn replayed(connection: &mut Connection, context: &Context, asked: &Asked) -> ServiceResult<Vec<Counted>> {
    let received = asked.stretch().received_by();
    let filter = filter(context, asked);
    let keys = sheets::unsettled(connection, asked.authority_key, filter, received)?;
    let cases = Cases::with_keys(connection, keys, filter.mark)?.finish();
    Ok(cases.iter().filter_map(|case| case.counted(&context.calendars, &asked.selection)).collect())
}

fn filter<'a>(context: &Context, asked: &'a Asked) -> SheetFilter<'a> {
    SheetFilter {
        mark: case_sheets::mark(&context.calendars),
        as_at: asked.selection.as_at.0,
        regime: asked.selection.regime.map(crate::law::Regime::as_str),
    }
}

/// The day of a sheet that puts a request into a period.
pub(super) const fn sheet_day(basis: TimelinessBasis) -> SheetDay {
    match basis {
        TimelinessBasis::Received => SheetDay::Received,
        TimelinessBasis::Closed => SheetDay::Responded,
        TimelinessBasis::Due => SheetDay::Due,
    }
}

fn timed_of(row: &TimedRow, as_at: Date) -> ServiceResult<Timed> {
    let has_changed = row.changes_on.is_some_and(|day| day <= as_at.0);
    let changed: Option<Standing> = optional_word(row.changed_standing.as_deref().filter(|_| has_changed))?;
    Ok(Timed {
        day: Date(row.day),
        standing: changed.map_or_else(|| word(&row.standing), Ok)?,
        working_days_taken: row.working_days_taken.and_then(|days| u32::try_from(days).ok()),
    })
}

/// Outcomes as a sheet has them, with commas between.
pub(super) fn outcomes(words: &str) -> ServiceResult<Vec<DeterminationOutcome>> {
    words.split(',').filter(|one| !one.is_empty()).map(word).collect()
}

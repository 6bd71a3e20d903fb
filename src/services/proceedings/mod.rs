//! The chain after the response: reviews, complaints, and what belongs to a complaint. Each is a fact that is recorded
//! whatever it is; what the statutes say of it follows from the facts whenever it is read. Nothing is deleted: a mistake is
//! voided.

pub mod appeals;
mod case_file;
pub mod complaints;
pub mod decision_notices;
mod disclosure;
mod due_dates;
mod guards;
mod openness;
mod order;
mod part_dates;
pub mod position_changes;
mod positions;
pub mod reviews;
pub mod submissions;
mod unknown_citations;
mod widening;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    casework::{event::NewVoiding, filing::ProceedingKind, text::Prose},
    law::Date,
    services::{
        Context, ServiceError, ServiceResult, clocks::optional_text, context::Instant, pages::first_page,
        timeline::TimelineKind,
    },
    store::{Connection, proceedings::ProceedingRow},
};

pub(super) use case_file::CaseFile;
use case_file::{Change, NewEntry};
pub(super) use decision_notices::steps_of;
pub(super) use disclosure::{guarded_from_anybody, guarded_parts};
pub use due_dates::RIGHTS;
pub(super) use due_dates::{of_parts, rebuild};
pub(super) use openness::Openness;
pub(super) use order::{begins_with, in_order, refuse_before_receipt};
pub(super) use part_dates::record_part_dates;
pub(super) use positions::is_told_throughout;
pub(super) use reviews::{reviewed_by, reviews_of};
pub(super) use widening::widen;

/// A document of one kind of entry.
pub trait Proceeding: Sized {
    /// Which kind.
    const KIND: ProceedingKind;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self>;
}

/// Where an entry stands: in a request, or in a complaint of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The request's id.
    pub request_id: String,
    /// The complaint's id, for what belongs to one.
    pub complaint_id: Option<String>,
}

/// Where a page of entries ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProceedingPosition {
    at: i64,
    id: String,
}

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProceedingPage {
    /// Only those changed from the first to the second instant, in the order of their change; else all, in the order of
    /// their recording.
    pub updated_at: Option<(i64, i64)>,
    /// Where the page begins.
    pub after: Option<ProceedingPosition>,
    /// How many at most.
    pub limit: i64,
}

/// One entry.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn read<T: Proceeding>(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    id: &str,
) -> ServiceResult<T> {
    let file = CaseFile::read(connection, context, &place.request_id)?;
    T::document(context, &file, file.entry(place, T::KIND, id)?)
}

/// A page of the entries of one kind, and the position after the last where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn list<T: Proceeding>(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    page: &ProceedingPage,
) -> ServiceResult<(Vec<T>, Option<ProceedingPosition>)> {
    let file = CaseFile::read(connection, context, &place.request_id)?;
    let at = |row: &ProceedingRow| page.updated_at.map_or(row.proceeding_key.number(), |_| row.updated_at);
    let mut found = file.entries(place, T::KIND)?;
    found.retain(|row| page.updated_at.is_none_or(|(from, to)| (from..=to).contains(&row.updated_at)));
    found.sort_by_key(|row| at(row));
    if let Some(after) = &page.after {
        let seen = found.iter().position(|row| row.id == after.id && at(row) == after.at);
        let begin = seen.map_or_else(|| found.partition_point(|row| at(row) < after.at), |seen| seen + 1);
        found.drain(..begin);
    }
    let (found, more) = first_page(found, page.limit);
    let last = found.last().filter(|_| more).map(|row| ProceedingPosition { at: at(row), id: row.id.clone() });
    let documents = found.into_iter().map(|row| T::document(context, &file, row)).collect::<ServiceResult<_>>()?;
    Ok((documents, last))
}

/// Voids an entry that was recorded by mistake.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when it is void already, or another entry rests on it.
pub fn void<T: Proceeding>(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    id: &str,
    voiding: &NewVoiding,
) -> ServiceResult<T> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let mut row = file.entry(place, T::KIND, id)?.clone();
    refuse_void(&row)?;
    if let Some(other) = file.resting_on(&row)? {
        return Err(ServiceError::NotPossible(format!(
            "`{}` {} of {} rests on `{}` {} of {}. Void it first.",
            other.kind, other.id, other.begun_on, row.kind, row.id, row.begun_on
        )));
    }
    row.voided_at = Some(context.now.0);
    row.void_reason = Some(voiding.reason.to_string());
    let day = Date(row.begun_on);
    let change = Change { row, kind: TimelineKind::ProceedingVoided, effective_on: day, detail: T::KIND.as_str() };
    file.change(connection, context, change)?;
    T::document(context, &file, file.entry(place, T::KIND, id)?)
}

/// The present content of an entry that is to be changed.
fn standing<C: DeserializeOwned>(row: &ProceedingRow) -> ServiceResult<C> {
    refuse_void(row)?;
    content(row)
}

fn refuse_void(row: &ProceedingRow) -> ServiceResult<()> {
    if row.voided_at.is_some() {
        return Err(ServiceError::NotPossible("The entry is void.".to_owned()));
    }
    Ok(())
}

fn content<C: DeserializeOwned>(row: &ProceedingRow) -> ServiceResult<C> {
    Ok(serde_json::from_str(&row.content)?)
}

/// What the documents of all entries have in common.
struct Filing {
    id: String,
    request_id: String,
    version: i64,
    created_at: String,
    updated_at: String,
    voided_at: Option<String>,
    void_reason: Option<Prose>,
}

impl Filing {
    fn of(file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        Ok(Self {
            id: row.id.clone(),
            request_id: file.request.id.clone(),
            version: row.version,
            created_at: Instant(row.created_at).to_rfc3339(),
            updated_at: Instant(row.updated_at).to_rfc3339(),
            voided_at: row.voided_at.map(|at| Instant(at).to_rfc3339()),
            void_reason: optional_text(row.void_reason.as_deref())?,
        })
    }
}

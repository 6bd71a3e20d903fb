//! Records located for a request. They attach only to parts whose answer, drafted or issued, itself shows that there is
//! something; every other part gives one same refusal. Nothing here touches the request, its timeline or any figure, so
//! that nobody else can tell that there was work on records.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    casework::{
        record::{DatePrecision, NewRecord, Record, RecordDisposition, RecordMarking, Redaction},
        text::{Label, Line},
    },
    fault::{DUPLICATE_VALUE, Fault, INCONSISTENT_MEMBERS, INVALID_VALUE, UNKNOWN_PROVISION},
    law::{
        Date,
        catalogue::{Lookup, Provision},
        citations::find_single,
    },
    services::{
        Context, ServiceError, ServiceResult,
        context::Instant,
        idempotency,
        located_answers::LocatedAnswers,
        pages::{FilledPage, filled_page},
    },
    store::{
        Connection, RecordKey,
        records::{self, NewRecordRow, RecordPartRow, RecordRow},
        requests::{self, RequestRow},
    },
};

/// The most records that one request has.
const MOST_RECORDS: usize = 10_000;

/// What a record says, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Content {
    title: Line,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dated_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date_precision: Option<DatePrecision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marking: Option<RecordMarking>,
    disposition: RecordDisposition,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redactions: Vec<Redaction>,
}

/// The records of a request with the answers to its parts.
struct Located {
    request: RequestRow,
    answers: LocatedAnswers,
    /// The parts of each record, by its key.
    parts: HashMap<RecordKey, Vec<RecordPartRow>>,
}

impl Located {
    fn of(connection: &mut Connection, request: RequestRow) -> ServiceResult<Self> {
        let answers = LocatedAnswers::of(connection, &request)?;
        let mut parts: HashMap<RecordKey, Vec<RecordPartRow>> = HashMap::new();
        for part in records::parts_of_request(connection, request.request_key)? {
            parts.entry(part.record_key).or_default().push(part);
        }
        Ok(Self { request, answers, parts })
    }

    fn parts_of(&self, record_key: RecordKey) -> impl Iterator<Item = &RecordPartRow> {
        self.parts.get(&record_key).into_iter().flatten()
    }

    /// The parts of a record that are not frozen.
    fn live_parts(&self, record_key: RecordKey) -> Vec<String> {
        self.parts_of(record_key).filter(|part| !part.frozen).map(|part| part.part_label.clone()).collect()
    }

    fn is_live(&self, record_key: RecordKey) -> bool {
        self.parts_of(record_key).any(|part| !part.frozen)
    }

    fn is_frozen(&self, record_key: RecordKey) -> bool {
        self.parts_of(record_key).any(|part| part.frozen)
    }

    /// Every part that is not open gives the same refusal, whatever stands against it.
    fn refuse_closed_parts(&self, labels: &[Label]) -> ServiceResult<()> {
        let closed = labels.iter().filter(|label| !self.answers.is_open(label.as_str())).count();
        if closed == 0 { Ok(()) } else { Err(ServiceError::PartNotOpenToRecords) }
    }

    fn faults(&self, context: &Context, new: &NewRecord) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, redaction) in new.redactions.iter().enumerate() {
            if let Some(ground) = &redaction.ground {
                let pointer = format!("/redactions/{at}/ground");
                faults.extend(self.ground_fault(context, &new.parts, &pointer, ground.as_str()));
            }
            if let Some(group) = &redaction.alternative_group
                && !new.parts.iter().any(|label| self.answers.has_group(label.as_str(), group.as_str()))
            {
                let detail = "No answer to these parts relies on alternatives of this name.";
                faults.push(Fault::new(format!("/redactions/{at}/alternative_group"), INVALID_VALUE, detail));
            }
        }
        faults
    }

    fn ground_fault(&self, context: &Context, parts: &[Label], pointer: &str, cited: &str) -> Option<Fault> {
        let found = parts.iter().find_map(|label| {
            let regime = self.answers.regime(label.as_str())?;
            match find_single(regime, cited, context.today) {
                Lookup::InForce(row) | Lookup::NotInForce { provision: row, .. } => Some(row),
                Lookup::NotAGround(_) | Lookup::Unknown { .. } => None,
            }
        });
        let Some(row) = found else {
            let detail = "The catalogue has no such ground under the regime of the parts.";
            return Some(Fault::new(pointer, UNKNOWN_PROVISION, detail));
        };
        if Provision::is_ncnd(row) {
            let detail = "A provision that excludes the duty to confirm or deny takes nothing out of a record.";
            return Some(Fault::new(pointer, INCONSISTENT_MEMBERS, detail));
        }
        let grouped = parts.iter().any(|label| self.answers.group_of(label.as_str(), cited).is_some());
        let detail = "The answer relies on this ground in the alternative only: name its `alternative_group`.";
        grouped.then(|| Fault::new(pointer, INCONSISTENT_MEMBERS, detail))
    }

    /// A label stands once among the records that are listed.
    fn label_fault(
        &self,
        connection: &mut Connection,
        own: Option<RecordKey>,
        label: &Label,
    ) -> ServiceResult<Option<Fault>> {
        let taken = records::outlines(connection, self.request.request_key)?.into_iter().any(|outline| {
            Some(outline.record_key) != own && outline.label == label.as_str() && self.is_live(outline.record_key)
        });
        let detail = "Another record of the request has this label already.";
        Ok(taken.then(|| Fault::new("/label", DUPLICATE_VALUE, detail)))
    }

    fn document(&self, row: &RecordRow) -> ServiceResult<Record> {
        let corrupt = |_| ServiceError::Corrupt("a record".to_owned());
        let content: Content = serde_json::from_str(&row.content)?;
        let mut labels = self.live_parts(row.record_key);
        let frozen = labels.is_empty();
        if frozen {
            labels = self.parts_of(row.record_key).map(|part| part.part_label.clone()).collect();
        }
        let redactions = content.redactions.into_iter().map(|redaction| self.without_member(&labels, redaction));
        Ok(Record {
            id: row.id.clone(),
            request_id: self.request.id.clone(),
            label: row.label.parse().map_err(corrupt)?,
            title: content.title,
            dated_on: content.dated_on,
            date_precision: content.date_precision,
            redactions: redactions.collect(),
            parts: labels.iter().map(|label| label.parse().map_err(corrupt)).collect::<ServiceResult<_>>()?,
            marking: content.marking,
            disposition: content.disposition,
            frozen,
            version: row.version,
            created_at: Instant(row.created_at).to_rfc3339(),
            updated_at: Instant(row.updated_at).to_rfc3339(),
        })
    }

    /// A ground that the answer came to rely on in the alternative shows as its group.
    fn without_member(&self, labels: &[String], redaction: Redaction) -> Redaction {
        let group = redaction
            .ground
            .as_ref()
            .and_then(|ground| labels.iter().find_map(|label| self.answers.group_of(label, ground.as_str())));
        match group {
            Some(group) => Redaction { ground: None, alternative_group: Some(group), ..redaction },
            None => redaction,
        }
    }
}

/// Where a page of records ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPosition {
    at: i64,
    id: String,
}

/// Which records of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// Only those changed from the first to the second instant, in the order of their change.
    pub updated_at: Option<(i64, i64)>,
    /// Where the page begins.
    pub after: Option<RecordPosition>,
    /// How many at most.
    pub limit: i64,
}

/// Records what was located.
///
/// # Errors
///
/// [`ServiceError::PartNotOpenToRecords`] for any part that is not open to records, whatever the reason;
/// [`ServiceError::Invalid`] for a label that is taken or a redaction whose ground cannot be.
pub fn create(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    new: NewRecord,
) -> ServiceResult<Record> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let mut located = Located::of(connection, request)?;
    located.refuse_closed_parts(&new.parts)?;
    let mut faults = located.faults(context, &new);
    faults.extend(located.label_fault(connection, None, &new.label)?);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if records::outlines(connection, located.request.request_key)?.len() >= MOST_RECORDS {
        return Err(ServiceError::NotPossible(format!("A request has at most {MOST_RECORDS} records.")));
    }
    let row = NewRecordRow {
        id: uuid::Uuid::new_v4().to_string(),
        request_key: located.request.request_key,
        authority_key: located.request.authority_key,
        label: new.label.to_string(),
        content: content(&new)?,
        version: 1,
        created_at: context.now.0,
        updated_at: context.now.0,
    };
    let row = records::insert(connection, &row)?;
    let parts = linked(&row, &new.parts);
    records::set_parts(connection, row.record_key, &parts)?;
    located.parts.insert(row.record_key, parts);
    located.document(&row)
}

fn content(new: &NewRecord) -> ServiceResult<String> {
    Ok(serde_json::to_string(&Content {
        title: new.title.clone(),
        dated_on: new.dated_on,
        date_precision: new.date_precision,
        marking: new.marking.clone(),
        disposition: new.disposition,
        redactions: new.redactions.clone(),
    })?)
}

fn linked(row: &RecordRow, labels: &[Label]) -> Vec<RecordPartRow> {
    let link = |label: &Label| RecordPartRow {
        record_key: row.record_key,
        request_key: row.request_key,
        part_label: label.to_string(),
        frozen: false,
    };
    labels.iter().map(link).collect()
}

/// A page of the records that belong to the answers as they stand, and the position after the last where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn list(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    page: &RecordPage,
) -> ServiceResult<(Vec<Record>, Option<RecordPosition>)> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let located = Located::of(connection, request)?;
    let mut found: Vec<(RecordKey, RecordPosition)> = records::outlines(connection, located.request.request_key)?
        .into_iter()
        .filter(|row| page.updated_at.is_none_or(|(from, to)| (from..=to).contains(&row.updated_at)))
        .filter(|row| located.is_live(row.record_key))
        .map(|row| {
            let at = if page.updated_at.is_some() { row.updated_at } else { row.record_key.number() };
            (row.record_key, RecordPosition { at, id: row.id })
        })
        .collect();
    found.sort_by_key(|(key, position)| (position.at, *key));
    if let Some(after) = &page.after {
        let seen = found.iter().position(|(_, position)| position == after);
        // The last record of the page before may have gone, or moved on, since.
        let begin = seen.map_or_else(|| found.partition_point(|(_, position)| position.at < after.at), |seen| seen + 1);
        found.drain(..begin);
    }
    let words = |row: &RecordRow| row.content.len();
    let read = |keys| records::with_keys(connection, keys);
    let FilledPage { mut found, rows, more } = filled_page(found, page.limit, |(key, _)| *key, read, words)?;
    let in_order = found.iter().filter_map(|(key, _)| rows.iter().find(|row| row.record_key == *key));
    let documents = in_order.map(|row| located.document(row)).collect::<ServiceResult<_>>()?;
    Ok((documents, found.pop().filter(|_| more).map(|(_, position)| position)))
}

/// One record. One that belongs to an earlier answer is there still, frozen.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn read(connection: &mut Connection, context: &Context, request_id: &str, id: &str) -> ServiceResult<Record> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let row = records::find(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    let located = Located::of(connection, request)?;
    located.document(&row)
}

/// A record with its request, ready to be changed. One of an earlier answer stays as it is.
fn changeable(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<(Located, RecordRow)> {
    let request = requests::find_to_change(connection, &context.scope, ids.0)?.ok_or(ServiceError::NotFound)?;
    let row = records::find(connection, request.request_key, ids.1)?.ok_or(ServiceError::NotFound)?;
    if !expected(row.version) {
        return Err(ServiceError::StaleVersion);
    }
    let located = Located::of(connection, request)?;
    if located.is_frozen(row.record_key) {
        return Err(ServiceError::PartNotOpenToRecords);
    }
    Ok((located, row))
}

/// Says a record anew.
///
/// # Errors
///
/// As [`create`]; [`ServiceError::StaleVersion`]; [`ServiceError::PartNotOpenToRecords`] once it is frozen.
pub fn replace(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    expected: &dyn Fn(i64) -> bool,
    new: NewRecord,
) -> ServiceResult<Record> {
    let (mut located, mut row) = changeable(connection, context, ids, expected)?;
    located.refuse_closed_parts(&new.parts)?;
    let mut faults = located.faults(context, &new);
    faults.extend(located.label_fault(connection, Some(row.record_key), &new.label)?);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    row.label = new.label.to_string();
    row.content = content(&new)?;
    row.version += 1;
    row.updated_at = context.now.0.max(row.updated_at);
    records::update(connection, &row)?;
    let parts = linked(&row, &new.parts);
    records::set_parts(connection, row.record_key, &parts)?;
    located.parts.insert(row.record_key, parts);
    located.document(&row)
}

/// Removes a record; nothing of it stays.
///
/// # Errors
///
/// [`ServiceError::StaleVersion`]; [`ServiceError::PartNotOpenToRecords`] once it is frozen.
pub fn delete(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<()> {
    let (_, row) = changeable(connection, context, ids, expected)?;
    Ok(records::delete(connection, row.record_key)?)
}

/// The address of a record.
#[must_use]
pub fn location(request_id: &str, record_id: &str) -> String {
    format!("/v1/requests/{request_id}/records/{record_id}")
}

/// What a change of answers does to records. Where a part is answered now, or no longer drafted, so that nothing is shown,
/// its records are frozen with the earlier issued answer that they belong to; where there was none, nothing of them stays.
/// A void answer never was: what was frozen by it alone is open again, and what belonged to it alone goes.
pub(super) fn settle(connection: &mut Connection, request: &RequestRow) -> ServiceResult<()> {
    let mut parts = records::parts_of_request(connection, request.request_key)?;
    if parts.is_empty() {
        return Ok(());
    }
    let answers = LocatedAnswers::of(connection, request)?;
    let before = parts.clone();
    parts.retain_mut(|part| {
        let label = part.part_label.as_str();
        let is_open = answers.is_open(label);
        part.frozen = answers.was_open(label) && (!is_open || (part.frozen && answers.was_closed(label)));
        part.frozen || is_open
    });
    if before == parts {
        return Ok(());
    }
    for outline in records::outlines(connection, request.request_key)? {
        let of_record = |rows: &[RecordPartRow]| -> Vec<RecordPartRow> {
            rows.iter().filter(|part| part.record_key == outline.record_key).cloned().collect()
        };
        let (old, new) = (of_record(&before), of_record(&parts));
        if new.is_empty() {
            records::delete(connection, outline.record_key)?;
            idempotency::forget(connection, &request.id, &location(&request.id, &outline.id))?;
        } else if old != new {
            records::set_parts(connection, outline.record_key, &new)?;
        }
    }
    Ok(())
}

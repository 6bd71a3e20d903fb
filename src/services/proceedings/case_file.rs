//! Everything that is recorded of one request, as the chain after the response looks at it, and the one way to add to it.

use std::cell::OnceCell;

use crate::{
    casework::{
        appeal::NewAppeal,
        filing::ProceedingKind,
        ncnd_masking::GuardedParts,
        response::{Determination, ResponseKind, ResponseStatus},
        text::Label,
    },
    fault::{Fault, UNKNOWN_PART},
    law::{Date, Regime},
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{History, PartFacts, word},
        proceedings::{Place, content},
        projection,
        responses::Content,
        timeline::{self, Entry, TimelineKind},
    },
    store::{
        Connection, ProceedingKey,
        proceedings::{self, NewProceedingRow, ProceedingRow},
        requests::{self, RequestRow},
        responses, timeline as timeline_rows,
    },
};

/// A letter that was issued.
pub(in crate::services) struct Letter {
    pub kind: ResponseKind,
    pub issued_on: Date,
    pub content: Content,
}

/// One request with its history, its letters and its proceedings.
pub(in crate::services) struct CaseFile {
    pub request: RequestRow,
    pub history: History,
    /// Issued, in the order of their recording.
    pub letters: Vec<Letter>,
    /// The answers of letters that are void.
    pub voided_answers: Vec<Determination>,
    /// The labels of parts that were split, with what they became; asked for where a letter is void.
    pub splits: Vec<(String, Option<String>)>,
    /// In the order of their recording, voided ones too.
    pub rows: Vec<ProceedingRow>,
    /// The parts that are guarded, once somebody has asked.
    pub guarded: OnceCell<GuardedParts>,
}

/// An entry about to be recorded.
pub(super) struct NewEntry {
    pub kind: ProceedingKind,
    pub parent_key: Option<ProceedingKey>,
    pub begun_on: Date,
    pub ended_on: Option<Date>,
    pub content: String,
}

/// An entry that changed, and what the timeline tells of it.
pub(super) struct Change {
    pub row: ProceedingRow,
    pub kind: TimelineKind,
    pub effective_on: Date,
    pub detail: &'static str,
}

impl CaseFile {
    /// Reads the file of a request that the caller may see.
    pub(in crate::services) fn read(
        connection: &mut Connection,
        context: &Context,
        request_id: &str,
    ) -> ServiceResult<Self> {
        let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
        Self::of(connection, request)
    }

    /// The same, and nobody else changes the request until the transaction ends.
    pub(super) fn to_change(connection: &mut Connection, context: &Context, request_id: &str) -> ServiceResult<Self> {
        let request =
            requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
        Self::of(connection, request)
    }

    fn of(connection: &mut Connection, request: RequestRow) -> ServiceResult<Self> {
        let history = History::load(connection, &request)?;
        let rows = proceedings::of_request(connection, request.request_key)?;
        let (mut letters, mut voided_answers) = (Vec::new(), Vec::new());
        for row in responses::letters_of_request(connection, request.request_key)? {
            let Some(issued_on) = row.issued_on else { continue };
            let content: Content = serde_json::from_str(&row.content)?;
            if row.status == ResponseStatus::Void.as_str() {
                voided_answers.extend(content.determinations);
                continue;
            }
            letters.push(Letter { kind: word(&row.kind)?, issued_on: Date(issued_on), content });
        }
        let splits = if voided_answers.is_empty() {
            Vec::new()
        } else {
            timeline_rows::subjects(connection, request.request_key, TimelineKind::PartSplit.as_str())?
        };
        Ok(Self { request, history, letters, voided_answers, splits, rows, guarded: OnceCell::new() })
    }

    /// A file for what does not rest on letters.
    pub(super) fn without_letters(request: RequestRow, history: History, rows: Vec<ProceedingRow>) -> Self {
        Self {
            request,
            history,
            letters: Vec::new(),
            voided_answers: Vec::new(),
            splits: Vec::new(),
            rows,
            guarded: OnceCell::new(),
        }
    }

    /// The entry of this kind with this id, where it stands in this place.
    pub(super) fn entry(&self, place: &Place, kind: ProceedingKind, id: &str) -> ServiceResult<&ProceedingRow> {
        self.entries(place, kind)?.into_iter().find(|row| row.id == id).ok_or(ServiceError::NotFound)
    }

    /// All entries of this kind in this place.
    pub(super) fn entries(&self, place: &Place, kind: ProceedingKind) -> ServiceResult<Vec<&ProceedingRow>> {
        let of_kind = self.rows.iter().filter(|row| row.kind == kind.as_str());
        let Some(complaint_id) = &place.complaint_id else { return Ok(of_kind.collect()) };
        let complaint = self.complaint(complaint_id)?.proceeding_key;
        Ok(of_kind.filter(|row| self.complaint_of(row).is_some_and(|row| row.proceeding_key == complaint)).collect())
    }

    /// The complaint with this id.
    pub(super) fn complaint(&self, id: &str) -> ServiceResult<&ProceedingRow> {
        let complaint = |row: &&ProceedingRow| row.id == id && row.kind == ProceedingKind::Complaint.as_str();
        self.rows.iter().find(complaint).ok_or(ServiceError::NotFound)
    }

    /// The entry that another belongs to.
    pub(super) fn parent(&self, row: &ProceedingRow) -> Option<&ProceedingRow> {
        let key = row.parent_key?;
        self.rows.iter().find(|parent| parent.proceeding_key == key)
    }

    /// The complaint that an entry belongs to, by way of a notice where it is an appeal.
    pub(super) fn complaint_of(&self, row: &ProceedingRow) -> Option<&ProceedingRow> {
        let parent = self.parent(row)?;
        self.parent(parent).or(Some(parent))
    }

    /// The entries of a kind that are not void.
    pub(super) fn standing(&self, kind: ProceedingKind) -> impl Iterator<Item = &ProceedingRow> {
        self.rows.iter().filter(move |row| row.kind == kind.as_str() && row.voided_at.is_none())
    }

    /// The entries of a kind that belong to another and are not void.
    pub(super) fn below(&self, parent: &ProceedingRow, kind: ProceedingKind) -> impl Iterator<Item = &ProceedingRow> {
        let key = parent.proceeding_key;
        self.standing(kind).filter(move |row| row.parent_key == Some(key))
    }

    /// An entry that is not void and could not be without this one.
    pub(super) fn resting_on(&self, row: &ProceedingRow) -> ServiceResult<Option<&ProceedingRow>> {
        for other in self.rows.iter().filter(|other| other.voided_at.is_none()) {
            if other.parent_key == Some(row.proceeding_key) {
                return Ok(Some(other));
            }
            if other.kind == ProceedingKind::Appeal.as_str() {
                let appeal: NewAppeal = content(other)?;
                if appeal.earlier_appeal_id.is_some_and(|id| id.as_str() == row.id) {
                    return Ok(Some(other));
                }
            }
        }
        Ok(None)
    }

    /// The part with this label.
    pub(super) fn part(&self, label: &Label) -> Option<&PartFacts> {
        self.history.parts.iter().find(|part| part.label == *label)
    }

    /// The parts named; where none are, all that are valid requests.
    pub(super) fn parts(&self, named: Option<&[Label]>) -> Vec<Label> {
        named.map_or_else(|| self.history.valid_parts().map(|part| part.label.clone()).collect(), <[Label]>::to_vec)
    }

    /// The regimes of parts, each once; that of the request where no part is left.
    pub(super) fn regimes(&self, labels: &[Label]) -> ServiceResult<Vec<Regime>> {
        let mut regimes = Vec::new();
        for part in labels.iter().filter_map(|label| self.part(label)) {
            if !regimes.contains(&part.regime) {
                regimes.push(part.regime);
            }
        }
        if regimes.is_empty() {
            regimes.push(word(&self.request.regime)?);
        }
        Ok(regimes)
    }

    /// Each of these parts with its regime.
    pub(super) fn part_regimes(&self, labels: &[Label]) -> Vec<(Label, Regime)> {
        labels.iter().filter_map(|label| self.part(label)).map(|part| (part.label.clone(), part.regime)).collect()
    }

    /// A fault for each label at `at` that is none of a part.
    pub(super) fn unknown_parts(&self, at: &str, labels: Option<&[Label]>) -> Vec<Fault> {
        let unknown = labels.unwrap_or_default().iter().enumerate().filter(|(_, label)| self.part(label).is_none());
        let detail = "The request has no part with this label.";
        unknown.map(|(index, _)| Fault::new(format!("{at}/{index}"), UNKNOWN_PART, detail)).collect()
    }

    /// Records an entry, and gives its id.
    pub(super) fn record(
        &mut self,
        connection: &mut Connection,
        context: &Context,
        entry: NewEntry,
    ) -> ServiceResult<String> {
        let id = uuid::Uuid::new_v4().to_string();
        let row = NewProceedingRow {
            id: id.clone(),
            request_key: self.request.request_key,
            authority_key: self.request.authority_key,
            kind: entry.kind.as_str(),
            parent_key: entry.parent_key,
            begun_on: entry.begun_on.0,
            ended_on: entry.ended_on.map(|day| day.0),
            content: entry.content,
            version: 1,
            created_at: context.now.0,
            updated_at: context.now.0,
        };
        proceedings::insert(connection, &row)?;
        let told = (TimelineKind::ProceedingRecorded, entry.begun_on, entry.kind.as_str());
        self.take_effect(connection, context, entry.parent_key, &id, told)?;
        Ok(id)
    }

    /// Writes an entry back that changed.
    pub(super) fn change(
        &mut self,
        connection: &mut Connection,
        context: &Context,
        change: Change,
    ) -> ServiceResult<()> {
        let Change { mut row, kind, effective_on, detail } = change;
        row.version += 1;
        row.updated_at = context.now.0.max(row.updated_at);
        proceedings::update(connection, &row)?;
        self.take_effect(connection, context, row.parent_key, &row.id, (kind, effective_on, detail))
    }

    /// What an entry changes outside itself: the entries that it belongs to, the projections, the timeline.
    fn take_effect(
        &mut self,
        connection: &mut Connection,
        context: &Context,
        parent_key: Option<ProceedingKey>,
        id: &str,
        told: (TimelineKind, Date, &str),
    ) -> ServiceResult<()> {
        let mut above = parent_key;
        while let Some(key) = above {
            let Some(parent) = self.rows.iter_mut().find(|row| row.proceeding_key == key) else { break };
            parent.version += 1;
            parent.updated_at = context.now.0.max(parent.updated_at);
            proceedings::update(connection, parent)?;
            above = parent.parent_key;
        }
        self.rows = proceedings::of_request(connection, self.request.request_key)?;
        self.guarded = OnceCell::new();
        projection::rebuild(connection, context, &mut self.request, &mut self.history)?;
        let (kind, effective_on, detail) = told;
        let entry = Entry { kind, effective_on: Some(effective_on), subject_id: Some(id), detail: Some(detail) };
        timeline::append(connection, context, &self.request, &entry)
    }
}

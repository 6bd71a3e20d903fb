//! Figures of one authority: finds the cases that a question concerns and hands them to `metrics`. Reads only what the
//! days asked for can concern, and never too little: what is found too much, the arithmetic leaves out.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::text::Label,
    fault::{Fault, INCONSISTENT_MEMBERS},
    law::{Date, Regime, clock::Event},
    metrics::{
        self, Answer, Case, CasePart, Citation, GroupBy, NcndRow, OutcomesRow, ProvisionRow, Selection,
        TimelinessBasis, TimelinessRow,
    },
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{self, optional_word, word},
    },
    store::{
        Connection, authorities,
        metrics::{self as rows, CaseRows, Window, WindowKind},
        responses::{AnswerRow, CitationRow},
    },
};

/// No due date lies more calendar days than this after the last day that set it: the receipt, the answer to a question,
/// the payment of a fee or a reopening. Twenty working days take at most forty.
const LONGEST_LIMIT: i64 = 60;

/// What figures are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsQuestion {
    /// Of which authority; the only one of the credential when absent.
    pub authority_id: Option<String>,
    /// The first day.
    pub start_on: Date,
    /// The last day.
    pub end_on: Date,
    /// The periods the figures are given by; one row for all days when absent.
    pub group_by: Option<GroupBy>,
    /// The day at whose end requests are looked at; today when absent.
    pub as_at: Option<Date>,
    /// Only parts under this regime.
    pub regime: Option<Regime>,
}

macro_rules! reports {
    ($($(#[$meta:meta])* $report:ident of $row:ident, at most $most:tt;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
        pub struct $report {
            /// The authority whose figures these are.
            #[schema(format = "uuid")]
            pub authority_id: String,
            /// The first day counted.
            pub start_on: Date,
            /// The last day counted.
            pub end_on: Date,
            /// The day at whose end the requests are looked at.
            pub as_at: Date,
            /// Only parts under this regime are counted; all when absent.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub regime: Option<Regime>,
            /// The figures, in the order of the periods.
            #[schema(max_items = $most)]
            pub rows: Vec<$row>,
        }

        impl $report {
            fn new(authority_id: String, selection: &Selection, rows: Vec<$row>) -> Self {
                let Selection { start_on, end_on, as_at, regime, .. } = *selection;
                Self { authority_id, start_on, end_on, as_at, regime, rows }
            }
        }
    )+};
}

reports! {
    /// Timeliness by period.
    TimelinessReport of TimelinessRow, at most 1140;
    /// Outcomes by period.
    OutcomesReport of OutcomesRow, at most 1140;
    /// Citations by period and provision; only what was cited has a row.
    ProvisionsReport of ProvisionRow, at most 1_000_000;
    /// NCND answers by period.
    NcndReport of NcndRow, at most 1140;
}

/// How timely requests were answered, on the basis named.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see; [`ServiceError::Invalid`] when none is named
/// and there are several, or the days asked for cannot be.
pub fn timeliness(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
    basis: TimelinessBasis,
) -> ServiceResult<TimelinessReport> {
    let Asked { authority_key, authority_id, selection } = Asked::of(connection, context, question)?;
    let mut cases = Cases::default();
    for window in windows(authority_key, &selection, basis) {
        cases.add(rows::cases(connection, window)?)?;
    }
    let rows = metrics::timeliness(&context.calendars, &cases.finish(), &selection, basis);
    Ok(TimelinessReport::new(authority_id, &selection, rows))
}

/// How requests, and their parts, were answered.
///
/// # Errors
///
/// As [`timeliness`].
pub fn outcomes(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<OutcomesReport> {
    let asked = Asked::of(connection, context, question)?;
    let cases = asked.answered(connection)?.finish();
    let rows = metrics::outcomes(&context.calendars, &cases, &asked.selection);
    Ok(OutcomesReport::new(asked.authority_id, &asked.selection, rows))
}

/// Which provisions were cited, and how often.
///
/// # Errors
///
/// As [`timeliness`].
pub fn provisions(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<ProvisionsReport> {
    let asked = Asked::of(connection, context, question)?;
    let mut cases = asked.answered(connection)?;
    let Window { authority_key, first, last, .. } = asked.answered_window();
    for row in rows::citations(connection, authority_key, first, last)? {
        cases.cite(&row)?;
    }
    let rows = metrics::provisions(&context.calendars, &cases.finish(), &asked.selection);
    Ok(ProvisionsReport::new(asked.authority_id, &asked.selection, rows))
}

/// How often it was neither confirmed nor denied that information is held.
///
/// # Errors
///
/// As [`timeliness`].
pub fn ncnd(connection: &mut Connection, context: &Context, question: &MetricsQuestion) -> ServiceResult<NcndReport> {
    let asked = Asked::of(connection, context, question)?;
    let cases = asked.answered(connection)?.finish();
    let rows = metrics::ncnd(&context.calendars, &cases, &asked.selection);
    Ok(NcndReport::new(asked.authority_id, &asked.selection, rows))
}

/// A question that can be answered.
struct Asked {
    authority_key: i64,
    authority_id: String,
    selection: Selection,
}

impl Asked {
    fn of(connection: &mut Connection, context: &Context, question: &MetricsQuestion) -> ServiceResult<Self> {
        let selection = Selection {
            start_on: question.start_on,
            end_on: question.end_on,
            group_by: question.group_by,
            as_at: question.as_at.unwrap_or(context.today),
            regime: question.regime,
        };
        let faults = selection.faults(context.today);
        if !faults.is_empty() {
            return Err(ServiceError::Invalid(faults));
        }
        let authority = match &question.authority_id {
            Some(id) => {
                authorities::find(connection, &context.scope_of_figures(), id)?.ok_or(ServiceError::NotFound)?
            }
            None => authorities::only_one(connection, &context.scope)?.ok_or_else(|| {
                let detail = "Name the authority: the credential does not have exactly one.";
                ServiceError::fault(Fault::new("/authority_id", INCONSISTENT_MEMBERS, detail))
            })?,
        };
        Ok(Self { authority_key: authority.authority_key, authority_id: authority.id, selection })
    }

    /// The days on which a first answer that counts was sent.
    fn answered_window(&self) -> Window {
        window(self.authority_key, &self.selection, WindowKind::Answered)
    }

    fn answered(&self, connection: &mut Connection) -> ServiceResult<Cases> {
        let mut cases = Cases::default();
        cases.add(rows::cases(connection, self.answered_window())?)?;
        Ok(cases)
    }
}

/// What happened after `as_at` has not happened yet.
fn window(authority_key: i64, selection: &Selection, kind: WindowKind) -> Window {
    Window { authority_key, kind, first: selection.start_on.0, last: selection.end_on.min(selection.as_at).0 }
}

/// Where the requests of the days asked for are found. The day of receipt stands in the tables as it is for every
/// `as_at`; an answer of the period is the last to one of the parts; a due date of then, which no table has, was set by
/// something that happened shortly before it.
fn windows(authority_key: i64, selection: &Selection, basis: TimelinessBasis) -> Vec<Window> {
    let of = |kind| window(authority_key, selection, kind);
    let setting = |kind| {
        let first = selection.start_on.plus_days(-LONGEST_LIMIT).0;
        Window { first, ..of(kind) }
    };
    match basis {
        TimelinessBasis::Received => vec![of(WindowKind::Received)],
        TimelinessBasis::Closed => vec![of(WindowKind::Answered)],
        TimelinessBasis::Due => vec![setting(WindowKind::Received), setting(WindowKind::Touched)],
    }
}

/// Cases being put together from rows, by key.
#[derive(Default)]
struct Cases(HashMap<i64, Facts>);

/// What is known of one case.
struct Facts {
    received_on: Date,
    regime: Regime,
    parts: Vec<CasePart>,
    events: Vec<Event>,
    answers: Vec<Answer>,
    citations: Vec<Citation>,
}

impl Cases {
    /// Adds the cases of one window that are not there yet.
    fn add(&mut self, found: CaseRows) -> ServiceResult<()> {
        let mut new: HashMap<i64, Facts> = HashMap::with_capacity(found.requests.len());
        for row in found.requests.iter().filter(|row| !self.0.contains_key(&row.request_key)) {
            let facts = Facts::new(Date(row.recorded_received_on), word(&row.regime)?);
            new.insert(row.request_key, facts);
        }
        for row in &found.parts {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            let regime = optional_word(row.regime.as_deref())?.unwrap_or(facts.regime);
            facts.parts.push(CasePart { label: label(&row.label)?, regime, valid: row.valid_request });
        }
        for row in &found.events {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            facts.events.push(clocks::event(row)?);
        }
        for row in &found.answers {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            facts.answers.push(answer(row)?);
        }
        self.0.extend(new);
        Ok(())
    }

    fn cite(&mut self, row: &CitationRow) -> ServiceResult<()> {
        if let Some(facts) = self.0.get_mut(&row.request_key) {
            facts.citations.push(citation(row)?);
        }
        Ok(())
    }

    fn finish(self) -> Vec<Case> {
        self.0.into_values().map(Facts::finish).collect()
    }
}

impl Facts {
    fn new(received_on: Date, regime: Regime) -> Self {
        let (parts, events, answers, citations) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { received_on, regime, parts, events, answers, citations }
    }

    fn finish(self) -> Case {
        Case::new(self.received_on, self.parts, self.events, self.answers, self.citations)
    }
}

fn label(stored: &str) -> ServiceResult<Label> {
    stored.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))
}

fn answer(row: &AnswerRow) -> ServiceResult<Answer> {
    Ok(Answer {
        part: label(&row.part_label)?,
        response_kind: word(&row.response_kind)?,
        issued_on: Date(row.issued_on),
        outcome: word(&row.outcome)?,
    })
}

fn citation(row: &CitationRow) -> ServiceResult<Citation> {
    Ok(Citation {
        part: label(&row.part_label)?,
        response_kind: word(&row.response_kind)?,
        issued_on: Date(row.issued_on),
        regime: word(&row.regime)?,
        class: row.citation_class.clone(),
        ncnd: row.ncnd,
    })
}

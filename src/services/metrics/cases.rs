//! The windows in which the requests of a question are found, and the cases put together from their sheets or rows. Knows
//! nothing of what is counted.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    casework::text::Label,
    law::{Date, Regime},
    metrics::{Answer, Case, CaseName, CasePart, Citation},
    services::{
        ServiceError, ServiceResult,
        clocks::{self, optional_word, word},
        metrics::facts::Facts,
    },
    store::{
        AuthorityKey, Connection, RequestKey,
        metrics::{self as rows, CaseRows, Window, WindowKind},
        responses::{AnswerRow, CitationRow},
        sheets::{self, SheetFilter},
    },
};

/// Forty working days, the longest time there is, take no more calendar days than this: for an answer from what set its
/// limit (EI(S)Rs reg 7), which is the receipt, the answer to a question, the payment of a fee or a reopening; for a review
/// from the day it was asked for (EIR reg 11(4)). Eight weeks are 56, and bank holidays have added ten to them at most: the
/// rest is for those that a calendar loaded later may add.
pub(super) const LONGEST_LIMIT: i64 = 100;

/// Some days of one authority, seen from a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub authority_key: AuthorityKey,
    pub start_on: Date,
    pub end_on: Date,
    pub as_at: Date,
}

impl Stretch {
    /// What happened after `as_at` has not happened yet.
    pub fn window(self, kind: WindowKind) -> Window {
        let last = self.end_on.min(self.as_at).0;
        Window { authority_key: self.authority_key, kind, first: self.start_on.0, last }
    }

    /// The requests received on these days. The day of receipt stands in the tables as it is for every `as_at`.
    pub fn received(self, connection: &mut Connection) -> ServiceResult<Vec<RequestKey>> {
        Ok(rows::keys(connection, self.window(WindowKind::Received))?)
    }

    /// The requests answered on these days: an answer of the period is the last to one of the parts.
    pub fn answered(self, connection: &mut Connection) -> ServiceResult<Vec<RequestKey>> {
        Ok(rows::keys(connection, self.window(WindowKind::Answered))?)
    }

    /// The requests with a limit for an answer, extended or not, in these days, under regimes that allow no extension beyond
    /// the fortieth day: it was set by something that happened shortly before it.
    pub fn limited(self, connection: &mut Connection) -> ServiceResult<Vec<RequestKey>> {
        let earlier = Self { start_on: self.start_on.plus_days(-LONGEST_LIMIT), ..self };
        let touched = rows::keys(connection, earlier.window(WindowKind::Touched))?;
        Ok([earlier.received(connection)?, touched].concat())
    }

    /// The requests whose due date lies in these days, by their sheets, and those of which no sheet tells.
    pub fn due(self, connection: &mut Connection, mark: i64) -> ServiceResult<Vec<RequestKey>> {
        let filter = SheetFilter { mark, as_at: self.as_at.0, regime: None };
        let mut keys = sheets::due(connection, self.authority_key, filter, (self.start_on.0, self.end_on.0))?;
        keys.extend(sheets::unsettled(connection, self.authority_key, filter, self.received_by())?);
        Ok(keys)
    }

    /// The requests that are not closed at the end of the last day, by their sheets, and those of which no sheet tells.
    pub fn open_at_end(self, connection: &mut Connection, mark: i64) -> ServiceResult<Vec<RequestKey>> {
        let last = Self { as_at: self.end_on.min(self.as_at), ..self };
        let filter = SheetFilter { mark, as_at: last.as_at.0, regime: None };
        let mut keys = sheets::not_closed(connection, self.authority_key, last.as_at.0)?;
        keys.extend(sheets::unsettled(connection, self.authority_key, filter, last.received_by())?);
        Ok(keys)
    }

    /// The days of receipt of everything that can be counted.
    pub fn received_by(self) -> (NaiveDate, NaiveDate) {
        (Date::FIRST.0, self.as_at.0)
    }
}

/// Cases being put together from rows, by key.
#[derive(Default)]
pub(super) struct Cases(HashMap<RequestKey, Facts>);

impl Cases {
    /// The cases with these keys, each once however often it is named: from their sheets, where these were written by the
    /// mark.
    pub fn with_keys(connection: &mut Connection, keys: &[RequestKey], mark: i64) -> ServiceResult<Self> {
        let mut cases = Self::default();
        let mut keys = keys.to_vec();
        // In the order in which requests came in, which is about how they lie on the disk.
        keys.sort_unstable();
        keys.dedup();
        for (key, content) in sheets::contents_with_keys(connection, &keys, mark)? {
            cases.0.insert(key, Facts::read(&content)?);
        }
        keys.retain(|key| !cases.0.contains_key(key));
        for found in rows::cases_with_keys(connection, &keys)? {
            cases.add(found)?;
        }
        Ok(cases)
    }

    /// Adds the cases of rows.
    fn add(&mut self, found: CaseRows) -> ServiceResult<()> {
        let mut new: HashMap<RequestKey, (Facts, Regime)> = HashMap::with_capacity(found.requests.len());
        for row in &found.requests {
            let name = CaseName { id: row.id.clone(), reference: row.reference.clone() };
            let facts = Facts::new(name, Date(row.recorded_received_on));
            new.insert(row.request_key, (facts, word(&row.regime)?));
        }
        for row in &found.parts {
            let Some((facts, regime)) = new.get_mut(&row.request_key) else { continue };
            let regime = optional_word(row.regime.as_deref())?.unwrap_or(*regime);
            facts.parts.push(CasePart { label: label(&row.label)?, regime, valid: row.valid_request });
        }
        for row in &found.events {
            let Some((facts, _)) = new.get_mut(&row.request_key) else { continue };
            facts.events.push(clocks::event(row)?);
        }
        for row in &found.answers {
            let Some((facts, _)) = new.get_mut(&row.request_key) else { continue };
            facts.answers.push(answer(row)?);
        }
        for row in &found.citations {
            let Some((facts, _)) = new.get_mut(&row.request_key) else { continue };
            facts.citations.push(citation(row)?);
        }
        self.0.extend(new.into_iter().map(|(key, (facts, _))| (key, facts)));
        Ok(())
    }

    pub fn finish(self) -> Vec<Case> {
        self.0.into_values().map(Facts::finish).collect()
    }

    /// The cases, each with what stands under its key.
    pub fn finish_with<T: Default>(self, mut beside: HashMap<RequestKey, T>) -> Vec<(Case, T)> {
        let with = |(key, facts): (RequestKey, Facts)| (facts.finish(), beside.remove(&key).unwrap_or_default());
        self.0.into_iter().map(with).collect()
    }
}

fn label(stored: &str) -> ServiceResult<Label> {
    stored.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))
}

/// An answer as figures see it.
pub fn answer(row: &AnswerRow) -> ServiceResult<Answer> {
    Ok(Answer {
        part: label(&row.part_label)?,
        response_kind: word(&row.response_kind)?,
        issued_on: Date(row.issued_on),
        outcome: word(&row.outcome)?,
    })
}

/// A ground as figures see it.
pub fn citation(row: &CitationRow) -> ServiceResult<Citation> {
    Ok(Citation {
        part: label(&row.part_label)?,
        response_kind: word(&row.response_kind)?,
        issued_on: Date(row.issued_on),
        regime: word(&row.regime)?,
        class: row.citation_class.clone(),
        ncnd: row.ncnd,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::calendar::Calendars;

    #[test]
    fn no_forty_working_days_take_longer() {
        for regime in Regime::ALL {
            let calendar = Calendars::embedded().get(regime.calendar());
            let days = (0..365 * 100).map(|later| Date::FIRST.plus_days(later));
            let longest = days.map(|day| calendar.working_day_after(day, 40).days_since(day)).max().unwrap();
            assert!((60..=75).contains(&longest) && longest < LONGEST_LIMIT, "{regime}: {longest}");
        }
    }
}

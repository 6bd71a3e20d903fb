//! The days among which the requests of a question are found, and the cases put together from their sheets or rows. Knows
//! nothing of what is counted.

use std::collections::{HashMap, hash_map::Entry};

use chrono::NaiveDate;
use smol_str::SmolStr;

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
        metrics::{self as rows, CaseRows},
        responses::{AnswerRow, CitationRow},
        sheets::{self, SheetFilter, WrittenContent},
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
    /// The first and the last of these days, as far as they have come: what happened after `as_at` has not happened yet.
    pub fn come(self) -> (NaiveDate, NaiveDate) {
        (self.start_on.0, self.end_on.min(self.as_at).0)
    }

    /// The requests to which an answer was sent on these days.
    pub fn written_to(self, connection: &mut Connection) -> ServiceResult<Vec<RequestKey>> {
        Ok(rows::answered(connection, self.authority_key, self.come())?)
    }

    /// The requests whose answer became complete on these days, and others: by an answer, or by the end of a part that was not
    /// answered, which for want of a fee is within the longest limit of its notice.
    pub fn answered(self, connection: &mut Connection) -> ServiceResult<Vec<RequestKey>> {
        Ok([self.written_to(connection)?, self.with_limits_set_before().touched(connection)?].concat())
    }

    /// These days, and those before them on which something may have set a limit for an answer that lies in them, under
    /// regimes that allow no extension beyond the fortieth day.
    pub fn with_limits_set_before(self) -> Self {
        Self { start_on: self.start_on.plus_days(-LONGEST_LIMIT), ..self }
    }

    /// These days and the month before, in which nearly all was received that is answered on them: to read too much side by
    /// side is quicker than to look for each.
    pub fn with_the_month_before(self) -> Self {
        Self { start_on: self.start_on.plus_days(-31), ..self }
    }

    /// The requests to which something happened on these days.
    pub fn touched(self, connection: &mut Connection) -> ServiceResult<Vec<RequestKey>> {
        Ok(rows::touched(connection, self.authority_key, self.come())?)
    }

    /// The requests whose due date lies in these days, by their sheets, and those of which no sheet tells: with a regime
    /// also those with parts under several, whose sheets have the due date of the whole.
    pub fn due(self, connection: &mut Connection, mark: i64, regime: Option<Regime>) -> ServiceResult<Vec<RequestKey>> {
        let filter = SheetFilter { mark, as_at: self.as_at.0, regime: regime.map(Regime::as_str) };
        let mut keys = sheets::due(connection, self.authority_key, filter, (self.start_on.0, self.end_on.0))?;
        keys.extend(sheets::unsettled(connection, self.authority_key, filter, self.received_by())?);
        Ok(keys)
    }

    /// The days of receipt of everything that can be counted.
    pub fn received_by(self) -> (NaiveDate, NaiveDate) {
        (Date::FIRST.0, self.as_at.0)
    }
}

/// Cases being put together from sheets and rows, by key.
pub(super) struct Cases {
    mark: i64,
    cases: HashMap<RequestKey, Case>,
}

impl Cases {
    /// The cases received on these days, and those with the keys in `others`, each once. The day of receipt stands in the
    /// sheets as it is for every `as_at`.
    pub fn of(
        connection: &mut Connection,
        stretch: Stretch,
        others: Vec<RequestKey>,
        mark: i64,
    ) -> ServiceResult<Self> {
        let mut cases = Self { mark, cases: HashMap::new() };
        let received = sheets::contents(connection, stretch.authority_key, stretch.come())?;
        cases.add_contents(connection, received)?;
        cases.add_keys(connection, others)?;
        Ok(cases)
    }

    /// The cases whose answer became complete on these days, and others.
    pub fn answered(connection: &mut Connection, stretch: Stretch, mark: i64) -> ServiceResult<Self> {
        let keys = stretch.answered(connection)?;
        Self::of(connection, stretch.with_the_month_before(), keys, mark)
    }

    /// The cases to which an answer was sent on these days, and others.
    pub fn written_to(connection: &mut Connection, stretch: Stretch, mark: i64) -> ServiceResult<Self> {
        let keys = stretch.written_to(connection)?;
        Self::of(connection, stretch.with_the_month_before(), keys, mark)
    }

    /// The cases with these keys.
    pub fn with_keys(connection: &mut Connection, keys: Vec<RequestKey>, mark: i64) -> ServiceResult<Self> {
        let mut cases = Self { mark, cases: HashMap::new() };
        cases.add_keys(connection, keys)?;
        Ok(cases)
    }

    /// And the cases received by `last` that are not closed at the end of the days of `stretch`, as far as they have come.
    pub fn and_open_at_end(mut self, connection: &mut Connection, stretch: Stretch, last: Date) -> ServiceResult<Self> {
        let as_at = stretch.end_on.min(stretch.as_at);
        let last = last.min(as_at).0;
        let found = sheets::contents_not_closed(connection, stretch.authority_key, last)?;
        self.add_contents(connection, found)?;
        let filter = SheetFilter { mark: self.mark, as_at: as_at.0, regime: None };
        let others = sheets::unsettled(connection, stretch.authority_key, filter, (Date::FIRST.0, last))?;
        self.add_keys(connection, others)?;
        Ok(self)
    }

    fn add_contents(&mut self, connection: &mut Connection, found: Vec<WrittenContent>) -> ServiceResult<()> {
        let mut stale = Vec::new();
        self.cases.reserve(found.len());
        for (key, mark, content) in found {
            if mark != self.mark {
                stale.push(key);
            } else if let Entry::Vacant(place) = self.cases.entry(key) {
                place.insert(Facts::read(&content)?.finish());
            }
        }
        stale.retain(|key| !self.cases.contains_key(key));
        self.add_rows(connection, &stale)
    }

    /// Adds the cases with these keys that are not there yet, each once however often it is named.
    fn add_keys(&mut self, connection: &mut Connection, mut keys: Vec<RequestKey>) -> ServiceResult<()> {
        // In the order in which requests came in, which is about how they lie on the disk.
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| !self.cases.contains_key(key));
        for (key, content) in sheets::contents_with_keys(connection, &keys, self.mark)? {
            self.cases.insert(key, Facts::read(&content)?.finish());
        }
        keys.retain(|key| !self.cases.contains_key(key));
        self.add_rows(connection, &keys)
    }

    fn add_rows(&mut self, connection: &mut Connection, keys: &[RequestKey]) -> ServiceResult<()> {
        rows::cases_with_keys(connection, keys)?.into_iter().try_for_each(|found| self.add(found))
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
        self.cases.extend(new.into_iter().map(|(key, (facts, _))| (key, facts.finish())));
        Ok(())
    }

    /// Their keys.
    pub fn keys(&self) -> Vec<RequestKey> {
        self.cases.keys().copied().collect()
    }

    pub fn finish(self) -> Vec<Case> {
        self.cases.into_values().collect()
    }

    /// The cases, each with what stands under its key.
    pub fn finish_with<T: Default>(self, mut beside: HashMap<RequestKey, T>) -> Vec<(Case, T)> {
        let with = |(key, case): (RequestKey, Case)| (case, beside.remove(&key).unwrap_or_default());
        self.cases.into_iter().map(with).collect()
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
        class: SmolStr::new(&row.citation_class),
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

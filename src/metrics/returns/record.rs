//! A request as returns count it: its state, its place by outcome, and the sections cited in it. Knows no columns.

use std::collections::BTreeSet;

use crate::{
    casework::outcome::request_outcome,
    law::{Date, Regime, calendar::Calendars, clock::RequestClock},
    metrics::{
        Case, Citation,
        case::Seen,
        figure::count,
        returns::{
            CaseState, OutcomePlace,
            states::{outcome_place, state},
        },
    },
};

/// The regimes of the United Kingdom beside Scotland's own.
pub(super) const fn is_of_uk(regime: Regime) -> bool {
    matches!(regime, Regime::Foia | Regime::Eir)
}

/// One request at the end of a day.
pub(super) struct Record<'a> {
    pub case: &'a Case,
    pub received_on: Date,
    pub state: CaseState,
    pub clock: RequestClock,
    /// The day on which its answer became complete.
    pub answered_on: Option<Date>,
    /// Its place by its outcome; absent while it is not answered completely, and where no duty was left.
    pub outcome: Option<OutcomePlace>,
    pub seen: Seen<'a>,
}

impl<'a> Record<'a> {
    /// `case` at the end of `as_at`, as far as its parts are under a regime that is wanted.
    pub fn of(calendars: &Calendars, case: &'a Case, as_at: Date, wanted: fn(Regime) -> bool) -> Option<Self> {
        Some(Self::seen(case, case.seen_under(calendars, as_at, wanted)?, as_at))
    }

    /// The same, but an answer that was sent when no duty was left leaves the request what it was.
    pub fn without_courtesy(
        calendars: &Calendars,
        case: &'a Case,
        as_at: Date,
        wanted: fn(Regime) -> bool,
    ) -> Option<Self> {
        let record = Self::of(calendars, case, as_at, wanted)?;
        if record.state != CaseState::AnsweredWithoutDuty {
            return Some(record);
        }
        Some(Self::seen(case, case.seen_unanswered(calendars, as_at, wanted)?, as_at))
    }

    fn seen(case: &'a Case, seen: Seen<'a>, as_at: Date) -> Self {
        let state = state(&seen, as_at);
        let is_measured =
            matches!(state, CaseState::AnsweredInDeadline | CaseState::AnsweredInExtension | CaseState::AnsweredLate);
        let outcome = request_outcome(&seen.outcomes()).filter(|_| is_measured).and_then(outcome_place);
        let answered_on = seen.answered_on(as_at);
        Self { case, received_on: seen.received_on, state, clock: seen.clock, answered_on, outcome, seen }
    }

    /// The grounds cited in its first answers, whichever part they stand at.
    pub fn grounds(&self) -> impl Iterator<Item = &'a Citation> + '_ {
        self.seen.answered_parts().flat_map(|part| part.grounds.iter().copied())
    }

    /// The columns under which its grounds fall, each once, and how many classes of alternatives fall under none because
    /// their members fall under several.
    pub fn columns_cited(&self, column: impl Fn(&Citation, &str) -> Option<usize>) -> (BTreeSet<usize>, u32) {
        let mut columns = BTreeSet::new();
        let mut alternatives = BTreeSet::new();
        for ground in self.grounds() {
            match column_of(ground, &column) {
                Cited::Under(at) => drop(columns.insert(at)),
                Cited::Alternatives => drop(alternatives.insert((ground.regime, ground.class.as_str()))),
                Cited::Nowhere => {}
            }
        }
        (columns, count(alternatives.iter()))
    }
}

/// Where a ground is counted.
pub(super) enum Cited {
    Under(usize),
    /// Grounds in the alternative that fall under several columns: to count them under a member would tell which applied.
    Alternatives,
    Nowhere,
}

/// Where `ground` is counted, `column` telling it of one provision.
pub(super) fn column_of(ground: &Citation, column: &impl Fn(&Citation, &str) -> Option<usize>) -> Cited {
    let mut members = ground.class.split(" or ").map(|provision| column(ground, provision));
    let first = members.next().flatten();
    match first {
        _ if members.any(|other| other != first) => Cited::Alternatives,
        Some(at) => Cited::Under(at),
        None => Cited::Nowhere,
    }
}

/// How many records there are that `counts`.
pub(super) fn count_of(records: &[Record<'_>], counts: impl Fn(&Record<'_>) -> bool) -> u32 {
    count(records.iter().filter(|record| counts(record)))
}

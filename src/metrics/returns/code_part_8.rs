//! The figures that Part 8 of the section 45 Code asks an authority with more than 100 staff to publish every quarter, with
//! the rates in the three ways they are worked out in practice. The Code lists statistics and prescribes no columns: the
//! headings are this service's own. Knows nothing of other returns.

use crate::{
    casework::review::ReviewOutcome,
    law::{Date, calendar::Calendars},
    metrics::{
        Case, Figure,
        definition::{DefinitionBasis, DefinitionId},
        proceedings::SeenReview,
        returns::{
            OutcomePlace, ReturnDocument, ReturnKind, ReturnQuestion,
            document::{Columns, identity},
            record::{Record, count_of, is_of_uk},
            states::{CaseState, CodePart8Place},
        },
    },
};

/// Percentages are published with at most this many decimals.
const DECIMALS: u32 = 2;

/// The return; `cases` are those received, answered or due in the period, and may be more.
pub(super) fn prepare(calendars: &Calendars, cases: &[Case], question: &ReturnQuestion<'_>) -> ReturnDocument {
    let all: Vec<Record<'_>> =
        cases.iter().filter_map(|case| Record::of(calendars, case, question.as_at, is_of_uk)).collect();
    let (received, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| question.contains(one.received_on));
    let tally = Tally::of(&received);
    let mut columns = Columns::default();
    begin(&mut columns, question);
    status(&mut columns, &tally);
    outcomes(&mut columns, &tally);
    rates(&mut columns, question, &received, &others);
    reviews(&mut columns, calendars, question);
    ReturnDocument {
        identities: vec![
            identity(
                "received = not processed + processed + closed without an answer",
                tally.received,
                &[tally.not_processed(), tally.processed(), tally.of_place(CodePart8Place::ClosedWithoutAnswer)],
                true,
            ),
            identity(
                "processed = granted in full + in part + refused in full + advice given",
                tally.processed(),
                &[tally.full, tally.partial, tally.refused + tally.not_held, tally.advice],
                true,
            ),
            identity(
                "denominator of those received = in deadline + extended + late + not yet due",
                count_of(&received, |one| is_in_denominator(one.state)),
                &[
                    tally.of_place(CodePart8Place::ProcessedInDeadline),
                    tally.of_place(CodePart8Place::ProcessedExtended),
                    tally.of_place(CodePart8Place::ProcessedLate) + tally.of_place(CodePart8Place::Overdue),
                    tally.of_place(CodePart8Place::NotYetDue) + tally.of_place(CodePart8Place::Extended),
                ],
                true,
            ),
        ],
        ..question.document(
            ReturnKind::CodePart8,
            DefinitionBasis::Received,
            DefinitionId::ReturnCodePart8,
            not_yet_due(question, &received, &others),
            columns,
        )
    }
}

/// The requests in any of the rates that are open within their limit: those received in the period, and those with a
/// statutory due date in it that are within an extension.
fn not_yet_due(question: &ReturnQuestion<'_>, received: &[Record<'_>], others: &[Record<'_>]) -> u32 {
    let is_awaited = |one: &Record<'_>| matches!(one.state, CaseState::OpenNotYetDue | CaseState::OpenInExtension);
    count_of(received, is_awaited) + count_of(others, |one| is_due_in(question, one) && is_awaited(one))
}

fn is_due_in(question: &ReturnQuestion<'_>, record: &Record<'_>) -> bool {
    question.contains(record.clock.due_on)
}

/// Reviews asked for in the period, and those decided in it.
fn reviews(columns: &mut Columns, calendars: &Calendars, question: &ReturnQuestion<'_>) {
    let seen = question.seen_reviews(calendars, question.as_at, is_of_uk);
    let of =
        |counts: &dyn Fn(&SeenReview) -> bool| crate::metrics::figure::count(seen.iter().filter(|one| counts(one)));
    let decided = |one: &SeenReview| one.decided_on.is_some_and(|day| question.contains(day));
    columns.count("reviews_received", of(&|one| question.contains(one.requested_on)));
    columns.count("reviews_closed", of(&decided));
    let within = |one: &SeenReview| decided(one) && one.taken.is_some_and(|days| days <= 20);
    columns.count("reviews_closed_within_20_working_days", of(&within));
    for (heading, outcome) in [
        ("reviews_position_maintained", ReviewOutcome::PositionMaintained),
        ("reviews_partly_changed", ReviewOutcome::PartlyChanged),
        ("reviews_overturned", ReviewOutcome::Overturned),
        ("reviews_decision_where_none", ReviewOutcome::DecisionWhereNone),
    ] {
        columns.count(heading, of(&|one| decided(one) && one.outcome == Some(outcome)));
    }
}

struct Tally {
    received: u32,
    places: Vec<(CodePart8Place, u32)>,
    full: u32,
    partial: u32,
    refused: u32,
    not_held: u32,
    advice: u32,
    withdrawn: u32,
    lapsed: u32,
    transferred: u32,
}

impl Tally {
    fn of(received: &[Record<'_>]) -> Self {
        let place = |place| count_of(received, |one| place_of(one) == Some(place));
        let outcome = |places: &[OutcomePlace]| {
            count_of(received, |one| one.outcome.is_some_and(|outcome| places.contains(&outcome)))
        };
        let state = |state| count_of(received, |one| one.state == state);
        Self {
            received: count_of(received, |_| true),
            places: CodePart8Place::ALL.iter().map(|one| (*one, place(*one))).collect(),
            full: outcome(&[OutcomePlace::Full]),
            partial: outcome(&[OutcomePlace::Partial]),
            refused: outcome(&[
                OutcomePlace::WithheldExemption,
                OutcomePlace::WithheldVexatious,
                OutcomePlace::WithheldRepeated,
                OutcomePlace::WithheldCost,
            ]),
            not_held: outcome(&[OutcomePlace::NotHeld]),
            advice: outcome(&[OutcomePlace::Advice]),
            withdrawn: state(CaseState::Withdrawn) + state(CaseState::AnsweredWithoutDuty),
            lapsed: state(CaseState::Lapsed),
            transferred: state(CaseState::Transferred),
        }
    }

    fn of_place(&self, place: CodePart8Place) -> u32 {
        self.places.iter().find(|(other, _)| *other == place).map_or(0, |(_, count)| *count)
    }

    fn processed(&self) -> u32 {
        use CodePart8Place as Place;
        [Place::ProcessedInDeadline, Place::ProcessedExtended, Place::ProcessedLate]
            .map(|place| self.of_place(place))
            .iter()
            .sum()
    }

    fn not_processed(&self) -> u32 {
        use CodePart8Place as Place;
        [Place::NotYetDue, Place::Extended, Place::Overdue, Place::StoppedForClarification, Place::StoppedForFee]
            .map(|place| self.of_place(place))
            .iter()
            .sum()
    }
}

fn place_of(record: &Record<'_>) -> Option<CodePart8Place> {
    record.state.places().map(|row| row.code_part_8)
}

fn begin(columns: &mut Columns, question: &ReturnQuestion<'_>) {
    columns.text("authority", question.subject.name);
    columns.text("period", question.period.to_string());
    columns.text("start_on", question.period.start_on().to_string());
    columns.text("end_on", question.period.end_on().to_string());
    columns.text("as_at", question.as_at.to_string());
    columns.text("basis", DefinitionBasis::Received.as_str());
}

fn status(columns: &mut Columns, tally: &Tally) {
    columns.count("received", tally.received);
    columns.count("not_processed", tally.not_processed());
    for (heading, place) in [
        ("not_processed_not_yet_due", CodePart8Place::NotYetDue),
        ("not_processed_extended", CodePart8Place::Extended),
        ("not_processed_overdue", CodePart8Place::Overdue),
        ("not_processed_stopped_for_clarification", CodePart8Place::StoppedForClarification),
        ("not_processed_stopped_for_fee", CodePart8Place::StoppedForFee),
    ] {
        columns.count(heading, tally.of_place(place));
    }
    columns.count("processed", tally.processed());
    for (heading, place) in [
        ("processed_in_deadline", CodePart8Place::ProcessedInDeadline),
        ("processed_extended", CodePart8Place::ProcessedExtended),
        ("processed_late", CodePart8Place::ProcessedLate),
    ] {
        columns.count(heading, tally.of_place(place));
    }
}

fn outcomes(columns: &mut Columns, tally: &Tally) {
    columns.count("granted_in_full", tally.full);
    columns.count("granted_in_part", tally.partial);
    columns.count("refused_in_full", tally.refused + tally.not_held);
    columns.count("refused_in_full_because_not_held", tally.not_held);
    columns.count("advice_given", tally.advice);
    columns.count("closed_without_answer", tally.of_place(CodePart8Place::ClosedWithoutAnswer));
    columns.count("closed_withdrawn", tally.withdrawn);
    columns.count("closed_lapsed", tally.lapsed);
    columns.count("closed_transferred", tally.transferred);
}

/// The share answered in time on each of the bases in use, within the limit and with extensions.
fn rates(columns: &mut Columns, question: &ReturnQuestion<'_>, received: &[Record<'_>], others: &[Record<'_>]) {
    let all = || received.iter().chain(others);
    let closed = |one: &&Record<'_>| one.answered_on.is_some_and(|day| question.contains(day));
    let due = |one: &&Record<'_>| is_due_in(question, one);
    for (basis, chosen) in [
        ("received", received.iter().collect::<Vec<_>>()),
        ("closed", all().filter(closed).collect()),
        ("due", all().filter(due).collect()),
    ] {
        let share = |states: &[CaseState]| {
            let of = |wanted: &dyn Fn(CaseState) -> bool| {
                crate::metrics::figure::count(chosen.iter().filter(|one| wanted(one.state)))
            };
            Figure::new(of(&|state| states.contains(&state)), of(&is_in_denominator))
        };
        let in_deadline = share(&[CaseState::AnsweredInDeadline]);
        let in_time = share(&[CaseState::AnsweredInDeadline, CaseState::AnsweredInExtension]);
        columns.count(&format!("{basis}_denominator"), in_time.denominator);
        columns.count(&format!("{basis}_in_deadline"), in_deadline.numerator);
        columns.percentage(&format!("{basis}_in_deadline_percentage"), in_deadline, DECIMALS);
        columns.count(&format!("{basis}_in_time"), in_time.numerator);
        columns.percentage(&format!("{basis}_in_time_percentage"), in_time, DECIMALS);
    }
}

/// The denominator of timeliness: answered under a duty, or open with the clock running.
const fn is_in_denominator(state: CaseState) -> bool {
    matches!(
        state,
        CaseState::AnsweredInDeadline
            | CaseState::AnsweredInExtension
            | CaseState::AnsweredLate
            | CaseState::OpenNotYetDue
            | CaseState::OpenInExtension
            | CaseState::OpenOverdue
    )
}

impl ReturnQuestion<'_> {
    /// Whether a day lies in the period, and has come by `as_at`.
    pub(super) fn contains(&self, day: Date) -> bool {
        self.period.start_on() <= day && day <= self.period.end_on()
    }
}

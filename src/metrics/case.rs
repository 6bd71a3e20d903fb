//! A request as figures see it: its receipt, its parts, what happened and what was answered; and where it stands at the
//! end of a day. Knows nothing of periods.

use smol_str::SmolStr;

use crate::{
    casework::{
        response::{DeterminationOutcome, ResponseKind},
        text::Label,
    },
    law::{
        Date, Regime,
        calendar::Calendars,
        clock::{Event, Happening, PartClock, PartHistory, RequestClock, Scope, fold, request_clock},
    },
    metrics::selection::Selection,
};

/// One part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePart {
    /// Its label.
    pub label: Label,
    /// The regime it is handled under.
    pub regime: Regime,
    /// Whether it is a valid request for information; what is not is never counted.
    pub valid: bool,
}

/// The answer of one issued response to one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The part answered.
    pub part: Label,
    /// What the response was in the life of the request.
    pub response_kind: ResponseKind,
    /// The day it was sent.
    pub issued_on: Date,
    /// How it answered the part.
    pub outcome: DeterminationOutcome,
}

/// One ground that an issued response cited for one part; an alternative group is one ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The part it was cited for.
    pub part: Label,
    /// What the response was in the life of the request.
    pub response_kind: ResponseKind,
    /// The day it was sent.
    pub issued_on: Date,
    /// The regime of the provision.
    pub regime: Regime,
    /// The provision, or all members of an alternative group as one, like `23(1) or 24(1)`.
    pub class: SmolStr,
    /// Whether it is a ground for neither confirming nor denying.
    pub ncnd: bool,
}

/// What a request is called where a figure points at it. Nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseName {
    /// Its public id.
    pub id: String,
    /// The authority's own reference.
    pub reference: String,
}

/// A request with everything that figures may be computed from: what was received and what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    name: CaseName,
    received_on: Date,
    parts: Vec<CasePart>,
    events: Vec<Event>,
    answers: Vec<Answer>,
    /// Answers of other kinds: they decide nothing but that nobody waits any more.
    later_answers: Vec<Answer>,
    citations: Vec<Citation>,
}

impl Case {
    /// Puts a case together. `received_on` is the day as first recorded. Of `events` void ones are left out, and
    /// responses too: `answers` tell of them. Of answers to one part on one day the first given stands.
    #[must_use]
    pub fn new(
        name: CaseName,
        received_on: Date,
        parts: Vec<CasePart>,
        mut events: Vec<Event>,
        mut answers: Vec<Answer>,
        mut citations: Vec<Citation>,
    ) -> Self {
        let later_answers = answers.extract_if(.., |answer| !answers_first(answer.response_kind)).collect();
        citations.retain(|citation| answers_first(citation.response_kind));
        events.extend(answers.iter().map(|answer| Event {
            // Nothing refers to an answer.
            id: String::new(),
            effective_on: answer.issued_on,
            scope: Scope::Parts(vec![answer.part.clone()]),
            happening: Happening::Response,
        }));
        Self { name, received_on, parts, events, answers, later_answers, citations }
    }

    /// The case at the end of the day `as_at`. `None` when it had not been received by then, or has no valid part (under
    /// the regime asked for): then no figure counts it.
    pub(super) fn seen(&self, calendars: &Calendars, selection: &Selection) -> Option<Seen<'_>> {
        self.seen_under(calendars, selection.as_at, |regime| selection.regime.is_none_or(|wanted| wanted == regime))
    }

    /// The case at the end of the day `as_at`, as far as its parts are under a regime that is `wanted`.
    pub(super) fn seen_under(
        &self,
        calendars: &Calendars,
        as_at: Date,
        wanted: impl Fn(Regime) -> bool,
    ) -> Option<Seen<'_>> {
        self.seen_by(calendars, as_at, wanted, &self.events)
    }

    /// The case at the end of the day `as_at` as if nothing had been answered: an answer when no duty was left ends nothing
    /// that had not ended before it.
    pub(super) fn seen_unanswered(
        &self,
        calendars: &Calendars,
        as_at: Date,
        wanted: impl Fn(Regime) -> bool,
    ) -> Option<Seen<'_>> {
        let answers = |event: &&Event| event.happening == Happening::Response;
        let others: Vec<Event> = self.events.iter().filter(|event| !answers(event)).cloned().collect();
        self.seen_by(calendars, as_at, wanted, &others)
    }

    /// The case at the end of the day `as_at`, of its events only `events` having happened.
    fn seen_by(
        &self,
        calendars: &Calendars,
        as_at: Date,
        wanted: impl Fn(Regime) -> bool,
        events: &[Event],
    ) -> Option<Seen<'_>> {
        let received_on = self.corrected_received_on();
        if received_on > as_at {
            return None;
        }
        let counts = |part: &&CasePart| part.valid && wanted(part.regime);
        let parts: Vec<SeenPart<'_>> =
            self.parts.iter().filter(counts).map(|part| self.seen_part(calendars, part, as_at, events)).collect();
        let clocks: Vec<PartClock> = parts.iter().map(|part| part.clock).collect();
        let clock = request_clock(&clocks, as_at)?;
        Some(Seen { received_on, parts, clock })
    }

    fn seen_part<'a>(
        &'a self,
        calendars: &Calendars,
        part: &'a CasePart,
        as_at: Date,
        events: &[Event],
    ) -> SeenPart<'a> {
        let (regime, received_on, label) = (part.regime, self.received_on, &part.label);
        let clock = fold(calendars, &PartHistory { regime, received_on, label, events }, as_at);
        // On one day the initial answer comes before the outcome of a public-interest test.
        let on_the_day = |answer: &&Answer| answer.part == part.label && Some(answer.issued_on) == clock.responded_on;
        let first = self.answers.iter().filter(on_the_day).min_by_key(|answer| answer.response_kind);
        let cited = |citation: &&Citation| {
            citation.part == part.label
                && first.is_some_and(|first| {
                    (first.issued_on, first.response_kind) == (citation.issued_on, citation.response_kind)
                })
        };
        let grounds = self.citations.iter().filter(cited).collect();
        SeenPart { label, regime, clock, outcome: first.map(|first| first.outcome), grounds }
    }

    /// What is left to do of the request at the end of `as_at`, `seen` that day; `None` where nothing is. A part that was
    /// answered only by a response of another kind, say one that the regulator ordered after silence, stays unanswered in
    /// every figure of timeliness, and is nothing left to do: it is not among these.
    pub(super) fn left_to_do<'a>(&self, seen: &Seen<'a>, as_at: Date) -> Option<Seen<'a>> {
        let is_closed = |part: &SeenPart<'_>| part.clock.state_on(as_at).is_closed();
        let is_answered = |part: &SeenPart<'_>| {
            self.later_answers.iter().any(|answer| answer.part == *part.label && answer.issued_on <= as_at)
        };
        let counts = |part: &&SeenPart<'_>| is_closed(part) || !is_answered(part);
        let parts: Vec<SeenPart<'a>> = seen.parts.iter().filter(counts).cloned().collect();
        if parts.iter().all(is_closed) {
            return None;
        }
        let clocks: Vec<PartClock> = parts.iter().map(|part| part.clock).collect();
        let clock = request_clock(&clocks, as_at)?;
        Some(Seen { received_on: seen.received_on, parts, clock })
    }

    /// The authority's own reference of the request, and its id.
    pub(super) fn name(&self) -> &CaseName {
        &self.name
    }

    /// What happened to it, its first answers among it.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The last day on which anything took effect: the receipt, an event or an answer. A correction of the receipt holds for
    /// every day, and takes effect on none.
    pub(super) fn settled_on(&self) -> Date {
        let corrects = |event: &&Event| matches!(event.happening, Happening::ReceiptCorrection { .. });
        let events = self.events.iter().filter(|event| !corrects(event)).map(|event| event.effective_on);
        let later = self.later_answers.iter().map(|answer| answer.issued_on);
        events.chain(later).fold(self.corrected_received_on(), Date::max)
    }

    /// The day of receipt after corrections: the last one recorded holds, and for every day.
    pub(super) fn corrected_received_on(&self) -> Date {
        let corrections = self.events.iter().filter_map(|event| match event.happening {
            Happening::ReceiptCorrection { received_on, recorded_seq } => Some((recorded_seq, received_on)),
            _ => None,
        });
        corrections.max().map_or(self.received_on, |(_, received_on)| received_on)
    }
}

/// Whether such a response answers the request in the first place: an initial one, or the outcome of a public-interest
/// test that an initial notice announced (FOIA s17(3)). Fresh, revised and review answers change no figure of these.
fn answers_first(kind: ResponseKind) -> bool {
    matches!(kind, ResponseKind::Initial | ResponseKind::PublicInterestOutcome)
}

/// A case at the end of a day; with its valid parts only.
#[derive(Debug, Clone)]
pub(super) struct Seen<'a> {
    /// The day of receipt, after corrections.
    pub received_on: Date,
    /// The parts that count; at least one.
    pub parts: Vec<SeenPart<'a>>,
    /// The clock of the request, made of those parts.
    pub clock: RequestClock,
}

/// A part at the end of a day.
#[derive(Debug, Clone)]
pub(super) struct SeenPart<'a> {
    /// Its label.
    pub label: &'a Label,
    /// The regime it is handled under.
    pub regime: Regime,
    /// Its clock.
    pub clock: PartClock,
    /// How it was first answered.
    pub outcome: Option<DeterminationOutcome>,
    /// The grounds cited in that answer.
    pub grounds: Vec<&'a Citation>,
}

impl<'a> Seen<'a> {
    /// How the parts were answered that were.
    pub fn outcomes(&self) -> Vec<DeterminationOutcome> {
        self.answered_parts().filter_map(|part| part.outcome).collect()
    }

    /// The parts whose answers are those of the request. A letter on a part of which nothing was owed any more changes
    /// nothing, unless nothing was owed of any that was answered.
    pub fn answered_parts(&self) -> impl Iterator<Item = &SeenPart<'a>> {
        let was_owed = self.was_owed();
        self.parts.iter().filter(move |part| part.outcome.is_some() && (!was_owed || part.clock.in_time.is_some()))
    }

    /// The day on which its first answer became complete, seen at the end of `as_at`: that of the last answer, or of a later
    /// end of another part. At the end of a period a request is not answered before, so that by the day of the answer it
    /// would be in no period; and what is sent to a part after its end, owed or not, moves the request out of none.
    pub fn answered_on(&self, as_at: Date) -> Option<Date> {
        self.clock.responded_on?;
        let clocks = || self.parts.iter().map(|part| &part.clock);
        let owed_on = clocks().filter(|clock| clock.in_time.is_some()).filter_map(|clock| clock.responded_on).min();
        let first_on = owed_on.or_else(|| clocks().filter_map(|clock| clock.responded_on).min())?;
        let closed_on = |clock: &PartClock| clock.ended_by(as_at).map(|ending| ending.on).or(clock.closed_by(as_at));
        clocks().filter_map(closed_on).chain([first_on]).max()
    }

    /// Whether one of the answers was owed.
    fn was_owed(&self) -> bool {
        self.parts.iter().any(|part| part.clock.in_time.is_some())
    }
}

//! The columns of the statistics of central government that only annual returns fill: reviews, complaints, and how long
//! extensions and reviews took. Knows nothing of the other columns.

use crate::{
    casework::review::ReviewOutcome,
    law::{Date, Regime, calendar::Calendars, clock::PartClock},
    metrics::{
        Case, Figure,
        figure::count,
        proceedings::SeenReview,
        returns::{
            ReturnQuestion,
            cabinet_columns::{
                COMPLAINTS, EARLIER_EXTENSION_LENGTHS, EARLIER_REVIEW_LENGTHS, EXTENSION_LENGTHS, REVIEW_LENGTHS,
                REVIEWS,
            },
            cabinet_office::{DECIMALS, place_of},
            document::Columns,
            record::{Record, is_of_uk},
            states::CabinetOfficePlace,
        },
        reviews::by_length,
    },
};

/// The last day of each band of lengths but the last, in working days.
const EXTENSION_BANDS: [i64; 9] = [5, 10, 15, 20, 30, 40, 60, 80, 100];

/// The columns that only annual returns fill; empty in a quarter.
pub(super) fn write(
    columns: &mut Columns,
    calendars: &Calendars,
    cases: &[Case],
    question: &ReturnQuestion<'_>,
    received: &[Record<'_>],
) {
    let is_year = question.period.is_year();
    let lengths: Option<Lengths> = is_year.then(|| Lengths::of(calendars, received.iter(), question.as_at));
    let earlier: Option<Lengths> = is_year.then(|| earlier_extensions(calendars, cases, question));
    let reviews: Option<Reviews> = is_year.then(|| Reviews::of_period(calendars, question));
    let earlier_reviews: Option<Reviews> = is_year.then(|| Reviews::of_period_before(calendars, question));
    outcomes_of_reviews(columns, reviews.as_ref());
    complaints(columns, question);
    columns.optional("PIT Total Requests Extended", lengths.as_ref().map(|lengths| lengths.extended));
    columns.optional("PIT Number Completed", lengths.as_ref().map(Lengths::completed));
    bands(columns, &EXTENSION_LENGTHS, lengths.as_ref());
    columns.optional("IR Total Reviews Completed", reviews.as_ref().map(Reviews::completed));
    for (at, heading) in REVIEW_LENGTHS.iter().enumerate() {
        columns.optional(heading, reviews.as_ref().and_then(|reviews| reviews.lengths().get(at).copied()));
    }
    columns.optional("PIT uncompleted prev year Total last year", earlier.as_ref().map(|lengths| lengths.extended));
    bands(columns, &EARLIER_EXTENSION_LENGTHS, earlier.as_ref());
    columns.optional("IR uncompleted prev year Total last year", earlier_reviews.as_ref().map(Reviews::total));
    for (at, heading) in EARLIER_REVIEW_LENGTHS.iter().enumerate() {
        columns.optional(heading, earlier_reviews.as_ref().and_then(|reviews| reviews.lengths().get(at).copied()));
    }
}

fn bands(columns: &mut Columns, headings: &[&str; 10], lengths: Option<&Lengths>) {
    for (at, heading) in headings.iter().enumerate() {
        columns.optional(heading, lengths.and_then(|lengths| lengths.bands.get(at).copied()));
    }
}

/// Requests with extensions for the public-interest test, by the working days by which the answer to the part that took
/// longest came after its statutory due date.
struct Lengths {
    extended: u32,
    bands: [u32; 10],
}

impl Lengths {
    /// The lengths as they are at the end of `as_at`.
    fn of<'a, 'b: 'a>(calendars: &Calendars, records: impl Iterator<Item = &'a Record<'b>>, as_at: Date) -> Self {
        let mut lengths = Self { extended: 0, bands: [0; 10] };
        for record in records.filter(|record| place_of(record) != Some(CabinetOfficePlace::OnHoldOrLapsed)) {
            let Some(extension) = Extension::of(calendars, record, as_at) else { continue };
            lengths.extended += 1;
            let Extension::Completed(days) = extension else { continue };
            let band = EXTENSION_BANDS.iter().position(|most| days <= *most).unwrap_or(EXTENSION_BANDS.len());
            if let Some(counted) = lengths.bands.get_mut(band) {
                *counted += 1;
            }
        }
        lengths
    }

    fn completed(&self) -> u32 {
        self.bands.iter().sum()
    }
}

/// How the extended parts of a request under FOIA stand. Other parts, those under the EIR among them, are no extension of
/// this kind, however long they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extension {
    /// An extended part is not closed.
    Running,
    /// No extended part was answered, and all are closed.
    Ended,
    /// The working days of the part that took longest, from its statutory due date to its answer.
    Completed(i64),
}

impl Extension {
    /// The extensions of a request at the end of `as_at`; `None` where no part under FOIA has one.
    fn of(calendars: &Calendars, record: &Record<'_>, as_at: Date) -> Option<Self> {
        let calendar = calendars.get(Regime::Foia.calendar());
        let parts = record.seen.parts.iter().filter(|part| part.regime == Regime::Foia);
        let extended: Vec<&PartClock> =
            parts.map(|part| &part.clock).filter(|clock| clock.extended_to.is_some()).collect();
        let days = |clock: &&PartClock| {
            let responded_on = clock.responded_on.filter(|_| clock.in_time.is_some())?;
            Some(calendar.working_days_between(clock.due_on, responded_on))
        };
        let is_running = extended.iter().any(|clock| !clock.state_on(as_at).is_closed());
        match (extended.is_empty(), is_running, extended.iter().filter_map(days).max()) {
            (true, ..) => None,
            (_, true, _) => Some(Self::Running),
            (.., None) => Some(Self::Ended),
            (.., Some(days)) => Some(Self::Completed(days)),
        }
    }
}

/// Extensions of requests received in the year before which were running when that year ended, and how long they took.
fn earlier_extensions(calendars: &Calendars, cases: &[Case], question: &ReturnQuestion<'_>) -> Lengths {
    // Of a year that has not come by `as_at` what is known of the one before ends there.
    let last_day = question.period.start_on().plus_days(-1).min(question.as_at);
    let was_running = |case: &Case| {
        Record::of(calendars, case, last_day, is_of_uk)
            .is_some_and(|then| Extension::of(calendars, &then, last_day) == Some(Extension::Running))
    };
    let first_day = Date::new(question.period.start_on().year() - 1, question.period.start_on().month(), 1);
    let records: Vec<Record<'_>> = cases
        .iter()
        .filter(|case| Some(case.corrected_received_on()) >= first_day && was_running(case))
        .filter_map(|case| Record::of(calendars, case, question.as_at, is_of_uk))
        .collect();
    Lengths::of(calendars, records.iter(), question.as_at)
}

/// The reviews that some columns are about.
struct Reviews(Vec<SeenReview>);

impl Reviews {
    /// Those asked for in the period.
    fn of_period(calendars: &Calendars, question: &ReturnQuestion<'_>) -> Self {
        let mut seen = question.seen_reviews(calendars, question.as_at, is_of_uk);
        seen.retain(|one| question.contains(one.requested_on));
        Self(seen)
    }

    /// Those asked for in the year before and not decided when it ended, as they stand now.
    fn of_period_before(calendars: &Calendars, question: &ReturnQuestion<'_>) -> Self {
        let start_on = question.period.start_on();
        let first_day = Date::new(start_on.year() - 1, start_on.month(), 1).unwrap_or(start_on);
        let mut seen = question.seen_reviews(calendars, question.as_at, is_of_uk);
        seen.retain(|one| {
            let was_open = one.decided_on.is_none_or(|decided_on| decided_on >= start_on);
            (first_day..start_on).contains(&one.requested_on) && was_open
        });
        Self(seen)
    }

    fn total(&self) -> u32 {
        count(self.0.iter())
    }

    fn completed(&self) -> u32 {
        count(self.0.iter().filter(|one| one.decided_on.is_some()))
    }

    fn with(&self, outcome: ReviewOutcome) -> u32 {
        count(self.0.iter().filter(|one| one.outcome == Some(outcome)))
    }

    fn lengths(&self) -> [u32; 7] {
        by_length(self.0.iter().filter_map(|one| one.taken))
    }
}

/// Upheld is the authority's answer here, as in the published data. A review that gave the first answer upheld none: it is
/// among the completed, and its outcome is none of the form's.
fn outcomes_of_reviews(columns: &mut Columns, reviews: Option<&Reviews>) {
    let [total, known, upheld, in_part, overturned, percentage] = REVIEWS;
    let of = |outcome| reviews.map(|reviews| reviews.with(outcome));
    let outcomes = [ReviewOutcome::PositionMaintained, ReviewOutcome::PartlyChanged, ReviewOutcome::Overturned].map(of);
    let sum = outcomes.iter().copied().sum::<Option<u32>>();
    columns.optional(total, reviews.map(Reviews::total));
    columns.optional(known, sum);
    for (heading, outcome) in [upheld, in_part, overturned].into_iter().zip(outcomes) {
        columns.optional(heading, outcome);
    }
    match outcomes.first().copied().flatten().zip(sum) {
        Some((upheld, known)) => columns.percentage(percentage, Figure::new(upheld, known), DECIMALS),
        None => columns.optional(percentage, None),
    }
}

/// The complaints made in the period. Their outcomes are left empty: the form asks whether the complaint was upheld in words
/// that a notice with several findings does not give, and is itself published without them at first.
fn complaints(columns: &mut Columns, question: &ReturnQuestion<'_>) {
    let [total, outcomes @ ..] = COMPLAINTS;
    let made = question.complaints.iter().filter(|complaint| {
        complaint.regimes.iter().copied().any(is_of_uk)
            && question.contains(complaint.made_on)
            && complaint.made_on <= question.as_at
    });
    columns.optional(total, question.period.is_year().then(|| count(made)));
    for heading in outcomes {
        columns.optional(heading, None);
    }
}

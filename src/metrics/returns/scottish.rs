//! The quarterly return to the Scottish Information Commissioner: what was received, closed and answered in the period under
//! FOISA and under the EI(S)Rs. It counts activity, so its rows overlap by design and need not add up; what is left over is
//! shown. Knows nothing of other returns.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    casework::{
        outcome::request_outcome, request::RequestOutcome, response::DeterminationOutcome, review::ReviewOutcome,
    },
    law::{
        Date, Regime,
        calendar::Calendars,
        citations::within,
        clock::{Event, ExtensionKind, Happening, PartState},
    },
    metrics::{
        Case, Citation,
        case::SeenPart,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        proceedings::SeenReview,
        returns::{
            ReturnDocument, ReturnKind, ReturnQuestion,
            document::{Columns, identity},
            record::{Cited, Record, column_of, count_of},
            scottish_columns::{EISR_REQUESTS, EXEMPTIONS, FOISA_REQUESTS, REVIEWS},
            states::ScottishPlace,
        },
    },
};

/// The return; `cases` are those that the period concerns in any way.
pub(super) fn prepare(calendars: &Calendars, cases: &[Case], question: &ReturnQuestion<'_>) -> ReturnDocument {
    let under = |wanted: fn(Regime) -> bool| -> Vec<Record<'_>> {
        cases.iter().filter_map(|case| Record::without_courtesy(calendars, case, question.as_at, wanted)).collect()
    };
    let foisa_records = under(|regime| regime == Regime::Foisa);
    let eisr_records = under(|regime| regime == Regime::Eisr);
    let foisa = Rows::of(&foisa_records, question);
    let eisr = Rows::of(&eisr_records, question);
    let mut columns = Columns::default();
    columns.text("Name", question.subject.name);
    columns.text("Region", question.subject.nation);
    columns.text("Sector", question.subject.kind);
    columns.text("Id", question.subject.authority_id);
    for (heading, cell) in FOISA_REQUESTS.iter().zip(foisa.under_foisa()) {
        columns.count(heading, cell);
    }
    for (heading, cell) in EISR_REQUESTS.iter().zip(eisr.under_regulations()) {
        columns.optional(heading, cell);
    }
    columns.optional("Subject Access Requests", None);
    let reviews = Reviews::of(calendars, question);
    for (heading, cell) in REVIEWS.iter().zip(reviews.rows(question)) {
        columns.count(heading, cell);
    }
    let exemptions = Exemptions::of(foisa_records.iter().chain(&eisr_records), question);
    for ((_, _, heading), cited) in EXEMPTIONS.iter().zip(&exemptions.by_column) {
        columns.count(heading, *cited);
    }
    let not_yet_due = foisa.not_yet_due + eisr.not_yet_due + reviews.not_yet_due(question);
    ReturnDocument {
        identities: vec![
            foisa.identity("FOISA"),
            eisr.identity("EI(S)Rs"),
            foisa.answers("FOISA"),
            eisr.answers("EI(S)Rs"),
            exemptions.identity(),
        ],
        ..question.document(
            ReturnKind::ScottishCommissioner,
            DefinitionBasis::Activity,
            DefinitionId::ReturnScottishCommissioner,
            not_yet_due,
            columns,
        )
    }
}

/// The rows of one regime.
#[derive(Default)]
struct Rows {
    received: u32,
    unclear: u32,
    withdrawn: u32,
    fee_notices: u32,
    fees_paid: u32,
    on_time: u32,
    late: u32,
    no_response: u32,
    extended: u32,
    not_yet_due: u32,
    /// Letters by what they answered as a whole.
    letters: BTreeMap<Letter, u32>,
    /// Letters that besides refused or neither confirmed nor denied a part: rows of the form overlap by design.
    besides: BTreeMap<Letter, u32>,
}

/// What one letter answered, of the parts it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Letter {
    Full,
    NoneReleased,
    Some,
    NoneHeld,
    Ncnd,
    Cost,
    Vexatious,
    Repeated,
    ManifestlyUnreasonable,
    Advice,
}

impl Rows {
    fn of(records: &[Record<'_>], question: &ReturnQuestion<'_>) -> Self {
        let answered = |one: &Record<'_>| one.answered_on.is_some_and(|day| question.contains(day));
        let closed = |one: &Record<'_>| one.clock.closed_on.is_some_and(|day| question.contains(day));
        let placed = |place, of_period: &dyn Fn(&Record<'_>) -> bool| {
            count_of(records, |one| of_period(one) && place_of(one) == Some(place))
        };
        let happened = |happening: fn(&Event) -> bool| {
            count_of(records, |one| {
                one.case.events().iter().any(|event| {
                    let day = event.effective_on;
                    happening(event) && covers(one, event) && question.contains(day) && day <= question.as_at
                })
            })
        };
        let (mut letters, mut besides) = (BTreeMap::new(), BTreeMap::new());
        for (whole, of_parts) in records.iter().flat_map(|one| letters_of(one, question)) {
            *letters.entry(whole).or_default() += 1;
            for of_part in of_parts.into_iter().filter(|of_part| *of_part != whole) {
                *besides.entry(of_part).or_default() += 1;
            }
        }
        Self {
            received: count_of(records, |one| question.contains(one.received_on)),
            unclear: count_of(records, |one| closed(one) && lapsed_unclear(one)),
            withdrawn: placed(ScottishPlace::ClosedWithdrawn, &closed),
            fee_notices: happened(|event| event.happening == Happening::FeeNoticeGiven),
            fees_paid: happened(|event| matches!(event.happening, Happening::FeePaid { .. })),
            on_time: placed(ScottishPlace::OnTime, &answered),
            late: placed(ScottishPlace::Late, &answered),
            no_response: placed(ScottishPlace::NoResponse, &|one| {
                missed_on(one, question.as_at).is_some_and(|day| question.contains(day))
            }),
            extended: happened(|event| {
                matches!(event.happening, Happening::Extension { extension: ExtensionKind::ComplexityAndVolume, .. })
            }),
            not_yet_due: count_of(records, |one| is_not_yet_due(one, question)),
            letters,
            besides,
        }
    }

    fn letters(&self, letter: Letter) -> u32 {
        [&self.letters, &self.besides].iter().filter_map(|counted| counted.get(&letter)).sum()
    }

    /// The cells under FOISA, in the order of the headings.
    fn under_foisa(&self) -> [u32; 16] {
        [
            self.received,
            self.unclear,
            self.withdrawn,
            self.fee_notices,
            self.fees_paid,
            self.on_time,
            self.late,
            self.no_response,
            self.letters(Letter::Cost),
            self.letters(Letter::Vexatious),
            self.letters(Letter::Repeated),
            self.letters(Letter::Full),
            self.letters(Letter::NoneReleased),
            self.letters(Letter::Some),
            self.letters(Letter::NoneHeld),
            self.letters(Letter::Ncnd),
        ]
    }

    /// The cells under the EI(S)Rs. Whether a manifestly unreasonable request was so for its cost is not recorded: such
    /// refusals are in one row, and the row of cost is empty.
    fn under_regulations(&self) -> [Option<u32>; 16] {
        [
            Some(self.received),
            Some(self.unclear),
            Some(self.withdrawn),
            Some(self.fee_notices),
            Some(self.fees_paid),
            Some(self.on_time),
            Some(self.late),
            Some(self.no_response),
            Some(self.extended),
            None,
            Some(self.letters(Letter::ManifestlyUnreasonable)),
            Some(self.letters(Letter::Full)),
            Some(self.letters(Letter::NoneReleased)),
            Some(self.letters(Letter::Some)),
            Some(self.letters(Letter::NoneHeld)),
            Some(self.letters(Letter::Ncnd)),
        ]
    }

    fn identity(&self, regime: &str) -> crate::metrics::returns::ReturnIdentity {
        let parts = [self.unclear, self.withdrawn, self.on_time, self.late, self.no_response];
        let name = format!("{regime}: received = unclear + withdrawn + on time + late + no response");
        identity(&name, self.received, &parts, false)
    }

    fn answers(&self, regime: &str) -> crate::metrics::returns::ReturnIdentity {
        let letters: Vec<u32> = self.letters.values().copied().collect();
        identity(&format!("{regime}: on time + late = answers sent"), self.on_time + self.late, &letters, false)
    }
}

fn place_of(record: &Record<'_>) -> Option<ScottishPlace> {
    record.state.places().map(|row| row.scottish_commissioner)
}

/// Whether a part is open within its limit, none is overdue, and the request can still come into a row of the period: it was
/// received in it, or the limit lies in it, and once that has run out it is a failure to respond.
fn is_not_yet_due(record: &Record<'_>, question: &ReturnQuestion<'_>) -> bool {
    let limits = record.seen.parts.iter().filter_map(|part| part.clock.overdue_after(question.as_at));
    let awaited = limits.min().filter(|_| missed_on(record, question.as_at).is_none());
    awaited.is_some_and(|limit_on| question.contains(record.received_on) || question.contains(limit_on))
}

/// The last day for an answer in time to the part, of those that still owe one, that had the least of it. A part that was
/// answered says nothing of it: it is counted with the whole request, once that is answered.
fn missed_on(record: &Record<'_>, as_at: Date) -> Option<Date> {
    let limits = record.seen.parts.iter().filter_map(|part| part.clock.overdue_after(as_at));
    limits.filter(|limit_on| *limit_on < as_at).min()
}

/// Whether the request lapsed because no clarification came, and not by an unpaid fee.
fn lapsed_unclear(record: &Record<'_>) -> bool {
    let lapsed = || record.seen.parts.iter().filter(|part| part.clock.state == PartState::Lapsed);
    place_of(record) == Some(ScottishPlace::ClosedUnclear) && lapsed().any(|part| part.clock.lapses_on.is_none())
}

fn covers(record: &Record<'_>, event: &Event) -> bool {
    record.seen.parts.iter().any(|part| event.scope.covers(part.label))
}

/// The parts that were answered under a duty, each with the day and the outcome.
fn answered_parts<'a>(
    record: &'a Record<'_>,
) -> impl Iterator<Item = (Date, DeterminationOutcome, &'a SeenPart<'a>)> + 'a {
    let owed = record.seen.parts.iter().filter(|part| part.clock.in_time.is_some());
    owed.filter_map(|part| Some((part.clock.responded_on?, part.outcome?, part)))
}

/// What each letter of the period answered: an answer is counted once for each letter that gives one, for the form asks what
/// was sent. A letter that answers nothing anew is none. With each, how it refused single parts, where the form has a row
/// for that.
fn letters_of(record: &Record<'_>, question: &ReturnQuestion<'_>) -> Vec<(Letter, BTreeSet<Letter>)> {
    let mut by_day: BTreeMap<Date, Vec<(DeterminationOutcome, Option<Letter>)>> = BTreeMap::new();
    for (day, outcome, part) in answered_parts(record).filter(|(day, ..)| question.contains(*day)) {
        by_day.entry(day).or_default().push((outcome, refusal(outcome, part)));
    }
    let told = |answers: Vec<(DeterminationOutcome, Option<Letter>)>| {
        Some((letter(&answers)?, answers.into_iter().filter_map(|(_, refusal)| refusal).collect()))
    };
    by_day.into_values().filter_map(told).collect()
}

/// The row of its own that an answer to a part has, beside what the letter released. The EI(S)Rs know one refusal where
/// FOISA has three: as manifestly unreasonable.
fn refusal(outcome: DeterminationOutcome, part: &SeenPart<'_>) -> Option<Letter> {
    use DeterminationOutcome as Outcome;
    let unreasonable = (part.regime == Regime::Eisr).then_some(Letter::ManifestlyUnreasonable);
    match outcome {
        Outcome::NeitherConfirmedNorDenied => Some(Letter::Ncnd),
        Outcome::RefusedCost => unreasonable.or(Some(Letter::Cost)),
        Outcome::RefusedVexatious => unreasonable.or(Some(Letter::Vexatious)),
        Outcome::RefusedRepeated => unreasonable.or(Some(Letter::Repeated)),
        Outcome::Withheld => unreasonable.filter(|_| cites_unreasonableness(part)),
        _ => None,
    }
}

fn cites_unreasonableness(part: &SeenPart<'_>) -> bool {
    part.grounds.iter().any(|ground| ground.regime == Regime::Eisr && ground.class == "10(4)(b)")
}

/// What a letter answered as a whole, of its answers to parts and the rows that these have.
fn letter(answers: &[(DeterminationOutcome, Option<Letter>)]) -> Option<Letter> {
    let outcomes: Vec<DeterminationOutcome> = answers.iter().map(|(outcome, _)| *outcome).collect();
    let mixed = outcomes.contains(&DeterminationOutcome::NotHeld);
    // Of one that did nothing else it is the whole, and not among what released nothing.
    let is_withheld =
        |outcome| matches!(outcome, DeterminationOutcome::Withheld | DeterminationOutcome::AccessibleElsewhere);
    let is_withheld_otherwise = answers.iter().any(|(outcome, refusal)| is_withheld(*outcome) && refusal.is_none());
    let is_unreasonable = answers.iter().any(|(_, refusal)| *refusal == Some(Letter::ManifestlyUnreasonable));
    Some(match request_outcome(&outcomes)? {
        // Row 18 takes what was partly withheld or partly not held.
        RequestOutcome::GrantedInFull if mixed => Letter::Some,
        RequestOutcome::GrantedInFull => Letter::Full,
        RequestOutcome::PartlyWithheld => Letter::Some,
        RequestOutcome::WithheldInFull
        | RequestOutcome::RefusedCost
        | RequestOutcome::RefusedVexatious
        | RequestOutcome::RefusedRepeated
            if is_unreasonable && !is_withheld_otherwise =>
        {
            Letter::ManifestlyUnreasonable
        }
        RequestOutcome::WithheldInFull => Letter::NoneReleased,
        RequestOutcome::NotHeld => Letter::NoneHeld,
        RequestOutcome::NeitherConfirmedNorDenied => Letter::Ncnd,
        RequestOutcome::RefusedCost => Letter::Cost,
        RequestOutcome::RefusedVexatious => Letter::Vexatious,
        RequestOutcome::RefusedRepeated => Letter::Repeated,
        RequestOutcome::AdviceGiven | RequestOutcome::Transferred => Letter::Advice,
    })
}

/// The reviews under FOISA and those under the EI(S)Rs.
struct Reviews {
    foisa: Vec<SeenReview>,
    eisr: Vec<SeenReview>,
}

impl Reviews {
    fn of(calendars: &Calendars, question: &ReturnQuestion<'_>) -> Self {
        let of = |wanted| question.seen_reviews(calendars, question.as_at, wanted);
        Self { foisa: of(|regime| regime == Regime::Foisa), eisr: of(|regime| regime == Regime::Eisr) }
    }

    /// Those undecided whose limit lies in the period and has not passed: of each it is open whether it is a failure.
    fn not_yet_due(&self, question: &ReturnQuestion<'_>) -> u32 {
        let awaited = |one: &&SeenReview| one.decided_on.is_none() && one.limit_on >= question.as_at;
        count(self.foisa.iter().chain(&self.eisr).filter(awaited).filter(|one| question.contains(one.limit_on)))
    }

    /// Their rows: seven under FOISA, six under the EI(S)Rs. One that gave a first decision on a part has that row beside the
    /// one of what became of the other decisions (FOISA s21(4)(a) to (c)), and found the EI(S)Rs not complied with.
    fn rows(&self, question: &ReturnQuestion<'_>) -> Vec<u32> {
        let timeliness = |seen: &[SeenReview]| {
            let of = |counts: &dyn Fn(&SeenReview) -> bool| count(seen.iter().filter(|one| counts(one)));
            let decided = |one: &SeenReview| one.decided_on.filter(|day| question.contains(*day));
            [
                of(&|one| question.contains(one.requested_on)),
                of(&|one| decided(one).is_some_and(|day| day <= one.limit_on)),
                of(&|one| decided(one).is_some_and(|day| day > one.limit_on)),
                of(&|one| one.decided_on.is_none() && one.limit_on < question.as_at && question.contains(one.limit_on)),
            ]
        };
        let decided = |seen: &[SeenReview], counts: &dyn Fn(&SeenReview) -> bool| {
            let decided = seen.iter().filter(|one| one.decided_on.is_some_and(|day| question.contains(day)));
            count(decided.filter(|one| counts(one)))
        };
        let became = |one: &SeenReview, wanted: &[ReviewOutcome]| one.outcome.is_some_and(|it| wanted.contains(&it));
        let (stands, changed) = (ReviewOutcome::PositionMaintained, ReviewOutcome::PartlyChanged);
        let replaced = ReviewOutcome::Overturned;
        let mut rows = timeliness(&self.foisa).to_vec();
        rows.push(decided(&self.foisa, &|one| became(one, &[stands, changed])));
        rows.push(decided(&self.foisa, &|one| became(one, &[replaced])));
        rows.push(decided(&self.foisa, &|one| one.decided_first));
        rows.extend(timeliness(&self.eisr));
        rows.push(decided(&self.eisr, &|one| !one.decided_first && became(one, &[stands])));
        rows.push(decided(&self.eisr, &|one| one.decided_first || became(one, &[changed, replaced])));
        rows
    }
}

/// How often exemptions and exceptions were applied in the letters of the period, each once for each letter.
struct Exemptions {
    by_column: Vec<u32>,
    /// Alternatives whose members stand in different columns: in none, for a column would tell which applied.
    alternatives: u32,
}

impl Exemptions {
    fn of<'a, 'b: 'a>(records: impl Iterator<Item = &'a Record<'b>>, question: &ReturnQuestion<'_>) -> Self {
        let mut by_column = vec![0; EXEMPTIONS.len()];
        let mut alternatives = 0;
        for record in records {
            let (mut columns, mut classes) = (BTreeSet::new(), BTreeSet::new());
            let grounds = answered_parts(record).flat_map(|(.., part)| part.grounds.iter().copied());
            for ground in grounds.filter(|ground| question.contains(ground.issued_on)) {
                match column_of(ground, &exemption_column) {
                    Cited::Under(at) => drop(columns.insert((ground.issued_on, at))),
                    Cited::Alternatives => drop(classes.insert((ground.issued_on, ground.class.as_str()))),
                    Cited::Nowhere => {}
                }
            }
            alternatives += count(classes.iter());
            for (_, at) in columns {
                if let Some(counted) = by_column.get_mut(at) {
                    *counted += 1;
                }
            }
        }
        Self { by_column, alternatives }
    }

    fn identity(&self) -> crate::metrics::returns::ReturnIdentity {
        let cited = self.by_column.iter().sum::<u32>() + self.alternatives;
        let name = "exemptions and exceptions applied = the columns of exemptions and exceptions";
        identity(name, cited, &self.by_column, false)
    }
}

fn exemption_column(ground: &Citation, provision: &str) -> Option<usize> {
    EXEMPTIONS.iter().position(|(regime, parent, _)| *regime == ground.regime && within(provision, parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_without_requests_has_all_columns() {
        let question = ReturnQuestion {
            subject: crate::metrics::returns::ReturnSubject {
                authority_id: "",
                name: "A council",
                kind: "council",
                nation: "scotland",
            },
            period: "2019".parse().unwrap(),
            as_at: Date::LAST,
            today: Date::LAST,
            reviews: &[],
            complaints: &[],
        };
        let document = prepare(Calendars::embedded(), &[], &question);
        assert_eq!(count(document.columns.iter()), 112);
        assert_eq!(document.columns[11].heading, "FOISA - faliure to respond");
    }

    #[test]
    fn the_longer_citation_does_not_stand_in_the_shorter_ones_column() {
        let parents: Vec<&str> =
            EXEMPTIONS.iter().filter(|(regime, ..)| *regime == Regime::Foisa).map(|row| row.1).collect();
        for (at, provision) in parents.iter().enumerate() {
            assert_eq!(parents.iter().position(|parent| within(provision, parent)), Some(at), "{provision}");
        }
    }
}

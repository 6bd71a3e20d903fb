//! The statistics of central government: 122 columns for a quarter or a year of the requests received, FOIA and EIR
//! together. Knows nothing of other returns.

use crate::{
    law::{Regime, calendar::Calendars, citations::within},
    metrics::{
        Case, Citation, Figure,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        returns::{
            CaseState, OutcomePlace, ReturnDocument, ReturnIdentity, ReturnKind, ReturnQuestion, cabinet_annual,
            cabinet_columns::EXEMPTIONS,
            document::{Columns, identity},
            record::{Cited, Record, column_of, count_of, is_of_uk},
            states::CabinetOfficePlace,
        },
    },
};

/// The data is published with at most eight decimals.
pub(super) const DECIMALS: u32 = 8;

/// The return; `cases` are those received in the period and, for a year, in the year before.
pub(super) fn prepare(calendars: &Calendars, cases: &[Case], question: &ReturnQuestion<'_>) -> ReturnDocument {
    let received: Vec<Record<'_>> = cases
        .iter()
        .filter_map(|case| Record::of(calendars, case, question.as_at, is_of_uk))
        .filter(|record| question.contains(record.received_on))
        .collect();
    let tally = Tally::of(&received);
    let section_21 = SectionTwentyOne::of(&received);
    let exemptions = Exemptions::of(&received);
    let mut columns = Columns::default();
    columns.text("Quarter", question.period.quarter_first());
    columns.text("Government body", question.subject.name);
    status(&mut columns, &tally);
    outcomes(&mut columns, &tally);
    for (column, cited) in EXEMPTIONS.iter().zip(&exemptions.by_column) {
        let is_left_empty = column.provisions == ["39"] && *cited == 0;
        columns.optional(column.heading, (!is_left_empty).then_some(*cited));
    }
    columns.count("Total exemptions and exceptions applied", exemptions.total());
    columns.count("Number of requests where an exemption was claimed", tally.partial + tally.by_exemption);
    section_21.write(&mut columns, question.period.is_year());
    cabinet_annual::write(&mut columns, calendars, cases, question, &received);
    ReturnDocument {
        identities: identities(&tally, &exemptions, &section_21),
        ..question.document(
            ReturnKind::CabinetOffice,
            DefinitionBasis::Received,
            DefinitionId::ReturnCabinetOffice,
            tally.not_yet_due,
            columns,
        )
    }
}

struct Tally {
    received: u32,
    eir: u32,
    on_hold: u32,
    met: u32,
    extension: u32,
    late: u32,
    not_yet_due: u32,
    /// In the denominator, and not answered completely.
    unanswered: u32,
    advice: u32,
    not_held: u32,
    full: u32,
    partial: u32,
    vexatious: u32,
    repeated: u32,
    cost: u32,
    by_exemption: u32,
}

impl Tally {
    fn of(received: &[Record<'_>]) -> Self {
        let place = |place| count_of(received, |one| place_of(one) == Some(place));
        let outcome = |place| count_of(received, |one| one.outcome == Some(place));
        Self {
            received: count_of(received, |_| true),
            eir: count_of(received, |one| one.seen.parts.iter().any(|part| part.regime == Regime::Eir)),
            on_hold: place(CabinetOfficePlace::OnHoldOrLapsed),
            met: place(CabinetOfficePlace::DeadlineMet),
            extension: place(CabinetOfficePlace::Extension),
            late: place(CabinetOfficePlace::Late),
            not_yet_due: place(CabinetOfficePlace::NotYetDue),
            unanswered: count_of(received, |one| {
                one.state.is_open() && place_of(one) != Some(CabinetOfficePlace::OnHoldOrLapsed)
            }),
            advice: outcome(OutcomePlace::Advice),
            not_held: outcome(OutcomePlace::NotHeld),
            full: outcome(OutcomePlace::Full),
            partial: outcome(OutcomePlace::Partial),
            vexatious: outcome(OutcomePlace::WithheldVexatious),
            repeated: outcome(OutcomePlace::WithheldRepeated),
            cost: outcome(OutcomePlace::WithheldCost),
            by_exemption: outcome(OutcomePlace::WithheldExemption),
        }
    }

    fn processed(&self) -> u32 {
        self.advice + self.not_held + self.full + self.partial + self.withheld()
    }

    fn denominator(&self) -> u32 {
        self.received - self.on_hold
    }

    fn resolvable(&self) -> u32 {
        self.denominator() - self.advice - self.not_held
    }

    fn withheld(&self) -> u32 {
        self.vexatious + self.repeated + self.cost + self.by_exemption
    }
}

pub(super) fn place_of(record: &Record<'_>) -> Option<CabinetOfficePlace> {
    record.state.places().map(|row| row.cabinet_office)
}

fn status(columns: &mut Columns, tally: &Tally) {
    let denominator = tally.denominator();
    columns.count("Total requests received", tally.received);
    columns.count("Requests Processed", tally.processed());
    columns.count("Requests on-hold or lapsed", tally.on_hold);
    columns.count("Requests still being processed", tally.unanswered);
    columns.count("Requests handled under EIRs", tally.eir);
    columns.count("Total requests received (excluding on-hold and lapsed)", denominator);
    columns.count("20-day deadline met", tally.met);
    columns.count("Permitted extension to 20-day deadline", tally.extension);
    columns.count("Late response (i.e. 20-day deadline missed)", tally.late);
    let met = Figure::new(tally.met, denominator);
    columns.percentage("Percentage of requests meeting 20-day deadline", met, DECIMALS);
    columns.percentage(
        "Percentage of requests \"in time\" (i.e. meeting deadline or with permitted extension)",
        Figure::new(tally.met + tally.extension, denominator),
        DECIMALS,
    );
}

fn outcomes(columns: &mut Columns, tally: &Tally) {
    let resolvable = tally.resolvable();
    columns.count("Total requests received (excluding on-hold and lapsed)", tally.denominator());
    columns.count("Requests where advice and assistance provided", tally.advice);
    columns.count("Requests where information not held", tally.not_held);
    columns.count("Total \"resolvable\" requests", resolvable);
    columns.count("Initial Outcome Granted in full", tally.full);
    columns.count("Initial Outcome  Partially withheld", tally.partial);
    columns.count("Initial Outcome  Fully withheld", tally.withheld());
    columns.count("Initial Outcome Response not yet provided", tally.unanswered);
    let full = Figure::new(tally.full, resolvable);
    columns.percentage("Percentage of resolvable requests granted in full", full, DECIMALS);
    let withheld = Figure::new(tally.withheld(), resolvable);
    columns.percentage("Percentage of resolvable requests withheld in full", withheld, DECIMALS);
    columns.count("Fully refused - vexatious", tally.vexatious);
    columns.count("Fully refused - repeated", tally.repeated);
    columns.count("Fully refused - cost limit", tally.cost);
    columns.count("Fully refused - exemption", tally.by_exemption);
}

/// How often each section or exception was applied, once for each request.
struct Exemptions {
    by_column: Vec<u32>,
    /// Alternatives whose members stand in different columns.
    alternatives: u32,
}

impl Exemptions {
    fn of(received: &[Record<'_>]) -> Self {
        let mut by_column = vec![0; EXEMPTIONS.len()];
        let mut alternatives = 0;
        for record in received.iter().filter(|record| record.outcome.is_some()) {
            let (cited, in_the_alternative) = record.columns_cited(exemption_column);
            alternatives += in_the_alternative;
            for at in cited {
                if let Some(counted) = by_column.get_mut(at) {
                    *counted += 1;
                }
            }
        }
        Self { by_column, alternatives }
    }

    fn total(&self) -> u32 {
        self.by_column.iter().sum::<u32>() + self.alternatives
    }
}

fn exemption_column(ground: &Citation, provision: &str) -> Option<usize> {
    EXEMPTIONS.iter().position(|column| {
        column.regime == ground.regime && column.provisions.iter().any(|parent| within(provision, parent))
    })
}

/// Section 21, which has columns of its own.
struct SectionTwentyOne {
    total: u32,
    partly: u32,
    fully: u32,
    met: u32,
}

impl SectionTwentyOne {
    fn of(received: &[Record<'_>]) -> Self {
        let cites = |one: &Record<'_>| one.outcome.is_some() && one.grounds().any(is_of_section_21);
        let citing: Vec<&Record<'_>> = received.iter().filter(|one| cites(one)).collect();
        let with = |also: &dyn Fn(&Record<'_>) -> bool| count(citing.iter().filter(|one| also(one)));
        Self {
            total: with(&|_| true),
            partly: with(&|one| one.outcome == Some(OutcomePlace::Partial)),
            fully: with(&|one| one.outcome != Some(OutcomePlace::Partial)),
            met: with(&|one| one.state == CaseState::AnsweredInDeadline),
        }
    }

    fn write(&self, columns: &mut Columns, is_year: bool) {
        columns.count("Total Section 21 exemptions used", self.total);
        columns.optional("S21 Partly Exempt", is_year.then_some(self.partly));
        columns.optional("S21 Fully Exempt", is_year.then_some(self.fully));
        columns.count("S21 20-day deadline met", self.met);
        columns.count("S21 Late response (i.e. 20-day deadline missed)", self.total - self.met);
        let met = Figure::new(self.met, self.total);
        columns.percentage("S21 Percentage of requests meeting 20-day deadline", met, DECIMALS);
    }
}

/// Whether a ground is section 21; of grounds in the alternative whether every one is, for else nothing tells that it applied.
fn is_of_section_21(ground: &Citation) -> bool {
    let section = |of: &Citation, provision: &str| (of.regime == Regime::Foia && within(provision, "21")).then_some(0);
    matches!(column_of(ground, &section), Cited::Under(_))
}

fn identities(tally: &Tally, exemptions: &Exemptions, section_21: &SectionTwentyOne) -> Vec<ReturnIdentity> {
    let denominator = tally.denominator();
    vec![
        identity(
            "received = processed + on hold or lapsed + still being processed",
            tally.received,
            &[tally.processed(), tally.on_hold, tally.unanswered],
            true,
        ),
        identity(
            "received excluding on hold and lapsed = deadline met + extension + late + not yet due",
            denominator,
            &[tally.met, tally.extension, tally.late, tally.not_yet_due],
            true,
        ),
        identity(
            "received excluding on hold and lapsed = deadline met + extension + late",
            denominator,
            &[tally.met, tally.extension, tally.late],
            false,
        ),
        identity(
            "resolvable = granted in full + partially withheld + fully withheld + not yet provided",
            tally.resolvable(),
            &[tally.full, tally.partial, tally.withheld(), tally.unanswered],
            true,
        ),
        identity(
            "fully withheld = vexatious + repeated + cost limit + exemption",
            tally.withheld(),
            &[tally.vexatious, tally.repeated, tally.cost, tally.by_exemption],
            true,
        ),
        identity(
            "exemptions and exceptions applied = the columns of sections and exceptions",
            exemptions.total(),
            &exemptions.by_column,
            false,
        ),
        identity(
            "section 21 = partly exempt + fully exempt",
            section_21.total,
            &[section_21.partly, section_21.fully],
            true,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_without_requests_has_all_columns_and_no_percentage() {
        let question = ReturnQuestion {
            subject: crate::metrics::returns::ReturnSubject {
                authority_id: "",
                name: "A body",
                kind: "other",
                nation: "uk",
            },
            period: "2020-Q4".parse().unwrap(),
            as_at: crate::law::Date::LAST,
            today: crate::law::Date::LAST,
            reviews: &[],
            complaints: &[],
        };
        let document = prepare(Calendars::embedded(), &[], &question);
        assert_eq!(count(document.columns.iter()), 122);
        assert_eq!((document.columns[0].published.as_str(), document.columns[11].published.as_str()), ("Q4 2020", ""));
        assert!(document.broken().is_empty());
        let empty: Vec<u32> =
            document.columns.iter().filter(|one| one.published.is_empty()).map(|one| one.position - 1).collect();
        let annual: Vec<u32> = (66..=67).chain(71..=121).collect();
        assert!(annual.iter().all(|at| empty.contains(at)), "{empty:?}");
    }
}

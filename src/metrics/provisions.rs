//! Which provisions were cited, and how often. Members of an alternative group are one class: nothing here can tell which
//! of them applied.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::text::Label,
    law::{Date, Regime, calendar::Calendars},
    metrics::{
        Case, Citation, Figure, NamedFigure, Redress, RegulatorResults, ReviewResults, Selection,
        case::Seen,
        comparison::named,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        period::{Period, position},
        redress::{GroundClass, Results},
    },
};

/// How often one provision was cited in one period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProvisionRow {
    /// The period, as in the timeliness.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// Which day puts a citation into the period.
    pub basis: DefinitionBasis,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// The regime of the provision.
    pub regime: Regime,
    /// The provision, or an alternative group as one class, like `23(1) or 24(1)`.
    #[schema(example = "31(3)")]
    pub provision: String,
    /// Whether it is a ground for neither confirming nor denying.
    pub ncnd: bool,
    /// For how many parts it was cited, each part once.
    pub times_cited: u32,
    /// The requests it was cited in, each once, of those of which a part was first answered in the period.
    pub requests_citing: Figure,
    /// What became of it at review, of the requests citing it.
    pub at_review: ReviewResults,
    /// What the regulator found of it, of the requests citing it.
    pub at_regulator: RegulatorResults,
}

/// A provision in the order of rows: by regime, then as the statute counts.
type Class<'a> = (Regime, Vec<Piece<'a>>, &'a str, bool);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece<'a> {
    Number(u32),
    Words(&'a str),
}

#[derive(Debug, Default)]
struct Tally<'a> {
    /// Requests of which a part was first answered.
    requests: u32,
    cited: BTreeMap<Class<'a>, Cited>,
}

/// How often a class was cited, and what became of it.
#[derive(Debug, Default)]
struct Cited {
    parts: u32,
    requests: u32,
    results: Results,
}

/// The provisions cited in first answers to parts of `cases`, by the period in which they were sent. Only what was cited
/// has a row.
#[must_use]
pub fn provisions<'a>(
    calendars: &Calendars,
    cases: impl Iterator<Item = (&'a Case, &'a Redress)>,
    selection: &Selection,
) -> Vec<ProvisionRow> {
    let periods = selection.periods();
    let tallies = tallies(calendars, cases, selection, &periods);
    let rows = periods.iter().zip(tallies).flat_map(|(period, tally)| {
        let requests = tally.requests;
        tally.cited.into_iter().map(move |((regime, _, provision, ncnd), cited)| ProvisionRow {
            period: period.label.clone(),
            start_on: period.start_on,
            end_on: period.end_on,
            basis: DefinitionBasis::Issued,
            as_at: selection.as_at,
            definition: DefinitionId::Provisions,
            regime,
            provision: provision.to_owned(),
            ncnd,
            times_cited: cited.parts,
            requests_citing: Figure::new(cited.requests, requests),
            at_review: cited.results.at_review(cited.requests),
            at_regulator: cited.results.at_regulator(cited.requests),
        })
    });
    rows.collect()
}

/// In how many requests each provision was cited, of those of which a part was first answered in the days asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProvisionCounts {
    requests: u32,
    /// By regime and provision, or alternative group.
    citing: BTreeMap<(Regime, String), u32>,
}

impl ProvisionCounts {
    /// Counts the cases of one authority, whatever they are grouped by.
    #[must_use]
    pub fn of(calendars: &Calendars, cases: &[Case], selection: &Selection) -> Self {
        let (nothing, selection) = (Redress::default(), Selection { group_by: None, ..*selection });
        let each = cases.iter().map(|case| (case, &nothing));
        let mut counts = Self::default();
        for tally in tallies(calendars, each, &selection, &selection.periods()) {
            counts.requests += tally.requests;
            for ((regime, _, provision, _), cited) in tally.cited {
                *counts.citing.entry((regime, provision.to_owned())).or_default() += cited.requests;
            }
        }
        counts
    }

    /// The figures of every provision that any of `all` cites, in the order of the statutes: for each of `all` the same ones.
    #[must_use]
    pub fn figures(all: &[Self]) -> Vec<Vec<NamedFigure>> {
        let mut cited: Vec<&(Regime, String)> =
            all.iter().flat_map(|counts| counts.citing.keys()).collect::<BTreeSet<_>>().into_iter().collect();
        cited.sort_by_key(|(regime, provision)| (*regime, pieces(provision)));
        let figures = |counts: &Self| {
            let figure = |provision: &(Regime, String)| {
                let citing = counts.citing.get(provision).copied().unwrap_or_default();
                named(format!("{} {}", provision.0.as_str(), provision.1), Figure::new(citing, counts.requests))
            };
            cited.iter().copied().map(figure).collect()
        };
        all.iter().map(figures).collect()
    }
}

/// What was cited in each of the periods.
fn tallies<'a>(
    calendars: &Calendars,
    cases: impl Iterator<Item = (&'a Case, &'a Redress)>,
    selection: &Selection,
    periods: &[Period],
) -> Vec<Tally<'a>> {
    let mut tallies: Vec<Tally<'_>> = periods.iter().map(|_| Tally::default()).collect();
    for (case, redress) in cases {
        let Some(seen) = case.seen(calendars, selection) else { continue };
        for (at, cited) in by_period(&seen, |day| position(periods, day)) {
            if let Some(tally) = tallies.get_mut(at) {
                tally.requests += 1;
                tally.add(cited, redress, selection.as_at);
            }
        }
    }
    tallies
}

/// The classes cited in one request, each with the parts that it was cited for, by the period in which the part was first
/// answered.
fn by_period<'a>(
    seen: &Seen<'a>,
    position: impl Fn(Date) -> Option<usize>,
) -> BTreeMap<usize, BTreeMap<Class<'a>, BTreeSet<&'a Label>>> {
    let mut periods: BTreeMap<usize, BTreeMap<Class<'a>, BTreeSet<&'a Label>>> = BTreeMap::new();
    for part in seen.parts.iter().filter(|part| part.outcome.is_some()) {
        if let Some(at) = part.clock.responded_on.and_then(&position) {
            let of_period = periods.entry(at).or_default();
            for ground in &part.grounds {
                of_period.entry(class(ground)).or_default().insert(part.label);
            }
        }
    }
    periods
}

impl<'a> Tally<'a> {
    fn add(&mut self, of_request: BTreeMap<Class<'a>, BTreeSet<&'a Label>>, redress: &Redress, as_at: Date) {
        for (class, parts) in &of_request {
            let of_these = of_request.iter().filter(|(_, others)| !others.is_disjoint(parts)).map(|(other, _)| other.2);
            let ground = GroundClass::among(class.2, of_these);
            let cited = self.cited.entry(class.clone()).or_default();
            cited.parts += count(parts.iter());
            cited.requests += 1;
            cited.results.add(redress, ground, parts, as_at);
        }
    }
}

fn class(citation: &Citation) -> Class<'_> {
    (citation.regime, pieces(&citation.class), &citation.class, citation.ncnd)
}

/// `31(1)(g)` as 31, `(`, 1, `)(g)`: so that section 9 comes before section 10.
fn pieces(provision: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = provision;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let number = piece.parse().ok().filter(|_| digits);
        pieces.push(number.map_or(Piece::Words(piece), Piece::Number));
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provisions_are_in_the_order_of_the_statute() {
        let mut provisions = ["40(2)", "31(1)(g)", "12(1)", "9", "31(1)(a)", "31(3)", "23(1) or 24(1)"];
        provisions.sort_by_key(|provision| pieces(provision));
        assert_eq!(provisions, ["9", "12(1)", "23(1) or 24(1)", "31(1)(a)", "31(1)(g)", "31(3)", "40(2)"]);
    }
}

//! How the public interest was weighed, test by test. Tests that concern the same alternatives are put together into one,
//! so that none of them shows which alternative applied.

use crate::{
    casework::{
        notice_document::{
            NoticeError,
            citations::{Citation, enumerated},
            ground::{Head, Setting},
            model::{Passage, Subsection},
            wording::{Told, Wording},
        },
        response::{ArguedBy, Balance, Factor, PublicInterestTest},
    },
    law::Date,
};

/// One weighing, as the notice gives it.
struct Weighing<'a> {
    /// The places, among what the part relies on, of what it is about.
    heads: Vec<usize>,
    /// Provisions it names which the part does not cite.
    uncited: Vec<String>,
    factors_for: Vec<&'a Factor>,
    factors_against: Vec<&'a Factor>,
    balance: Option<Balance>,
    /// Whether it is recorded that the presumption in favour of disclosure was applied.
    presumption_applied: bool,
}

/// What the notice says of the public interest of a part: each weighing, and a gap for what needs one and has none.
pub(super) fn subsections(
    words: &mut Wording,
    setting: Setting,
    on: Date,
    heads: &[Head<'_>],
    tests: &[PublicInterestTest],
) -> Result<Vec<Subsection>, NoticeError> {
    let weighings = weighings(words, on, heads, tests);
    let mut subsections = Vec::new();
    for weighing in &weighings {
        let about = weighing.heads.iter().filter_map(|at| heads.get(*at));
        // To show part of a weighing could tell what was left out of it.
        if !about.clone().any(|head| head.omission.public_interest) {
            subsections.push(subsection(words, setting, weighing, about.collect())?);
        }
    }
    let untested = heads.iter().enumerate().filter(|(at, head)| {
        let tested = weighings.iter().any(|weighing| weighing.heads.contains(at));
        head.needs_test() && !tested && !head.omission.public_interest
    });
    let untested = enumerated(untested.map(|(_, head)| head.citation()));
    if !untested.is_empty() {
        let gap = Passage::gap(words.say("public_interest_gap", Told::that("citations", untested))?);
        let heading = words.phrase("public_interest_heading")?;
        subsections.push(Subsection { heading, question: None, passages: vec![gap] });
    }
    Ok(subsections)
}

fn weighings<'a>(words: &Wording, on: Date, heads: &[Head<'_>], tests: &'a [PublicInterestTest]) -> Vec<Weighing<'a>> {
    let mut weighings: Vec<Weighing<'a>> = Vec::new();
    for test in tests {
        let weighing = Weighing::of(words, on, heads, test);
        let alternatives = |at: &usize| heads.get(*at).is_some_and(Head::is_alternative);
        let shares = |other: &&mut Weighing<'a>| {
            other.heads.iter().filter(|at| alternatives(at)).any(|at| weighing.heads.contains(at))
        };
        match weighings.iter_mut().find(shares) {
            Some(earlier) => earlier.take_in(weighing),
            None => weighings.push(weighing),
        }
    }
    weighings
}

impl<'a> Weighing<'a> {
    fn of(words: &Wording, on: Date, heads: &[Head<'_>], test: &'a PublicInterestTest) -> Self {
        let about = |head: &Head<'_>| test.provisions.iter().any(|named| head.is_tested_by(named));
        let places = heads.iter().enumerate().filter(|(_, head)| about(head)).map(|(at, _)| at).collect();
        let uncited = test.provisions.iter().filter(|named| !heads.iter().any(|head| head.is_tested_by(named)));
        Self {
            heads: places,
            uncited: uncited.map(|named| Citation::of(words.regime, on, named).text).collect(),
            factors_for: test.factors_for.iter().collect(),
            factors_against: test.factors_against.iter().collect(),
            balance: test.balance,
            presumption_applied: test.presumption_applied == Some(true),
        }
    }

    /// Puts another weighing of the same alternatives into this one. What speaks most for disclosure stands.
    fn take_in(&mut self, other: Self) {
        self.heads.extend(other.heads);
        self.heads.sort_unstable();
        self.heads.dedup();
        self.uncited.extend(other.uncited);
        self.factors_for.extend(other.factors_for);
        self.factors_against.extend(other.factors_against);
        self.balance = self.balance.max(other.balance);
        self.presumption_applied &= other.presumption_applied;
    }
}

fn subsection(
    words: &mut Wording,
    setting: Setting,
    weighing: &Weighing<'_>,
    about: Vec<&Head<'_>>,
) -> Result<Subsection, NoticeError> {
    let cited = about.iter().map(|head| head.citation()).chain(weighing.uncited.iter().cloned());
    let lead = if setting.ncnd { "weighed_ncnd" } else { "weighed" };
    let mut passages = vec![Passage::paragraph(words.say(lead, Told::that("citations", enumerated(cited)))?)];
    if about.iter().any(|head| head.is_alternative()) {
        passages.push(Passage::paragraph(words.phrase("weighed_jointly")?));
    }
    if weighing.presumption_applied {
        let presumption = words.phrase("presumption")?;
        if !presumption.is_empty() {
            passages.push(Passage::paragraph(presumption));
        }
    }
    let ncnd = || Told::that("ncnd", setting.ncnd);
    for (name, factors) in [("factors_for", &weighing.factors_for), ("factors_against", &weighing.factors_against)] {
        let items = factors.iter().map(|factor| told(words, factor)).collect::<Result<Vec<_>, _>>()?;
        if !items.is_empty() {
            passages.push(Passage::list(words.say(name, ncnd())?, items));
        }
    }
    if let Some(balance) = weighing.balance {
        passages.push(Passage::paragraph(words.say(&format!("balance_{balance}"), ncnd())?));
    }
    Ok(Subsection { heading: words.phrase("public_interest_heading")?, question: None, passages })
}

/// A factor; whose argument it was is told to the requester alone, of their own.
fn told(words: &mut Wording, factor: &Factor) -> Result<String, NoticeError> {
    let by =
        if factor.argued_by == Some(ArguedBy::Requester) { words.phrase("put_forward_by_you")? } else { String::new() };
    Ok(format!("{}{by}", factor.text))
}

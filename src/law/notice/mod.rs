//! The checks of a notice: what the statute says of a letter that was sent or is about to be. A table of small checks,
//! run over facts; knows no storage, no HTTP and no clock, and no check changes what it looks at.
//!
//! A finding never says or implies that information is held, nor which of several alternatives applied.

mod accompaniments;
mod admission;
mod alternatives;
mod announced;
mod answering;
mod check;
mod citations;
mod costs;
mod covered;
mod document;
mod estimate;
mod event;
mod extension;
mod holders;
mod letter;
mod naming;
mod ncnd;
mod outcomes;
mod particulars;
mod prejudice;
mod public_interest;
mod regulations;
mod resolution;
mod review;
#[cfg(test)]
mod tests;
mod wording;

use rust_decimal::Decimal;

pub use check::{Applies, Check};
pub use document::checks_document;
pub use estimate::{EstimateFacts, estimate_findings};
pub use event::{EventFacts, EventPart, event_findings};
pub use extension::{ExtendedPart, ExtensionFacts, extension_findings, names_qualified_ground};
pub use naming::{has_no_own_words, name_canonically, name_citation, name_ground, without_own_words};
pub use ncnd::{departs_from_positions, is_of_position};
pub use prejudice::reasons_provision;
pub use resolution::{CitationStatus, ResolvedGround, cited_row, resolve};
pub use wording::without_excerpts;

use crate::{
    casework::{
        authority::AuthorityKind,
        response::{Determination, LeftOpen, Particulars, ResponseKind},
        text::Label,
    },
    law::{Date, Finding, Regime, calendar::Calendars},
};

/// The table of checks, by group. Every finding that this module makes stands in it.
pub const CHECKS: &[&[Check]] = &[
    citations::CHECKS,
    outcomes::CHECKS,
    accompaniments::CHECKS,
    holders::CHECKS,
    costs::CHECKS,
    prejudice::CHECKS,
    public_interest::CHECKS,
    announced::CHECKS,
    covered::CHECKS,
    regulations::CHECKS,
    alternatives::CHECKS,
    ncnd::CHECKS,
    wording::CHECKS,
    particulars::CHECKS,
    review::CHECKS,
    answering::CHECKS,
    extension::CHECKS,
    event::CHECKS,
];

/// The fact of a finding that quotes the grounds a notice of more time named.
const NAMED_BY_EXTENSION: &str = "named";

/// Whether a finding of a letter quotes the grounds that a notice of more time named.
#[must_use]
pub fn quotes_extension(finding: &Finding) -> bool {
    finding.facts.contains_key(NAMED_BY_EXTENSION)
}

/// Whether a letter owes an answer to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartStanding {
    /// A valid request that waits for its answer.
    AwaitsAnswer,
    /// Determined in a letter issued before this one, or withdrawn, lapsed or transferred.
    Settled,
    /// No valid request (FOIA and FOISA s8).
    NotValid,
}

/// What is known of one part of the request, on the day of the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a part")]
pub struct PartFacts {
    /// The part's label.
    pub label: Label,
    /// The regime under which it is handled.
    pub regime: Regime,
    /// Whether this letter owes it an answer.
    pub standing: PartStanding,
    /// The day of its receipt.
    pub received_on: Option<Date>,
    /// The day its answer was due by statute; absent where this letter meets it, and where no limit applies to the letter,
    /// because the duty waits or has ended.
    pub due_on: Option<Date>,
    /// The last day of an extension that is permitted; absent with `due_on`.
    pub extended_to: Option<Date>,
    /// The day that a notice taking more time for the public interest announced last, for the clock that runs; permitted or
    /// not.
    pub announced_for: Option<Date>,
    /// The day by which another letter had answered it in the first place.
    pub answered_on: Option<Date>,
    /// Whether its first answer gave a public-interest test.
    pub weighed_before: bool,
    /// Working days from the day due to the day of the letter; absent when in time or not counted.
    pub working_days_late: Option<i64>,
    /// Whether a fees notice was given for it.
    pub fee_notice_given: bool,
    /// Whether its time was extended for complexity and volume.
    pub complexity_extension: bool,
    /// Whether it was transferred, or advice was given where else to turn.
    pub transferred_or_advised: bool,
    /// Whether a notice extended its time for the public interest.
    pub public_interest_extension: bool,
    /// The grounds that notices extending its time for the public interest named, as they were cited.
    pub public_interest_extension_named: Vec<String>,
    /// Whether a standing position of the authority covers a topic of the request, under the regime of the part.
    pub standing_position: bool,
    /// The authority's own words about it outside the letter.
    pub words: Vec<PartWords>,
}

/// Free words of the authority about a part, outside the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartWords {
    /// Where they stand, in words for a person: `interpretation`.
    pub place: &'static str,
    /// The words.
    pub text: String,
}

/// What the authority's settings have for the particulars of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParticularsInSettings {
    /// Whether they name the internal review.
    pub internal_review: bool,
    /// Whether they name the regulator.
    pub regulator: bool,
}

/// The review that a letter came out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewOfLetter<'a> {
    /// The parts under review.
    pub parts: &'a [Label],
    /// Whether its decision is recorded.
    pub is_decided: bool,
}

/// A letter, draft or sent, and what is known of the request it answers.
#[derive(Debug, Clone, Copy)]
pub struct NoticeFacts<'a> {
    /// What the letter is in the life of the request.
    pub kind: ResponseKind,
    /// The day of the letter; `None` for a draft without one.
    pub issued_on: Option<Date>,
    /// Today in London: stands for the day of the letter while it has none.
    pub today: Date,
    /// Every part of the request, in its order.
    pub parts: &'a [PartFacts],
    /// What the letter says of further rights.
    pub particulars: &'a Particulars,
    /// The answers, by part.
    pub determinations: &'a [Determination],
    /// The parts left open on purpose.
    pub left_open: &'a [LeftOpen],
    /// The review that it came out of, where it names one.
    pub review: Option<ReviewOfLetter<'a>>,
    /// What the settings have for the particulars of a draft, whose notice is made from them; absent of a letter already sent.
    pub particulars_in_settings: Option<ParticularsInSettings>,
    /// The authority's limit of cost under FOIA in pounds; the lower one is assumed where it is not known.
    pub cost_limit: Option<Decimal>,
    /// What kind of authority answers, where it is known.
    pub authority_kind: Option<AuthorityKind>,
    /// The calendars in use.
    pub calendars: &'a Calendars,
}

/// The findings of a letter: those of the whole letter first, then by part in the order of the request, by place in the
/// letter and by id. The same facts give the same findings in the same order.
#[must_use]
pub fn findings(facts: &NoticeFacts<'_>) -> Vec<Finding> {
    let letter = letter::Letter::new(facts);
    let mut collected = check::Collected::default();
    for check in CHECKS.iter().copied().flatten() {
        collected.run(check, &letter);
    }
    collected.sorted()
}

/// The findings of a letter that was sent, with those that say that it is late made anew: they follow from the events of the
/// request, and may change after the letter was sent. What was found of its words stays.
#[must_use]
pub fn with_lateness_of(facts: &NoticeFacts<'_>, before: &[Finding]) -> Vec<Finding> {
    let letter = letter::Letter::new(facts);
    let mut collected = check::Collected::default();
    let late = answering::CHECKS.iter().filter(|check| check.id == answering::LATE_RESPONSE);
    for check in late.chain(covered::CHECKS).chain(announced::of_events()) {
        collected.run(check, &letter);
    }
    let anew = collected.sorted();
    let (of_time, of_words): (Vec<_>, Vec<_>) = before.iter().cloned().partition(is_of_lateness);
    if of_time.len() == anew.len() && of_time.iter().all(|finding| anew.contains(finding)) {
        return before.to_vec();
    }
    let mut findings = of_words;
    for finding in anew {
        let place = place_of(facts, &finding);
        let at = findings.iter().position(|other| place_of(facts, other) > place).unwrap_or(findings.len());
        findings.insert(at, finding);
    }
    findings
}

/// Where a finding stands among those of its letter: by part, then by place.
fn place_of(facts: &NoticeFacts<'_>, finding: &Finding) -> (usize, Vec<(usize, String)>) {
    let part = finding.facts.get("part");
    let of_part = facts.parts.iter().position(|known| part.is_some_and(|part| known.label.as_str() == part));
    let order = of_part.map_or(0, |order| order.saturating_add(1));
    (order, check::place(finding.pointer.as_deref().unwrap_or_default()))
}

fn is_of_lateness(finding: &Finding) -> bool {
    let mut of_events = covered::CHECKS.iter().chain(announced::of_events());
    finding.id == answering::LATE_RESPONSE || of_events.any(|check| check.id == finding.id)
}

/// Whether a finding says that the letter as a whole is late.
#[must_use]
pub fn is_late_response(finding: &Finding) -> bool {
    finding.id == answering::LATE_RESPONSE
}

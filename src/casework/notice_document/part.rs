//! The section that answers one part: what was asked, how it is answered, what that rests on.

use rust_decimal::Decimal;

use crate::{
    casework::{
        notice_document::{
            LetterPart, NoticeError,
            ground::{Head, Setting, heads},
            model::{Passage, Section, SectionKind},
            public_interest,
            wording::{Told, Wording},
        },
        response::{Determination, DeterminationOutcome as Outcome},
    },
    law::{Date, Regime},
};

/// What the section of a part depends on beside the part.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The day of the letter; today for a draft.
    pub on: Date,
    /// The authority's limit of cost in pounds, as far as it is known.
    pub limit: Option<Decimal>,
    /// Whether the request has no other part.
    pub is_only: bool,
    /// Whether the letter answers parts under different regimes, so that each must name its own.
    pub names_law: bool,
}

/// The section of a part.
pub(super) fn section(part: &LetterPart, determination: &Determination, frame: Frame) -> Result<Section, NoticeError> {
    let mut words = Wording::of(part.regime)?;
    let heads = heads(part.regime, frame.on, determination);
    let setting = Setting {
        ncnd: determination.outcome == Outcome::NeitherConfirmedNorDenied,
        outcome: determination.outcome,
        limit: frame.limit,
    };
    let mut passages = reading(&mut words, part, &heads, setting, frame)?;
    passages.extend(answer(&mut words, determination, &heads, setting)?);
    let mut subsections = Vec::new();
    for head in &heads {
        subsections.push(head.subsection(&mut words, setting)?);
    }
    let tests = &determination.public_interest_tests;
    subsections.extend(public_interest::subsections(&mut words, setting, frame.on, &heads, tests)?);
    Ok(Section {
        kind: SectionKind::Part,
        heading: heading(&mut words, part, frame.is_only)?,
        part: Some(part.label.clone()),
        regime: Some(part.regime),
        outcome: Some(determination.outcome),
        question: Some(part.text.to_string()),
        relies_on: heads.iter().map(Head::citation).collect(),
        passages,
        subsections,
    })
}

/// The heading of a part.
pub(super) fn heading(words: &mut Wording, part: &LetterPart, is_only: bool) -> Result<String, NoticeError> {
    if is_only {
        words.phrase("only_part_heading")
    } else {
        words.say("part_heading", Told::that("label", part.label.as_str()))
    }
}

/// Whether the answer leaves open whether anything is held: NCND, and cost under section 12(2) of either Act.
fn is_guarded(regime: Regime, heads: &[Head<'_>], setting: Setting) -> bool {
    let of_the_acts = matches!(regime, Regime::Foia | Regime::Foisa);
    setting.ncnd || (of_the_acts && heads.iter().any(|head| head.is_within("12(2)")))
}

/// Under which law the part was dealt with, and how it was read. How an answer was bounded would tell where none is given.
fn reading(
    words: &mut Wording,
    part: &LetterPart,
    heads: &[Head<'_>],
    setting: Setting,
    frame: Frame,
) -> Result<Vec<Passage>, NoticeError> {
    let mut passages = Vec::new();
    if frame.names_law {
        let law = words.law()?;
        passages.push(Passage::paragraph(words.say("handled_under", Told::that("law", law))?));
    }
    let scope_note = part.scope_note.as_ref().filter(|_| !is_guarded(part.regime, heads, setting));
    for (name, text) in [("interpretation", part.interpretation.as_ref()), ("scope_note", scope_note)] {
        if let Some(text) = text {
            passages.push(Passage::paragraph(words.say(name, Told::that("text", text.as_str()))?));
        }
    }
    Ok(passages)
}

/// How the part is answered.
fn answer(
    words: &mut Wording,
    determination: &Determination,
    heads: &[Head<'_>],
    setting: Setting,
) -> Result<Vec<Passage>, NoticeError> {
    let mut passages = vec![Passage::paragraph(words.phrase(&format!("outcome_{}", determination.outcome))?)];
    if is_guarded(words.regime, heads, setting) {
        passages.push(Passage::paragraph(words.phrase("neutral")?));
    }
    if let Some(explanation) = &determination.explanation {
        passages.push(Passage::paragraph(words.say("explanation", Told::that("text", explanation.as_str()))?));
    }
    if heads.is_empty() && needs_ground(words.regime, determination.outcome) {
        passages.push(Passage::gap(words.phrase("ground_gap")?));
    }
    Ok(passages)
}

/// Whether the answer must name a provision. Not held is an exception under the Regulations only.
const fn needs_ground(regime: Regime, outcome: Outcome) -> bool {
    match outcome {
        Outcome::Disclosed | Outcome::AdviceGiven | Outcome::Transferred => false,
        Outcome::NotHeld => matches!(regime, Regime::Eir | Regime::Eisr),
        Outcome::PartlyDisclosed
        | Outcome::Withheld
        | Outcome::NeitherConfirmedNorDenied
        | Outcome::AccessibleElsewhere
        | Outcome::RefusedCost
        | Outcome::RefusedVexatious
        | Outcome::RefusedRepeated => true,
    }
}

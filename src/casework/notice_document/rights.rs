//! What the requester can do next: the internal review and the application to the regulator, in the terms of each regime,
//! with the particulars of the authority's settings. FOIA s17(7), EIR reg 14(5), FOISA ss19 and 21(10), EI(S)Rs reg 13(e).

use crate::{
    casework::{
        authority::NoticeParticulars,
        notice_document::{
            NoticeError, NoticeSource,
            model::{Passage, Section, SectionKind},
            wording::{Told, Wording},
        },
        response::{Particular, ResponseKind, ResponseStatus},
    },
    law::Regime,
};

/// The sections on further rights. The outcome of a review has that of the regulator only.
pub(super) fn sections(source: &NoticeSource<'_>, regimes: &[Regime]) -> Result<Vec<Section>, NoticeError> {
    let mut sections = Vec::new();
    if source.response.kind != ResponseKind::Review {
        sections.push(internal_review(source, regimes)?);
    }
    sections.push(regulator(source, regimes)?);
    Ok(sections)
}

/// What an issued letter is recorded as not having said is not put into its mouth.
fn was_omitted(source: &NoticeSource<'_>, particular: Option<Particular>) -> bool {
    source.response.status != ResponseStatus::Draft && particular == Some(Particular::Omitted)
}

fn internal_review(source: &NoticeSource<'_>, regimes: &[Regime]) -> Result<Section, NoticeError> {
    let mut words = general(regimes)?;
    let recorded = source.response.particulars.internal_review;
    let passages = if recorded == Some(Particular::NoneExists) && regimes == [Regime::Foia] {
        // Only FOIA s17(7)(a) lets a notice say that there is no procedure.
        vec![Passage::paragraph(words.phrase("no_internal_review")?)]
    } else if was_omitted(source, recorded) {
        vec![Passage::gap(words.phrase("internal_review_omitted")?)]
    } else if let Some(particulars) = &source.facts.review_particulars {
        stated(&mut words, regimes, "internal_review", particulars)?
    } else {
        vec![Passage::gap(words.phrase("internal_review_gap")?)]
    };
    Ok(Section::general(SectionKind::InternalReview, words.phrase("internal_review_heading")?, passages))
}

fn regulator(source: &NoticeSource<'_>, regimes: &[Regime]) -> Result<Section, NoticeError> {
    let mut words = general(regimes)?;
    let passages = if was_omitted(source, source.response.particulars.regulator) {
        vec![Passage::gap(words.phrase("regulator_omitted")?)]
    } else if let Some(particulars) = &source.facts.regulator_particulars {
        let mut passages = stated(&mut words, regimes, "regulator", particulars)?;
        passages.extend(appeals(regimes)?);
        passages
    } else {
        vec![Passage::gap(words.phrase("regulator_gap")?)]
    };
    Ok(Section::general(SectionKind::Regulator, words.phrase("regulator_heading")?, passages))
}

/// The words for what is the same under every regime of the letter.
fn general(regimes: &[Regime]) -> Result<Wording, NoticeError> {
    Wording::of(regimes.first().copied().unwrap_or(Regime::Foia))
}

/// The right under each regime, then how and when to use it.
fn stated(
    words: &mut Wording,
    regimes: &[Regime],
    name: &str,
    particulars: &NoticeParticulars,
) -> Result<Vec<Passage>, NoticeError> {
    let mut passages = Vec::new();
    for regime in regimes {
        let mut of_regime = Wording::of(*regime)?;
        let law = of_regime.law()?;
        let told = Told::that("name", particulars.name.as_str()).and("law", law);
        passages.push(Passage::paragraph(of_regime.say(name, told)?));
    }
    for (name, text) in [("contact", particulars.contact.as_deref()), ("time_limit", particulars.time_limit.as_deref())]
    {
        if let Some(text) = text {
            passages.push(Passage::paragraph(words.say(name, Told::that("text", text))?));
        }
    }
    Ok(passages)
}

fn appeals(regimes: &[Regime]) -> Result<Vec<Passage>, NoticeError> {
    let mut passages = Vec::new();
    for regime in regimes {
        let appeal = Wording::of(*regime)?.phrase("appeal")?;
        if !appeal.is_empty() {
            passages.push(Passage::paragraph(appeal));
        }
    }
    Ok(passages)
}

//! The letter as a whole: what comes before the parts, the parts in the order of the request, and what comes after.

use rust_decimal::Decimal;

use crate::{
    casework::{
        notice_document::{
            LetterPart, NoticeError, NoticeSource,
            citations::{Citation, enumerated, in_words, one_line},
            model::{AnnouncedExtension, NoticeDocument, Passage, Section, SectionKind, Subsection},
            part::{self, Frame},
            rights,
            wording::{Told, Wording},
        },
        response::{Determination, LeftOpen, ResponseKind, ResponseStatus},
    },
    law::{Date, Regime, clock::ExtensionKind},
};

/// Puts a response into words.
///
/// # Errors
///
/// When a template does not fit what it is told, which would be a fault of this service.
pub fn compose(source: &NoticeSource<'_>) -> Result<NoticeDocument, NoticeError> {
    let NoticeSource { facts, response, .. } = *source;
    let answered = answered(source);
    let open = left_open(source);
    let regimes = regimes(source, &answered, &open);
    let mut words = Wording::of(regimes.first().copied().unwrap_or(facts.regime))?;
    let mut sections = Vec::new();
    let frame = Frame {
        on: response.issued_on.unwrap_or(source.today),
        limit: facts.cost_limit.and_then(|limit| limit.as_str().parse::<Decimal>().ok()),
        is_only: facts.has_one_part,
        names_law: regimes.len() > 1,
    };
    for (part, determination) in &answered {
        sections.push(part::section(part, determination, frame)?);
    }
    if !open.is_empty() {
        sections.push(open_section(source, &mut words, &open, frame)?);
    }
    sections.extend(documents(source, &mut words)?);
    sections.extend(rights::sections(source, &regimes)?);
    let introduction = introduction(source, &mut words, &regimes, answered.is_empty() && open.is_empty())?;
    let note = match response.status {
        ResponseStatus::Draft => Some("draft_note"),
        ResponseStatus::Issued => None,
        ResponseStatus::Void => Some("void_note"),
    };
    Ok(NoticeDocument {
        request_id: response.request_id.clone(),
        response_id: response.id.clone(),
        status: response.status,
        kind: response.kind,
        issued_on: response.issued_on,
        date: response.issued_on.map(in_words),
        draft_note: note.map(|note| words.phrase(note)).transpose()?,
        authority: one_line(&facts.authority),
        reference: one_line(&facts.reference),
        subject: one_line(&facts.subject),
        title: words.phrase(&format!("title_{}", response.kind))?,
        introduction,
        has_gaps: sections.iter().any(Section::has_gaps),
        sections,
    })
}

/// The parts that the response determines, in the order of the request.
fn answered<'a>(source: &NoticeSource<'a>) -> Vec<(&'a LetterPart, &'a Determination)> {
    let determinations = &source.response.determinations;
    let of = |part: &'a LetterPart| determinations.iter().find(|determination| determination.part == part.label);
    source.facts.parts.iter().filter_map(|part| Some((part, of(part)?))).collect()
}

/// The parts that the response leaves open, in the order of the request.
fn left_open<'a>(source: &NoticeSource<'a>) -> Vec<(&'a LetterPart, &'a LeftOpen)> {
    let left = &source.response.left_open;
    let of = |part: &'a LetterPart| left.iter().find(|left| left.part == part.label);
    source.facts.parts.iter().filter_map(|part| Some((part, of(part)?))).collect()
}

/// The regimes of the letter, each once; that of the request where it deals with no part.
fn regimes(
    source: &NoticeSource<'_>,
    answered: &[(&LetterPart, &Determination)],
    open: &[(&LetterPart, &LeftOpen)],
) -> Vec<Regime> {
    let of_parts = answered.iter().map(|(part, _)| part.regime).chain(open.iter().map(|(part, _)| part.regime));
    let mut regimes: Vec<Regime> = of_parts.collect();
    regimes.sort_unstable();
    regimes.dedup();
    if regimes.is_empty() { vec![source.facts.regime] } else { regimes }
}

fn introduction(
    source: &NoticeSource<'_>,
    words: &mut Wording,
    regimes: &[Regime],
    says_nothing: bool,
) -> Result<Vec<Passage>, NoticeError> {
    let name = |regime: &Regime| Ok(format!("the {}", Wording::of(*regime)?.law()?));
    let laws = regimes.iter().map(name).collect::<Result<Vec<_>, NoticeError>>()?;
    let told = Told::that("received_on", in_words(source.facts.received_on)).and("laws", enumerated(laws));
    let mut paragraphs = vec![words.say("received", told)?];
    if source.response.kind != ResponseKind::Initial {
        paragraphs.push(words.phrase(&format!("reason_{}", source.response.kind))?);
    }
    if let Some(role) = source.response.decided_by.as_ref().and_then(|decider| decider.role.as_ref()) {
        paragraphs.push(words.say("decided_by", Told::that("role", role.as_str()))?);
    }
    if says_nothing {
        paragraphs.push(words.phrase("nothing_answered")?);
    }
    Ok(paragraphs.into_iter().map(Passage::paragraph).collect())
}

/// The parts left open, each with why and by when.
fn open_section(
    source: &NoticeSource<'_>,
    words: &mut Wording,
    open: &[(&LetterPart, &LeftOpen)],
    frame: Frame,
) -> Result<Section, NoticeError> {
    let mut section = Section::general(SectionKind::LeftOpen, words.phrase("left_open_heading")?, Vec::new());
    for (part, left) in open {
        let mut words = Wording::of(part.regime)?;
        let mut passages =
            vec![Passage::paragraph(words.say("left_open", Told::that("reason", left.reason.as_str()))?)];
        let announced = announced(source, part);
        if let Some(extension) = announced {
            passages.push(Passage::paragraph(more_time(&mut words, extension, frame.on)?));
        }
        passages.push(match announced.and_then(|extension| extension.estimated_on) {
            Some(day) => Passage::paragraph(words.say("estimate", Told::that("date", in_words(day)))?),
            None => Passage::gap(words.phrase("estimate_gap")?),
        });
        let heading = part::heading(&mut words, part, frame.is_only)?;
        section.subsections.push(Subsection { heading, question: Some(part.text.to_string()), passages });
    }
    Ok(section)
}

/// The extension of a part that the requester was told of last, by the day of the letter.
fn announced<'a>(source: &NoticeSource<'a>, part: &LetterPart) -> Option<&'a AnnouncedExtension> {
    let by = source.response.issued_on.unwrap_or(source.today);
    let told = source.facts.extensions.iter().filter(|told| told.scope.covers(&part.label) && told.notified_on <= by);
    told.max_by_key(|told| told.notified_on)
}

fn more_time(words: &mut Wording, extension: &AnnouncedExtension, on: Date) -> Result<String, NoticeError> {
    match extension.kind {
        ExtensionKind::PublicInterest => {
            let mut named: Vec<Citation> =
                extension.grounds.iter().map(|ground| Citation::of(words.regime, on, ground)).collect();
            named.sort_by_cached_key(Citation::order);
            let citations = enumerated(named.into_iter().map(|citation| citation.text));
            words.say("extended_public_interest", Told::that("citations", citations))
        }
        ExtensionKind::ComplexityAndVolume => words.phrase("extended_complexity_and_volume"),
    }
}

/// The documents sent with the letter, by title; where they are kept is the authority's own business.
fn documents(source: &NoticeSource<'_>, words: &mut Wording) -> Result<Option<Section>, NoticeError> {
    let documents = &source.response.sent_documents;
    if documents.is_empty() {
        return Ok(None);
    }
    let untitled = words.phrase("document_untitled")?;
    let titles =
        documents.iter().map(|document| document.title.as_ref().map_or(untitled.as_str(), |title| title.as_str()));
    let list = Passage::list(words.phrase("documents")?, titles.map(str::to_owned).collect());
    Ok(Some(Section::general(SectionKind::Documents, words.phrase("documents_heading")?, vec![list])))
}

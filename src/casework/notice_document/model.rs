//! What a notice is made of, and what it is made from. Its texts are plain: each form escapes them by its own rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        notice_document::LetterFacts,
        response::{DeterminationOutcome, Response, ResponseKind, ResponseStatus},
        text::{Label, Word},
    },
    law::{
        Date, Regime,
        clock::{ExtensionKind, Scope},
    },
    vocabulary,
};

/// All that a notice is made from.
#[derive(Debug, Clone, Copy)]
pub struct NoticeSource<'a> {
    /// What stands beside the response: of a letter as it was when it was issued.
    pub facts: &'a LetterFacts,
    /// The response, draft or issued.
    pub response: &'a Response,
    /// Today in London: stands for the day of a draft.
    pub today: Date,
}

/// An extension of time as the requester was told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncedExtension {
    /// The parts it concerns.
    pub scope: Scope,
    /// Why more time was taken.
    pub kind: ExtensionKind,
    /// The day the requester was told.
    pub notified_on: Date,
    /// The day announced.
    pub estimated_on: Option<Date>,
    /// The grounds named.
    pub grounds: Vec<Word>,
}

vocabulary! {
    /// What a section of a notice is for.
    pub enum SectionKind {
        /// The answer to one part of the request.
        Part = "part",
        /// The parts that are left open.
        LeftOpen = "left_open",
        /// What is sent with the notice.
        Documents = "documents",
        /// How to ask the authority for a review.
        InternalReview = "internal_review",
        /// How to apply to the regulator.
        Regulator = "regulator",
    }
}

vocabulary! {
    /// How a passage is laid out.
    pub enum PassageKind {
        /// Running text.
        Paragraph = "paragraph",
        /// A sentence and the items it announces.
        List = "list",
        /// Something that the notice should say and the record lacks.
        Gap = "gap",
    }
}

/// A passage of a notice, in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NoticePassage)]
pub struct Passage {
    /// How it is laid out.
    pub kind: PassageKind,
    /// What it says.
    pub text: String,
    /// The items of a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub items: Vec<String>,
}

/// Passages under a heading of their own within a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NoticeSubsection)]
pub struct Subsection {
    /// Its heading.
    pub heading: String,
    /// What is asked, for a part that is left open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub question: Option<String>,
    /// What it says.
    #[schema(max_items = 1000)]
    pub passages: Vec<Passage>,
}

/// A section of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NoticeSection)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// Its heading.
    pub heading: String,
    /// The part it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub part: Option<Label>,
    /// The regime under which that part is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regime: Option<Regime>,
    /// How that part is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<DeterminationOutcome>,
    /// What that part asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub question: Option<String>,
    /// The provisions relied on, cited in full, by their numbers; alternatives are one entry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub relies_on: Vec<String>,
    /// What it says.
    #[schema(max_items = 1000)]
    pub passages: Vec<Passage>,
    /// What it says under headings of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub subsections: Vec<Subsection>,
}

/// The notice of a response in structured form; its other forms say the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticeDocument {
    /// The request answered.
    pub request_id: String,
    /// The response it is the notice of.
    pub response_id: String,
    /// Whether it was sent.
    pub status: ResponseStatus,
    /// What the response is in the life of the request.
    pub kind: ResponseKind,
    /// The day it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub issued_on: Option<Date>,
    /// That day in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date: Option<String>,
    /// For a draft: that it was not sent; for a void letter: that it is void.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub draft_note: Option<String>,
    /// The authority that answers.
    pub authority: String,
    /// The authority's reference of the request.
    pub reference: String,
    /// What the request is about.
    pub subject: String,
    /// The title.
    pub title: String,
    /// What comes before the first section.
    #[schema(max_items = 10)]
    pub introduction: Vec<Passage>,
    /// The sections, in the order of the letter.
    #[schema(max_items = 1000)]
    pub sections: Vec<Section>,
    /// Whether something is missing that the notice should say.
    pub has_gaps: bool,
}

impl Passage {
    /// Running text.
    pub(super) fn paragraph(text: String) -> Self {
        Self { kind: PassageKind::Paragraph, text, items: Vec::new() }
    }

    /// Items under a sentence.
    pub(super) fn list(text: String, items: Vec<String>) -> Self {
        Self { kind: PassageKind::List, text, items }
    }

    /// Something missing.
    pub(super) fn gap(text: String) -> Self {
        Self { kind: PassageKind::Gap, text, items: Vec::new() }
    }

    pub(super) fn is_gap(&self) -> bool {
        self.kind == PassageKind::Gap
    }
}

impl Section {
    /// A section that answers no part.
    pub(super) fn general(kind: SectionKind, heading: String, passages: Vec<Passage>) -> Self {
        Self {
            kind,
            heading,
            part: None,
            regime: None,
            outcome: None,
            question: None,
            relies_on: Vec::new(),
            passages,
            subsections: Vec::new(),
        }
    }

    pub(super) fn has_gaps(&self) -> bool {
        let below = self.subsections.iter().flat_map(|subsection| &subsection.passages);
        self.passages.iter().chain(below).any(Passage::is_gap)
    }
}

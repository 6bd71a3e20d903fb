//! What a letter is made of beside the response: the authority's particulars, the request, and what the requester was told
//! of. Kept with a letter when it is issued, so that it goes on saying what it said.

use serde::{Deserialize, Serialize};

use crate::{
    casework::{
        authority::{Authority, CostLimit, NoticeParticulars},
        notice_document::AnnouncedExtension,
        part::Part,
        request::Request,
        response::{Determination, LeftOpen},
        text::{Label, Line, Prose},
    },
    law::{Date, Regime},
};

/// What a letter is made of beside the response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterFacts {
    /// The name of the authority.
    pub authority: Line,
    /// The limit of cost that applies to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_limit: Option<CostLimit>,
    /// The internal review procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_particulars: Option<NoticeParticulars>,
    /// The regulator to turn to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regulator_particulars: Option<NoticeParticulars>,
    /// The authority's reference of the request.
    pub reference: String,
    /// What the request is about.
    pub subject: Line,
    /// The regime of the request.
    pub regime: Regime,
    /// The day of its receipt.
    pub received_on: Date,
    /// Whether the request has one part alone.
    pub has_one_part: bool,
    /// The parts that the letter deals with, in the order of the request.
    pub parts: Vec<LetterPart>,
    /// The extensions of time of parts that it leaves open, voided ones left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<AnnouncedExtension>,
}

/// A part that a letter deals with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPart {
    /// The part's label.
    pub label: Label,
    /// What is asked.
    pub text: Prose,
    /// The regime it is handled under.
    pub regime: Regime,
    /// How the scope was bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_note: Option<Prose>,
    /// How the authority reads the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpretation: Option<Prose>,
}

impl LetterFacts {
    /// The facts as they stand, for a letter that answers and leaves open these parts.
    #[must_use]
    pub fn of(
        authority: Authority,
        request: Request,
        extensions: Vec<AnnouncedExtension>,
        determinations: &[Determination],
        left_open: &[LeftOpen],
    ) -> Self {
        let open = |label: &Label| left_open.iter().any(|left| left.part == *label);
        let answered = |label: &Label| determinations.iter().any(|determination| determination.part == *label);
        let has_one_part = request.parts.len() == 1;
        let parts: Vec<LetterPart> = request
            .parts
            .into_iter()
            .filter(|part| open(&part.label) || answered(&part.label))
            .map(LetterPart::from)
            .collect();
        let told = |extension: &AnnouncedExtension| left_open.iter().any(|left| extension.scope.covers(&left.part));
        Self {
            authority: authority.name,
            cost_limit: authority.cost_limit,
            review_particulars: authority.review_particulars,
            regulator_particulars: authority.regulator_particulars,
            reference: request.reference,
            subject: request.subject,
            regime: request.regime,
            received_on: request.received_on,
            has_one_part,
            parts,
            extensions: extensions.into_iter().filter(told).collect(),
        }
    }
}

impl From<Part> for LetterPart {
    fn from(part: Part) -> Self {
        Self {
            label: part.label,
            text: part.text,
            regime: part.regime,
            scope_note: part.scope_note,
            interpretation: part.interpretation,
        }
    }
}

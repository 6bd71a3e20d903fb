//! What happened to a request, as far as the statutory clock is concerned.

use serde::{Deserialize, Serialize};

use crate::{casework::text::Label, law::Date, vocabulary};

vocabulary! {
    /// Why more time was taken.
    pub enum ExtensionKind {
        /// FOIA s10(3): to weigh the public interest for a qualified ground. It is itself a s17(2) notice.
        PublicInterest = "public_interest",
        /// EIR reg 7, EI(S)Rs reg 7: the complexity and volume of the information.
        ComplexityAndVolume = "complexity_and_volume",
    }
}

vocabulary! {
    /// The kinds of event, as they are named in timelines and clocks.
    pub enum EventName {
        ClarificationAsked = "clarification_asked",
        ClarificationAnswered = "clarification_answered",
        FeeNoticeGiven = "fee_notice_given",
        FeePaid = "fee_paid",
        Extension = "extension",
        Withdrawal = "withdrawal",
        Lapse = "lapse",
        Transfer = "transfer",
        Reopening = "reopening",
        ReceiptCorrection = "receipt_correction",
        Response = "response",
    }
}

/// What an event does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// Further information was asked for, to identify or locate what is requested (FOIA s1(3), EIR reg 9(2)).
    ClarificationAsked,
    /// It came. `question` is the id of the event that asked.
    ClarificationAnswered {
        /// The id of the event that asked.
        question: String,
    },
    /// A fees notice was given (FOIA s9(1), EIR reg 8).
    FeeNoticeGiven,
    /// The fee was received. `notice` is the id of the fees notice.
    FeePaid {
        /// The id of the fees notice.
        notice: String,
    },
    /// More time was taken, with an estimate of the day of the answer where one was given.
    Extension {
        /// Why more time was taken.
        extension: ExtensionKind,
        /// The day announced.
        estimated_on: Option<Date>,
        /// Whether the notice named a ground that is weighed against the public interest: without one it is no notice
        /// under FOIA s17(2).
        names_qualified_ground: bool,
    },
    /// The requester withdrew.
    Withdrawal,
    /// The authority closed the request because no clarification came.
    Lapse,
    /// The request, or these parts, went to another authority.
    Transfer,
    /// A lapsed or withdrawn request came back: a new receipt.
    Reopening,
    /// The day of receipt was recorded wrongly; it was `received_on`. `recorded_seq` orders corrections among themselves:
    /// the last recorded one stands.
    ReceiptCorrection {
        /// The day it really was received.
        received_on: Date,
        /// The order of recording among corrections.
        recorded_seq: i64,
    },
    /// A complete answer to the parts: an initial response was issued that determines them.
    Response,
}

impl Happening {
    /// The event's name in timelines and clocks.
    #[must_use]
    pub const fn name(&self) -> EventName {
        match self {
            Self::ClarificationAsked => EventName::ClarificationAsked,
            Self::ClarificationAnswered { .. } => EventName::ClarificationAnswered,
            Self::FeeNoticeGiven => EventName::FeeNoticeGiven,
            Self::FeePaid { .. } => EventName::FeePaid,
            Self::Extension { .. } => EventName::Extension,
            Self::Withdrawal => EventName::Withdrawal,
            Self::Lapse => EventName::Lapse,
            Self::Transfer => EventName::Transfer,
            Self::Reopening => EventName::Reopening,
            Self::ReceiptCorrection { .. } => EventName::ReceiptCorrection,
            Self::Response => EventName::Response,
        }
    }

    /// The id of the question or fees notice that this answers.
    #[must_use]
    pub const fn answers(&self) -> Option<&String> {
        match self {
            Self::ClarificationAnswered { question: id } | Self::FeePaid { notice: id } => Some(id),
            _ => None,
        }
    }
}

/// Which parts an event concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scope {
    /// These parts.
    Parts(Vec<Label>),
    /// Every part, also one added later.
    WholeRequest,
}

impl Scope {
    /// Whether the event concerns the part `label`.
    #[must_use]
    pub fn covers(&self, label: &Label) -> bool {
        match self {
            Self::WholeRequest => true,
            Self::Parts(labels) => labels.contains(label),
        }
    }
}

/// One event in the life of a request. Voided events are not among those given to the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The event's public id.
    pub id: String,
    /// The day it took effect.
    pub effective_on: Date,
    /// The parts it concerns.
    pub scope: Scope,
    /// What it did.
    pub happening: Happening,
}

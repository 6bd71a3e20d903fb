//! What happens to a request after it was received, as it is recorded over the API.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        amount::Amount,
        request::{duplicates, too_many},
        response::Particulars,
        text::{Label, Line, Prose, Word},
    },
    fault::{DATE_IN_FUTURE, Fault, INVALID_VALUE},
    law::{
        Date, Finding,
        clock::{EventName, ExtensionKind, Happening, Scope},
        notice::names_qualified_ground,
    },
};

/// The most grounds that one extension names.
const MOST_GROUNDS: usize = 50;

/// The parts an event concerns: absent means all.
pub type PartLabels = Option<Vec<Label>>;

/// A question to the requester, to identify or locate what is asked for (FOIA s1(3), EIR reg 9(2), FOISA s1(3)).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClarification {
    /// The day the question was put.
    pub asked_on: Date,
    /// What was asked.
    #[serde(default)]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
}

/// The requester's answer to a clarification.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClarificationAnswer {
    /// The day the answer reached the authority: day 0 of a new clock.
    pub answered_on: Date,
    /// What was answered.
    #[serde(default)]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
}

/// A fees notice (FOIA s9(1), EIR reg 8(4)).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeeNotice {
    /// The day the notice was given.
    pub given_on: Date,
    /// The fee, in pounds.
    pub amount: Amount,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// What the notice said of further rights: FOISA s19 asks for them.
    #[serde(default)]
    pub particulars: Particulars,
}

/// The payment of a fee.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeePayment {
    /// The day the fee was received.
    pub paid_on: Date,
}

/// More time, taken with a notice to the requester.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExtension {
    /// Why more time is taken.
    pub kind: ExtensionKind,
    /// The day the requester was told.
    pub notified_on: Date,
    /// The day by which an answer was announced.
    #[serde(default)]
    #[schema(nullable = false)]
    pub estimated_on: Option<Date>,
    /// The grounds for which the public interest is being weighed, like `31(1)(a)`.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub grounds: Vec<Word>,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// The reasons given.
    #[serde(default)]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
    /// What the notice said of further rights: under FOIA it is one under s17(2), with the particulars of s17(7).
    #[serde(default)]
    pub particulars: Particulars,
}

/// The requester withdrew.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWithdrawal {
    /// The day the withdrawal reached the authority.
    pub withdrawn_on: Date,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
}

/// The authority treats the request as lapsed, because no clarification came.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLapse {
    /// The day it was closed.
    pub lapsed_on: Date,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
}

/// The request, or parts of it, went to another authority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// The day it was transferred.
    pub transferred_on: Date,
    /// The authority that received it.
    pub transferred_to: Line,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
}

/// A lapsed or withdrawn request came back: a new receipt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReopening {
    /// The day of the new receipt: day 0 of a new clock.
    pub received_on: Date,
    /// The parts it concerns; all when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
}

/// The day of receipt was recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReceiptCorrection {
    /// The day it really was received.
    pub received_on: Date,
    /// How the mistake was found.
    pub reason: Prose,
}

/// An event was recorded that did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVoiding {
    /// Why the entry is void.
    pub reason: Prose,
}

/// What an event says beyond its effect on the clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDetails {
    /// Words put to or by the requester, or reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Prose>,
    /// The fee, in pounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Grounds named in a public-interest extension.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Word>,
    /// What the notice of an extension, or a fees notice, said of further rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub particulars: Option<Particulars>,
    /// The authority that a transfer went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred_to: Option<Line>,
    /// What the statute says of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// An event ready to be recorded: parsed, not yet checked against the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDraft {
    /// The day it took effect.
    pub effective_on: Date,
    /// The member of the body that holds that day, for faults.
    pub date_member: &'static str,
    /// The parts it concerns; all when absent.
    pub parts: Option<Vec<Label>>,
    /// What it does to the clock.
    pub happening: Happening,
    /// What else it says.
    pub details: EventDetails,
}

impl EventDraft {
    /// Everything wrong with it by itself.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        let at = format!("/{}", self.date_member);
        if self.effective_on > today {
            faults.push(Fault::new(at, DATE_IN_FUTURE, "What has not happened yet is not recorded."));
        }
        if let Some(amount) = self.details.amount
            && amount.is_zero()
        {
            faults.push(Fault::new("/amount", INVALID_VALUE, "A fee is above 0."));
        }
        if let Some(parts) = &self.parts {
            let repeated = parts.iter().map(|label| (String::new(), label));
            faults.extend(duplicates("/parts", repeated));
            if parts.is_empty() {
                faults.push(Fault::new(
                    "/parts",
                    INVALID_VALUE,
                    "Name at least one part, or leave `parts` out for all.",
                ));
            }
        }
        faults.extend(too_many("/grounds", self.details.grounds.len(), MOST_GROUNDS));
        faults
    }

    /// The parts it concerns.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.parts.clone().map_or(Scope::WholeRequest, Scope::Parts)
    }
}

/// An event of a request, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedEvent {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The request it belongs to.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// What kind of event it is.
    pub kind: EventName,
    /// The day it took effect.
    pub effective_on: Date,
    /// The parts it concerns; absent when it concerns all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// For an answer or a payment: the event it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    pub answers: Option<String>,
    /// For an extension: why more time was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub extension_kind: Option<ExtensionKind>,
    /// For an extension: the day announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub estimated_on: Option<Date>,
    /// For a correction of the receipt: the day it really was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub received_on: Option<Date>,
    /// Words put to or by the requester, or reasons given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
    /// For a fees notice: the fee, in pounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub amount: Option<Amount>,
    /// For an extension: the grounds named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub grounds: Vec<Word>,
    /// For an extension, or a fees notice that said something of them: what the notice said of further rights.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub particulars: Option<Particulars>,
    /// For a transfer: the authority that received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub transferred_to: Option<Line>,
    /// What the statute says of it.
    #[schema(max_items = 100)]
    pub findings: Vec<Finding>,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub recorded_at: String,
    /// When it was voided, UTC; a void event has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub voided_at: Option<String>,
    /// Why it was voided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub void_reason: Option<Prose>,
}

/// Particulars that say something; most regimes ask for none in a fees notice.
fn told(particulars: Particulars) -> Option<Particulars> {
    Some(particulars).filter(|particulars| *particulars != Particulars::default())
}

macro_rules! drafts {
    ($($input:ident, $date:ident => |$value:ident| $parts:expr, $happening:expr, $details:expr;)+) => {$(
        impl From<$input> for EventDraft {
            fn from($value: $input) -> Self {
                Self {
                    effective_on: $value.$date,
                    date_member: stringify!($date),
                    parts: $parts,
                    happening: $happening,
                    details: $details,
                }
            }
        }
    )+};
}

drafts! {
    NewClarification, asked_on => |new| new.parts, Happening::ClarificationAsked,
        EventDetails { text: new.text, ..EventDetails::default() };
    NewFeeNotice, given_on => |new| new.parts, Happening::FeeNoticeGiven,
        EventDetails { amount: Some(new.amount), particulars: told(new.particulars), ..EventDetails::default() };
    NewExtension, notified_on => |new| new.parts,
        Happening::Extension { extension: new.kind, estimated_on: new.estimated_on, names_qualified_ground: names_qualified_ground(new.notified_on, &new.grounds) },
        EventDetails { text: new.reasons, grounds: new.grounds, particulars: Some(new.particulars), ..EventDetails::default() };
    NewWithdrawal, withdrawn_on => |new| new.parts, Happening::Withdrawal, EventDetails::default();
    NewLapse, lapsed_on => |new| new.parts, Happening::Lapse, EventDetails::default();
    NewTransfer, transferred_on => |new| new.parts, Happening::Transfer,
        EventDetails { transferred_to: Some(new.transferred_to), ..EventDetails::default() };
    NewReopening, received_on => |new| new.parts, Happening::Reopening, EventDetails::default();
}

impl ClarificationAnswer {
    /// The event that answers `question`, which concerned `parts`.
    #[must_use]
    pub fn draft(self, question: String, parts: PartLabels) -> EventDraft {
        EventDraft {
            effective_on: self.answered_on,
            date_member: "answered_on",
            parts,
            happening: Happening::ClarificationAnswered { question },
            details: EventDetails { text: self.text, ..EventDetails::default() },
        }
    }
}

impl FeePayment {
    /// The event that pays the fee of `notice`, which concerned `parts`.
    #[must_use]
    pub fn draft(self, notice: String, parts: PartLabels) -> EventDraft {
        EventDraft {
            effective_on: self.paid_on,
            date_member: "paid_on",
            parts,
            happening: Happening::FeePaid { notice },
            details: EventDetails::default(),
        }
    }
}

impl NewReceiptCorrection {
    /// The event that corrects the receipt; `recorded_seq` orders corrections among themselves.
    #[must_use]
    pub fn draft(self, recorded_seq: i64) -> EventDraft {
        EventDraft {
            effective_on: self.received_on,
            date_member: "received_on",
            parts: None,
            happening: Happening::ReceiptCorrection { received_on: self.received_on, recorded_seq },
            details: EventDetails { text: Some(self.reason), ..EventDetails::default() },
        }
    }
}

//! A request for information: its parts, who asked, and how it stands.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::casework::part::{NewPart, Part, PartReplacement, PartSplit};
use crate::{
    casework::{
        patch::Patch,
        text::{Line, Prose, Topic, Word},
    },
    fault::{DATE_IN_FUTURE, DUPLICATE_VALUE, Fault, IMPOSSIBLE_ORDER, INVALID_VALUE},
    law::{Date, Regime, clock::RequestStatus},
    vocabulary,
};

/// The most parts that one request may have.
pub const MOST_PARTS: usize = 500;
/// How many bytes the words of all parts of one request take at most: as many as one call can bring in, so that no request
/// grows beyond what can be read at once.
pub const MOST_WORDS: usize = 2 * 1024 * 1024;
const MOST_TOPICS: usize = 50;
const MOST_EXTERNAL_IDS: usize = 50;

vocabulary! {
    /// How the request arrived.
    pub enum Channel {
        Email = "email",
        Post = "post",
        WebForm = "web_form",
        Portal = "portal",
        SocialMedia = "social_media",
        InPerson = "in_person",
        /// Spoken requests count under the EIR and the EI(S)Rs only.
        Telephone = "telephone",
        Other = "other",
    }
}

vocabulary! {
    /// The outcome of a whole request, derived from the answers to its valid parts.
    pub enum RequestOutcome {
        GrantedInFull = "granted_in_full",
        PartlyWithheld = "partly_withheld",
        WithheldInFull = "withheld_in_full",
        NeitherConfirmedNorDenied = "neither_confirmed_nor_denied",
        NotHeld = "not_held",
        RefusedCost = "refused_cost",
        RefusedVexatious = "refused_vexatious",
        RefusedRepeated = "refused_repeated",
        AdviceGiven = "advice_given",
        Transferred = "transferred",
    }
}

/// An identifier that another system knows the request by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// Which system: `case-system`, `web-form`.
    pub scheme: Word,
    /// The identifier there.
    pub value: Word,
}

/// Who asked. Kept apart from the request and shown only at `…/requester`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequesterIdentity {
    /// The name given (FOIA s8(1)(b) asks for one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Line>,
    /// An e-mail address for correspondence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<Line>,
    /// A postal address for correspondence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<Prose>,
    /// The organisation the requester writes for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organisation: Option<Line>,
}

/// Who asked and the letter as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Requester {
    /// The request they made.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Who asked, where that was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requester: Option<RequesterIdentity>,
    /// The letter as it came, where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub original_text: Option<Prose>,
}

/// Another request of the same person: reference and dates, and nothing of who that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelatedRequest {
    /// The authority's reference.
    pub reference: String,
    /// The day it was received.
    pub received_on: Date,
    /// Working days from the earlier of the two receipts to the later, both included. Under FOIA, requests about the same or
    /// similar information that came within 60 may be counted together for section 12 (SI 2004/3244 reg 5).
    pub working_days_together: i64,
    /// The day it was answered in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub responded_on: Option<Date>,
    /// The day it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closed_on: Option<Date>,
}

/// A request as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// The authority's own reference; made from its reference pattern when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The regime it is handled under.
    pub regime: Regime,
    /// The day it reached the authority, whatever weekday: day 0 of the clock (FOIA s10(6)).
    pub received_on: Date,
    /// The day receipt was acknowledged to the requester.
    #[serde(default)]
    #[schema(nullable = false)]
    pub acknowledged_on: Option<Date>,
    /// How it arrived.
    #[serde(default)]
    #[schema(nullable = false)]
    pub channel: Option<Channel>,
    /// What it is about, without personal data.
    pub subject: Line,
    /// The authority's own topics, for finding like requests; kept in small letters, without white space around them.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub topics: Vec<Topic>,
    /// Who asked.
    #[serde(default)]
    #[schema(nullable = false)]
    pub requester: Option<RequesterIdentity>,
    /// The letter as it came.
    #[serde(default)]
    #[schema(nullable = false)]
    pub original_text: Option<Prose>,
    /// The questions; one part labelled `1` with the subject as its text when absent.
    #[serde(default)]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<NewPart>>,
    /// Identifiers in other systems.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub external_ids: Vec<ExternalId>,
    /// Where the authority keeps its own file: opaque to this service.
    #[serde(default)]
    #[schema(nullable = false)]
    pub case_file_uri: Option<Line>,
    /// The authority, where the credential has more than one.
    #[serde(default)]
    #[schema(nullable = false)]
    pub authority_id: Option<Word>,
}

impl NewRequest {
    /// Everything wrong across members, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.received_on > today {
            faults.push(Fault::new("/received_on", DATE_IN_FUTURE, "A request cannot be received after today."));
        }
        faults.extend(acknowledgement_faults(self.acknowledged_on, Some(self.received_on), today));
        faults.extend(self.reference.as_ref().and_then(reference_fault));
        faults.extend(topic_faults(&self.topics));
        faults.extend(external_id_faults(&self.external_ids));
        if let Some(parts) = &self.parts {
            faults.extend(part_list_faults(parts));
        }
        faults
    }
}

fn part_list_faults(parts: &[NewPart]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if parts.is_empty() || parts.len() > MOST_PARTS {
        faults.push(Fault::new("/parts", INVALID_VALUE, format!("A request has 1 to {MOST_PARTS} parts.")));
    }
    faults.extend(duplicates("/parts", parts.iter().map(|part| ("/label".to_owned(), &part.label))));
    for (at, part) in parts.iter().enumerate() {
        faults.extend(part.faults_at(&format!("/parts/{at}")));
    }
    faults
}

fn acknowledgement_faults(acknowledged_on: Option<Date>, received_on: Option<Date>, today: Date) -> Option<Fault> {
    let acknowledged_on = acknowledged_on?;
    if acknowledged_on > today {
        return Some(Fault::new("/acknowledged_on", DATE_IN_FUTURE, "A receipt cannot be acknowledged after today."));
    }
    let received_on = received_on?;
    (acknowledged_on < received_on).then(|| {
        Fault::new(
            "/acknowledged_on",
            IMPOSSIBLE_ORDER,
            format!("Acknowledged before it was received on {received_on}."),
        )
    })
}

/// A reference stands in letters, addresses and tables: what cannot be seen in it would make two of one.
fn reference_fault(reference: &Word) -> Option<Fault> {
    let is_plain = reference.trim() == reference.as_str() && !reference.chars().any(char::is_control);
    let detail = "A reference has no white space around it and no control character.";
    (!is_plain).then(|| Fault::new("/reference", INVALID_VALUE, detail))
}

fn topic_faults(topics: &[Topic]) -> Vec<Fault> {
    let mut faults = duplicates("/topics", topics.iter().map(|topic| (String::new(), topic)));
    if topics.len() > MOST_TOPICS {
        faults.push(Fault::new("/topics", INVALID_VALUE, format!("At most {MOST_TOPICS} topics.")));
    }
    faults
}

fn external_id_faults(external_ids: &[ExternalId]) -> Vec<Fault> {
    let mut faults = duplicates("/external_ids", external_ids.iter().map(|id| (String::new(), id)));
    if external_ids.len() > MOST_EXTERNAL_IDS {
        faults.push(Fault::new("/external_ids", INVALID_VALUE, format!("At most {MOST_EXTERNAL_IDS} identifiers.")));
    }
    faults
}

/// A fault when the list at `at` has more than `most` items.
pub fn too_many(at: &str, length: usize, most: usize) -> Option<Fault> {
    (length > most).then(|| Fault::new(at, INVALID_VALUE, format!("At most {most} items.")))
}

/// A fault for each item that repeats an earlier one; `items` yields the member below the item and the value compared.
pub fn duplicates<'a, T: Eq + std::hash::Hash + 'a>(
    at: &str,
    items: impl Iterator<Item = (String, &'a T)>,
) -> Vec<Fault> {
    let mut seen = HashSet::new();
    items
        .enumerate()
        .filter(|(_, (_, value))| !seen.insert(*value))
        .map(|(index, (member, _))| {
            Fault::new(format!("{at}/{index}{member}"), DUPLICATE_VALUE, "The same value stands earlier in the list.")
        })
        .collect()
}

/// Changes to what is said about a request. State changes are made by its events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPatch {
    /// What it is about; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = Line)]
    pub subject: Patch<Line>,
    /// How it arrived; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Channel>)]
    pub channel: Patch<Channel>,
    /// The topics, replaced whole; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Word>>, max_items = 50)]
    pub topics: Patch<Vec<Topic>>,
    /// The day receipt was acknowledged; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub acknowledged_on: Patch<Date>,
    /// Identifiers in other systems, replaced whole; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Vec<ExternalId>>, max_items = 50)]
    pub external_ids: Patch<Vec<ExternalId>>,
    /// Where the authority keeps its own file; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub case_file_uri: Patch<Line>,
}

impl RequestPatch {
    /// Everything wrong, given the date in London and, where it is known, when the request was received.
    #[must_use]
    pub fn faults(&self, received_on: Option<Date>, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.subject == Patch::Clear {
            faults.push(Fault::new("/subject", INVALID_VALUE, "A request always has a subject."));
        }
        faults.extend(acknowledgement_faults(self.acknowledged_on.set().copied(), received_on, today));
        faults.extend(self.topics.set().map(|topics| topic_faults(topics)).unwrap_or_default());
        faults.extend(self.external_ids.set().map(|ids| external_id_faults(ids)).unwrap_or_default());
        faults
    }
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InformationRequest)]
pub struct Request {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority that received it.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The authority's own reference.
    pub reference: String,
    /// The regime it is handled under, unless a part says otherwise.
    pub regime: Regime,
    /// How it stands.
    pub status: RequestStatus,
    /// The day it was received, corrections included.
    pub received_on: Date,
    /// The statutory due date: the earliest of the parts whose clock runs, else of those that wait for the requester, else the
    /// latest of all. Absent when no part is a valid request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<Date>,
    /// The end of a permitted extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub extended_to: Option<Date>,
    /// Whether an open part is past its due date, a permitted extension respected.
    pub overdue: bool,
    /// Working days from the last restart to the complete answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub working_days_taken: Option<i64>,
    /// The day of the complete answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub responded_on: Option<Date>,
    /// The day it was closed, by an answer or otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closed_on: Option<Date>,
    /// Once answered: whether every part was answered in time, extensions counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub on_time: Option<bool>,
    /// Once answered: the outcome of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<RequestOutcome>,
    /// The day receipt was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acknowledged_on: Option<Date>,
    /// How it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub channel: Option<Channel>,
    /// What it is about.
    pub subject: Line,
    /// The authority's topics.
    #[schema(max_items = 50)]
    pub topics: Vec<Topic>,
    /// The questions.
    #[schema(max_items = 500)]
    pub parts: Vec<Part>,
    /// Identifiers in other systems.
    #[schema(max_items = 50)]
    pub external_ids: Vec<ExternalId>,
    /// Where the authority keeps its own file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub case_file_uri: Option<Line>,
    /// Grows with every change that callers can see.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
}

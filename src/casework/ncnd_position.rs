//! Standing positions: on which topics an authority neither confirms nor denies, under which provisions and why, so that
//! like requests get like answers whatever the facts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        request::{duplicates, too_many},
        text::{Line, Prose, Topic, Word},
    },
    fault::{Fault, INVALID_VALUE, UNKNOWN_PROVISION},
    law::{
        Date, Regime,
        catalogue::{Lookup, Provision},
        citations::find_single,
    },
    vocabulary,
};

/// The most topics, and the most provisions, of one position.
const MOST_ITEMS: usize = 50;

vocabulary! {
    /// Why a part was answered otherwise than the standing position on its topic has it. None of these has to do with
    /// whether anything is held.
    pub enum DepartureReason {
        /// The question does not fall within the position.
        OutsideThePosition = "outside_the_position",
        /// The matter had been officially made public.
        OfficiallyPublic = "officially_public",
        /// The harm that the position guards against is no longer likely.
        HarmHasPassed = "harm_has_passed",
        /// The public interest in saying whether or not outweighs.
        PublicInterest = "public_interest",
        /// A regulator, tribunal or court required it.
        Required = "required",
        /// The request is refused as a whole, before its content is looked at.
        RefusedAsAWhole = "refused_as_a_whole",
    }
}

/// What is said of a standing position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNcndPosition {
    /// The authority; needed where the credential has more than one. It does not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub authority_id: Option<Word>,
    /// What it is about.
    pub title: Line,
    /// The topics it covers: a request with one of them matches, whatever the capitals. Kept in small letters.
    #[schema(min_items = 1, max_items = 50)]
    pub topics: Vec<Topic>,
    /// The regime of its provisions.
    pub regime: Regime,
    /// The provisions that exclude the duty to confirm or deny.
    #[schema(min_items = 1, max_items = 50)]
    pub provisions: Vec<Word>,
    /// Why the answer must be the same whatever the facts.
    pub reasons: Prose,
    /// The day by which it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_on: Option<Date>,
}

/// A standing position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NcndPosition {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority whose position it is.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// What it is about.
    pub title: Line,
    /// The topics it covers.
    #[schema(max_items = 50)]
    pub topics: Vec<Topic>,
    /// The regime of its provisions.
    pub regime: Regime,
    /// The provisions that exclude the duty to confirm or deny.
    #[schema(max_items = 50)]
    pub provisions: Vec<Word>,
    /// Why the answer must be the same whatever the facts.
    pub reasons: Prose,
    /// The day by which it is looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_on: Option<Date>,
    /// Whether that day has passed.
    pub review_due: bool,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
}

impl NewNcndPosition {
    /// Everything wrong across members, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        let topics: Vec<&str> = self.topics.iter().map(|topic| topic.as_str()).collect();
        let provisions: Vec<&str> = self.provisions.iter().map(Word::as_str).collect();
        for (at, words) in [("/topics", &topics), ("/provisions", &provisions)] {
            faults.extend(duplicates(at, words.iter().map(|word| (String::new(), word))));
            faults.extend(too_many(at, words.len(), MOST_ITEMS));
            if words.is_empty() {
                faults.push(Fault::new(at, INVALID_VALUE, "Name at least one."));
            }
        }
        for (at, cited) in self.provisions.iter().enumerate() {
            let row = match find_single(self.regime, cited, today) {
                Lookup::InForce(row) => Some(row),
                Lookup::NotInForce { .. } | Lookup::NotAGround(_) | Lookup::Unknown { .. } => None,
            };
            if !row.is_some_and(Provision::is_ncnd) {
                let detail =
                    "Not a provision of this regime, in force today, that excludes the duty to confirm or deny.";
                faults.push(Fault::new(format!("/provisions/{at}"), UNKNOWN_PROVISION, detail));
            }
        }
        faults
    }
}

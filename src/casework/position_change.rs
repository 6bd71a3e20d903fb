//! A change of the authority's position while a complaint is with the regulator: grounds added or dropped, a part answered
//! otherwise.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        filing::{in_future, part_list},
        request::too_many,
        response::{DeterminationOutcome, Ground},
        text::{Label, Prose, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    filed,
    law::{Date, Finding},
    vocabulary,
};

/// The most grounds that one change adds or drops.
const MOST_GROUNDS: usize = 50;

vocabulary! {
    /// Whom the authority told of its position.
    pub enum PositionAudience {
        Requester = "requester",
        Regulator = "regulator",
        Tribunal = "tribunal",
    }
}

/// A ground named: by its provision, or as an alternative group of an answer, whose members nobody tells apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroundNamed {
    /// The provision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provision: Option<Word>,
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternative_group: Option<Word>,
}

/// A change of position as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPositionChange {
    /// The day it was stated.
    pub stated_on: Date,
    /// Whom it was stated to.
    #[schema(min_items = 1, max_items = 3)]
    pub communicated_to: Vec<PositionAudience>,
    /// The parts it concerns; all that the complaint concerns when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// Grounds relied on from then on; one that is relied on already is replaced, as with another limb or threshold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub grounds_added: Vec<Ground>,
    /// Grounds no longer relied on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub grounds_dropped: Vec<GroundNamed>,
    /// How the parts are answered from then on, where that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub determination: Option<DeterminationOutcome>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
}

filed! {
    /// A change of position.
    pub struct PositionChange {
        /// The complaint in which it was made.
        #[schema(format = "uuid")]
        pub complaint_id: String,
        /// The day it was stated.
        pub stated_on: Date,
        /// Whom it was stated to.
        #[schema(max_items = 3)]
        pub communicated_to: Vec<PositionAudience>,
        /// The parts it concerns.
        #[schema(max_items = 500)]
        pub parts: Vec<Label>,
        /// Grounds relied on from then on.
        #[schema(max_items = 50)]
        pub grounds_added: Vec<Ground>,
        /// Grounds no longer relied on.
        #[schema(max_items = 50)]
        pub grounds_dropped: Vec<GroundNamed>,
        /// How the parts are answered from then on, where that changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub determination: Option<DeterminationOutcome>,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub reasons: Option<Prose>,
        /// Which provisions it names that there are not.
        #[schema(max_items = 3000)]
        pub checks: Vec<Finding>,
    }
}

impl GroundNamed {
    /// A fault when it names nothing, or two things.
    #[must_use]
    pub fn fault(&self, at: &str) -> Option<Fault> {
        name_fault(at, self.provision.as_ref(), self.alternative_group.as_ref())
    }
}

/// A fault unless exactly one of provision and group is named.
pub(super) fn name_fault(at: &str, provision: Option<&Word>, group: Option<&Word>) -> Option<Fault> {
    let detail = "Name either `provision` or `alternative_group`.";
    (provision.is_some() == group.is_some()).then(|| Fault::new(at, INCONSISTENT_MEMBERS, detail))
}

impl NewPositionChange {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/stated_on", self.stated_on, today).into_iter().collect();
        faults.extend(part_list("/parts", self.parts.as_deref()));
        if self.communicated_to.is_empty() {
            faults.push(Fault::new("/communicated_to", INVALID_VALUE, "A position is stated to somebody."));
        }
        if self.grounds_added.is_empty() && self.grounds_dropped.is_empty() && self.determination.is_none() {
            let detail = "Nothing changes: add or drop a ground, or give the new `determination`.";
            faults.push(Fault::new("/determination", INCONSISTENT_MEMBERS, detail));
        }
        faults.extend(too_many("/communicated_to", self.communicated_to.len(), PositionAudience::ALL.len()));
        faults.extend(too_many("/grounds_added", self.grounds_added.len(), MOST_GROUNDS));
        faults.extend(too_many("/grounds_dropped", self.grounds_dropped.len(), MOST_GROUNDS));
        for (at, ground) in self.grounds_added.iter().enumerate() {
            faults.extend(ground.faults(&format!("/grounds_added/{at}")));
        }
        for (at, named) in self.grounds_dropped.iter().enumerate() {
            faults.extend(named.fault(&format!("/grounds_dropped/{at}")));
        }
        faults
    }
}

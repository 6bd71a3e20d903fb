//! Records located for a request, and what was taken out of them before they were given.
//!
//! A record is only for a part whose answer shows that there is something to locate. Nothing here says how a search went
//! or came out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        request::{duplicates, too_many},
        response::DeterminationOutcome,
        text::{Label, Line, Word},
    },
    fault::{DATE_IN_FUTURE, Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::Date,
    vocabulary,
};

/// The most parts that one record answers.
const MOST_PARTS: usize = 500;
/// The most redactions of one record.
const MOST_REDACTIONS: usize = 500;

vocabulary! {
    /// How exactly the date of a record is known.
    pub enum DatePrecision {
        /// To the day.
        Day = "day",
        /// To the month; the date is its first day.
        Month = "month",
        /// To the year; the date is its first day.
        Year = "year",
    }
}

impl DatePrecision {
    /// Whether a date is written as one known so exactly is: a month or a year by its first day.
    #[must_use]
    pub fn fits(self, date: Date) -> bool {
        match self {
            Self::Day => true,
            Self::Month => Date::new(date.year(), date.month(), 1) == Some(date),
            Self::Year => Date::new(date.year(), 1, 1) == Some(date),
        }
    }
}

vocabulary! {
    /// What became of a record.
    pub enum RecordDisposition {
        /// Given whole.
        Disclosed = "disclosed",
        /// Given with parts taken out.
        Redacted = "redacted",
        /// Not given.
        Withheld = "withheld",
        /// To be had elsewhere.
        AccessibleElsewhere = "accessible_elsewhere",
        /// Located, but not asked for.
        OutOfScope = "out_of_scope",
    }
}

vocabulary! {
    /// What kind of detail was taken out. A closed list: free words could tell which of several alternatives applied.
    pub enum RedactionCategory {
        Names = "names",
        Signatures = "signatures",
        ContactDetails = "contact_details",
        OtherPersonalData = "other_personal_data",
        OperationalDetail = "operational_detail",
        SecurityDetail = "security_detail",
        CommercialDetail = "commercial_detail",
        LegalAdvice = "legal_advice",
        PolicyAdvice = "policy_advice",
        ThirdPartyInformation = "third_party_information",
        OtherDetail = "other_detail",
    }
}

/// A protective marking on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordMarking {
    /// The marking in its own words.
    pub words: Line,
    /// Whether it had ceased to apply.
    #[serde(default)]
    #[schema(default = false)]
    pub former: bool,
    /// Whether it was taken off the copy that was given.
    #[serde(default)]
    #[schema(default = false)]
    pub removed: bool,
}

/// Something taken out of a record: for a ground, for a group of alternative grounds, or because it was not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// What kind of detail it is.
    pub category: RedactionCategory,
    /// The ground for it, like `40(2)`. A member of an alternative group is never named alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ground: Option<Word>,
    /// The group of alternative grounds for it, as the answer names the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternative_group: Option<Word>,
    /// Whether it was left out because it was not asked for.
    #[serde(default)]
    #[schema(default = false)]
    pub out_of_scope: bool,
}

/// What is said of a record located.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// Its number or mark in the letter, like `1` or `A.2`; unique among the records that are listed.
    pub label: Label,
    /// What it is called.
    pub title: Line,
    /// Its date, as exactly as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dated_on: Option<Date>,
    /// How exactly the date is known; to the day when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date_precision: Option<DatePrecision>,
    /// The parts it answers.
    #[schema(min_items = 1, max_items = 500)]
    pub parts: Vec<Label>,
    /// Its protective marking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub marking: Option<RecordMarking>,
    /// What became of it.
    pub disposition: RecordDisposition,
    /// What was taken out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub redactions: Vec<Redaction>,
}

/// A record located for a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LocatedRecord)]
pub struct Record {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The request it belongs to.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Its number or mark in the letter.
    pub label: Label,
    /// What it is called.
    pub title: Line,
    /// Its date, as exactly as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dated_on: Option<Date>,
    /// How exactly the date is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date_precision: Option<DatePrecision>,
    /// The parts it answers.
    #[schema(max_items = 500)]
    pub parts: Vec<Label>,
    /// Its protective marking.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub marking: Option<RecordMarking>,
    /// What became of it.
    pub disposition: RecordDisposition,
    /// What was taken out of it. What was taken out for one of several alternatives shows the group.
    #[schema(max_items = 500)]
    pub redactions: Vec<Redaction>,
    /// Whether it belongs to an earlier answer: then it stays as it is and is in no list.
    pub frozen: bool,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
}

/// Whether a part answered so can have records: only where the answer itself shows that there is something.
#[must_use]
pub const fn is_open_to_records(outcome: DeterminationOutcome) -> bool {
    match outcome {
        DeterminationOutcome::Disclosed
        | DeterminationOutcome::PartlyDisclosed
        | DeterminationOutcome::Withheld
        | DeterminationOutcome::AccessibleElsewhere => true,
        DeterminationOutcome::NeitherConfirmedNorDenied
        | DeterminationOutcome::NotHeld
        | DeterminationOutcome::RefusedCost
        | DeterminationOutcome::RefusedVexatious
        | DeterminationOutcome::RefusedRepeated
        | DeterminationOutcome::AdviceGiven
        | DeterminationOutcome::Transferred => false,
    }
}

impl NewRecord {
    /// Everything wrong across members, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = duplicates("/parts", self.parts.iter().map(|label| (String::new(), label)));
        faults.extend(too_many("/parts", self.parts.len(), MOST_PARTS));
        faults.extend(too_many("/redactions", self.redactions.len(), MOST_REDACTIONS));
        if self.parts.is_empty() {
            faults.push(Fault::new("/parts", INVALID_VALUE, "A record answers at least one part."));
        }
        faults.extend(self.date_faults(today));
        let is_redacted = self.disposition == RecordDisposition::Redacted;
        if is_redacted == self.redactions.is_empty() {
            let detail = "A record has redactions when it is `redacted`, and only then.";
            faults.push(Fault::new("/redactions", INCONSISTENT_MEMBERS, detail));
        }
        for (at, redaction) in self.redactions.iter().enumerate() {
            let given = [redaction.ground.is_some(), redaction.alternative_group.is_some(), redaction.out_of_scope];
            if given.into_iter().filter(|given| *given).count() != 1 {
                let detail = "A redaction has exactly one reason: `ground`, `alternative_group` or `out_of_scope`.";
                faults.push(Fault::new(format!("/redactions/{at}"), INCONSISTENT_MEMBERS, detail));
            }
        }
        faults
    }

    fn date_faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        let Some(dated_on) = self.dated_on else {
            if self.date_precision.is_some() {
                let detail = "A precision goes with a date in `dated_on`.";
                faults.push(Fault::new("/date_precision", INCONSISTENT_MEMBERS, detail));
            }
            return faults;
        };
        if dated_on > today {
            faults.push(Fault::new("/dated_on", DATE_IN_FUTURE, "A record located bears no date after today."));
        }
        if !self.date_precision.unwrap_or(DatePrecision::Day).fits(dated_on) {
            let detail = "A month or year is given by its first day.";
            faults.push(Fault::new("/dated_on", INCONSISTENT_MEMBERS, detail));
        }
        faults
    }
}

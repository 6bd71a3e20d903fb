//! Regulatory action: an audit, a reprimand, an enforcement notice, whatever the regulator does to a body outside a single
//! complaint.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{ObjectBuilder, Type},
};

use crate::{
    casework::{
        request::{duplicates, too_many},
        text::{Line, Prose, Word},
    },
    fault::{DATE_IN_FUTURE, Fault, INCONSISTENT_MEMBERS, INVALID_DATE, Refusal},
    law::Date,
    vocabulary,
};

const MOST_PUBLICATIONS: usize = 50;
const MOST_REQUIREMENTS: usize = 200;
const MOST_REQUESTS: usize = 200;

vocabulary! {
    /// What the regulator did.
    pub enum RegulatoryActionKind {
        Audit = "audit",
        Reprimand = "reprimand",
        InformationNotice = "information_notice",
        AssessmentNotice = "assessment_notice",
        EnforcementNotice = "enforcement_notice",
        PracticeRecommendation = "practice_recommendation",
        Undertaking = "undertaking",
        MonetaryPenalty = "monetary_penalty",
        Prosecution = "prosecution",
        Other = "other",
    }
}

vocabulary! {
    /// How exactly a date is known.
    pub enum DatePrecision {
        Day = "day",
        Month = "month",
        Year = "year",
    }
}

/// A date as exactly as it is known: `2021-12-03`, `2021-12` or `2021`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImpreciseDate {
    first_day: Date,
    precision: DatePrecision,
}

impl ImpreciseDate {
    /// How exactly it is known.
    #[must_use]
    pub const fn precision(self) -> DatePrecision {
        self.precision
    }

    /// The first day that it may be.
    #[must_use]
    pub const fn first_day(self) -> Date {
        self.first_day
    }
}

impl FromStr for ImpreciseDate {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (whole, precision) = match text.len() {
            4 => (format!("{text}-01-01"), DatePrecision::Year),
            7 => (format!("{text}-01"), DatePrecision::Month),
            _ => (text.to_owned(), DatePrecision::Day),
        };
        let detail = "A date is written like 2021-12-03, or 2021-12 or 2021 where no more is known.";
        let first_day = whole.parse::<Date>().map_err(|_| Refusal::new(INVALID_DATE, detail))?;
        Ok(Self { first_day, precision })
    }
}

impl fmt::Display for ImpreciseDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.precision {
            DatePrecision::Day => "%Y-%m-%d",
            DatePrecision::Month => "%Y-%m",
            DatePrecision::Year => "%Y",
        };
        write!(formatter, "{}", self.first_day.0.format(form))
    }
}

impl Serialize for ImpreciseDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ImpreciseDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|refusal: Refusal| refusal.into_error("2005"))
    }
}

impl utoipa::PartialSchema for ImpreciseDate {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(10))
            .pattern(Some("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"))
            .description(Some("A date as exactly as it is known: a day, a month or a year."))
            .into()
    }
}

impl ToSchema for ImpreciseDate {}

/// Where an action was made public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionPublication {
    /// The address.
    pub uri: Line,
    /// What stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Line>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub published: Option<ImpreciseDate>,
    /// When it was taken down, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withdrawn: Option<ImpreciseDate>,
}

/// Something that the body is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRequirement {
    /// What it is.
    pub text: Prose,
    /// The day by which it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<Date>,
    /// The day on which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub met_on: Option<Date>,
}

/// A regulatory action as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRegulatoryAction {
    /// What the regulator did.
    pub kind: RegulatoryActionKind,
    /// The regulator.
    pub regulator: Line,
    /// The body that it was done to.
    pub subject_body: Line,
    /// The regulator's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The enactment that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Line>,
    /// When it was done, as exactly as it is known.
    pub dated: ImpreciseDate,
    /// Whether the body took part of its own will, as in a consensual audit.
    #[serde(default)]
    pub voluntary: bool,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub summary: Option<Prose>,
    /// Where it was made public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub publications: Vec<ActionPublication>,
    /// What the body is to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub requirements: Vec<ActionRequirement>,
    /// Requests that are about it, every part of which was answered with something other than neither confirming nor
    /// denying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub request_ids: Vec<Word>,
    /// The authority that keeps the record, where the credential has more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub authority_id: Option<Word>,
}

/// A regulatory action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegulatoryAction {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority that keeps the record.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// What the regulator did.
    pub kind: RegulatoryActionKind,
    /// The regulator.
    pub regulator: Line,
    /// The body that it was done to.
    pub subject_body: Line,
    /// The regulator's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The enactment that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Line>,
    /// When it was done.
    pub dated: ImpreciseDate,
    /// How exactly that is known.
    pub date_precision: DatePrecision,
    /// Whether the body took part of its own will.
    pub voluntary: bool,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub summary: Option<Prose>,
    /// Where it was made public.
    #[schema(max_items = 50)]
    pub publications: Vec<ActionPublication>,
    /// What the body is to do.
    #[schema(max_items = 200)]
    pub requirements: Vec<ActionRequirement>,
    /// Requests that are about it.
    #[schema(max_items = 200)]
    pub request_ids: Vec<Word>,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
    /// When it was voided, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub voided_at: Option<String>,
    /// Why it was voided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub void_reason: Option<Prose>,
}

impl NewRegulatoryAction {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.dated.first_day() > today {
            faults.push(Fault::new("/dated", DATE_IN_FUTURE, "What has not happened yet is not recorded."));
        }
        faults.extend(too_many("/publications", self.publications.len(), MOST_PUBLICATIONS));
        faults.extend(too_many("/requirements", self.requirements.len(), MOST_REQUIREMENTS));
        faults.extend(too_many("/request_ids", self.request_ids.len(), MOST_REQUESTS));
        faults.extend(duplicates("/request_ids", self.request_ids.iter().map(|id| (String::new(), id))));
        for (at, requirement) in self.requirements.iter().enumerate() {
            let met_on = requirement.met_on.filter(|met_on| *met_on > today);
            let detail = "A requirement is met on the day it is met, today at the latest.";
            faults.extend(met_on.map(|_| Fault::new(format!("/requirements/{at}/met_on"), DATE_IN_FUTURE, detail)));
        }
        for (at, publication) in self.publications.iter().enumerate() {
            let (Some(published), Some(withdrawn)) = (publication.published, publication.withdrawn) else { continue };
            if withdrawn.first_day() < published.first_day() && withdrawn.precision() == published.precision() {
                let detail = "It cannot have been taken down before it was published.";
                faults.push(Fault::new(format!("/publications/{at}/withdrawn"), INCONSISTENT_MEMBERS, detail));
            }
        }
        faults
    }
}

//! A ground of refusal and the public-interest test: what a determination rests on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        amount::Amount,
        request::too_many,
        response::DecisionMaker,
        text::{Line, Prose, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::Date,
    vocabulary,
};

vocabulary! {
    /// The level of likelihood a prejudice is claimed at.
    pub enum Threshold {
        /// More probable than not.
        Would = "would",
        /// A real and significant risk, which may be under half.
        WouldBeLikely = "would_be_likely",
    }
}

vocabulary! {
    /// Whether a limb is relied on first or in addition.
    pub enum Rank {
        Primary = "primary",
        Secondary = "secondary",
    }
}

vocabulary! {
    /// The result of a public-interest test. An equal balance means disclosure.
    pub enum Balance {
        Maintain = "maintain",
        Equal = "equal",
        Disclose = "disclose",
    }
}

vocabulary! {
    /// Who put a factor forward.
    pub enum ArguedBy {
        Requester = "requester",
        Authority = "authority",
        ThirdParty = "third_party",
    }
}

/// A provision relied on to refuse, with what the statute asks to go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The provision that counts, like `31(3)`. A letter already sent may cite what the catalogue does not know: then this
    /// is absent and `as_cited` keeps the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provision: Option<Word>,
    /// The citation as the letter has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub as_cited: Option<Line>,
    /// Purposes, conditions and mirrored limbs that go with the provision; never counted in figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub relies_on: Vec<Reliance>,
    /// The likelihood claimed, for a ground that turns on prejudice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub threshold: Option<Threshold>,
    /// The prejudice claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prejudice: Option<Prejudice>,
    /// Why the ground applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
    /// Why like requests get like answers (NCND).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consistency_reasons: Option<Prose>,
    /// What the ground covers, where it covers only some of the information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub applies_to: Option<Prose>,
    /// Grounds of one part that share this string are relied on in the alternative: one thing everywhere, so that nobody
    /// can tell which member applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternative_group: Option<Word>,
    /// A statement left out because it would itself disclose exempt information (FOIA s17(4), FOISA s16(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub statement_omitted: Option<StatementOmitted>,
    /// The three-part legitimate-interests test for personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub legitimate_interests: Option<LegitimateInterests>,
    /// The qualified person's opinion (FOIA s36).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub qualified_person: Option<QualifiedPerson>,
    /// The estimate of cost (FOIA and FOISA s12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cost_estimate: Option<CostEstimate>,
    /// Where the information can be had (FOIA s21, FOISA s25).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub available_at: Vec<Line>,
    /// The request answered before (FOIA and FOISA s14(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub earlier_request: Option<EarlierRequest>,
    /// The enactment that prohibits disclosure (FOIA s44, FOISA s26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub enactment: Option<Line>,
    /// When publication is planned (FOIA s22, FOISA s27).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub publication_planned_on: Option<Date>,
    /// A ministerial certificate that supports the ground (FOIA ss23 to 25, EIR reg 15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub certificate: Option<Line>,
    /// Whether what the ground covers is information on emissions, which EIR reg 12(9) and EI(S)Rs reg 10(6) keep open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub concerns_emissions: Option<bool>,
}

/// A purpose, condition or mirrored limb named with a ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reliance {
    /// The provision named, like `31(2)(a)`.
    pub provision: Word,
    /// The likelihood claimed for this limb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub threshold: Option<Threshold>,
    /// Whether the limb is relied on first or in addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rank: Option<Rank>,
}

/// A claim of prejudice: whose interest, what harm, and how the one leads to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Prejudice {
    /// The interest the provision protects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interest: Option<Prose>,
    /// The harm to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub harm: Option<Prose>,
    /// How disclosure, or confirming or denying, would cause the harm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub causal_link: Option<Prose>,
    /// NCND: the harm of a confirmation by itself, as against that of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from_confirming: Option<Prose>,
    /// NCND: the harm of a denial by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from_denying: Option<Prose>,
}

/// A statement that the letter leaves out, under which provision, and who decided so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementOmitted {
    /// The provision that allows it: `17(4)` under FOIA, `16(3)` under FOISA.
    pub under: Word,
    /// The statements left out, by provision, like `17(1)(c)` and `17(3)(b)`.
    #[schema(max_items = 10)]
    pub covers: Vec<Word>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_by: Option<DecisionMaker>,
}

/// Article 6(1)(f) UK GDPR, as FOIA s40(8) applies it: interest, necessity, balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegitimateInterests {
    /// The legitimate interest in disclosure, if one was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interest: Option<Prose>,
    /// Whether disclosure is necessary to meet it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub necessary: Option<bool>,
    /// The balance against the data subject's interests, rights and freedoms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub balance: Option<Prose>,
}

/// The reasonable opinion of the qualified person (FOIA s36(2), (5)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualifiedPerson {
    /// The office held, not a name; for statistical information there need be none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub office: Option<Line>,
    /// The day the opinion was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opinion_on: Option<Date>,
    /// The opinion, in outline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opinion: Option<Prose>,
    /// True when the information is statistical: then no opinion is needed (s36(4)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub statistical_information: Option<bool>,
}

vocabulary! {
    /// What the time of an estimate is spent on (SI 2004/3244 reg 4(3), SSI 2004/467 reg 3); other work does not count.
    pub enum CostActivity {
        /// Finding out whether there is anything of the kind: all that counts under FOIA s12(2), and nothing under FOISA.
        Determine = "determine",
        /// Finding where it is.
        Locate = "locate",
        /// Getting at it.
        Retrieve = "retrieve",
        /// Taking it out of what holds it.
        Extract = "extract",
        /// Giving it to the requester: counts under FOISA alone.
        Provide = "provide",
    }
}

/// The hours of one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostItem {
    /// What the time is spent on.
    pub activity: CostActivity,
    /// How many hours.
    pub hours: Amount,
    /// How they were estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Prose>,
}

/// Another request whose cost is counted together with this one's (FOIA s12(4), SI 2004/3244 reg 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AggregatedRequest {
    /// The authority's reference of it.
    pub reference: Word,
    /// The day it was received.
    pub received_on: Date,
    /// Its hours.
    pub hours: Amount,
}

/// An estimate of what an answer would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostEstimate {
    /// Hours estimated for determining whether the information is held, locating, retrieving and extracting it.
    pub hours: Amount,
    /// The sum, in pounds.
    pub amount: Amount,
    /// The hours by activity; with those of `aggregated_with` they make `hours`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub activities: Vec<CostItem>,
    /// Other requests counted together with this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub aggregated_with: Vec<AggregatedRequest>,
    /// How the estimate was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Prose>,
}

/// The earlier request that a repeated one repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierRequest {
    /// The authority's reference of it.
    pub reference: Word,
    /// The day it was complied with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complied_on: Option<Date>,
}

/// A weighing of the public interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PublicInterestBalancing)]
pub struct PublicInterestTest {
    /// The grounds it covers.
    #[schema(min_items = 1, max_items = 50)]
    pub provisions: Vec<Word>,
    /// Factors for disclosure, or for confirming or denying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub factors_for: Vec<Factor>,
    /// Factors for maintaining the exemption or the exclusion of the duty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub factors_against: Vec<Factor>,
    /// Where the balance came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub balance: Option<Balance>,
    /// The day it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_on: Option<Date>,
    /// Whether the presumption in favour of disclosure was applied (EIR reg 12(2), EI(S)Rs reg 10(2)(b)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub presumption_applied: Option<bool>,
}

/// One factor in a public-interest test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The factor.
    pub text: Prose,
    /// Who put it forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub argued_by: Option<ArguedBy>,
}

const MOST_LIMBS: usize = 50;
const MOST_PLACES: usize = 50;
const MOST_STATEMENTS: usize = 10;
const MOST_PROVISIONS: usize = 50;
const MOST_FACTORS: usize = 100;
const MOST_ACTIVITIES: usize = 20;
const MOST_AGGREGATED: usize = 100;

impl Ground {
    /// Everything wrong with the form of the ground that stands at `at`.
    #[must_use]
    pub fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.provision.is_none() && self.as_cited.is_none() {
            let detail = "A ground names its `provision`, or at least how it was cited in `as_cited`.";
            faults.push(Fault::new(at, INCONSISTENT_MEMBERS, detail));
        }
        let statements = self.statement_omitted.as_ref().map_or(0, |omitted| omitted.covers.len());
        let estimate = self.cost_estimate.as_ref();
        let activities = estimate.map_or(0, |estimate| estimate.activities.len());
        let aggregated = estimate.map_or(0, |estimate| estimate.aggregated_with.len());
        faults.extend(too_many(&format!("{at}/cost_estimate/activities"), activities, MOST_ACTIVITIES));
        faults.extend(too_many(&format!("{at}/cost_estimate/aggregated_with"), aggregated, MOST_AGGREGATED));
        faults.extend(too_many(&format!("{at}/relies_on"), self.relies_on.len(), MOST_LIMBS));
        faults.extend(too_many(&format!("{at}/available_at"), self.available_at.len(), MOST_PLACES));
        faults.extend(too_many(&format!("{at}/statement_omitted/covers"), statements, MOST_STATEMENTS));
        faults
    }
}

impl PublicInterestTest {
    /// Everything wrong with the form of the test that stands at `at`.
    #[must_use]
    pub fn faults(&self, at: &str) -> Vec<Fault> {
        let provisions = format!("{at}/provisions");
        let mut faults = Vec::new();
        if self.provisions.is_empty() {
            let detail = "A public-interest test names at least one provision.";
            faults.push(Fault::new(&provisions, INVALID_VALUE, detail));
        }
        faults.extend(too_many(&provisions, self.provisions.len(), MOST_PROVISIONS));
        faults.extend(too_many(&format!("{at}/factors_for"), self.factors_for.len(), MOST_FACTORS));
        faults.extend(too_many(&format!("{at}/factors_against"), self.factors_against.len(), MOST_FACTORS));
        faults
    }
}

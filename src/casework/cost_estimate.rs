//! What an answer would cost under section 12 of either Act, reckoned before anything is recorded. Nothing of it is kept: an
//! estimate belongs to the letter that rests on it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        amount::Amount,
        authority::CostLimit,
        ground::{AggregatedRequest, CostEstimate, CostItem},
        request::{duplicates, too_many},
        text::Prose,
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::{
        Date, Finding, Regime, Severity,
        calendar::Calendars,
        cost::{self, AggregationPeriod},
        notice::{EstimateFacts, estimate_findings},
    },
    vocabulary,
};

/// The most activities of one estimate.
const MOST_ACTIVITIES: usize = 20;
/// The most requests counted together with one.
const MOST_REQUESTS: usize = 100;

vocabulary! {
    /// On which subsection the refusal would rest.
    pub enum CostProvision {
        /// The cost of the answer (FOIA and FOISA s12(1)).
        OfAnswer = "12(1)",
        /// Under FOIA the cost of finding out whether there is anything; under FOISA the cost of answering several persons,
        /// where the information is made public.
        SecondSubsection = "12(2)",
    }
}

/// What is estimated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCostEstimate {
    /// The regime: FOIA or FOISA. The Regulations know no limit of cost.
    pub regime: Regime,
    /// The subsection; `12(1)` when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub provision: Option<CostProvision>,
    /// The limit of the authority in pounds; when absent the lower one under FOIA.
    #[serde(default)]
    #[schema(nullable = false)]
    pub cost_limit: Option<CostLimit>,
    /// What an hour costs in pounds, under FOISA alone: 15 at most, and when absent. Under FOIA it is always 25.
    #[serde(default)]
    #[schema(nullable = false)]
    pub hourly_rate: Option<Amount>,
    /// The day of receipt; needed where other requests are counted with this one.
    #[serde(default)]
    #[schema(nullable = false)]
    pub received_on: Option<Date>,
    /// The work, by activity.
    #[schema(min_items = 1, max_items = 20)]
    pub activities: Vec<CostItem>,
    /// Other requests about the same or similar information, to be counted together with this one.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub aggregated_with: Vec<AggregatedRequest>,
    /// How the estimate was made.
    #[serde(default)]
    #[schema(nullable = false)]
    pub basis: Option<Prose>,
}

/// The requests counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Aggregation {
    /// The day of the first receipt.
    pub first_on: Date,
    /// The day of the last receipt.
    pub last_on: Date,
    /// Working days from the first to the last, both included.
    pub working_days: i64,
    /// Whether the regime lets requests of this period be counted together; under FOISA only by section 12(2).
    pub allowed: bool,
    /// What decides it.
    pub provision: String,
    /// The last day for making the information public to all who asked, under FOISA s12(2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub publish_by: Option<Date>,
}

/// What an answer would cost, and whether that carries a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CostReckoning {
    /// The regime.
    pub regime: Regime,
    /// The subsection.
    pub provision: CostProvision,
    /// The estimate, as a ground of a response takes it in `cost_estimate`: with what counts, and nothing else.
    pub cost_estimate: CostEstimate,
    /// The work that was given and does not count.
    #[schema(max_items = 20)]
    pub not_counted: Vec<CostItem>,
    /// What decides which work counts.
    pub activities_provision: String,
    /// What an hour counts, in pounds.
    pub hourly_rate: Amount,
    /// What decides it.
    pub hourly_rate_provision: String,
    /// The limit, in pounds.
    pub limit: Amount,
    /// What decides it.
    pub limit_provision: String,
    /// How many hours reach the limit without exceeding it.
    pub hours_within_limit: Amount,
    /// Whether the estimate exceeds the limit: the limit itself does not.
    pub exceeds_limit: bool,
    /// The period of the requests counted together, where there are others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub aggregation: Option<Aggregation>,
    /// What the checks would say of a letter that rests on the estimate; pointers from its ground.
    #[schema(max_items = 20)]
    pub findings: Vec<Finding>,
    /// Whether a refusal can rest on it: no finding is an `error`.
    pub carries_refusal: bool,
}

impl NewCostEstimate {
    /// Everything wrong across members.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            too_many("/activities", self.activities.len(), MOST_ACTIVITIES).into_iter().collect();
        faults.extend(too_many("/aggregated_with", self.aggregated_with.len(), MOST_REQUESTS));
        let references = self.aggregated_with.iter().map(|request| ("/reference".to_owned(), &request.reference));
        faults.extend(duplicates("/aggregated_with", references));
        if self.activities.is_empty() {
            faults.push(Fault::new("/activities", INVALID_VALUE, "An estimate has at least one activity."));
        }
        if !self.aggregated_with.is_empty() && self.received_on.is_none() {
            let detail = "Where requests are counted together the day of receipt decides whether they may be.";
            faults.push(Fault::new("/received_on", INCONSISTENT_MEMBERS, detail));
        }
        faults.extend(self.regime_fault());
        faults.extend(self.sum_fault().filter(|_| faults.is_empty()));
        faults
    }

    fn regime_fault(&self) -> Option<Fault> {
        let inconsistent = |at, detail| Some(Fault::new(at, INCONSISTENT_MEMBERS, detail));
        match self.regime {
            Regime::Eir | Regime::Eisr => inconsistent(
                "/regime",
                "The Regulations set no limit of cost. A request whose cost is out of all proportion may be manifestly \
                 unreasonable: EIR regulation 12(4)(b), EI(S)Rs regulation 10(4)(b).",
            ),
            Regime::Foia if self.hourly_rate.is_some() => {
                inconsistent("/hourly_rate", "Under FOIA every hour counts 25 pounds (SI 2004/3244 reg 4(4)).")
            }
            Regime::Foisa if self.cost_limit == Some(CostLimit::Pounds450) => inconsistent(
                "/cost_limit",
                "Under FOISA the limit is 600 pounds for every authority (SSI 2004/467 reg 5).",
            ),
            Regime::Foisa if self.hourly_rate.is_some_and(|rate| !is_scottish_rate(*rate)) => {
                let detail = "Under FOISA an hour counts what it costs, 15 pounds at most (SSI 2004/467 reg 3(2)(b)).";
                Some(Fault::new("/hourly_rate", INVALID_VALUE, detail))
            }
            Regime::Foia | Regime::Foisa => None,
        }
    }

    fn sum_fault(&self) -> Option<Fault> {
        let detail = "The sum is beyond what an estimate can hold.";
        self.estimate().is_none().then(|| Fault::new("/activities", INVALID_VALUE, detail))
    }

    fn provision(&self) -> CostProvision {
        self.provision.unwrap_or(CostProvision::OfAnswer)
    }

    fn counts(&self, item: &CostItem) -> bool {
        let of_confirming = self.provision() == CostProvision::SecondSubsection;
        cost::counts(self.regime, of_confirming, item.activity)
    }

    fn rate(&self) -> Decimal {
        self.hourly_rate.map_or_else(|| cost::hourly_rate(self.regime), |rate| *rate)
    }

    /// Whether other requests count with this one: under FOISA by section 12(2) alone.
    fn counts_together(&self) -> bool {
        self.regime == Regime::Foia || self.provision() == CostProvision::SecondSubsection
    }

    /// The estimate with what counts; `None` where the sum is too large.
    fn estimate(&self) -> Option<CostEstimate> {
        let aggregated_with = if self.counts_together() { self.aggregated_with.clone() } else { Vec::new() };
        let activities: Vec<CostItem> = self.activities.iter().filter(|item| self.counts(item)).cloned().collect();
        let own = activities.iter().map(|item| *item.hours);
        let hours: Decimal = own.chain(aggregated_with.iter().map(|request| *request.hours)).sum();
        Some(CostEstimate {
            hours: Amount::rounded(hours)?,
            amount: Amount::rounded_up(hours.checked_mul(self.rate())?)?,
            activities,
            aggregated_with,
            basis: self.basis.clone(),
        })
    }

    fn aggregation(&self, calendars: &Calendars) -> Option<Aggregation> {
        let others = self.aggregated_with.iter().map(|request| request.received_on);
        let received: Vec<Date> = others.chain(self.received_on).collect();
        if self.aggregated_with.is_empty() {
            return None;
        }
        let calendar = calendars.get(self.regime.calendar());
        let period = AggregationPeriod::of(calendar, received.into_iter())?;
        let in_scotland = self.regime == Regime::Foisa;
        let publish_by = (in_scotland && self.counts_together()).then(|| period.publish_by(calendar));
        Some(Aggregation {
            first_on: period.first_on,
            last_on: period.last_on,
            working_days: period.working_days,
            allowed: self.counts_together() && (in_scotland || period.is_short_enough()),
            provision: if in_scotland { "section 12(2)" } else { "section 12(4), SI 2004/3244 reg 5" }.to_owned(),
            publish_by,
        })
    }

    /// Reckons it; `None` where the sum is too large, which [`NewCostEstimate::faults`] tells of.
    ///
    /// # Errors
    ///
    /// As [`estimate_findings`].
    pub fn reckon(&self, calendars: &Calendars, today: Date) -> serde_json::Result<Option<CostReckoning>> {
        let of_authority = self.cost_limit.and_then(|limit| limit.as_str().parse().ok());
        let (limit, rate) = (cost::limit(self.regime, of_authority), self.rate());
        // Of a rate that does not divide the limit, the last hundredth of an hour that is still within.
        let within = limit.checked_div(rate).unwrap_or_default().trunc_with_scale(2).normalize();
        let amounts = (Amount::rounded(limit), Amount::rounded(rate), Amount::rounded(within));
        let (Some(estimate), (Some(limit), Some(rate), Some(hours_within_limit))) = (self.estimate(), amounts) else {
            return Ok(None);
        };
        let provision = self.provision();
        let facts = EstimateFacts {
            regime: self.regime,
            provision: provision.as_str(),
            received_on: self.received_on,
            cost_limit: of_authority,
            estimate: &estimate,
            calendars,
            today,
        };
        let findings = estimate_findings(&facts)?;
        let in_scotland = self.regime == Regime::Foisa;
        let says = |foia: &str, foisa: &str| if in_scotland { foisa } else { foia }.to_owned();
        Ok(Some(CostReckoning {
            regime: self.regime,
            provision,
            exceeds_limit: estimate.amount > limit,
            cost_estimate: estimate,
            not_counted: self.activities.iter().filter(|item| !self.counts(item)).cloned().collect(),
            activities_provision: match (in_scotland, provision) {
                (true, _) => "SSI 2004/467 reg 3",
                (false, CostProvision::OfAnswer) => "SI 2004/3244 reg 4(3)",
                (false, CostProvision::SecondSubsection) => "section 12(2), SI 2004/3244 reg 4(3)",
            }
            .to_owned(),
            hourly_rate: rate,
            hourly_rate_provision: says("SI 2004/3244 reg 4(4)", "SSI 2004/467 reg 3(2)(b)"),
            limit,
            limit_provision: says("SI 2004/3244 reg 3", "SSI 2004/467 reg 5"),
            hours_within_limit,
            aggregation: self.aggregation(calendars),
            carries_refusal: findings.iter().all(|finding| finding.severity != Severity::Error),
            findings,
        }))
    }
}

fn is_scottish_rate(rate: Decimal) -> bool {
    rate > Decimal::ZERO && rate <= cost::SCOTTISH_HOURLY_RATE
}

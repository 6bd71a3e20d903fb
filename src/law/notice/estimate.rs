//! An estimate of cost by itself, looked at by the checks of a letter that would rest on it. Makes no check of its own.

use rust_decimal::Decimal;

use crate::{
    casework::{
        ground::CostEstimate,
        response::{Determination, Particulars, ResponseKind},
        text::Label,
    },
    law::{
        Date, Finding, Regime,
        calendar::Calendars,
        notice::{NoticeFacts, PartFacts, PartStanding, check::Collected, costs, letter::Letter},
    },
};

/// Where the estimate stands in the letter that is imagined around it.
const IN_LETTER: &str = "/determinations/0/grounds/0";

/// An estimate and what it would be given for.
#[derive(Debug, Clone, Copy)]
pub struct EstimateFacts<'a> {
    /// The regime of the request.
    pub regime: Regime,
    /// The ground, like `12(1)`.
    pub provision: &'a str,
    /// The day of receipt, where it is known.
    pub received_on: Option<Date>,
    /// The authority's limit under FOIA in pounds; the lower one is assumed where it is not known.
    pub cost_limit: Option<Decimal>,
    /// The estimate.
    pub estimate: &'a CostEstimate,
    /// The calendars in use.
    pub calendars: &'a Calendars,
    /// Today in London.
    pub today: Date,
}

/// What the checks would say of the estimate in a letter; pointers from its ground, like `/cost_estimate/amount`.
///
/// # Errors
///
/// When the letter cannot be imagined, which would be a fault of this service.
pub fn estimate_findings(facts: &EstimateFacts<'_>) -> serde_json::Result<Vec<Finding>> {
    let determinations: [Determination; 1] = [serde_json::from_value(serde_json::json!({
        "part": Label::only(), "outcome": "refused_cost",
        "grounds": [{"provision": facts.provision, "cost_estimate": facts.estimate}]
    }))?];
    let parts = [PartFacts {
        label: Label::only(),
        regime: facts.regime,
        standing: PartStanding::AwaitsAnswer,
        received_on: facts.received_on,
        due_on: None,
        extended_to: None,
        announced_for: None,
        answered_on: None,
        weighed_before: false,
        working_days_late: None,
        fee_notice_given: false,
        complexity_extension: false,
        transferred_or_advised: false,
        public_interest_extension: false,
        public_interest_extension_named: Vec::new(),
        standing_position: false,
        words: Vec::new(),
    }];
    let letter = NoticeFacts {
        kind: ResponseKind::Initial,
        issued_on: None,
        today: facts.today,
        parts: &parts,
        particulars: &Particulars::default(),
        determinations: &determinations,
        left_open: &[],
        review: None,
        particulars_in_settings: None,
        cost_limit: facts.cost_limit,
        authority_kind: None,
        calendars: facts.calendars,
    };
    let letter = Letter::new(&letter);
    let mut collected = Collected::default();
    for check in costs::CHECKS {
        collected.run(check, &letter);
    }
    Ok(collected.sorted().into_iter().map(by_itself).collect())
}

/// The finding without the letter around it.
fn by_itself(mut finding: Finding) -> Finding {
    finding.facts.remove("part");
    finding.pointer = finding.pointer.map(|pointer| pointer.strip_prefix(IN_LETTER).unwrap_or(&pointer).to_owned());
    finding
}

//! What stays of a request whose people are erased: what figures are counted from, and no words. Each entry of the chain
//! after the response is taken apart member by member, so that a new member cannot stay by oversight.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        appeal::{AppealDecision, NewAppeal},
        complaint::{ComplaintIssue, ComplaintOutcome, NewComplaint},
        decision_notice::{NewDecisionNotice, NoticeDecision, NoticeFinding, NoticeStep, StepsCompliance},
        review::{NewReview, ReviewDecision, ReviewResult},
        text::Prose,
    },
    law::{Date, notice::has_no_own_words},
    vocabulary,
};

/// What stands where words had to stand.
pub const ERASED: &str = "Erased";

/// An erasure. Why it is done is said in the `Candour-Justification` header, for the audit log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewErasure {}

/// Why a request must not be erased, where the authority says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLegalHold {
    /// Why: proceedings that are threatened, an inquiry.
    pub reason: Prose,
}

vocabulary! {
    /// What keeps a request from being erased.
    pub enum LegalHoldKind {
        /// A review, a complaint or an appeal is open, the steps of a decision notice are not taken, or the time for an
        /// appeal against it still runs.
        ProceedingsOpen = "proceedings_open",
        /// The authority says so.
        PlacedByAuthority = "placed_by_authority",
    }
}

/// One thing that keeps a request from being erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LegalHold {
    /// What it is.
    pub kind: LegalHoldKind,
    /// Why, where the authority placed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<Prose>,
    /// Who placed it, as the authority knows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub placed_by: Option<String>,
    /// When it was placed, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub placed_at: Option<String>,
}

/// Everything that keeps a request from being erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LegalHolds {
    /// The request.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Whether it may be erased: no part of it is owed an answer, and nothing holds it.
    pub erasable: bool,
    /// What holds it besides.
    #[schema(max_items = 2)]
    pub holds: Vec<LegalHold>,
}

/// Something of which a part without words is kept.
pub trait WithoutWords {
    /// Itself, without words.
    #[must_use]
    fn without_words(self) -> Self;
}

fn all_without_words<T: WithoutWords>(all: Vec<T>) -> Vec<T> {
    all.into_iter().map(T::without_words).collect()
}

impl WithoutWords for NewReview {
    fn without_words(self) -> Self {
        let Self { requested_on, parts, grounds: _, not_contested: _, decision } = self;
        let decision = decision.map(ReviewDecision::without_words);
        Self { requested_on, parts, grounds: None, not_contested: None, decision }
    }
}

impl WithoutWords for ReviewDecision {
    fn without_words(self) -> Self {
        let Self { decided_on, decided_by: _, results } = self;
        Self { decided_on, decided_by: None, results: all_without_words(results) }
    }
}

impl WithoutWords for ReviewResult {
    fn without_words(self) -> Self {
        let Self { part, result, reasons: _ } = self;
        Self { part, result, reasons: None }
    }
}

impl WithoutWords for NewComplaint {
    fn without_words(self) -> Self {
        let Self { made_on, notified_on, regulator: _, reference: _, parts, issues, not_contested: _, outcome } = self;
        Self {
            made_on,
            notified_on,
            regulator: None,
            reference: None,
            parts,
            issues: all_without_words(issues),
            not_contested: None,
            outcome: outcome.map(ComplaintOutcome::without_words),
        }
    }
}

impl WithoutWords for ComplaintIssue {
    fn without_words(self) -> Self {
        let Self { topic, text: _ } = self;
        Self { topic, text: None }
    }
}

impl WithoutWords for ComplaintOutcome {
    fn without_words(self) -> Self {
        let Self { ended_on, outcome, explanation: _ } = self;
        Self { ended_on, outcome, explanation: None }
    }
}

impl WithoutWords for NewDecisionNotice {
    fn without_words(self) -> Self {
        let Self { sent_on, reference: _, findings, steps, steps_period, other_matters: _, compliance } = self;
        let NoticeDecision { findings, steps, steps_period } =
            NoticeDecision { findings, steps, steps_period }.without_words();
        let compliance = compliance.map(StepsCompliance::without_words);
        Self { sent_on, reference: None, findings, steps, steps_period, other_matters: Vec::new(), compliance }
    }
}

impl WithoutWords for StepsCompliance {
    fn without_words(self) -> Self {
        let Self { complied_on, response_id } = self;
        Self { complied_on, response_id }
    }
}

impl WithoutWords for NoticeDecision {
    fn without_words(self) -> Self {
        let Self { findings, steps, steps_period } = self;
        Self { findings: all_without_words(findings), steps: all_without_words(steps), steps_period }
    }
}

impl WithoutWords for NoticeFinding {
    fn without_words(self) -> Self {
        let Self { provision, alternative_group, parts, finding, reasons: _ } = self;
        // The name of a group is a word of the authority's own; that there was one is counted.
        let alternative_group = alternative_group.map(|name| ERASED.parse().unwrap_or(name));
        // So are a citation's, unless they are the catalogue's.
        let provision =
            provision.map(|cited| if has_no_own_words(&cited) { cited } else { ERASED.parse().unwrap_or(cited) });
        Self { provision, alternative_group, parts, finding, reasons: None }
    }
}

impl WithoutWords for NoticeStep {
    fn without_words(self) -> Self {
        let Self { text, parts } = self;
        Self { text: ERASED.parse().unwrap_or(text), parts }
    }
}

impl WithoutWords for NewAppeal {
    fn without_words(self) -> Self {
        let Self {
            decision_notice_id,
            earlier_appeal_id,
            tribunal,
            made_on,
            made_by,
            reference: _,
            grounds: _,
            point_of_law: _,
            decision,
        } = self;
        Self {
            decision_notice_id,
            earlier_appeal_id,
            tribunal,
            made_on,
            made_by,
            reference: None,
            grounds: None,
            point_of_law: None,
            decision: decision.map(AppealDecision::without_words),
        }
    }
}

impl WithoutWords for AppealDecision {
    fn without_words(self) -> Self {
        let Self { decided_on, outcome, citation: _, reasons: _, substituted_notice } = self;
        let substituted_notice = substituted_notice.map(NoticeDecision::without_words);
        Self { decided_on, outcome, citation: None, reasons: None, substituted_notice }
    }
}

vocabulary! {
    /// How a request ended, as the time for which it is kept is counted.
    pub enum RetentionClass {
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
        Withdrawn = "withdrawn",
        Lapsed = "lapsed",
    }
}

/// For how long requests that ended in one way are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// How they ended.
    pub outcome: RetentionClass,
    /// Months from the day the request was closed, or from the end of the last review, complaint or appeal where that was
    /// later.
    #[schema(minimum = 1, maximum = 1200)]
    pub months: i64,
}

impl RetentionRule {
    /// The day from which a request that ended on a day is no longer kept.
    #[must_use]
    pub fn ends_on(&self, ended_on: Date) -> Date {
        // A number that no rule may have keeps for ever.
        ended_on.plus_months(u32::try_from(self.months).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::casework::request::RequestOutcome;

    /// Every text of a document, wherever it stands.
    fn texts(document: &Value) -> Vec<String> {
        match document {
            Value::String(text) => vec![text.clone()],
            Value::Array(items) => items.iter().flat_map(texts).collect(),
            Value::Object(members) => members.values().flat_map(texts).collect(),
            _ => Vec::new(),
        }
    }

    fn stripped<T: WithoutWords + Serialize + serde::de::DeserializeOwned>(document: Value) -> Value {
        let stripped = serde_json::to_value(serde_json::from_value::<T>(document).unwrap().without_words()).unwrap();
        // What is kept can be read again.
        serde_json::from_value::<T>(stripped.clone()).unwrap();
        assert!(texts(&stripped).iter().all(|text| !text.contains("canary")), "{stripped}");
        stripped
    }

    #[test]
    fn what_is_counted_stays_and_words_go() {
        let review = json!({"requested_on": "2026-03-02", "parts": ["1"], "grounds": "canary", "not_contested": "canary",
            "decision": {"decided_on": "2026-03-20", "decided_by": {"staff_ref": "canary", "role": "canary"},
                "results": [{"part": "1", "result": "overturned", "reasons": "canary"}]}});
        let kept = json!({"requested_on": "2026-03-02", "parts": ["1"],
            "decision": {"decided_on": "2026-03-20", "results": [{"part": "1", "result": "overturned"}]}});
        assert_eq!(stripped::<NewReview>(review), kept);
        let complaint = json!({"made_on": "2026-04-01", "notified_on": "2026-04-02", "regulator": "canary", "reference": "canary",
            "parts": ["1"], "issues": [{"topic": "delay", "text": "canary"}], "not_contested": "canary",
            "outcome": {"ended_on": "2026-05-01", "outcome": "withdrawn", "explanation": "canary"}});
        let kept = json!({"made_on": "2026-04-01", "notified_on": "2026-04-02", "parts": ["1"], "issues": [{"topic": "delay"}],
            "outcome": {"ended_on": "2026-05-01", "outcome": "withdrawn"}});
        assert_eq!(stripped::<NewComplaint>(complaint), kept);
        let findings = json!([{"provision": "10(1)", "parts": ["1"], "finding": "breach", "reasons": "canary"},
            {"alternative_group": "canary", "finding": "not_engaged"}, {"provision": "s40(2) canary", "finding": "partly"}]);
        let period = json!({"days": 35, "unit": "calendar_days", "runs_from_on": "2026-05-01"});
        let notice = json!({"sent_on": "2026-05-01", "reference": "canary", "findings": findings,
            "steps": [{"text": "canary", "parts": ["1"]}], "steps_period": period,
            "other_matters": [{"topic": "canary", "text": "canary"}], "compliance": {"complied_on": "2026-05-20"}});
        let kept_findings = json!([{"provision": "10(1)", "parts": ["1"], "finding": "breach"},
            {"alternative_group": "Erased", "finding": "not_engaged"}, {"provision": "Erased", "finding": "partly"}]);
        let kept = json!({"sent_on": "2026-05-01", "findings": kept_findings, "steps": [{"text": "Erased", "parts": ["1"]}],
            "steps_period": period, "compliance": {"complied_on": "2026-05-20"}});
        let kept_notice = stripped::<NewDecisionNotice>(notice);
        assert_eq!(kept_notice["findings"], kept["findings"]);
        assert_eq!(kept_notice["steps"], kept["steps"]);
        assert_eq!(kept_notice["steps_period"], kept["steps_period"]);
        assert_eq!(kept_notice["compliance"]["complied_on"], "2026-05-20");
        let appeal = json!({"tribunal": "first_tier", "made_on": "2026-05-10", "made_by": "authority", "reference": "canary",
            "grounds": "canary", "point_of_law": "canary", "decision": {"decided_on": "2026-06-01", "outcome": "allowed",
                "citation": "canary", "reasons": "canary",
                "substituted_notice": {"findings": findings, "steps": [{"text": "canary"}], "steps_period": period}}});
        let kept = stripped::<NewAppeal>(appeal);
        assert_eq!(kept["decision"]["substituted_notice"]["findings"], kept_findings);
        assert_eq!((&kept["tribunal"], &kept["decision"]["outcome"]), (&json!("first_tier"), &json!("allowed")));
    }

    #[test]
    fn for_every_outcome_of_a_request_there_can_be_a_rule() {
        for outcome in RequestOutcome::ALL {
            assert!(outcome.as_str().parse::<RetentionClass>().is_ok(), "{outcome}");
        }
    }

    #[test]
    fn months_are_counted_to_the_same_day_or_the_last_of_the_month() {
        let ends = |months, ended_on: &str| {
            let rule = RetentionRule { outcome: RetentionClass::NotHeld, months };
            rule.ends_on(ended_on.parse().unwrap()).to_string()
        };
        assert_eq!(ends(24, "2024-05-17"), "2026-05-17");
        assert_eq!(ends(1, "2026-01-31"), "2026-02-28");
        assert_eq!(ends(12, "2024-02-29"), "2025-02-28");
    }
}

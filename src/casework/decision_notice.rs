//! A decision notice of the regulator: findings, steps with one due date, other matters, compliance.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        filing::{in_future, part_list},
        position_change::name_fault,
        request::too_many,
        text::{Label, Line, Prose, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    filed,
    law::{Date, Finding, clock::DueDate, deadline::StepsPeriod},
    vocabulary,
};

/// The most findings, steps or other matters of one notice.
const MOST_ITEMS: usize = 200;
/// The longest period for steps, in days.
const LONGEST_PERIOD: u32 = 1000;

vocabulary! {
    /// What the regulator found of a ground or of a duty. The regulator's own word "upheld" is not among them: it has been
    /// used of complaints and of refusals, which is the opposite.
    pub enum RegulatorFinding {
        /// The ground applies, and the refusal stands.
        CorrectlyApplied = "correctly_applied",
        /// The ground does not apply.
        NotEngaged = "not_engaged",
        /// The ground applies, but the public interest is for disclosure, or for confirming or denying.
        PublicInterestFavoursDisclosure = "public_interest_favours_disclosure",
        /// The ground applies to some of the information.
        Partly = "partly",
        /// Not looked at, because another ground was enough.
        NotExamined = "not_examined",
        /// On the balance of probabilities the authority holds the information.
        HeldOnBalance = "held_on_balance",
        /// On the balance of probabilities it does not.
        NotHeldOnBalance = "not_held_on_balance",
        /// A duty was broken.
        Breach = "breach",
        /// No duty was broken.
        NoBreach = "no_breach",
    }
}

/// One finding of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeFinding {
    /// The provision found upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provision: Option<Word>,
    /// The alternative group of the answer that is found upon: one thing, whose members nobody tells apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternative_group: Option<Word>,
    /// The parts it concerns; all that the complaint concerns when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// What was found.
    pub finding: RegulatorFinding,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
}

/// Something the authority must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeStep {
    /// What it is.
    pub text: Prose,
    /// The parts it concerns; all that the complaint concerns when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
}

/// Something that the notice remarks upon beside its findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherMatter {
    /// What it is about.
    pub topic: Line,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
    /// Whether the regulator says that it may inform enforcement.
    #[serde(default)]
    pub may_inform_enforcement: bool,
}

/// How the steps of a notice were taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepsCompliance {
    /// The day on which the last step was taken.
    pub complied_on: Date,
    /// The response that was given to comply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_id: Option<Word>,
}

/// What a notice decides: the regulator's own, or one that a tribunal puts in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeDecision {
    /// What was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub findings: Vec<NoticeFinding>,
    /// What must be done; none for a notice that orders nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub steps: Vec<NoticeStep>,
    /// The time for the steps, as the notice states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub steps_period: Option<StepsPeriod>,
}

/// A decision notice as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecisionNotice {
    /// The day it was sent.
    pub sent_on: Date,
    /// The regulator's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub findings: Vec<NoticeFinding>,
    /// What must be done; none for a notice that orders nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub steps: Vec<NoticeStep>,
    /// The time for the steps, as the notice states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub steps_period: Option<StepsPeriod>,
    /// What it remarks upon beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub other_matters: Vec<OtherMatter>,
    /// How the steps were taken; as a rule recorded later, at `…/compliance`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub compliance: Option<StepsCompliance>,
}

filed! {
    /// A decision notice.
    pub struct DecisionNotice {
        /// The complaint it decides.
        #[schema(format = "uuid")]
        pub complaint_id: String,
        /// The day it was sent.
        pub sent_on: Date,
        /// The regulator's reference.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub reference: Option<Word>,
        /// What was found.
        #[schema(max_items = 200)]
        pub findings: Vec<NoticeFinding>,
        /// What must be done.
        #[schema(max_items = 200)]
        pub steps: Vec<NoticeStep>,
        /// The time for the steps, as the notice states it, or the one that a tribunal put in its place.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub steps_period: Option<StepsPeriod>,
        /// The last day for the steps; absent while they are suspended and where nothing is to be done.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub steps_due_on: Option<Date>,
        /// Whether the steps wait because an appeal is pending.
        pub steps_suspended: bool,
        /// Whether a tribunal set the notice aside, or put another in its place.
        pub replaced_on_appeal: bool,
        /// The last day for appealing, where the time is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub appeal_by: Option<DueDate>,
        /// What the statute says of the notice itself, and which provisions it names that there are not; its own findings stand
        /// in `findings`.
        #[schema(max_items = 300)]
        pub checks: Vec<Finding>,
        /// What it remarks upon beside.
        #[schema(max_items = 200)]
        pub other_matters: Vec<OtherMatter>,
        /// How the steps were taken.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub compliance: Option<StepsCompliance>,
    }
}

impl NewDecisionNotice {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/sent_on", self.sent_on, today).into_iter().collect();
        faults.extend(self.decision().faults(self.sent_on));
        faults.extend(too_many("/other_matters", self.other_matters.len(), MOST_ITEMS));
        if let Some(compliance) = &self.compliance {
            faults.extend(compliance.faults(today).into_iter().map(|fault| fault.below("/compliance")));
        }
        faults
    }

    /// What it decides.
    #[must_use]
    pub fn decision(&self) -> NoticeDecision {
        NoticeDecision { findings: self.findings.clone(), steps: self.steps.clone(), steps_period: self.steps_period }
    }
}

impl StepsCompliance {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        in_future("/complied_on", self.complied_on, today).into_iter().collect()
    }
}

impl NoticeDecision {
    /// Everything wrong by itself with a decision sent on a day.
    #[must_use]
    pub fn faults(&self, sent_on: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = too_many("/findings", self.findings.len(), MOST_ITEMS).into_iter().collect();
        faults.extend(too_many("/steps", self.steps.len(), MOST_ITEMS));
        for (at, finding) in self.findings.iter().enumerate() {
            let here = format!("/findings/{at}");
            faults.extend(name_fault(&here, finding.provision.as_ref(), finding.alternative_group.as_ref()));
            faults.extend(part_list(&format!("{here}/parts"), finding.parts.as_deref()));
        }
        for (at, step) in self.steps.iter().enumerate() {
            faults.extend(part_list(&format!("/steps/{at}/parts"), step.parts.as_deref()));
        }
        faults.extend(self.period_fault(sent_on));
        faults
    }

    fn period_fault(&self, sent_on: Date) -> Option<Fault> {
        let inconsistent = |detail| Some(Fault::new("/steps_period", INCONSISTENT_MEMBERS, detail));
        match (self.steps.is_empty(), self.steps_period) {
            (true, Some(_)) => inconsistent("Without steps there is no time for them."),
            (false, None) => inconsistent("A notice that orders steps states the time for them (FOIA s50(4))."),
            (false, Some(period)) if !(1..=LONGEST_PERIOD).contains(&period.days) => {
                let detail = format!("Steps are given 1 to {LONGEST_PERIOD} days.");
                Some(Fault::new("/steps_period/days", INVALID_VALUE, detail))
            }
            (false, Some(period)) if period.runs_from_on < sent_on => {
                let detail = format!("The time cannot run from before the day the notice was sent, {sent_on}.");
                Some(Fault::new("/steps_period/runs_from_on", INVALID_VALUE, detail))
            }
            (true, None) | (false, Some(_)) => None,
        }
    }
}

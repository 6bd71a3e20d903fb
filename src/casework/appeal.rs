//! An appeal against a decision notice, or upon an appeal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        decision_notice::NoticeDecision,
        filing::in_future,
        text::{Prose, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS},
    filed,
    law::{Date, Finding},
    vocabulary,
};

vocabulary! {
    /// Where an appeal is made.
    pub enum AppealTribunal {
        /// The First-tier Tribunal (FOIA s57).
        FirstTier = "first_tier",
        /// The Upper Tribunal.
        UpperTribunal = "upper_tribunal",
        /// The Court of Session, on a point of law (FOISA s56).
        CourtOfSession = "court_of_session",
    }
}

vocabulary! {
    /// Who appeals.
    pub enum AppealParty {
        Complainant = "complainant",
        Authority = "authority",
        Regulator = "regulator",
    }
}

vocabulary! {
    /// How an appeal ended.
    pub enum AppealOutcome {
        Dismissed = "dismissed",
        Allowed = "allowed",
        AllowedInPart = "allowed_in_part",
        /// Sent back to be decided again.
        Remitted = "remitted",
        StruckOut = "struck_out",
        Withdrawn = "withdrawn",
    }
}

/// The end of an appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealDecision {
    /// The day it ended.
    pub decided_on: Date,
    /// How.
    pub outcome: AppealOutcome,
    /// The tribunal's neutral citation or reference of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub citation: Option<Word>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
    /// What the tribunal put in the place of the notice, with days of its own (FOIA s58(1)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub substituted_notice: Option<NoticeDecision>,
}

/// An appeal as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// The notice appealed against; the one of the complaint when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision_notice_id: Option<Word>,
    /// The earlier appeal whose decision is appealed against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub earlier_appeal_id: Option<Word>,
    /// Where it is made.
    pub tribunal: AppealTribunal,
    /// The day it was made.
    pub made_on: Date,
    /// Who makes it.
    pub made_by: AppealParty,
    /// The tribunal's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The grounds of appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub grounds: Option<Prose>,
    /// The point of law that it turns on, which the Court of Session asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub point_of_law: Option<Prose>,
    /// How it ended; as a rule recorded later, at `…/decision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision: Option<AppealDecision>,
}

filed! {
    /// An appeal.
    pub struct Appeal {
        /// The complaint it grew out of.
        #[schema(format = "uuid")]
        pub complaint_id: String,
        /// The notice appealed against.
        #[schema(format = "uuid")]
        pub decision_notice_id: String,
        /// The earlier appeal whose decision is appealed against.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false, format = "uuid")]
        pub earlier_appeal_id: Option<String>,
        /// Where it is made.
        pub tribunal: AppealTribunal,
        /// The day it was made.
        pub made_on: Date,
        /// Who makes it.
        pub made_by: AppealParty,
        /// The tribunal's reference.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub reference: Option<Word>,
        /// The grounds of appeal.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub grounds: Option<Prose>,
        /// The point of law that it turns on.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub point_of_law: Option<Prose>,
        /// How it ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub decision: Option<AppealDecision>,
        /// What the statutes say of it.
        #[schema(max_items = 300)]
        pub findings: Vec<Finding>,
    }
}

impl NewAppeal {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/made_on", self.made_on, today).into_iter().collect();
        let decision = self.decision.iter().flat_map(|decision| decision.faults(today));
        faults.extend(decision.map(|fault| fault.below("/decision")));
        faults
    }
}

impl AppealDecision {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/decided_on", self.decided_on, today).into_iter().collect();
        if let Some(notice) = &self.substituted_notice {
            if !self.outcome.may_substitute() {
                let detail = "Only an appeal that is allowed puts another notice in the place of the first.";
                faults.push(Fault::new("/substituted_notice", INCONSISTENT_MEMBERS, detail));
            }
            let of_notice = notice.faults(self.decided_on).into_iter();
            faults.extend(of_notice.map(|fault| fault.below("/substituted_notice")));
        }
        faults
    }
}

impl AppealOutcome {
    /// Whether the notice may be replaced.
    #[must_use]
    pub const fn may_substitute(self) -> bool {
        matches!(self, Self::Allowed | Self::AllowedInPart)
    }
}

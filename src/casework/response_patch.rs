//! Changes to a draft beside its determinations: a merge patch (RFC 7396).

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    casework::{
        patch::Patch,
        request::{duplicates, too_many},
        response::{
            DecisionMaker, Determination, LeftOpen, MOST_SENT_DOCUMENTS, Particular, Particulars, SentDocument,
            answered_and_left_open,
        },
        text::{Line, Word},
    },
    fault::{Fault, INVALID_VALUE},
};

/// Changes to a draft. Its answers are changed part by part, under `determinations`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponsePatch {
    /// Who decided, merged member by member; null clears.
    #[serde(default)]
    #[schema(value_type = Option<DecisionMakerPatch>)]
    pub decided_by: Patch<DecisionMakerPatch>,
    /// What the letter says about the requester's further rights, merged member by member; null clears.
    #[serde(default)]
    #[schema(value_type = Option<ParticularsPatch>)]
    pub particulars: Patch<ParticularsPatch>,
    /// Documents sent with it, replaced whole; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Vec<SentDocument>>, max_items = 200)]
    pub sent_documents: Patch<Vec<SentDocument>>,
    /// Valid parts left unanswered on purpose, replaced whole; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Vec<LeftOpen>>, max_items = 500)]
    pub left_open: Patch<Vec<LeftOpen>>,
}

/// Changes to who decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionMakerPatch {
    /// Opaque staff reference of the authority; cannot be cleared alone.
    #[serde(default)]
    #[schema(value_type = Word)]
    pub staff_ref: Patch<Word>,
    /// The role held, as the letter states it; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub role: Patch<Line>,
}

/// Changes to what the letter says about further rights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticularsPatch {
    /// The internal review procedure; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Particular>)]
    pub internal_review: Patch<Particular>,
    /// The right to apply to the regulator; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Particular>)]
    pub regulator: Patch<Particular>,
}

impl ResponsePatch {
    /// Everything wrong across members that can be told without the draft.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Patch::Set(documents) = &self.sent_documents {
            faults.extend(too_many("/sent_documents", documents.len(), MOST_SENT_DOCUMENTS));
        }
        if let Patch::Set(left_open) = &self.left_open {
            faults.extend(duplicates("/left_open", left_open.iter().map(|left| ("/part".to_owned(), &left.part))));
        }
        faults
    }

    /// Everything wrong with it as a change of a draft that these decided and that determines these parts.
    #[must_use]
    pub fn faults_in(&self, decided_by: Option<&DecisionMaker>, determinations: &[Determination]) -> Vec<Fault> {
        let mut faults = self.faults();
        if let Patch::Set(changes) = &self.decided_by
            && changes.clone().merged(decided_by.cloned()).is_none()
        {
            let detail = "Who decided has a staff reference; clear `decided_by` as a whole to be without.";
            faults.push(Fault::new("/decided_by/staff_ref", INVALID_VALUE, detail));
        }
        faults.extend(answered_and_left_open(determinations, self.left_open.set().map_or(&[], Vec::as_slice)));
        faults
    }
}

impl DecisionMakerPatch {
    /// Who decided after the changes; nobody without a staff reference.
    #[must_use]
    pub fn merged(self, present: Option<DecisionMaker>) -> Option<DecisionMaker> {
        let (mut staff_ref, mut role) = present.map_or((None, None), |one| (Some(one.staff_ref), one.role));
        self.staff_ref.apply(&mut staff_ref);
        self.role.apply(&mut role);
        staff_ref.map(|staff_ref| DecisionMaker { staff_ref, role })
    }
}

impl ParticularsPatch {
    /// Carries the changes out.
    pub fn apply(self, particulars: &mut Particulars) {
        self.internal_review.apply(&mut particulars.internal_review);
        self.regulator.apply(&mut particulars.regulator);
    }
}

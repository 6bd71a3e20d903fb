//! One provision of the catalogue: what the contract says of it, and what the checks of a notice need to know besides.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    citation::{Canonical, WrittenCitation},
    words::{Applicability, Basis, Harm, HarmThreshold, Holder, Need, ProvisionKind, Role},
};
use crate::{
    fault::{INVALID_VALUE, Refusal},
    law::{Date, Regime, Severity},
};

/// Provisions of which one must accompany another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Any of these satisfies it, each written like `31(2)(a)`.
    #[schema(max_items = 100)]
    pub any_of: Vec<String>,
}

/// A provision of one regime in one wording. One whose wording changed has a row for each, with its own period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a provision")]
pub struct Provision {
    /// Stable name of the row, like `foia-31-1-a`.
    pub id: String,
    /// The regime it belongs to.
    pub regime: Regime,
    /// The provision in canonical form, like `31(1)(a)`.
    pub provision: String,
    /// As it stands in a letter, like `section 31(1)(a)` or `regulation 12(5)(b)`.
    pub citation: String,
    /// What it is about.
    pub title: String,
    /// What it does.
    pub kind: ProvisionKind,
    /// How it is cited; absent for what is no ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub role: Option<Role>,
    /// What makes it apply; absent for procedural refusals, for what is no ground, and for a parent of both kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Basis>,
    /// Whether it applies without weighing the public interest (FOIA s2(3), FOISA s2(2)). Procedural refusals are neither
    /// absolute nor qualified: both this and the next member are `no`.
    pub absolute: Applicability,
    /// Whether the public interest must be weighed.
    pub requires_public_interest_test: Applicability,
    /// The levels of likelihood at which its harm may be claimed; empty where harm plays no part.
    #[schema(max_items = 10)]
    pub harm_thresholds: Vec<HarmThreshold>,
    /// For NCND: the ids of the rows whose interest it protects against confirming or denying.
    #[schema(max_items = 50)]
    pub ncnd_of: Vec<String>,
    /// What must be cited with it; each entry must be met.
    #[schema(max_items = 10)]
    pub requires: Vec<Requirement>,
    /// First day in force in this wording.
    pub in_force_from: Date,
    /// Last day in force in this wording; absent while it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub in_force_to: Option<Date>,
    /// What to mind when relying on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
    /// Whether number and effect were read in a published text; if not, compare them before relying on the row.
    pub verified: bool,
    /// Other citations that mean this provision, like the bare `31` for 31(1).
    #[serde(skip)]
    pub aliases: Vec<String>,
    /// False for conditions, purposes and modifiers, which only go with a ground.
    #[serde(skip)]
    pub citable_alone: bool,
    /// False where a notice should name a provision further down (FOIA s17(1)(b)).
    #[serde(skip)]
    pub sufficiently_precise: bool,
    /// The harm in the words of the provision.
    #[serde(skip)]
    pub harm: Option<Harm>,
    /// How much a missing public-interest test weighs; absent where none is due, or where a limb decides.
    #[serde(skip)]
    pub missing_test: Option<Severity>,
    /// What the authority must have or say.
    #[serde(skip)]
    pub needs: Vec<Need>,
    /// Who alone can rely on it; absent where any authority can.
    #[serde(skip)]
    pub available_to: Option<Holder>,
    /// The provision under which a certificate can support it.
    #[serde(skip)]
    pub certificate: Option<String>,
    /// True when it cannot be used for information on emissions (EIR reg 12(9), EI(S)Rs reg 10(6)).
    #[serde(skip)]
    pub emissions_bar: bool,
    /// True when FOISA s18(1) can be used with it.
    #[serde(skip)]
    pub section_18_available: bool,
    /// Provisions, or whole sections, that cannot apply to the same information otherwise than in the alternative.
    #[serde(skip)]
    pub mutually_exclusive_with: Vec<String>,
    /// For a wording no longer in force: the provisions that took its place.
    #[serde(skip)]
    pub superseded_by: Vec<String>,
    /// The provision, read.
    #[serde(skip)]
    pub(super) canonical: Canonical,
}

impl Provision {
    /// Whether this wording is in force on the day.
    #[must_use]
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.days_out_of_force(day) == 0
    }

    /// Days between the day and the nearest day in force; 0 when it is in force.
    pub(super) fn days_out_of_force(&self, day: Date) -> i64 {
        let after = self.in_force_to.map_or(0, |last| day.days_since(last));
        self.in_force_from.days_since(day).max(after).max(0)
    }

    /// Whether it lets the authority neither confirm nor deny.
    #[must_use]
    pub fn is_ncnd(&self) -> bool {
        self.kind == ProvisionKind::Ncnd
    }

    /// Whether it refuses anything at all.
    #[must_use]
    pub fn is_ground_of_refusal(&self) -> bool {
        self.kind != ProvisionKind::NotAGround
    }

    /// Whether it stands over provisions one of which should be named.
    #[must_use]
    pub fn is_parent(&self) -> bool {
        self.role == Some(Role::Parent)
    }

    /// Whether it turns on a harm that must be shown, so that a threshold must be stated.
    #[must_use]
    pub fn is_prejudice_based(&self) -> bool {
        self.basis == Some(Basis::Prejudice)
    }

    /// Whether relying on it asks for this.
    #[must_use]
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    /// Whether this is an NCND provision that mirrors the other.
    #[must_use]
    pub fn mirrors(&self, other: &Self) -> bool {
        self.ncnd_of.contains(&other.id)
    }

    /// Whether the two cannot both apply to the same information, whichever of them says so: FOIA 23(1) and 24(1), 30 and
    /// 31, 35 and 36. They may still be pleaded in the alternative. NCND provisions exclude nothing.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        self.regime == other.regime && (self.names_as_exclusive(other) || other.names_as_exclusive(self))
    }

    fn names_as_exclusive(&self, other: &Self) -> bool {
        let named = |name: &String| *name == other.provision || *name == other.canonical.section();
        other.kind == ProvisionKind::Exemption && !self.is_ncnd() && self.mutually_exclusive_with.iter().any(named)
    }
}

/// A provision as the data files have it; what is left out has the usual value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a provision")]
pub(super) struct Row {
    id: String,
    provision: String,
    title: String,
    kind: ProvisionKind,
    role: Option<Role>,
    basis: Option<Basis>,
    #[serde(default = "no")]
    absolute: Applicability,
    #[serde(default = "no")]
    requires_public_interest_test: Applicability,
    missing_test: Option<Severity>,
    harm: Option<Harm>,
    #[serde(default)]
    harm_thresholds: Vec<HarmThreshold>,
    #[serde(default)]
    ncnd_of: Vec<String>,
    #[serde(default)]
    requires: Vec<Requirement>,
    in_force_from: Date,
    in_force_to: Option<Date>,
    note: Option<String>,
    #[serde(default = "yes")]
    verified: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default = "yes")]
    citable_alone: bool,
    #[serde(default = "yes")]
    sufficiently_precise: bool,
    #[serde(default)]
    needs: Vec<Need>,
    available_to: Option<Holder>,
    certificate: Option<String>,
    #[serde(default)]
    emissions_bar: bool,
    #[serde(default)]
    section_18_available: bool,
    #[serde(default)]
    mutually_exclusive_with: Vec<String>,
    #[serde(default)]
    superseded_by: Vec<String>,
}

const fn no() -> Applicability {
    Applicability::No
}

const fn yes() -> bool {
    true
}

impl Row {
    /// The row as a provision of the regime.
    ///
    /// # Errors
    /// When the provision is not written in canonical form.
    pub(super) fn under(self, regime: Regime) -> Result<Provision, Refusal> {
        let canonical = WrittenCitation::read(&self.provision)
            .map(|written| written.canonical)
            .filter(|canonical| canonical.to_string() == self.provision)
            .ok_or_else(|| Refusal::new(INVALID_VALUE, format!("`{}` is not in canonical form.", self.provision)))?;
        Ok(Provision {
            citation: format!("{} {}", regime.division(), self.provision),
            id: self.id,
            regime,
            provision: self.provision,
            title: self.title,
            kind: self.kind,
            role: self.role,
            basis: self.basis,
            absolute: self.absolute,
            requires_public_interest_test: self.requires_public_interest_test,
            harm_thresholds: self.harm_thresholds,
            ncnd_of: self.ncnd_of,
            requires: self.requires,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
            note: self.note,
            verified: self.verified,
            aliases: self.aliases,
            citable_alone: self.citable_alone,
            sufficiently_precise: self.sufficiently_precise,
            harm: self.harm,
            missing_test: self.missing_test,
            needs: self.needs,
            available_to: self.available_to,
            certificate: self.certificate,
            emissions_bar: self.emissions_bar,
            section_18_available: self.section_18_available,
            mutually_exclusive_with: self.mutually_exclusive_with,
            superseded_by: self.superseded_by,
            canonical,
        })
    }
}

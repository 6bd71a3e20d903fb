//! A letter as the checks look at it: each part with its regime and facts, each ground with its row of the catalogue.
//! Makes no finding.

use crate::{
    casework::{
        response::{Determination, DeterminationOutcome, Ground},
        text::{Label, Text},
    },
    law::{
        Date, Regime,
        catalogue::{Provision, ProvisionKind, Role},
        citations::{on_one_line, within},
        notice::{
            NoticeFacts, PartFacts, PartStanding,
            resolution::{CitationStatus, Resolution},
        },
    },
};

/// A letter with everything resolved once.
pub(super) struct Letter<'a> {
    pub facts: &'a NoticeFacts<'a>,
    /// The parts it determines, in the order of the letter. Parts that the request does not have are left out.
    pub parts: Vec<DeterminedPart<'a>>,
}

/// One part that the letter determines.
pub(super) struct DeterminedPart<'a> {
    /// The part's place in the request.
    pub order: usize,
    /// The pointer of its determination.
    pub pointer: String,
    pub regime: Regime,
    /// The day of the letter; today while it has none.
    pub on: Date,
    pub facts: &'a PartFacts,
    pub letter: &'a NoticeFacts<'a>,
    pub determination: &'a Determination,
    pub grounds: Vec<CitedGround<'a>>,
}

/// One ground of a part.
pub(super) struct CitedGround<'a> {
    pub index: usize,
    pub pointer: String,
    pub ground: &'a Ground,
    pub resolution: Resolution,
    /// What the catalogue says of each provision relied on, in the order of the letter.
    pub relied_on: Vec<Resolution>,
}

impl<'a> Letter<'a> {
    pub(super) fn new(facts: &'a NoticeFacts<'a>) -> Self {
        let place = |label: &Label| facts.parts.iter().enumerate().find(|(_, part)| part.label == *label);
        let determined = facts.determinations.iter().enumerate();
        let parts = determined
            .filter_map(|(index, determination)| {
                let (order, part) = place(&determination.part)?;
                Some(DeterminedPart::new(facts, index, determination, order, part))
            })
            .collect();
        Self { facts, parts }
    }

    /// The parts that the outcome of a review is about: those it determines and those of the review it names; where it has
    /// neither, every valid one.
    pub(super) fn reviewed(&self) -> Vec<&'a PartFacts> {
        let named = self.facts.review.map(|review| review.parts).unwrap_or_default();
        let is_about = |part: &&PartFacts| {
            let determined = self.parts.iter().any(|answer| answer.facts.label == part.label);
            let all = named.is_empty() && self.parts.is_empty() && part.standing != PartStanding::NotValid;
            all || determined || named.contains(&part.label)
        };
        self.facts.parts.iter().filter(is_about).collect()
    }
}

impl<'a> DeterminedPart<'a> {
    fn new(
        letter: &'a NoticeFacts<'a>,
        index: usize,
        determination: &'a Determination,
        order: usize,
        facts: &'a PartFacts,
    ) -> Self {
        let pointer = format!("/determinations/{index}");
        let on = letter.issued_on.unwrap_or(letter.today);
        let grounds = determination.grounds.iter().enumerate();
        let grounds = grounds.map(|(at, ground)| CitedGround::new(facts.regime, on, &pointer, at, ground)).collect();
        Self { order, pointer, regime: facts.regime, on, facts, letter, determination, grounds }
    }

    pub(super) fn outcome(&self) -> DeterminationOutcome {
        self.determination.outcome
    }

    /// Whether the part was answered by neither confirming nor denying.
    pub(super) fn neither_confirms_nor_denies(&self) -> bool {
        self.outcome() == DeterminationOutcome::NeitherConfirmedNorDenied
    }

    /// Whether anything was refused, so that the regime asks for a notice of refusal.
    pub(super) fn refuses(&self) -> bool {
        use DeterminationOutcome as Outcome;
        match self.outcome() {
            Outcome::Disclosed | Outcome::AdviceGiven | Outcome::Transferred => false,
            Outcome::NotHeld => self.regime != Regime::Foia,
            Outcome::PartlyDisclosed
            | Outcome::Withheld
            | Outcome::NeitherConfirmedNorDenied
            | Outcome::AccessibleElsewhere
            | Outcome::RefusedCost
            | Outcome::RefusedVexatious
            | Outcome::RefusedRepeated => true,
        }
    }

    /// Whether a ground of this kind is cited.
    pub(super) fn cites(&self, kind: ProvisionKind) -> bool {
        self.grounds.iter().any(|ground| ground.is_of(kind))
    }

    /// Whether the ground is the exemption for the sake of which FOISA s18(1) is relied on: named as a ground of its own
    /// where it belongs among what section 18(1) relies on.
    pub(super) fn is_named_for_section_18(&self, ground: &CitedGround<'a>) -> bool {
        self.regime == Regime::Foisa
            && self.neither_confirms_nor_denies()
            && self.cites(ProvisionKind::Ncnd)
            && ground.row().is_some_and(|row| row.kind == ProvisionKind::Exemption && row.section_18_available)
    }

    /// The members of the ground's alternative group; the ground alone when it has none.
    pub(super) fn alternatives_of<'b>(&'b self, ground: &'b CitedGround<'a>) -> Vec<&'b CitedGround<'a>> {
        match ground.alternative_group() {
            None => vec![ground],
            Some(group) => self.grounds.iter().filter(|other| other.alternative_group() == Some(group)).collect(),
        }
    }

    /// The names of a group's members, in the order of the numbers so that the order of the letter tells nothing.
    pub(super) fn name_of_group(&self, ground: &CitedGround<'a>) -> String {
        let mut names: Vec<&str> = self.alternatives_of(ground).iter().map(|member| member.name()).collect();
        names.sort_unstable();
        names.join(" or ")
    }

    /// The names of everything cited in the part, in the order of the numbers, or `nothing`.
    pub(super) fn names_of_grounds(&self) -> String {
        let mut names: Vec<&str> = self.grounds.iter().map(CitedGround::name).collect();
        names.sort_unstable();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    }

    /// The paths in force that go with a ground: what it relies on, and the other grounds of the part.
    pub(super) fn companions_of(&self, ground: &CitedGround<'a>) -> Vec<&'static Provision> {
        let relied = ground.relied_on.iter();
        let others = self.grounds.iter().filter(|other| other.index != ground.index).map(|other| &other.resolution);
        relied
            .chain(others)
            .filter(|resolution| resolution.status != CitationStatus::NotInForce)
            .filter_map(|resolution| resolution.row)
            .collect()
    }
}

impl<'a> CitedGround<'a> {
    fn new(regime: Regime, on: Date, part: &str, index: usize, ground: &'a Ground) -> Self {
        Self {
            index,
            pointer: format!("{part}/grounds/{index}"),
            ground,
            resolution: Resolution::of_ground(regime, on, ground),
            relied_on: ground.relies_on.iter().map(|limb| Resolution::of(regime, on, &limb.provision)).collect(),
        }
    }

    pub(super) fn alternative_group(&self) -> Option<&'a str> {
        self.ground.alternative_group.as_ref().map(Text::as_str)
    }

    /// The ground's row when it is one that can be a ground.
    pub(super) fn row(&self) -> Option<&'static Provision> {
        self.resolution.row.filter(|row| row.is_ground_of_refusal())
    }

    /// The row, when it stands as a ground of its own, precisely or not.
    pub(super) fn standing_row(&self) -> Option<&'static Provision> {
        self.row().filter(|row| matches!(row.role, Some(Role::Ground | Role::Parent)))
    }

    pub(super) fn is_of(&self, kind: ProvisionKind) -> bool {
        self.row().is_some_and(|row| row.kind == kind)
    }

    /// Whether the ground is this provision or stands below it.
    pub(super) fn is_within(&self, ancestor: &str) -> bool {
        self.row().is_some_and(|row| within(&row.provision, ancestor))
    }

    /// The provision as the catalogue writes it, else as the letter does.
    pub(super) fn name(&self) -> &str {
        self.resolution.row.map_or(self.resolution.cited.as_str(), |row| row.provision.as_str())
    }

    /// The member that cites the provision.
    pub(super) fn citing_member(&self) -> &'static str {
        if self.ground.provision.is_none() && self.ground.as_cited.is_some() { "/as_cited" } else { "/provision" }
    }

    /// The provisions relied on that the catalogue knows.
    pub(super) fn relied_rows(&self) -> impl Iterator<Item = &'static Provision> + '_ {
        self.relied_on.iter().filter_map(|resolution| resolution.row)
    }

    /// Whether the letter leaves out the statement that `provision` asks for, as FOIA s17(4) and FOISA s16(3) allow.
    pub(super) fn leaves_out(&self, provision: &str) -> bool {
        let omitted = self.ground.statement_omitted.as_ref();
        omitted.is_some_and(|omitted| omitted.covers.iter().any(|covered| on_one_line(covered, provision)))
    }
}

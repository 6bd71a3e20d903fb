//! What a part relies on: each ground, or the alternatives of a group as one thing, in which nothing is attributed to a
//! member and the order of the record plays no part.

use rust_decimal::Decimal;

use crate::{
    casework::{
        notice_document::{
            NoticeError,
            citations::{Citation, canonical, enumerated, in_words, one_line},
            model::{Passage, Subsection},
            omission::Omission,
            wording::{Told, Wording},
        },
        response::{Determination, DeterminationOutcome, Ground, Rank, Reliance, Threshold},
        text::Text,
    },
    law::{
        Date, Regime,
        catalogue::{Applicability, Need, Provision, ProvisionKind},
        citations::within,
        cost::SCOTTISH_LIMIT,
    },
};

/// A provision named with a ground: a limb, a purpose, a condition.
struct Limb<'a> {
    citation: Citation,
    reliance: &'a Reliance,
}

/// One ground of a part.
struct Member<'a> {
    citation: Citation,
    limbs: Vec<Limb<'a>>,
    ground: &'a Ground,
}

/// What a part relies on as one thing: a ground, or all alternatives of a group.
pub(super) struct Head<'a> {
    /// By number.
    members: Vec<Member<'a>>,
    group: Option<&'a str>,
    /// FOISA s18(1): the exemptions named as grounds of their own. They are what it relies on, and cited as no more.
    named_beside: Vec<Member<'a>>,
    /// What is left out of the notice about it.
    pub omission: Omission,
}

/// What the words about a ground depend on beside the ground itself.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// Whether the part is neither confirmed nor denied.
    pub ncnd: bool,
    /// How the part is answered.
    pub outcome: DeterminationOutcome,
    /// The authority's limit of cost in pounds, as far as it is known.
    pub limit: Option<Decimal>,
}

/// What a part relies on, by number.
pub(super) fn heads<'a>(regime: Regime, on: Date, determination: &'a Determination) -> Vec<Head<'a>> {
    let mut heads: Vec<Head<'a>> = Vec::new();
    for ground in &determination.grounds {
        let member = Member::of(regime, on, ground);
        let group = ground.alternative_group.as_ref().map(Text::as_str);
        match heads.iter_mut().find(|head| group.is_some() && head.group == group) {
            Some(head) => head.members.push(member),
            None => heads.push(Head {
                members: vec![member],
                group,
                named_beside: Vec::new(),
                omission: Omission::default(),
            }),
        }
    }
    for head in &mut heads {
        head.members.sort_by_cached_key(|member| member.citation.order());
        let omitted = head.members.iter().filter_map(|member| member.ground.statement_omitted.as_ref());
        head.omission =
            omitted.map(|omitted| Omission::of(regime, omitted)).fold(Omission::default(), Omission::joined);
    }
    heads.sort_by_cached_key(|head| head.members.first().map(|member| member.citation.order()));
    if determination.outcome == DeterminationOutcome::NeitherConfirmedNorDenied && regime == Regime::Foisa {
        fold_into_section_18(heads)
    } else {
        heads
    }
}

/// Under FOISA s18(1) an exemption named as a ground is the one that would apply, and says no more than that.
fn fold_into_section_18(heads: Vec<Head<'_>>) -> Vec<Head<'_>> {
    let (mut excluding, named): (Vec<_>, Vec<_>) =
        heads.into_iter().partition(|head| head.kind() != Some(ProvisionKind::Exemption));
    let Some(first) = excluding.first_mut().filter(|head| head.kind() == Some(ProvisionKind::Ncnd)) else {
        excluding.extend(named);
        return excluding;
    };
    for head in named {
        first.omission = first.omission.joined(head.omission);
        first.named_beside.extend(head.members);
    }
    excluding
}

impl<'a> Member<'a> {
    fn of(regime: Regime, on: Date, ground: &'a Ground) -> Self {
        let provision = ground.provision.as_ref().map(Text::as_str);
        let as_cited = ground.as_cited.as_ref().map(Text::as_str);
        let limb = |reliance: &'a Reliance| Limb { citation: Citation::of(regime, on, &reliance.provision), reliance };
        Self {
            citation: Citation::of(regime, on, provision.or(as_cited).unwrap_or_default()),
            limbs: ground.relies_on.iter().map(limb).collect(),
            ground,
        }
    }

    /// The likelihood claimed: what for, how great, and in which rank.
    fn claims(&self) -> Vec<(String, Threshold, Option<Rank>)> {
        let own = self.ground.threshold;
        let of_limbs = self.limbs.iter().filter_map(|limb| {
            let is_prejudice = limb.citation.row.is_none_or(Provision::is_prejudice_based);
            let threshold = limb.reliance.threshold.or(own).filter(|_| is_prejudice)?;
            Some((limb.citation.text.clone(), threshold, limb.reliance.rank))
        });
        let mut claims: Vec<_> = of_limbs.collect();
        if claims.is_empty() {
            claims.extend(own.map(|own| (self.citation.text.clone(), own, None)));
        }
        claims
    }
}

impl<'a> Head<'a> {
    /// The members, and what is named beside them.
    fn all(&self) -> impl Iterator<Item = &Member<'a>> {
        self.members.iter().chain(&self.named_beside)
    }

    /// How it is cited: alternatives by number, as alternatives.
    pub(super) fn citation(&self) -> String {
        let mut names: Vec<&str> = self.members.iter().map(|member| member.citation.text.as_str()).collect();
        names.dedup();
        names.join(" or, if that does not apply, ")
    }

    /// Whether there is more than one alternative.
    pub(super) fn is_alternative(&self) -> bool {
        let first = self.members.first().map(|member| &member.citation.path);
        self.group.is_some() && self.members.iter().any(|member| Some(&member.citation.path) != first)
    }

    /// What kind of provision it is; of alternatives that of the first.
    pub(super) fn kind(&self) -> Option<ProvisionKind> {
        self.members.first().and_then(|member| member.citation.row).map(|row| row.kind)
    }

    /// Whether it is this provision or stands below it.
    pub(super) fn is_within(&self, ancestor: &str) -> bool {
        self.members.iter().any(|member| within(&member.citation.path, ancestor))
    }

    /// Whether a public-interest test that names this is about it.
    pub(super) fn is_tested_by(&self, named: &str) -> bool {
        let path = canonical(named);
        let limbs = self.all().flat_map(|member| &member.limbs).map(|limb| &limb.citation.path);
        let own = self.all().map(|member| &member.citation.path);
        self.group == Some(named) || own.chain(limbs).any(|own| within(own, &path))
    }

    /// Whether the public interest must be weighed for any member, whatever else is relied on.
    pub(super) fn needs_test(&self) -> bool {
        let rows = self.members.iter().filter_map(|member| member.citation.row);
        rows.filter(|row| row.missing_test == Some(crate::law::Severity::Error))
            .any(|row| row.requires_public_interest_test == Applicability::Yes)
    }

    /// What the notice says of it.
    pub(super) fn subsection(&self, words: &mut Wording, setting: Setting) -> Result<Subsection, NoticeError> {
        let citation = self.citation();
        let mut passages = self.reliance(words, &citation)?;
        if !setting.ncnd {
            passages
                .extend(self.each_once(words, "applies_to", |ground| ground.applies_to.as_ref().map(Text::as_str))?);
        }
        let stated = self.why(words, setting)?;
        let says_nothing = stated.is_empty() && !self.omission.reasons;
        let needs_reasons =
            self.kind() != Some(ProvisionKind::ProceduralRefusal) && setting.outcome != DeterminationOutcome::NotHeld;
        if setting.ncnd && !stated.is_empty() {
            passages.push(Passage::paragraph(words.phrase("both_ways")?));
        }
        passages.extend(stated);
        if says_nothing && needs_reasons {
            passages.push(Passage::gap(words.say("reasons_gap", Told::that("citation", citation.as_str()))?));
        }
        passages.extend(self.omission.passage(words)?);
        passages.extend(self.particulars(words, setting)?);
        let heading = words.say("ground_heading", Told::that("citation", one_line(&citation)))?;
        Ok(Subsection { heading, question: None, passages })
    }

    /// That it is relied on, and with what.
    fn reliance(&self, words: &mut Wording, citation: &str) -> Result<Vec<Passage>, NoticeError> {
        let law = words.law()?;
        let name = match self.kind() {
            Some(ProvisionKind::Exemption) => "relies_exemption",
            Some(ProvisionKind::Ncnd) => "relies_ncnd",
            Some(ProvisionKind::ProceduralRefusal) => "relies_procedural_refusal",
            Some(ProvisionKind::NotAGround) | None => "relies_other",
        };
        let told = Told::that("citation", citation)
            .and("law", law)
            .and("title", self.title())
            .and("alternative", self.is_alternative());
        let mut passages = vec![Passage::paragraph(words.say(name, told)?)];
        if self.is_alternative() {
            passages.push(Passage::paragraph(words.phrase("in_the_alternative")?));
        }
        let beside = self.named_beside.iter().map(|member| &member.citation);
        let mut limbs: Vec<&Citation> =
            beside.chain(self.all().flat_map(|member| &member.limbs).map(|limb| &limb.citation)).collect();
        if self.is_alternative() {
            limbs.sort_by_cached_key(|limb| limb.order());
        }
        let limbs = enumerated(limbs.into_iter().map(|limb| limb.text.clone()));
        if !limbs.is_empty() {
            let name =
                if self.kind() == Some(ProvisionKind::Ncnd) { "with_reference_to" } else { "applies_together_with" };
            passages.push(Passage::paragraph(words.say(name, Told::that("citations", limbs))?));
        }
        Ok(passages)
    }

    /// What the provision is about, where the catalogue says it in a few plain words.
    fn title(&self) -> String {
        let row = self.members.first().filter(|_| self.members.len() == 1).and_then(|member| member.citation.row);
        let title = row.map(|row| row.title.as_str()).filter(|title| !title.contains('('));
        title.map(|title| format!(" ({title})")).unwrap_or_default()
    }

    /// Why it applies, as far as that may be said.
    fn why(&self, words: &mut Wording, setting: Setting) -> Result<Vec<Passage>, NoticeError> {
        if self.omission.reasons {
            return Ok(Vec::new());
        }
        let mut passages = self.each_once(words, "reasons", |ground| ground.reasons.as_ref().map(Text::as_str))?;
        let prejudice = |part: fn(&crate::casework::response::Prejudice) -> Option<&str>| {
            move |ground: &Ground| ground.prejudice.as_ref().and_then(part).map(str::to_owned)
        };
        let interest = prejudice(|claim| claim.interest.as_ref().map(Text::as_str));
        let harm = prejudice(|claim| claim.harm.as_ref().map(Text::as_str));
        let causal_link = prejudice(|claim| claim.causal_link.as_ref().map(Text::as_str));
        for (name, texts) in
            [("interest", self.texts(interest)), ("harm", self.texts(harm)), ("causal_link", self.texts(causal_link))]
        {
            for text in texts {
                passages.push(Passage::paragraph(words.say(name, Told::that("text", text).and("ncnd", setting.ncnd))?));
            }
        }
        if setting.ncnd {
            let confirming = prejudice(|claim| claim.from_confirming.as_ref().map(Text::as_str));
            let denying = prejudice(|claim| claim.from_denying.as_ref().map(Text::as_str));
            for (name, texts) in [("from_confirming", self.texts(confirming)), ("from_denying", self.texts(denying))] {
                for text in texts {
                    passages.push(Passage::paragraph(words.say(name, Told::that("text", text))?));
                }
            }
        }
        passages.extend(self.likelihood(words)?);
        passages.extend(self.legitimate_interests(words, setting)?);
        passages.extend(self.opinions(words, setting)?);
        if setting.ncnd {
            passages.extend(
                self.each_once(words, "consistency", |ground| ground.consistency_reasons.as_ref().map(Text::as_str))?,
            );
        }
        Ok(passages)
    }

    /// What the members say, each text once. Of alternatives only what is said of all of them alike: what is said of one
    /// could tell which applies.
    fn texts(&self, text: impl Fn(&Ground) -> Option<String>) -> Vec<String> {
        if self.is_alternative() {
            let beside = self.named_beside.iter().filter_map(|member| text(member.ground));
            let mut texts: Vec<String> = self.common(|member| text(member.ground)).into_iter().chain(beside).collect();
            texts.sort_unstable();
            texts.dedup();
            return texts;
        }
        let mut texts: Vec<String> = self.all().filter_map(|member| text(member.ground)).collect();
        texts.dedup();
        texts
    }

    /// What all members have alike, if they do.
    fn common<T: PartialEq>(&self, of: impl Fn(&Member<'a>) -> Option<T>) -> Option<T> {
        let mut all = self.members.iter().map(of);
        let first = all.next()??;
        all.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    fn each_once(
        &self,
        words: &mut Wording,
        name: &str,
        text: impl Fn(&Ground) -> Option<&str>,
    ) -> Result<Vec<Passage>, NoticeError> {
        let texts = self.texts(|ground| text(ground).map(str::to_owned));
        texts.into_iter().map(|text| Ok(Passage::paragraph(words.say(name, Told::that("text", text))?))).collect()
    }

    /// The likelihood claimed, limb by limb; that of the ground where no limb has one. Alternatives have one claim, of all
    /// of them, or none.
    fn likelihood(&self, words: &mut Wording) -> Result<Option<Passage>, NoticeError> {
        let mut claims: Vec<(String, Threshold, Option<Rank>)> = Vec::new();
        if self.is_alternative() {
            let thresholds = self.common(|member| {
                let mut all: Vec<Threshold> = member.claims().into_iter().map(|(_, threshold, _)| threshold).collect();
                all.sort_unstable();
                all.dedup();
                (!all.is_empty()).then_some(all)
            });
            claims.extend(thresholds.into_iter().flatten().map(|threshold| (self.citation(), threshold, None)));
        } else {
            claims.extend(self.members.iter().flat_map(Member::claims));
        }
        claims.extend(self.named_beside.iter().flat_map(Member::claims));
        let mut items = Vec::new();
        for (citation, threshold, rank) in claims {
            let told = Told::that("citation", citation);
            let claim = words.say(&format!("threshold_{threshold}"), told)?;
            let rank = rank.map(|rank| words.phrase(&format!("rank_{rank}"))).transpose()?.unwrap_or_default();
            items.push(claim + &rank);
        }
        items.dedup();
        Ok(if items.is_empty() { None } else { Some(Passage::list(words.phrase("likelihood")?, items)) })
    }

    fn legitimate_interests(&self, words: &mut Wording, setting: Setting) -> Result<Vec<Passage>, NoticeError> {
        let mut passages = Vec::new();
        for weighed in self.all().filter_map(|member| member.ground.legitimate_interests.as_ref()) {
            let mut items = Vec::new();
            if let Some(interest) = &weighed.interest {
                items.push(words.say("legitimate_interest", Told::that("text", interest.as_str()))?);
            }
            if let Some(necessary) = weighed.necessary {
                let word = if necessary { "necessary" } else { "not necessary" };
                items.push(words.say("necessity", Told::that("word", word).and("ncnd", setting.ncnd))?);
            }
            if let Some(balance) = &weighed.balance {
                items.push(words.say("interests_balance", Told::that("text", balance.as_str()))?);
            }
            if !items.is_empty() {
                passages.push(Passage::list(words.phrase("legitimate_interests")?, items));
            }
        }
        Ok(passages)
    }

    fn opinions(&self, words: &mut Wording, setting: Setting) -> Result<Vec<Passage>, NoticeError> {
        let mut passages = Vec::new();
        for person in self.all().filter_map(|member| member.ground.qualified_person.as_ref()) {
            // That it is statistical would say what there is.
            let paragraph = if person.statistical_information == Some(true) && !setting.ncnd {
                words.phrase("statistical_information")?
            } else if person.office.is_none() && person.opinion.is_none() {
                continue;
            } else {
                let told = Told::that("office", person.office.as_ref().map(Text::as_str))
                    .and("given_on", person.opinion_on.map(in_words))
                    .and("opinion", person.opinion.as_ref().map(Text::as_str));
                words.say("qualified_person", told)?
            };
            passages.push(Passage::paragraph(paragraph));
        }
        passages.dedup();
        Ok(passages)
    }

    /// What the catalogue asks to go with a ground. What describes information has no place where it is neither confirmed
    /// nor denied, and a certificate none where it would point to one of several alternatives.
    fn particulars(&self, words: &mut Wording, setting: Setting) -> Result<Vec<Passage>, NoticeError> {
        let mut passages = self.each_once(words, "enactment", |ground| ground.enactment.as_ref().map(Text::as_str))?;
        if setting.ncnd {
            return Ok(passages);
        }
        let needs_completion =
            |member: &Member<'_>| member.citation.row.is_some_and(|row| row.needs(Need::CompletionDate));
        for member in &self.members {
            if let Some(day) = member.ground.publication_planned_on {
                let name = if needs_completion(member) { "completion" } else { "publication" };
                passages.push(Passage::paragraph(words.say(name, Told::that("date", in_words(day)))?));
            }
            let places: Vec<String> = member.ground.available_at.iter().map(ToString::to_string).collect();
            if !places.is_empty() {
                passages.push(Passage::list(words.phrase("available_at")?, places));
            }
            if let Some(earlier) = &member.ground.earlier_request {
                let told = Told::that("reference", earlier.reference.as_str())
                    .and("complied_on", earlier.complied_on.map(in_words));
                passages.push(Passage::paragraph(words.say("earlier_request", told)?));
            }
        }
        passages.extend(self.certificate(words)?);
        passages.extend(self.cost(words, setting)?);
        Ok(passages)
    }

    fn certificate(&self, words: &mut Wording) -> Result<Option<Passage>, NoticeError> {
        let certificates: Vec<_> =
            self.members.iter().filter_map(|member| member.ground.certificate.as_ref()).collect();
        let Some(first) = certificates.first() else {
            return Ok(None);
        };
        let is_common = certificates.len() == self.members.len() && certificates.iter().all(|other| other == first);
        if !is_common {
            return Ok(None);
        }
        Ok(Some(Passage::paragraph(words.say("certificate", Told::that("text", first.as_str()))?)))
    }

    /// The estimate of cost, the rules it follows, and how to ask for less.
    fn cost(&self, words: &mut Wording, setting: Setting) -> Result<Vec<Passage>, NoticeError> {
        let mut passages = Vec::new();
        if setting.outcome != DeterminationOutcome::RefusedCost {
            return Ok(passages);
        }
        let limit = if words.regime == Regime::Foisa { Some(SCOTTISH_LIMIT) } else { setting.limit };
        for estimate in self.members.iter().filter_map(|member| member.ground.cost_estimate.as_ref()) {
            let told = Told::that("hours", estimate.hours.to_string())
                .and("amount", estimate.amount.to_string())
                .and("limit", limit.map(|limit| limit.to_string()))
                .and("only_confirming", self.is_within("12(2)"));
            passages.push(Passage::paragraph(words.say("cost_estimate", told)?));
            if let Some(basis) = &estimate.basis {
                passages.push(Passage::paragraph(words.say("cost_basis", Told::that("text", basis.as_str()))?));
            }
        }
        for name in ["cost_rules", "narrowing"] {
            let said = words.phrase(name)?;
            if !said.is_empty() {
                passages.push(Passage::paragraph(said));
            }
        }
        Ok(passages)
    }
}

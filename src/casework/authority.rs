//! A public authority and its settings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        erasure::RetentionRule,
        patch::Patch,
        request::{duplicates, too_many},
        text::{Line, Prose, Word},
    },
    fault::{Fault, INVALID_VALUE},
    vocabulary,
};

vocabulary! {
    /// What kind of public authority it is.
    pub enum AuthorityKind {
        PoliceForce = "police_force",
        Council = "council",
        GovernmentDepartment = "government_department",
        Regulator = "regulator",
        Health = "health",
        Education = "education",
        Other = "other",
    }
}

vocabulary! {
    /// Where the authority stands; `uk` for one that serves the whole of the United Kingdom.
    pub enum AuthorityNation {
        England = "england",
        Wales = "wales",
        Scotland = "scotland",
        NorthernIreland = "northern_ireland",
        Uk = "uk",
    }
}

vocabulary! {
    /// The appropriate limit for the cost of answering (SI 2004/3244 reg 3; SSI 2004/467 reg 5).
    pub enum CostLimit {
        /// 450 pounds: every authority that is not in Part I of Schedule 1 to FOIA.
        Pounds450 = "450",
        /// 600 pounds: authorities in Part I of Schedule 1 to FOIA, and all Scottish authorities.
        Pounds600 = "600",
    }
}

/// An identifier of the authority in another register.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorityIdentifier {
    /// The register: `gss`, `wikidata`.
    pub scheme: Word,
    /// The identifier there.
    pub value: Word,
}

/// What a notice says of a further right: where to turn and within what time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeParticulars {
    /// The name of the office or regulator.
    pub name: Line,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact: Option<Prose>,
    /// The time within which to turn to it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time_limit: Option<Line>,
}

/// An authority as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAuthority {
    /// Its name. Another authority may have the same.
    pub name: Line,
    /// What kind of authority it is.
    #[serde(default)]
    #[schema(nullable = false)]
    pub kind: Option<AuthorityKind>,
    /// Where it stands.
    pub nation: AuthorityNation,
    /// Identifiers in other registers.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub identifiers: Vec<AuthorityIdentifier>,
    /// How references are made: `FOI-{year}-{number:5}` gives `FOI-2026-00001`. `{number}` counts within the year of
    /// receipt.
    #[serde(default)]
    #[schema(nullable = false, example = "FOI-{year}-{number:5}")]
    pub reference_pattern: Option<Word>,
    /// The appropriate limit that applies to it.
    #[serde(default)]
    #[schema(nullable = false)]
    pub cost_limit: Option<CostLimit>,
    /// The internal review procedure, for notices.
    #[serde(default)]
    #[schema(nullable = false)]
    pub review_particulars: Option<NoticeParticulars>,
    /// The regulator to complain to, for notices.
    #[serde(default)]
    #[schema(nullable = false)]
    pub regulator_particulars: Option<NoticeParticulars>,
    /// For how long the people of closed requests are kept, by how these ended; without a rule they are kept.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub retention_rules: Vec<RetentionRule>,
}

impl NewAuthority {
    /// Everything wrong across members.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let pattern = self.reference_pattern.as_ref().and_then(pattern_fault);
        let mut faults: Vec<Fault> = identifier_faults(&self.identifiers).into_iter().chain(pattern).collect();
        faults.extend(retention_faults(&self.retention_rules));
        faults
    }
}

const MOST_IDENTIFIERS: usize = 50;

fn identifier_faults(identifiers: &[AuthorityIdentifier]) -> Vec<Fault> {
    let mut faults = duplicates("/identifiers", identifiers.iter().map(|identifier| (String::new(), identifier)));
    faults.extend(too_many("/identifiers", identifiers.len(), MOST_IDENTIFIERS));
    faults
}

/// The longest time for which a rule may keep, in months.
const LONGEST_RETENTION: i64 = 1200;

fn retention_faults(rules: &[RetentionRule]) -> Vec<Fault> {
    let at = "/retention_rules";
    let mut faults = duplicates(at, rules.iter().map(|rule| ("/outcome".to_owned(), &rule.outcome)));
    let wrong = rules.iter().enumerate().filter(|(_, rule)| !(1..=LONGEST_RETENTION).contains(&rule.months));
    faults.extend(wrong.map(|(place, _)| {
        let detail = format!("A time is 1 to {LONGEST_RETENTION} months.");
        Fault::new(format!("{at}/{place}/months"), INVALID_VALUE, detail)
    }));
    faults
}

fn pattern_fault(pattern: &Word) -> Option<Fault> {
    let is_fit = pattern.trim() == pattern.as_str() && !pattern.chars().any(char::is_control);
    let unfit = "A reference has no white space around it and no control character in it.";
    let wrong = ReferencePattern::parse(pattern).err().or((!is_fit).then_some(unfit));
    wrong.map(|detail| Fault::new("/reference_pattern", INVALID_VALUE, detail))
}

/// Changes to an authority: everything but the nation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorityPatch {
    /// Its name; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = Line)]
    pub name: Patch<Line>,
    /// Its kind; null makes it `other`.
    #[serde(default)]
    #[schema(value_type = Option<AuthorityKind>)]
    pub kind: Patch<AuthorityKind>,
    /// Identifiers, replaced whole; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Vec<AuthorityIdentifier>>, max_items = 50)]
    pub identifiers: Patch<Vec<AuthorityIdentifier>>,
    /// How references are made; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Word>)]
    pub reference_pattern: Patch<Word>,
    /// The appropriate limit; null clears.
    #[serde(default)]
    #[schema(value_type = Option<CostLimit>)]
    pub cost_limit: Patch<CostLimit>,
    /// The internal review procedure; null clears.
    #[serde(default)]
    #[schema(value_type = Option<NoticeParticularsPatch>)]
    pub review_particulars: Patch<NoticeParticularsPatch>,
    /// The regulator; null clears.
    #[serde(default)]
    #[schema(value_type = Option<NoticeParticularsPatch>)]
    pub regulator_particulars: Patch<NoticeParticularsPatch>,
    /// For how long the people of closed requests are kept, replaced whole; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Vec<RetentionRule>>, max_items = 12)]
    pub retention_rules: Patch<Vec<RetentionRule>>,
}

impl AuthorityPatch {
    /// Everything wrong across members.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.name == Patch::Clear {
            faults.push(Fault::new("/name", INVALID_VALUE, "An authority always has a name."));
        }
        faults.extend(self.identifiers.set().map(|identifiers| identifier_faults(identifiers)).unwrap_or_default());
        faults.extend(self.reference_pattern.set().and_then(pattern_fault));
        faults.extend(self.retention_rules.set().map(|rules| retention_faults(rules)).unwrap_or_default());
        faults
    }

    /// Carries the changes out.
    ///
    /// # Errors
    ///
    /// Particulars that would be left without a name.
    pub fn apply(self, authority: &mut Authority) -> Result<(), Vec<Fault>> {
        if let Patch::Set(name) = self.name {
            authority.name = name;
        }
        match self.kind {
            Patch::Absent => {}
            Patch::Clear => authority.kind = AuthorityKind::Other,
            Patch::Set(kind) => authority.kind = kind,
        }
        match self.identifiers {
            Patch::Absent => {}
            Patch::Clear => authority.identifiers.clear(),
            Patch::Set(identifiers) => authority.identifiers = identifiers,
        }
        match self.retention_rules {
            Patch::Absent => {}
            Patch::Clear => authority.retention_rules.clear(),
            Patch::Set(rules) => authority.retention_rules = rules,
        }
        self.reference_pattern.apply(&mut authority.reference_pattern);
        self.cost_limit.apply(&mut authority.cost_limit);
        let review = merge(self.review_particulars, &mut authority.review_particulars, "/review_particulars");
        let regulator =
            merge(self.regulator_particulars, &mut authority.regulator_particulars, "/regulator_particulars");
        let faults: Vec<Fault> = [review, regulator].into_iter().flatten().collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// Changes to what a notice says of a further right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeParticularsPatch {
    /// The name of the office or regulator; cannot be cleared alone.
    #[serde(default)]
    #[schema(value_type = Line)]
    pub name: Patch<Line>,
    /// How to reach it; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub contact: Patch<Prose>,
    /// The time within which to turn to it; null clears.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub time_limit: Patch<Line>,
}

/// Merges changes into particulars, member by member (RFC 7396).
fn merge(patch: Patch<NoticeParticularsPatch>, target: &mut Option<NoticeParticulars>, at: &str) -> Option<Fault> {
    let changes = match patch {
        Patch::Absent => return None,
        Patch::Clear => {
            *target = None;
            return None;
        }
        Patch::Set(changes) => changes,
    };
    let present = target.take();
    let (mut name, mut contact, mut time_limit) =
        present.map_or((None, None, None), |present| (Some(present.name), present.contact, present.time_limit));
    changes.name.apply(&mut name);
    changes.contact.apply(&mut contact);
    changes.time_limit.apply(&mut time_limit);
    let Some(name) = name else {
        let detail = "Particulars have a name; clear them as a whole to be without.";
        return Some(Fault::new(format!("{at}/name"), INVALID_VALUE, detail));
    };
    *target = Some(NoticeParticulars { name, contact, time_limit });
    None
}

/// An authority and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Authority {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name.
    pub name: Line,
    /// What kind of authority it is.
    pub kind: AuthorityKind,
    /// Where it stands.
    pub nation: AuthorityNation,
    /// Identifiers in other registers.
    #[schema(max_items = 50)]
    pub identifiers: Vec<AuthorityIdentifier>,
    /// How references are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference_pattern: Option<Word>,
    /// The appropriate limit that applies to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cost_limit: Option<CostLimit>,
    /// The internal review procedure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_particulars: Option<NoticeParticulars>,
    /// The regulator to complain to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regulator_particulars: Option<NoticeParticulars>,
    /// For how long the people of closed requests are kept, by how these ended; without a rule they are kept.
    #[schema(max_items = 12)]
    pub retention_rules: Vec<RetentionRule>,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
}

/// How an authority makes its references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencePattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Year,
    Number { width: usize },
}

impl ReferencePattern {
    /// What is used when an authority has no pattern of its own.
    #[must_use]
    pub fn usual() -> Self {
        let literal = |text: &str| Piece::Literal(text.to_owned());
        Self { pieces: vec![literal("FOI-"), Piece::Year, literal("-"), Piece::Number { width: 5 }] }
    }

    /// Reads a pattern such as `FOI-{year}-{number:5}`.
    ///
    /// # Errors
    ///
    /// Says what is wrong: a brace that is not closed, an unknown field, a missing or repeated `{number}`.
    pub fn parse(pattern: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut rest = pattern;
        while let Some((literal, after)) = rest.split_once('{') {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let (field, after) = after.split_once('}').ok_or("A `{` is not closed.")?;
            pieces.push(Self::field(field)?);
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        if pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains('}'))) {
            return Err("A `}` closes nothing.");
        }
        match pieces.iter().filter(|piece| matches!(piece, Piece::Number { .. })).count() {
            1 => Ok(Self { pieces }),
            _ => Err("The pattern needs `{number}` once, for example `FOI-{year}-{number:5}`."),
        }
    }

    fn field(field: &str) -> Result<Piece, &'static str> {
        match field.split_once(':') {
            None if field == "year" => Ok(Piece::Year),
            None if field == "number" => Ok(Piece::Number { width: 1 }),
            Some(("number", width)) => match width.parse() {
                Ok(width @ 1..=12) => Ok(Piece::Number { width }),
                _ => Err("The width of `{number:…}` is 1 to 12."),
            },
            _ => Err("Only `{year}` and `{number}` stand for something."),
        }
    }

    /// The reference with this number, in this year of receipt.
    #[must_use]
    pub fn reference(&self, year: i32, number: i64) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Year => year.to_string(),
                Piece::Number { width } => format!("{number:0>width$}"),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_makes_references() {
        let pattern = ReferencePattern::parse("01/FOI/{year}/{number:6}").unwrap();
        assert_eq!(pattern.reference(2019, 12345), "01/FOI/2019/012345");
        assert_eq!(ReferencePattern::usual().reference(2026, 1), "FOI-2026-00001");
        assert_eq!(ReferencePattern::parse("{number}").unwrap().reference(2026, 7), "7");
    }

    #[test]
    fn a_pattern_that_cannot_count_is_refused() {
        for pattern in [
            "FOI",
            "{year}",
            "{number}{number}",
            "{number:0}",
            "{number:13}",
            "{month}{number}",
            "{number",
            "{number}}",
        ] {
            assert!(ReferencePattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}

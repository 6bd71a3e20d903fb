//! What the citations of a text may be cited for: looked up in the wording of the day, and together, since a condition
//! or purpose is accepted beside the ground it goes with.

use std::collections::HashMap;

use super::{
    enactment,
    grammar::{self, MOST_ITEMS},
    item::Span,
    outcome::{CitationWarning, RejectedCitation, RejectionCode, ResolvedCitation, ResolvedCitations},
    paths::ancestry,
    placement::{Mention, Placed, Placer, Refused, capitalised},
};
use crate::law::{
    Date, Regime,
    catalogue::{Catalogue, Lookup, Provision, Requirement},
};

/// As much of a text is repeated to say that it has no citation.
const EXCERPT: usize = 100;

/// The provisions that a text cites, under the regime of the letter on its day.
#[must_use]
pub fn resolve(regime: Regime, text: &str, on: Date) -> ResolvedCitations {
    let (placed, unread_from) = placed(regime, text, on);
    let judged: Vec<Judged> = placed.into_iter().map(|placed| Judged::of(placed, on)).collect();
    let company = Company::of(&judged);
    let mut answer = ResolvedCitations::default();
    for judged in judged {
        let outcome = match judged {
            Judged::Found(found) => found.among(&company, regime, text),
            Judged::Refused(refused) => Err(refused),
        };
        match outcome {
            Ok(citation) => answer.citations.push(citation),
            Err(refused) => answer.rejected.push(refused.quoting(text)),
        }
    }
    if let Some(start) = unread_from {
        let detail = format!("A text may cite {MOST_ITEMS} provisions; what comes after is not read.");
        answer.rejected.push(without_suggestions(start, text, RejectionCode::TooMany, detail));
    } else if answer.citations.is_empty() && answer.rejected.is_empty() {
        let detail = "The text cites no provision.".to_owned();
        answer.rejected.push(without_suggestions(0, text, RejectionCode::Malformed, detail));
    }
    answer
}

/// Looks up a text that should cite one provision, however it is written. More than one, or none that belongs to the
/// regime, is unknown; conditions and purposes are found like grounds.
#[must_use]
pub fn find_single(regime: Regime, text: &str, on: Date) -> Lookup<'static> {
    let (mut placed, unread_from) = placed(regime, text, on);
    let single = if placed.len() == 1 && unread_from.is_none() { placed.pop() } else { None };
    match single {
        Some(Placed::Mention(mention)) if mention.regime == regime => looked_up(&mention, on),
        Some(Placed::Refused(refused)) => Lookup::Unknown { suggestions: refused.suggestions },
        Some(Placed::Mention(_)) | None => Lookup::Unknown { suggestions: Vec::new() },
    }
}

fn placed(regime: Regime, text: &str, on: Date) -> (Vec<Placed>, Option<usize>) {
    let grammar::Found { items, mut unread_from } = grammar::read(text);
    let mut placer = Placer::new(regime, on);
    let mut placed = Vec::new();
    for item in items {
        if placed.len() >= MOST_ITEMS {
            unread_from = Some(item.span.start);
            break;
        }
        placed.extend(placer.place(&item));
    }
    (placed, unread_from)
}

/// What the catalogue says of a provision named; a bracket that may have been lost comes first among the suggestions.
fn looked_up(mention: &Mention, on: Date) -> Lookup<'static> {
    match Catalogue::embedded().look_up(mention.regime, &mention.path, on) {
        Lookup::Unknown { mut suggestions } => {
            let continued = mention.continued.as_ref().map(ToString::to_string);
            suggestions.retain(|other| Some(other) != continued.as_ref());
            suggestions.splice(0..0, continued);
            Lookup::Unknown { suggestions }
        }
        known => known,
    }
}

/// A citation judged by itself.
enum Judged {
    /// A ground, or what goes with one.
    Found(Found),
    Refused(Refused),
}

/// A row that was cited.
struct Found {
    mention: Mention,
    row: &'static Provision,
    /// What stands in its place, when it is no longer in force.
    superseded_by: Option<Vec<String>>,
}

impl Judged {
    fn of(placed: Placed, on: Date) -> Self {
        let mention = match placed {
            Placed::Refused(refused) => return Self::Refused(refused),
            Placed::Mention(mention) => mention,
        };
        let (code, detail, suggestions) = match looked_up(&mention, on) {
            Lookup::InForce(row) => return Self::Found(Found { mention, row, superseded_by: None }),
            Lookup::NotInForce { provision: row, superseded_by } if row.in_force_from <= on => {
                return Self::Found(Found { mention, row, superseded_by: Some(superseded_by) });
            }
            Lookup::NotInForce { provision, superseded_by } => {
                let detail = format!("{} is in force from {}.", provision.citation, provision.in_force_from);
                (RejectionCode::NotInForceYet, detail, superseded_by)
            }
            Lookup::NotAGround(row) => {
                let detail = format!("{} exists ({}), but nothing is refused under it.", row.citation, row.title);
                (RejectionCode::NotAGround, detail, Vec::new())
            }
            Lookup::Unknown { suggestions } => {
                let statute = enactment::title(mention.regime);
                let detail = format!("{statute} has no {} {}.", mention.regime.division(), mention.path);
                (RejectionCode::Unknown, detail, suggestions)
            }
        };
        Self::Refused(Refused { span: mention.span, code, detail: capitalised(&detail), suggestions })
    }

    const fn row(&self) -> Option<&'static Provision> {
        match self {
            Self::Found(found) => Some(found.row),
            Self::Refused(_) => None,
        }
    }
}

impl Found {
    /// The citation beside the others of its text.
    fn among(self, company: &Company, regime: Regime, text: &str) -> Result<ResolvedCitation, Refused> {
        let row = self.row;
        let missing = company.missing(row);
        if !row.citable_alone && !missing.is_empty() {
            let role = row.role.map_or("provision", |role| role.as_str());
            let detail = format!("{} is a {role}: it goes with a ground, and that is not cited.", row.citation);
            let grounds = missing.into_iter().flat_map(|requirement| requirement.any_of).collect();
            let code = RejectionCode::CannotStandAlone;
            return Err(Refused { span: self.mention.span, code, detail: capitalised(&detail), suggestions: grounds });
        }
        Ok(self.accepted(missing, regime, text))
    }

    fn accepted(self, missing: Vec<Requirement>, regime: Regime, text: &str) -> ResolvedCitation {
        let Self { mention, row, superseded_by } = self;
        let made_precise = row.sufficiently_precise && !row.requires.is_empty() && missing.is_empty();
        let imprecise = !row.sufficiently_precise || (row.is_parent() && !made_precise);
        let warnings = [
            (imprecise, CitationWarning::Imprecise),
            (!missing.is_empty(), CitationWarning::Incomplete),
            (superseded_by.is_some(), CitationWarning::Superseded),
            (mention.folded, CitationWarning::CaseFolded),
            (mention.unbalanced, CitationWarning::UnbalancedBrackets),
            (mention.regime != regime, CitationWarning::AnotherRegime),
        ];
        ResolvedCitation {
            text: quoted(mention.span, text),
            provision: mention.path.to_string(),
            provision_id: row.id.clone(),
            kind: row.kind,
            warnings: warnings.into_iter().filter_map(|(applies, warning)| applies.then_some(warning)).collect(),
            superseded_by: superseded_by.unwrap_or_default(),
            missing,
            regime: mention.regime,
        }
    }
}

/// The grounds of a text, for the question of what goes with what. Of each path it keeps one provision that stands there
/// and whether there are others, so that no provision keeps itself company.
#[derive(Default)]
struct Company {
    /// By every path at or above a ground cited.
    within: HashMap<(Regime, String), Party>,
    /// By the path of a parent cited, which may stand for any provision below it.
    parents: HashMap<(Regime, String), Party>,
}

struct Party {
    first: &'static str,
    has_others: bool,
}

impl Party {
    fn joined(parties: &mut HashMap<(Regime, String), Self>, path: &str, row: &'static Provision) {
        let party = parties
            .entry((row.regime, path.to_owned()))
            .or_insert_with(|| Self { first: &row.provision, has_others: false });
        party.has_others |= party.first != row.provision;
    }

    fn accompanies(&self, row: &Provision) -> bool {
        self.has_others || self.first != row.provision
    }
}

impl Company {
    fn of(judged: &[Judged]) -> Self {
        let mut company = Self::default();
        for row in judged.iter().filter_map(Judged::row) {
            ancestry(&row.provision).for_each(|path| Party::joined(&mut company.within, path, row));
            if row.is_parent() {
                Party::joined(&mut company.parents, &row.provision, row);
            }
        }
        company
    }

    /// What must be cited with the provision, and is not.
    fn missing(&self, row: &Provision) -> Vec<Requirement> {
        row.requires.iter().filter(|requirement| !self.meets(row, requirement)).cloned().collect()
    }

    fn meets(&self, row: &Provision, requirement: &Requirement) -> bool {
        let party = |parties: &HashMap<_, Party>, path: &str| {
            parties.get(&(row.regime, path.to_owned())).is_some_and(|party| party.accompanies(row))
        };
        requirement
            .any_of
            .iter()
            .any(|wanted| party(&self.within, wanted) || ancestry(wanted).any(|above| party(&self.parents, above)))
    }
}

impl Refused {
    fn quoting(self, text: &str) -> RejectedCitation {
        let Self { span, code, detail, suggestions } = self;
        RejectedCitation { text: quoted(span, text), code, detail, suggestions }
    }
}

fn quoted(span: Span, text: &str) -> String {
    text.get(span.start..span.end).unwrap_or_default().to_owned()
}

fn without_suggestions(start: usize, text: &str, code: RejectionCode, detail: String) -> RejectedCitation {
    let excerpt = text.get(start..).unwrap_or_default().chars().take(EXCERPT).collect();
    RejectedCitation { text: excerpt, code, detail, suggestions: Vec::new() }
}

//! From citations as written to paths: each label extends the path before it, or takes the place of one of its labels;
//! the catalogue decides which. Does not judge what a path may be cited for.

use super::{
    enactment::{self, Enactment},
    item::{Item, Misshape, Number, RangeEnd, Span, WrittenLabel},
    outcome::RejectionCode,
    paths::Paths,
    tokens::is_numbered,
};
use crate::law::{
    Date, Regime,
    catalogue::{Canonical, Catalogue, Division, Lookup},
};

/// A provision that the text names, whether it exists or not.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub span: Span,
    pub regime: Regime,
    pub path: Canonical,
    pub unbalanced: bool,
    pub folded: bool,
    /// What a number would be as the subsection of the section before, if there is such a ground: the lost bracket of
    /// `38(1)(b), 2(b)`.
    pub continued: Option<Canonical>,
}

/// A stretch of text that names no provision, and why.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub span: Span,
    pub code: RejectionCode,
    pub detail: String,
    pub suggestions: Vec<String>,
}

/// What became of a citation as written.
#[derive(Debug, Clone)]
pub(super) enum Placed {
    Mention(Mention),
    Refused(Refused),
}

/// Finds the paths of one citation after the other; remembers the last for what continues it.
pub(super) struct Placer {
    regime: Regime,
    on: Date,
    paths: &'static Paths,
    /// The path that labels continue.
    last: Option<Canonical>,
    /// The last path that exists: a number behind it may be one of its subsections.
    last_known: Option<Canonical>,
}

impl Placer {
    /// For a letter under a regime on a day.
    pub(super) fn new(regime: Regime, on: Date) -> Self {
        Self { regime, on, paths: Paths::embedded(), last: None, last_known: None }
    }

    /// The provisions of one citation as written.
    pub(super) fn place(&mut self, item: &Item) -> Vec<Placed> {
        let regime = match item.enactment {
            Enactment::OfLetter => self.regime,
            Enactment::Of(regime) => regime,
            Enactment::Other => return vec![Placed::Refused(another_enactment(item))],
        };
        let continued = self.continued(item, regime);
        let mut path = match (&item.number, &self.last) {
            (Some(number), _) => number.path(),
            (None, Some(last)) if item.misshape.is_none() => last.clone(),
            _ => return vec![Placed::Refused(self.misshapen(item, regime, None))],
        };
        let mut walk = Walk { paths: self.paths, regime, found: Vec::new() };
        let mut placed = match walk.labels(&mut path, item) {
            Err(refused) => vec![Placed::Refused(refused)],
            Ok(()) if item.misshape.is_some() => vec![Placed::Refused(self.misshapen(item, regime, Some(&path)))],
            Ok(()) if item.division.is_some_and(|written| written != Division::of(regime)) => {
                walk.found.iter().map(|mention| Placed::Refused(self.wrong_keyword(mention))).collect()
            }
            Ok(()) => match &item.range_end {
                None => walk.found.into_iter().map(Placed::Mention).collect(),
                Some(end) => walk.range(item, &mut path, end),
            },
        };
        if let Some(Placed::Mention(mention)) = placed.first_mut() {
            mention.continued = continued;
        }
        if self.paths.knows(regime, &path) {
            self.last_known = Some(path.clone());
        }
        self.last = Some(path);
        placed
    }

    /// The number read as a subsection of the section before.
    fn continued(&self, item: &Item, regime: Regime) -> Option<Canonical> {
        let (number, last) = (item.number.as_ref()?, self.last_known.as_ref()?);
        let suffix = number.suffix.map(String::from).unwrap_or_default();
        let mut path = last.branch(0, &format!("{}{suffix}", number.value));
        for written in &item.labels {
            path = path.branch(path.labels().len(), &written.label.canonical);
        }
        self.ground(regime, &path).then_some(path)
    }

    /// Whether the path is a ground, now or in the past.
    fn ground(&self, regime: Regime, path: &Canonical) -> bool {
        let found = Catalogue::embedded().look_up(regime, path, self.on);
        matches!(found, Lookup::InForce(_) | Lookup::NotInForce { .. })
    }

    fn misshapen(&self, item: &Item, regime: Regime, path: Option<&Canonical>) -> Refused {
        let (code, detail) = match item.misshape {
            Some(Misshape::BadLabel) => {
                (RejectionCode::Malformed, "What stands in brackets is no subsection, paragraph or numeral.")
            }
            Some(Misshape::Brackets) => {
                (RejectionCode::Malformed, "Brackets are missing, so that the provision is not clear.")
            }
            Some(Misshape::NoNumber) => (RejectionCode::Malformed, "That is no number of a section or regulation."),
            Some(Misshape::OtherDivision) => {
                (RejectionCode::WrongKeyword, "The Acts are cited by section and the Regulations by regulation.")
            }
            Some(Misshape::NoSection) | None => {
                (RejectionCode::Malformed, "It continues a citation, and there is none before it with a number.")
            }
        };
        let meant = path.filter(|path| self.ground(regime, path)).map(ToString::to_string);
        let meant = meant.filter(|_| item.misshape != Some(Misshape::BadLabel));
        Refused { span: item.span, code, detail: detail.to_owned(), suggestions: meant.into_iter().collect() }
    }

    fn wrong_keyword(&self, mention: &Mention) -> Refused {
        let (regime, division) = (mention.regime, mention.regime.division());
        let meant = self.ground(regime, &mention.path).then(|| format!("{division} {}", mention.path));
        Refused {
            span: mention.span,
            code: RejectionCode::WrongKeyword,
            detail: format!("What {} has is called {division}.", enactment::title(regime)),
            suggestions: meant.into_iter().collect(),
        }
    }
}

fn another_enactment(item: &Item) -> Refused {
    Refused {
        span: item.span,
        code: RejectionCode::AnotherEnactment,
        detail: "It is said to belong to an enactment that is none of the four regimes.".to_owned(),
        suggestions: Vec::new(),
    }
}

/// The way from label to label within one citation as written.
struct Walk {
    paths: &'static Paths,
    regime: Regime,
    found: Vec<Mention>,
}

impl Walk {
    /// Walks the labels of the item from the path, which ends at the last of them.
    fn labels(&mut self, path: &mut Canonical, item: &Item) -> Result<(), Refused> {
        let folded = item.number.as_ref().is_some_and(|number| number.folded);
        let mut current = Mention {
            span: Span { start: item.span.start, end: item.span.start },
            regime: self.regime,
            path: path.clone(),
            unbalanced: item.unbalanced,
            folded,
            continued: None,
        };
        let mut continues = item.number.is_none();
        let mut is_lost = false;
        for written in &item.labels {
            self.refuse_wrong_bracketing(&current.path, written, item)?;
            let label = written.label.canonical.as_str();
            let extended = current.path.branch(current.path.labels().len(), label);
            if !is_lost && self.paths.knows(self.regime, &extended) {
                current.path = extended;
            } else if let Some(replaced) = self.replaced(&current.path, label).filter(|_| !is_lost) {
                if !continues {
                    self.found.push(current.clone());
                    current.span.start = written.span.start;
                    current.folded = false;
                }
                current.path = replaced;
            } else {
                current.path = if continues { beside(&current.path, label) } else { extended };
                is_lost = true;
            }
            current.folded |= written.label.folded;
            current.span.end = written.span.end;
            continues = false;
        }
        if item.range_end.is_none() || item.labels.is_empty() {
            current.span.end = item.span.end;
        }
        *path = current.path.clone();
        self.found.push(current);
        Ok(())
    }

    /// The label in the place of the deepest one where the catalogue has it.
    fn replaced(&self, path: &Canonical, label: &str) -> Option<Canonical> {
        let branches = (0..path.labels().len()).rev().map(|keep| path.branch(keep, label));
        branches.into_iter().find(|branch| self.paths.knows(self.regime, branch))
    }

    /// A capital letter behind a subsection may belong to it: `40(5)(B)` is not read as 40(5)(b).
    fn refuse_wrong_bracketing(&self, path: &Canonical, written: &WrittenLabel, item: &Item) -> Result<(), Refused> {
        let Some((last, above)) = path.labels().split_last() else { return Ok(()) };
        if !written.label.capital || !last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(());
        }
        let letter = written.label.canonical.to_ascii_uppercase();
        let joined = path.branch(above.len(), &format!("{last}{letter}"));
        if !self.paths.knows(self.regime, &joined) {
            return Ok(());
        }
        let after = || item.labels.iter().skip_while(|other| other.span != written.span).skip(1);
        let with_rest =
            |path: Canonical| after().fold(path, |path, rest| path.branch(path.labels().len(), &rest.label.canonical));
        let apart = path.branch(path.labels().len(), &written.label.canonical);
        let meant = [joined, apart].map(with_rest).into_iter().filter(|path| self.paths.knows(self.regime, path));
        Err(Refused {
            span: item.span,
            code: RejectionCode::WrongBracketing,
            detail: format!("The letter {letter} may belong to the subsection before it."),
            suggestions: meant.map(|path| path.to_string()).collect(),
        })
    }

    /// The provisions from the last one found to the end of the range.
    fn range(&mut self, item: &Item, path: &mut Canonical, end: &RangeEnd) -> Vec<Placed> {
        let start = self.found.pop();
        let mut placed: Vec<_> = self.found.drain(..).map(Placed::Mention).collect();
        let last = self.range_end(path, end);
        let Some(start) = start else { return placed };
        match self.between(&start, &last) {
            Err((code, detail)) => {
                let span = Span { start: start.span.start, end: item.span.end };
                placed.push(Placed::Refused(Refused { span, code, detail, suggestions: Vec::new() }));
            }
            Ok(between) => {
                let whole = Span { start: start.span.start, ..item.span };
                let end_span = end.labels.first().map_or(whole, |label| Span { start: label.span.start, ..whole });
                let end_folded = end.labels.iter().any(|written| written.label.folded);
                placed.extend(between.iter().map(|path| {
                    let (span, folded) = if *path == start.path {
                        (start.span, start.folded)
                    } else if *path == last {
                        (end_span, end_folded)
                    } else {
                        (whole, false)
                    };
                    Placed::Mention(Mention { span, folded, path: path.clone(), ..start.clone() })
                }));
            }
        }
        *path = last;
        placed
    }

    fn range_end(&self, path: &Canonical, end: &RangeEnd) -> Canonical {
        let mut last = end.number.as_ref().map_or_else(|| path.clone(), Number::path);
        let mut continues = end.number.is_none();
        for written in &end.labels {
            let label = written.label.canonical.as_str();
            last = if continues {
                self.replaced(&last, label).unwrap_or_else(|| beside(&last, label))
            } else {
                last.branch(last.labels().len(), label)
            };
            continues = false;
        }
        last
    }

    fn between(&self, start: &Mention, last: &Canonical) -> Result<&'static [Canonical], (RejectionCode, String)> {
        let kind = |path: &Canonical| path.labels().last().map(|label| is_numbered(label));
        let above = |path: &Canonical| path.labels().split_last().map(|(_, above)| above.to_vec());
        let side_by_side = start.path.section() == last.section()
            && kind(&start.path) == kind(last)
            && above(&start.path) == above(last);
        if !side_by_side || above(last).is_none() {
            let detail = "A range goes from one label to another of the same level and kind, below the same provision.";
            return Err((RejectionCode::RangeAcrossLevels, detail.to_owned()));
        }
        if let Some(unknown) = [&start.path, last].into_iter().find(|path| !self.paths.knows(self.regime, path)) {
            let detail = format!("{} has no {} {unknown}.", enactment::title(self.regime), self.regime.division());
            return Err((RejectionCode::Unknown, capitalised(&detail)));
        }
        let backwards = || (RejectionCode::Malformed, "The range runs backwards.".to_owned());
        self.paths.between(self.regime, &start.path, last).ok_or_else(backwards)
    }
}

/// The label in the place of the deepest one of its kind, whether the catalogue has it or not.
fn beside(path: &Canonical, label: &str) -> Canonical {
    let of_kind = path.labels().iter().rposition(|other| is_numbered(other) == is_numbered(label));
    path.branch(of_kind.unwrap_or(path.labels().len()), label)
}

/// The sentence with a capital letter.
pub(super) fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

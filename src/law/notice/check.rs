//! What a check is, and how the table of checks is run over a letter. Knows the regimes and findings; knows no single
//! rule of law.

use std::collections::BTreeMap;

use crate::law::{
    Finding, Regime, Severity,
    clock::EventName,
    notice::letter::{CitedGround, DeterminedPart, Letter},
};

/// What a check rests on under one regime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// Under this provision, like `section 17(1)(b)`.
    Under(&'static str),
    /// On guidance alone.
    Guidance,
    /// The check is not made under this regime.
    Never,
}

/// One check: one line of the table that documents and makes the findings.
pub struct Check {
    /// The finding's id, stable and hyphenated.
    pub id: &'static str,
    /// How much its finding weighs.
    pub severity: Severity,
    /// What it rests on, in the order FOIA, EIR, FOISA, EI(S)Rs.
    pub rests_on: [Applies; 4],
    /// What is wrong. `{name}` stands for the fact of that name.
    pub message: &'static str,
    /// What to do about it. `{name}` stands for the fact of that name.
    pub next_step: &'static str,
    pub(super) test: Test,
}

/// The rule of a check, by what it looks at.
#[derive(Clone, Copy)]
pub(super) enum Test {
    /// The letter as a whole; pointers from its root.
    Letter(fn(&Letter<'_>) -> Vec<Hit>),
    /// One part answered; pointers from its determination.
    Part(fn(&DeterminedPart<'_>) -> Vec<Hit>),
    /// The citation of one ground, right or wrong whatever it applies to; pointers from the ground.
    Citation(fn(&DeterminedPart<'_>, &CitedGround<'_>) -> Vec<Hit>),
    /// What one ground says. For a member of an alternative group the finding speaks of the whole group.
    Ground(fn(&DeterminedPart<'_>, &CitedGround<'_>) -> Vec<Hit>),
    /// A notice that more time is taken, for one of its parts; pointers from the extension.
    Extension(fn(&super::extension::ExtensionFacts<'_>, &super::extension::ExtendedPart) -> Vec<Hit>),
    /// An event of this kind, for one of its parts; pointers from the event as it is recorded.
    Event(EventName, fn(&super::event::EventFacts<'_>, &super::event::EventPart) -> Vec<Hit>),
}

/// One place where a check does not pass.
#[derive(Debug, Default)]
pub(super) struct Hit {
    at: String,
    facts: BTreeMap<String, String>,
    part: Option<usize>,
    regime: Option<Regime>,
}

impl Hit {
    /// A hit at this pointer, relative to what the test looks at.
    pub(super) fn at(pointer: impl Into<String>) -> Self {
        Self { at: pointer.into(), ..Self::default() }
    }

    /// The hit with one more fact.
    pub(super) fn fact(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }

    /// The hit with a fact where there is one.
    pub(super) fn fact_if(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }

    /// The hit as one of the part at this place of the request (for tests of the whole letter).
    pub(super) fn of_part(mut self, order: usize) -> Self {
        self.part = Some(order);
        self
    }

    /// The hit as one under this regime (for tests of the whole letter).
    pub(super) fn under(mut self, regime: Regime) -> Self {
        self.regime = Some(regime);
        self
    }

    /// The hit in a list when `wrong`, else an empty list.
    pub(super) fn when(wrong: bool, pointer: &str) -> Vec<Self> {
        if wrong { vec![Self::at(pointer)] } else { Vec::new() }
    }
}

impl Check {
    /// What the check rests on under `regime`.
    #[must_use]
    pub const fn rests_on(&self, regime: Regime) -> Applies {
        let [foia, eir, foisa, eisr] = self.rests_on;
        match regime {
            Regime::Foia => foia,
            Regime::Eir => eir,
            Regime::Foisa => foisa,
            Regime::Eisr => eisr,
        }
    }

    /// The regimes under which the check is made.
    pub fn applies_to(&self) -> impl Iterator<Item = Regime> + '_ {
        Regime::ALL.iter().copied().filter(|regime| self.applies_under(*regime))
    }

    /// Whether the check is made under `regime`.
    #[must_use]
    pub fn applies_under(&self, regime: Regime) -> bool {
        self.rests_on(regime) != Applies::Never
    }

    /// What it is made of, in words for the table of checks.
    #[must_use]
    pub const fn looks_at(&self) -> &'static str {
        match self.test {
            Test::Letter(_) => "the letter",
            Test::Part(_) => "each part answered",
            Test::Citation(_) => "each citation",
            Test::Ground(_) => "each ground",
            Test::Extension(_) => "an extension of time",
            Test::Event(..) => "an event of the clock",
        }
    }

    fn finding(&self, regime: Regime, pointer: String, facts: BTreeMap<String, String>) -> Finding {
        let provision = match self.rests_on(regime) {
            Applies::Under(provision) => Some(provision.to_owned()),
            Applies::Guidance | Applies::Never => None,
        };
        Finding {
            id: self.id.into(),
            severity: self.severity,
            provision,
            pointer: Some(pointer),
            message: filled(self.message, &facts),
            next_step: filled(self.next_step, &facts),
            facts,
        }
    }
}

/// The pattern with every `{name}` replaced by the fact of that name.
fn filled(pattern: &str, facts: &BTreeMap<String, String>) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            rest = after;
            break;
        };
        text.push_str(facts.get(name).map_or("", String::as_str));
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// Findings as they are collected, with what they are sorted by.
#[derive(Default)]
pub(super) struct Collected {
    findings: Vec<(usize, Finding)>,
}

impl Collected {
    /// Runs one check of a letter.
    pub(super) fn run(&mut self, check: &Check, letter: &Letter<'_>) {
        match check.test {
            Test::Letter(test) => {
                for hit in test(letter) {
                    let Some(regime) = hit.regime.filter(|regime| check.applies_under(*regime)) else {
                        continue;
                    };
                    self.push(
                        hit.part.map_or(0, |order| order.saturating_add(1)),
                        check.finding(regime, hit.at, hit.facts),
                    );
                }
            }
            Test::Part(test) => {
                for part in letter.parts.iter().filter(|part| check.applies_under(part.regime)) {
                    for hit in test(part) {
                        self.add_for_part(check, part, format!("{}{}", part.pointer, hit.at), hit.facts);
                    }
                }
            }
            Test::Citation(test) => self.run_on_grounds(check, letter, test, false),
            Test::Ground(test) => self.run_on_grounds(check, letter, test, true),
            Test::Extension(_) | Test::Event(..) => {}
        }
    }

    fn run_on_grounds(
        &mut self,
        check: &Check,
        letter: &Letter<'_>,
        test: fn(&DeterminedPart<'_>, &CitedGround<'_>) -> Vec<Hit>,
        speaks_of_group: bool,
    ) {
        let parts = letter.parts.iter().filter(|part| check.applies_under(part.regime));
        for (part, ground) in parts.flat_map(|part| part.grounds.iter().map(move |ground| (part, ground))) {
            for mut hit in test(part, ground) {
                let in_group = speaks_of_group && ground.alternative_group().is_some();
                let pointer = if in_group {
                    format!("{}/grounds", part.pointer)
                } else {
                    format!("{}{}", ground.pointer, hit.at)
                };
                let named = if in_group { part.name_of_group(ground) } else { ground.name().to_owned() };
                hit.facts.insert("provision".to_owned(), named);
                self.add_for_part(check, part, pointer, hit.facts);
            }
        }
    }

    fn add_for_part(
        &mut self,
        check: &Check,
        part: &DeterminedPart<'_>,
        pointer: String,
        mut facts: BTreeMap<String, String>,
    ) {
        facts.entry("part".to_owned()).or_insert_with(|| part.determination.part.to_string());
        self.push(part.order.saturating_add(1), check.finding(part.regime, pointer, facts));
    }

    /// Runs one check of an extension for one of its parts, at this place among them.
    pub(super) fn run_on_extension(
        &mut self,
        check: &Check,
        extension: &super::extension::ExtensionFacts<'_>,
        part: &super::extension::ExtendedPart,
    ) {
        let Test::Extension(test) = check.test else {
            return;
        };
        if check.applies_under(part.regime) {
            for hit in test(extension, part) {
                self.push(0, check.finding(part.regime, hit.at, hit.facts));
            }
        }
    }

    /// Runs one check of an event for one of its parts.
    pub(super) fn run_on_event(
        &mut self,
        check: &Check,
        event: &super::event::EventFacts<'_>,
        part: &super::event::EventPart,
    ) {
        let Test::Event(kind, test) = check.test else { return };
        if kind == event.kind && check.applies_under(part.regime) {
            for hit in test(event, part) {
                self.push(0, check.finding(part.regime, hit.at, hit.facts));
            }
        }
    }

    fn push(&mut self, order: usize, finding: Finding) {
        self.findings.push((order, finding));
    }

    /// The findings in the order of the parts, then of their place in the document, then of their ids; each once.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.findings.sort_by_cached_key(|(order, finding)| {
            let pointer = finding.pointer.as_deref().unwrap_or_default();
            (*order, place(pointer), finding.id.clone(), finding.message.clone())
        });
        self.findings.dedup();
        self.findings.into_iter().map(|(_, finding)| finding).collect()
    }
}

/// The segments of a pointer as they are ordered: indices as numbers, so that 10 comes after 2.
pub(super) fn place(pointer: &str) -> Vec<(usize, String)> {
    pointer.split('/').map(|segment| (segment.parse().unwrap_or(usize::MAX), segment.to_owned())).collect()
}

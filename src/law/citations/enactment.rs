//! The names of enactments as letters write them behind a citation: `of the FOI Act`, `EIRs`, `of the Data Protection
//! Act 2018`. Knows names only, not what they enact.

use super::tokens::{Kind, Token};
use crate::law::Regime;

/// The enactment to which a citation belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enactment {
    /// None is named, or "the Act": that of the letter.
    OfLetter,
    /// One of the four, by name.
    Of(Regime),
    /// Any other, by name.
    Other,
}

/// A name of more words is none that letters use.
const MOST_TOKENS: usize = 16;

const NAMES: &[(&str, Regime)] = &[
    ("foia", Regime::Foia),
    ("foi act", Regime::Foia),
    ("freedom of information act", Regime::Foia),
    ("foisa", Regime::Foisa),
    ("foi s a", Regime::Foisa),
    ("foi scotland act", Regime::Foisa),
    ("freedom of information scotland act", Regime::Foisa),
    ("eir", Regime::Eir),
    ("eirs", Regime::Eir),
    ("environmental information regulations", Regime::Eir),
    ("eisr", Regime::Eisr),
    ("eisrs", Regime::Eisr),
    ("ei s r", Regime::Eisr),
    ("ei s rs", Regime::Eisr),
    ("scottish eirs", Regime::Eisr),
    ("environmental information scotland regulations", Regime::Eisr),
];
const OTHERS: [&str; 6] = ["dpa", "gdpr", "uk gdpr", "eu gdpr", "hra", "echr"];
const KINDS: [&str; 9] =
    ["act", "regulations", "regulation", "order", "rules", "directive", "convention", "scheme", "code"];
const ARTICLES: [&str; 3] = ["the", "that", "this"];
const JOINING: [&str; 8] = ["of", "and", "the", "for", "in", "to", "on", "etc"];

/// The name of an enactment at the start of these tokens, and how many tokens it takes.
pub(super) fn named<'a>(tokens: impl Iterator<Item = &'a Token>) -> Option<(Enactment, usize)> {
    let mut name = String::new();
    let mut is_title = true;
    for (at, token) in tokens.take(MOST_TOKENS).enumerate() {
        let word = match &token.kind {
            Kind::Word if !token.letters.is_empty() => token.letters.to_lowercase(),
            Kind::Label(label) => label.canonical.clone(),
            Kind::Open | Kind::Close => continue,
            _ => return None,
        };
        if name.is_empty() && ARTICLES.contains(&word.as_str()) {
            continue;
        }
        is_title &= token.letters.starts_with(char::is_uppercase) || JOINING.contains(&word.as_str());
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&word);
        if let Some(enactment) = of_name(&name, is_title && KINDS.contains(&word.as_str())) {
            return Some((enactment, at.saturating_add(1)));
        }
    }
    None
}

fn of_name(name: &str, is_whole_title: bool) -> Option<Enactment> {
    if let Some((_, regime)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(Enactment::Of(*regime));
    }
    match name {
        "act" | "regulations" => Some(Enactment::OfLetter),
        _ if is_whole_title || OTHERS.contains(&name) => Some(Enactment::Other),
        _ => None,
    }
}

/// The enactment of a regime, as a sentence names it.
pub(super) const fn title(regime: Regime) -> &'static str {
    match regime {
        Regime::Foia => "the Freedom of Information Act 2000",
        Regime::Eir => "the Environmental Information Regulations 2004",
        Regime::Foisa => "the Freedom of Information (Scotland) Act 2002",
        Regime::Eisr => "the Environmental Information (Scotland) Regulations 2004",
    }
}

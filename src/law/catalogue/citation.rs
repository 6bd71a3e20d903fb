//! One written citation, turned into canonical form: `Section 31 (1)(a)` is `31(1)(a)`. Knows the shape of citations, not
//! which provisions exist.

use std::{fmt, iter::Peekable, str::Chars};

use crate::law::Regime;

/// A text longer than this, in characters, is no citation.
const LONGEST_TEXT: usize = 500;
/// The deepest provisions, like `40(5B)(a)(i)`, have three labels; many more is no citation.
const MOST_LABELS: usize = 6;

/// The word that stands before the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Division {
    /// Of an Act.
    Section,
    /// Of Regulations.
    Regulation,
}

impl Division {
    /// The word that fits the regime: the Acts have sections, the Regulations have regulations.
    #[must_use]
    pub const fn of(regime: Regime) -> Self {
        match regime {
            Regime::Foia | Regime::Foisa => Self::Section,
            Regime::Eir | Regime::Eisr => Self::Regulation,
        }
    }

    /// The word that this is, in any of its forms: `s`, `ss`, `Sect`, `regs`.
    pub(in crate::law) fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "s" | "ss" | "sec" | "secs" | "sect" | "sects" | "section" | "sections" => Some(Self::Section),
            "reg" | "regs" | "regulation" | "regulations" => Some(Self::Regulation),
            _ => None,
        }
    }
}

/// A provision in canonical form: the number of the section or regulation and the labels below it. Displays as
/// `40(5B)(a)(i)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Canonical {
    number: u16,
    suffix: Option<char>,
    labels: Vec<String>,
}

impl Canonical {
    /// A path of canonical labels below a number.
    pub(in crate::law) const fn new(number: u16, suffix: Option<char>, labels: Vec<String>) -> Self {
        Self { number, suffix, labels }
    }

    /// The labels below the number.
    pub(in crate::law) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The path with the first so many labels of this one, and one more.
    pub(in crate::law) fn branch(&self, keep: usize, label: &str) -> Self {
        let labels = self.labels.iter().take(keep).cloned().chain([label.to_owned()]).collect();
        Self { number: self.number, suffix: self.suffix, labels }
    }

    /// The section or regulation alone, like `22A`.
    #[must_use]
    pub fn section(&self) -> String {
        self.suffix.map_or_else(|| self.number.to_string(), |suffix| format!("{}{suffix}", self.number))
    }

    /// The first label below the number: `5B` in `40(5B)(a)`; `a` in FOISA's `26(a)`.
    #[must_use]
    pub fn subsection(&self) -> Option<&str> {
        self.labels.first().map(String::as_str)
    }

    /// A key that sorts provisions of one regime as the statute prints them: (1) before (1A) before (2), (a) before (aa)
    /// before (b), and (i) to (x) as numerals where they stand below a letter.
    #[must_use]
    pub fn print_order(&self) -> Vec<(u16, String)> {
        let mut key = vec![(self.number, self.suffix.map(String::from).unwrap_or_default())];
        let mut below_letter = false;
        for label in &self.labels {
            key.push(label_order(label, below_letter));
            below_letter = label.starts_with(|first: char| first.is_ascii_alphabetic());
        }
        key
    }
}

impl fmt::Display for Canonical {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.section())?;
        self.labels.iter().try_for_each(|label| write!(formatter, "({label})"))
    }
}

/// What sorts citations as the statute prints them; what is no provision comes last.
pub type PrintPlace = (bool, Vec<(u16, String)>, String);

/// Where the statute prints what is cited so.
#[must_use]
pub fn print_place(cited: &str) -> PrintPlace {
    let read = WrittenCitation::read(cited);
    let key = read.as_ref().map(|written| written.canonical.print_order()).unwrap_or_default();
    let path = read.map_or_else(|| cited.to_owned(), |written| written.canonical.to_string());
    (key.is_empty(), key, path)
}

fn label_order(label: &str, below_letter: bool) -> (u16, String) {
    const NUMERALS: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
    if let Some(value) = NUMERALS.iter().position(|numeral| below_letter && *numeral == label) {
        return (u16::try_from(value).unwrap_or(u16::MAX), String::new());
    }
    let letters = label.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let number = label.strip_suffix(letters).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    (number, letters.to_owned())
}

/// What one citation says: the provision, and the word before it if one was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCitation {
    /// `section` or `regulation`, where written.
    pub division: Option<Division>,
    /// The provision.
    pub canonical: Canonical,
}

impl WrittenCitation {
    /// Reads one citation as people write it: `31(3)`, `s.31(3)`, `Section 31 (3)`, `reg 12(5)(b)`, `31.1.a`, `40`. Spaces
    /// of every sort are tolerated, and the case of letters is evened out. `None` for anything else, lists of citations and
    /// texts over 500 characters included.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.chars().nth(LONGEST_TEXT).is_some() {
            return None;
        }
        let cleaned = cleaned(text);
        let mut rest = cleaned.trim_end_matches([' ', '.', ',', ';', ':']).trim_start().chars().peekable();
        let word = take_while(&mut rest, char::is_ascii_alphabetic);
        let division = if word.is_empty() { None } else { Some(Division::from_word(&word)?) };
        skip_point(&mut rest);
        let number = take_while(&mut rest, char::is_ascii_digit);
        let number = Some(number).filter(|digits| digits.len() <= 3).and_then(|digits| digits.parse().ok())?;
        let suffix = rest.next_if(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
        let labels = labels(&mut rest)?;
        Some(Self { division, canonical: Canonical { number, suffix, labels } })
    }
}

/// The text with every kind of space made plain and invisible characters left out.
fn cleaned(text: &str) -> String {
    let visible = text
        .chars()
        .filter(|character| !matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'));
    visible.map(|character| if character.is_whitespace() { ' ' } else { character }).collect()
}

fn take_while(rest: &mut Peekable<Chars<'_>>, accept: impl Fn(&char) -> bool) -> String {
    std::iter::from_fn(|| rest.next_if(&accept)).collect()
}

fn skip_spaces(rest: &mut Peekable<Chars<'_>>) {
    while rest.next_if_eq(&' ').is_some() {}
}

/// Passes the point and the spaces between the word and the number.
fn skip_point(rest: &mut Peekable<Chars<'_>>) {
    skip_spaces(rest);
    rest.next_if_eq(&'.');
    skip_spaces(rest);
}

/// The labels up to the end, in brackets or after points; `None` when anything else is met.
fn labels(rest: &mut Peekable<Chars<'_>>) -> Option<Vec<String>> {
    let mut labels = Vec::new();
    loop {
        skip_spaces(rest);
        let bracket = match rest.next() {
            None => return Some(labels),
            Some('(') => true,
            Some('.') => false,
            Some(_) => return None,
        };
        skip_spaces(rest);
        labels.push(label(&take_while(rest, char::is_ascii_alphanumeric))?);
        skip_spaces(rest);
        if labels.len() > MOST_LABELS || (bracket && rest.next_if_eq(&')').is_none()) {
            return None;
        }
    }
}

/// A label with its case evened out: `3A` for a subsection, `a`, `aa` or `iv` for what stands below.
fn label(text: &str) -> Option<String> {
    let letters = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let digits = text.len().saturating_sub(letters.len());
    let one_kind = letters.chars().all(|letter| letter.is_ascii_alphabetic());
    match (digits, letters.len()) {
        (0, 1..=5) if one_kind => Some(letters.to_ascii_lowercase()),
        (1..=3, 0..=2) if one_kind => Some(text.to_ascii_uppercase()),
        _ => None,
    }
}

//! The first reading of a text: words, numbers, bracketed labels and signs, each with its place in the text. Every
//! character is looked at a bounded number of times.

use super::cursor::Cursor;
use crate::law::catalogue::Division;

/// No word the grammar knows is longer; longer ones are kept without their letters.
const LONGEST_WORD: usize = 20;
/// How far a label may reach between its brackets, spaces included.
const LONGEST_LABEL: usize = 12;
/// The numerals that statutes use; one or two letters are a label in any case.
const LONG_NUMERALS: [&str; 9] = ["iii", "vii", "viii", "xii", "xiii", "xiv", "xvi", "xvii", "xviii"];

/// A label below a section: `1`, `3A`, `a`, `aa`, `iv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// As the catalogue writes it: `3A`, `a`.
    pub canonical: String,
    /// Whether its case had to be changed for that.
    pub folded: bool,
    /// Whether it was written as one capital letter, like the B of `40(5)(B)`.
    pub capital: bool,
}

impl Label {
    /// Reads what stands between the brackets.
    pub(super) fn read(text: &str) -> Option<Self> {
        let letters = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
        let digits = text.len().saturating_sub(letters.len());
        if text.starts_with('0') || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let canonical = match (digits, letters.len()) {
            (1..=2, 0..=2) => text.to_ascii_uppercase(),
            (0, 1..=2) => text.to_ascii_lowercase(),
            (0, _) if is_long_numeral(letters) => text.to_ascii_lowercase(),
            _ => return None,
        };
        let capital = digits == 0 && letters.len() == 1 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(Self { folded: canonical != text, canonical, capital })
    }
}

/// Whether a canonical label is a number, perhaps with letters.
pub(super) fn is_numbered(label: &str) -> bool {
    label.starts_with(|first: char| first.is_ascii_digit())
}

fn is_long_numeral(letters: &str) -> bool {
    LONG_NUMERALS.iter().any(|numeral| numeral.eq_ignore_ascii_case(letters))
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits, with at most one letter behind them.
    Number,
    /// Letters and digits mixed otherwise: `31st`, `FS50246819`.
    Mixed,
    /// A label in brackets.
    Label(Label),
    /// Brackets around next to nothing that is no label: `()`, `(a,b)`.
    BadLabel,
    /// An opening bracket of anything else.
    Open,
    /// A closing bracket of anything else.
    Close,
    /// A full stop.
    Dot,
    /// Any other sign.
    Sign(char),
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// The letters and digits of a word, number or mixture; empty for what is too long to mean anything.
    pub letters: String,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether a space stands before it.
    pub spaced: bool,
}

impl Token {
    /// Whether it is one of these words, given in small letters.
    pub(super) fn is_word(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.iter().any(|word| word.eq_ignore_ascii_case(&self.letters))
    }

    pub(super) fn is_sign(&self, signs: &[char]) -> bool {
        matches!(self.kind, Kind::Sign(sign) if signs.contains(&sign))
    }

    pub(super) const fn label(&self) -> Option<&Label> {
        match &self.kind {
            Kind::Label(label) => Some(label),
            _ => None,
        }
    }

    /// What it would be as a label, though it has no brackets.
    pub(super) fn bare_label(&self) -> Option<Label> {
        matches!(self.kind, Kind::Word | Kind::Number).then(|| Label::read(&self.letters)).flatten()
    }
}

/// Takes a text apart.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let visible: Vec<(usize, char)> = text.char_indices().filter(|(_, character)| !is_invisible(*character)).collect();
    let mut reader = Reader { characters: Cursor::new(&visible), found: Vec::new(), spaced: false };
    while reader.step() {}
    reader.found
}

const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

struct Reader<'a> {
    characters: Cursor<'a, (usize, char)>,
    found: Vec<Token>,
    spaced: bool,
}

impl Reader<'_> {
    /// Reads one token or space; `false` at the end.
    fn step(&mut self) -> bool {
        let Some((start, character)) = self.characters.ahead(0).copied() else { return false };
        if character.is_whitespace() {
            self.characters.pass(1);
            self.spaced = true;
        } else if character.is_ascii_digit() {
            self.number(start);
        } else if character.is_alphanumeric() {
            self.word(start);
        } else if character == '(' {
            self.bracket(start);
        } else {
            self.sign(start, character);
        }
        true
    }

    fn push(&mut self, kind: Kind, letters: String, start: usize) {
        let end = self.characters.behind(1).map_or(start, |(at, last)| at.saturating_add(last.len_utf8()));
        self.found.push(Token { kind, letters, start, end, spaced: self.spaced });
        self.spaced = false;
    }

    /// Passes characters as long as they fit; gives those that may mean something.
    fn run(&mut self, letters: &mut String, fits: impl Fn(char) -> bool) {
        while let Some((_, character)) = self.characters.pass_if(|(_, character)| fits(*character)) {
            if letters.len() <= LONGEST_WORD {
                letters.push(*character);
            }
        }
    }

    fn number(&mut self, start: usize) {
        let mut letters = String::new();
        self.run(&mut letters, |character| character.is_ascii_digit());
        if let Some((_, suffix)) = self.characters.pass_if(|(_, character)| character.is_ascii_alphabetic()) {
            letters.push(*suffix);
        }
        let is_mixed = self.characters.ahead(0).is_some_and(|(_, character)| character.is_alphanumeric());
        self.run(&mut letters, char::is_alphanumeric);
        self.push(if is_mixed { Kind::Mixed } else { Kind::Number }, known(letters), start);
    }

    fn word(&mut self, start: usize) {
        let mut letters = String::new();
        loop {
            self.run(&mut letters, |character| character.is_alphanumeric() && !character.is_ascii_digit());
            let apostrophe = self.characters.ahead(0).is_some_and(|(_, sign)| matches!(sign, '\'' | '’'));
            let goes_on = self.characters.ahead(1).is_some_and(|(_, character)| character.is_alphabetic());
            if !(apostrophe && goes_on) {
                break;
            }
            self.run(&mut letters, |sign| matches!(sign, '\'' | '’'));
        }
        let before_digit = self.characters.ahead(0).is_some_and(|(_, character)| character.is_ascii_digit());
        let is_mixed = before_digit && Division::from_word(&letters).is_none();
        if is_mixed {
            self.run(&mut letters, char::is_alphanumeric);
        }
        self.push(if is_mixed { Kind::Mixed } else { Kind::Word }, known(letters), start);
    }

    /// A bracket that opens: with a label, with nothing of use, or with words.
    fn bracket(&mut self, start: usize) {
        let ahead = (1..=LONGEST_LABEL).map_while(|places| self.characters.ahead(places));
        let inside: String =
            ahead.map(|(_, character)| *character).take_while(|character| !matches!(character, '(' | ')')).collect();
        let length = inside.chars().count();
        let closes = self.characters.ahead(length.saturating_add(1)).is_some_and(|(_, character)| *character == ')');
        let kind = if closes { self.bracketed(inside.trim()) } else { Kind::Open };
        self.characters.pass(if kind == Kind::Open { 1 } else { length.saturating_add(2) });
        self.push(kind, String::new(), start);
    }

    fn bracketed(&self, inside: &str) -> Kind {
        let longest_run = |fits: fn(char) -> bool| {
            inside.split(|character| !fits(character)).map(|run| run.chars().count()).max().unwrap_or_default()
        };
        let is_short_word = inside.len() == 3 && inside.bytes().all(|byte| byte.is_ascii_lowercase());
        match Label::read(inside) {
            Some(label) => Kind::Label(label),
            None if is_short_word && !self.spaced => Kind::BadLabel,
            None if longest_run(char::is_alphabetic) >= 3 || longest_run(|digit| digit.is_ascii_digit()) >= 4 => {
                Kind::Open
            }
            None => Kind::BadLabel,
        }
    }

    fn sign(&mut self, start: usize, character: char) {
        self.characters.pass(1);
        if character == '&' && self.entity("amp;") {
            return self.push(Kind::Sign('&'), String::new(), start);
        }
        if character == '&' && self.entity("nbsp;") {
            self.spaced = true;
            return;
        }
        let kind = match character {
            ')' => Kind::Close,
            '.' => Kind::Dot,
            '\u{2010}'..='\u{2015}' | '\u{2212}' => Kind::Sign('-'),
            sign => Kind::Sign(sign),
        };
        self.push(kind, String::new(), start);
    }

    /// Passes the rest of an HTML entity, if it stands here.
    fn entity(&mut self, name: &str) -> bool {
        let stands = name
            .chars()
            .enumerate()
            .all(|(place, wanted)| self.characters.ahead(place).is_some_and(|(_, character)| *character == wanted));
        if stands {
            self.characters.pass(name.len());
        }
        stands
    }
}

/// The letters of a word, unless there are too many to mean anything.
fn known(letters: String) -> String {
    if letters.len() > LONGEST_WORD { String::new() } else { letters }
}

//! The grammar of citations: from tokens to what is cited, as written. It does not know which provisions exist; words
//! around citations are left aside.

use super::{
    cursor::Cursor,
    enactment::{self, Enactment},
    item::{Item, Misshape, Number, RangeEnd, Span},
    tokens::{Kind, Label, Token, tokens},
    words::{Introduction, introduction, is_joined, is_other_number, is_range_sign},
};
use crate::law::catalogue::Division;

/// No letter cites as much; what comes after is left unread, and said to be.
pub(super) const MOST_ITEMS: usize = 500;

/// What was found in a text.
#[derive(Debug)]
pub(super) struct Found {
    pub items: Vec<Item>,
    /// Where the first of too many citations begins.
    pub unread_from: Option<usize>,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Found {
    let tokens = tokens(text);
    let mut parser = Parser::new(&tokens);
    while let Some(token) = parser.tokens.ahead(0).filter(|_| parser.items.len() <= MOST_ITEMS) {
        parser.step(token);
    }
    parser.close_brackets();
    let unread_from = parser.items.get(MOST_ITEMS).map(|first_unread| first_unread.span.start);
    parser.items.truncate(MOST_ITEMS);
    Found { items: parser.items, unread_from }
}

struct Parser<'t> {
    tokens: Cursor<'t, Token>,
    items: Vec<Item>,
    /// The first of the items to which the name of an enactment would belong.
    group: usize,
    /// The word that governs the group.
    division: Option<Division>,
    /// Open brackets, with the item they adjoin.
    open: Vec<Option<usize>>,
    /// Whether the token before is the last of an item.
    at_item: bool,
    /// Where the last item ends in the text.
    item_end: Option<usize>,
    /// Whether there was an item with a section or regulation.
    has_section: bool,
    /// Whether the last item was written with points: only then can letters without brackets continue it.
    dotted: bool,
}

impl<'t> Parser<'t> {
    const fn new(tokens: &'t [Token]) -> Self {
        Self {
            tokens: Cursor::new(tokens),
            items: Vec::new(),
            group: 0,
            division: None,
            open: Vec::new(),
            at_item: false,
            item_end: None,
            has_section: false,
            dotted: false,
        }
    }

    fn step(&mut self, token: &Token) {
        let was_at_item = std::mem::take(&mut self.at_item);
        match token.kind {
            Kind::Word => return self.word(token, was_at_item),
            Kind::Number if !self.is_other_number() => return self.full(token, 0, None),
            Kind::Label(_) => return self.relative(token),
            Kind::Open => self.open.push(self.items.len().checked_sub(1).filter(|_| was_at_item)),
            // Behind the title of a provision is still behind the provision.
            Kind::Close => self.at_item = self.open.pop().flatten().is_some(),
            Kind::Dot => self.end_sentence(),
            _ => {}
        }
        self.tokens.pass(1);
    }

    /// Brackets that adjoin an item and were never closed.
    fn close_brackets(&mut self) {
        for at in self.open.drain(..).flatten() {
            if let Some(item) = self.items.get_mut(at) {
                item.unbalanced = true;
            }
        }
    }

    /// A full stop ends what a keyword governs and what the name of an enactment belongs to.
    fn end_sentence(&mut self) {
        if self.tokens.ahead(1).is_none_or(|next| next.spaced) {
            self.group = self.items.len();
            self.division = None;
        }
    }

    fn word(&mut self, token: &Token, was_at_item: bool) {
        match introduction(&self.tokens) {
            Some((Introduction::Thing, places)) => return self.thing(places),
            Some((introduction, places)) => return self.introduced(token, introduction, places),
            None => {}
        }
        if let Some((enactment, places)) = self.enactment(token, was_at_item) {
            self.items.iter_mut().skip(self.group).for_each(|item| item.enactment = enactment);
            self.group = self.items.len();
            self.division = None;
            return self.tokens.pass(places);
        }
        if self.dotted && self.is_bare_label() {
            return self.relative(token);
        }
        self.tokens.pass(1);
    }

    /// The name of an enactment here, introduced by a word or directly behind an item.
    fn enactment(&self, token: &Token, was_at_item: bool) -> Option<(Enactment, usize)> {
        if self.group >= self.items.len() || !was_at_item {
            return None;
        }
        let places = usize::from(token.is_word(&["of", "under", "in"]));
        let ahead = (places..).map_while(|place| self.tokens.ahead(place));
        let (enactment, length) = enactment::named(ahead)?;
        // "Section 44(1)(a) under the Police Act" is still a section of this Act.
        let is_aside = enactment == Enactment::Other && token.is_word(&["under", "in"]);
        (!is_aside).then(|| (enactment, length.saturating_add(places)))
    }

    /// Passes something numbered that is no provision, with its number and labels.
    fn thing(&mut self, places: usize) {
        self.tokens.pass(places.saturating_add(1));
        while self.tokens.pass_if(|token| !token.spaced && matches!(token.kind, Kind::Label(_))).is_some() {}
    }

    fn introduced(&mut self, token: &Token, introduction: Introduction, places: usize) {
        self.group = self.items.len();
        self.division = match introduction {
            Introduction::Division(division) => Some(division),
            _ => None,
        };
        let misshape = (introduction == Introduction::OtherDivision).then_some(Misshape::OtherDivision);
        self.full(token, places, misshape);
    }

    fn is_other_number(&self) -> bool {
        let has_label = match self.tokens.ahead(1).map(|token| (&token.kind, token.spaced)) {
            Some((Kind::Label(_), _) | (Kind::BadLabel, false)) => true,
            Some((Kind::Open, false)) => self.unclosed_label().is_some(),
            _ => false,
        };
        !has_label && is_other_number(&self.tokens, self.item_end)
    }

    /// Whether the word here is a letter that continues what was written with points: the b of `31.1.a&b`.
    fn is_bare_label(&self) -> bool {
        let is_label = self.tokens.ahead(0).is_some_and(|token| token.bare_label().is_some());
        let ends =
            self.tokens.ahead(1).is_none_or(|next| !matches!(next.kind, Kind::Word | Kind::Number | Kind::Mixed));
        let joins = self.tokens.ahead(1).is_some_and(|next| next.is_word(&["and", "or"]));
        is_label && is_joined(&self.tokens) && (ends || joins)
    }

    /// A number with its labels; so many tokens stand before the number.
    fn full(&mut self, first: &Token, places: usize, misshape: Option<Misshape>) {
        let mut item = Item::starting(Span::of(first), self.division);
        item.misshape = misshape;
        self.tokens.pass(places);
        if let Some(token) = self.tokens.ahead(0) {
            item.number = Number::read(&token.letters).filter(|_| token.kind == Kind::Number);
            item.span.end = token.end;
            self.tokens.pass(1);
        }
        if item.number.is_none() {
            item.spoil(Misshape::NoNumber);
        }
        self.dotted = false;
        self.finish(item);
    }

    /// Labels that continue an earlier item.
    fn relative(&mut self, first: &Token) {
        let mut item = Item::starting(Span::of(first), self.division);
        if !self.has_section {
            item.spoil(Misshape::NoSection);
        }
        if first.label().is_none()
            && let Some(label) = first.bare_label()
        {
            item.push(label, Span::of(first));
            self.tokens.pass(1);
        }
        self.finish(item);
    }

    fn finish(&mut self, mut item: Item) {
        self.labels(&mut item);
        self.range(&mut item);
        self.at_item = true;
        self.item_end = Some(item.span.end);
        self.has_section |= item.number.is_some();
        self.items.push(item);
    }

    /// Takes the labels that follow, in whatever brackets.
    fn labels(&mut self, item: &mut Item) {
        while let Some(token) = self.tokens.ahead(0) {
            let places = self.label(token, item);
            if places == 0 {
                return;
            }
            self.tokens.pass(places);
            item.span.end = self.tokens.behind(1).map_or(item.span.end, |last| last.end);
        }
    }

    /// Adds what stands here to the item; how many tokens that takes, 0 when it does not belong to it.
    fn label(&mut self, token: &Token, item: &mut Item) -> usize {
        match &token.kind {
            Kind::Label(label) => {
                item.push(label.clone(), Span::of(token));
                1
            }
            Kind::BadLabel if !token.spaced => {
                item.spoil(Misshape::BadLabel);
                1
            }
            Kind::Open => self.open_bracket(token, item),
            Kind::Close if !token.spaced && self.open.is_empty() => {
                item.unbalanced = true;
                1
            }
            Kind::Dot => self.dotted_label(item),
            Kind::Word | Kind::Number if !token.spaced => self.half_bracketed(token, item),
            _ => 0,
        }
    }

    /// `((a)`, `(a` without its other half, `(` without anything; or the start of a title.
    fn open_bracket(&mut self, token: &Token, item: &mut Item) -> usize {
        if token.spaced {
            return 0;
        }
        if self.tokens.ahead(1).is_some_and(|next| next.label().is_some() && !next.spaced) {
            self.open.push(None);
            item.unbalanced = true;
            return 1;
        }
        if let Some((label, span)) = self.unclosed_label() {
            item.unbalanced = true;
            item.push(label, span);
            return 2;
        }
        let before_words = self.tokens.ahead(1).is_some_and(|next| !matches!(next.kind, Kind::Sign(_) | Kind::Open));
        if before_words {
            return 0;
        }
        item.spoil(Misshape::BadLabel);
        1
    }

    /// A label after an opening bracket that nothing closes, and nothing but the end, a sign or a joining word after it.
    fn unclosed_label(&self) -> Option<(Label, Span)> {
        let at = usize::from(self.tokens.ahead(0).is_some_and(|token| token.kind == Kind::Number));
        let token = self.tokens.ahead(at.saturating_add(1)).filter(|token| !token.spaced)?;
        let next = self.tokens.ahead(at.saturating_add(2));
        let ends = next.is_none_or(|next| match next.kind {
            Kind::Word => next.is_word(&["and", "or", "to"]),
            Kind::Number | Kind::Mixed | Kind::Close => false,
            _ => true,
        });
        token.bare_label().filter(|_| ends).map(|label| (label, Span::of(token)))
    }

    /// `.1` or `.a` directly behind a number or another label written so.
    fn dotted_label(&mut self, item: &mut Item) -> usize {
        let Some(next) = self.tokens.ahead(1).filter(|next| !next.spaced) else { return 0 };
        let may_be = if item.labels.is_empty() { item.number.is_some() } else { self.dotted };
        let Some(label) = next.bare_label().filter(|_| may_be) else { return 0 };
        self.dotted = true;
        item.push(label, Span::of(next));
        2
    }

    /// A label directly behind another with only its closing bracket, or with none.
    fn half_bracketed(&self, token: &Token, item: &mut Item) -> usize {
        let Some(label) = token.bare_label().filter(|_| !item.labels.is_empty()) else { return 0 };
        let closes = self.tokens.ahead(1).is_some_and(|next| next.kind == Kind::Close && !next.spaced);
        let is_clear = closes && self.open.is_empty();
        item.push(label, Span::of(token));
        if is_clear {
            item.unbalanced = true;
            return 2;
        }
        item.spoil(Misshape::Brackets);
        1
    }

    /// Takes `to (c)`, `- (c)` or `to 31(1)(c)`.
    fn range(&mut self, item: &mut Item) {
        if !self.tokens.ahead(0).is_some_and(is_range_sign) {
            return;
        }
        let Some(next) = self.tokens.ahead(1) else { return };
        let mut end = Item::starting(Span::of(next), self.division);
        let mut after_word = Cursor::clone(&self.tokens);
        after_word.pass(1);
        match introduction(&after_word) {
            Some((Introduction::Division(_), places)) => after_word.pass(places),
            Some(_) => return,
            None if next.label().is_some() => {}
            None if next.kind == Kind::Number && ends_range(&after_word, item.span.end) => {}
            None => match next.bare_label().filter(|_| self.dotted && next.kind == Kind::Word) {
                Some(label) => {
                    end.push(label, Span::of(next));
                    after_word.pass(1);
                }
                None => return,
            },
        }
        if let Some(number) = after_word.pass_if(|token| token.kind == Kind::Number) {
            end.number = Number::read(&number.letters);
            end.span.end = number.end;
        }
        self.tokens = after_word;
        self.labels(&mut end);
        item.span.end = end.span.end;
        item.unbalanced |= end.unbalanced;
        if let Some(misshape) = end.misshape {
            item.spoil(misshape);
        }
        item.range_end = Some(RangeEnd { number: end.number, labels: end.labels });
    }
}

/// Whether the number here can end a range: it has labels, or is no count and no date.
fn ends_range(tokens: &Cursor<'_, Token>, item_end: usize) -> bool {
    tokens.ahead(1).is_some_and(|token| token.label().is_some()) || !is_other_number(tokens, Some(item_end))
}

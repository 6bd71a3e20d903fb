//! Any text is answered, quotes the text, and what is accepted is accepted alike when it is written out.

use candour::law::{
    Date, Regime,
    citations::{ResolvedCitation, resolve},
};

pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let on: Date = "2026-05-01".parse().expect("a date");
    for regime in Regime::ALL {
        let answer = resolve(*regime, text, on);
        let quotes = answer.citations.iter().map(|citation| &citation.text);
        for quote in quotes.chain(answer.rejected.iter().map(|rejected| &rejected.text)) {
            assert!(text.contains(quote.as_str()));
        }
        if answer.citations.is_empty() {
            assert!(!answer.rejected.is_empty());
            continue;
        }
        let written: Vec<String> = answer.citations.iter().map(ToString::to_string).collect();
        // More than a text may cite comes of ranges only; then the rest is left unread.
        if written.len() <= 500 {
            let again = resolve(*regime, &written.join(", "), on);
            assert!(again.rejected.is_empty());
            assert!(again.citations.iter().map(fact).eq(answer.citations.iter().map(fact)));
        }
    }
}

fn fact(citation: &ResolvedCitation) -> (&str, &str) {
    (&citation.provision, &citation.provision_id)
}

//! Any text is answered, in steps that grow with its length; and what was accepted, written out, is accepted alike.

use proptest::prelude::*;

use super::{super::cursor::steps_of, *};

/// No text takes more steps for a character than this.
const STEPS_FOR_A_CHARACTER: usize = 80;

fn steps(text: &str) -> usize {
    steps_of(|| drop(read(Regime::Foia, text)))
}

/// Whether what was accepted means the same when it is written out again.
fn assert_stable(regime: Regime, text: &str) {
    let answer = read(regime, text);
    let facts = |citation: &ResolvedCitation| {
        (citation.provision.clone(), citation.provision_id.clone(), citation.kind, citation.missing.clone())
    };
    let written: Vec<String> = answer.citations.iter().map(ToString::to_string).collect();
    let again = read(regime, &written.join(", "));
    if !written.is_empty() {
        assert_eq!(again.rejected, [], "{text}");
    }
    assert_eq!(
        again.citations.iter().map(facts).collect::<Vec<_>>(),
        answer.citations.iter().map(facts).collect::<Vec<_>>(),
        "{text}"
    );
}

/// Pieces of which letters put citations together, whole and broken.
#[expect(clippy::too_many_lines, reason = "a list")]
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "section ",
        "sections ",
        "s.",
        "ss ",
        "reg. ",
        "regulation ",
        "31",
        "40",
        "36",
        "3",
        "12",
        "13",
        "30",
        "38",
        "22A",
        "10",
        "(1)",
        "(2)",
        "(3)",
        "(3A)",
        "(5)",
        "(5B)",
        "(5A)",
        "(a)",
        "(b)",
        "(c)",
        "(i)",
        "(ii)",
        "(B)",
        "(A)",
        "(g)",
        "(",
        ")",
        "( ",
        ", ",
        " & ",
        " and ",
        " to ",
        " - ",
        "/",
        "; ",
        " or ",
        " read with ",
        ".1",
        ".a",
        "&b",
        " (law enforcement)",
        " of FOIA",
        " of the EIR",
        " of the Data Protection Act 2018",
        " of the Act",
        ". ",
        " 20 working days",
        "()",
        "x",
        "\u{a0}",
        "&amp;",
        " FOISA",
        "(4)(d)",
        "(5)(b)",
        "(4)",
        "41",
        "(1)(a)",
        "18(1)",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

#[test]
fn the_work_grows_with_the_text_and_no_faster() {
    for piece in [
        "(",
        ")",
        "((1)",
        "(1)",
        "( ",
        "31(1)(a)(b)",
        "31(",
        "31(1 ",
        "s",
        "s.",
        "section ",
        "a",
        "1",
        "31 to ",
        "of the ",
        "31 of the ",
        "31(1)(a) to (j), ",
        "31 of the Data and the Act and the ",
        ".",
        "31.1.a&b",
        "&amp;",
        "(a,",
        "12/",
        "’a",
        "40(5)(B)(a)(i)",
        "\u{200b}",
        "é",
        "🙂",
        "(a)(k)",
        "31(1)(a)(b)(c)(d)(e)(f)(g)(h)(i)(j), ",
        "31(k) of ",
        "of The The ",
    ] {
        let length = 20_000;
        let text: String = piece.chars().cycle().take(length).collect();
        let (whole, half) = (steps(&text), steps(&piece.chars().cycle().take(length / 2).collect::<String>()));
        assert!(whole <= STEPS_FOR_A_CHARACTER * length, "{piece}: {whole} steps");
        assert!(whole <= 2 * half + 2000, "{piece}: {half}, then {whole} steps");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".{0,400}") {
        for regime in Regime::ALL {
            assert_stable(*regime, &text);
            let _ = find_single(*regime, &text, today());
        }
        prop_assert!(steps(&text) <= STEPS_FOR_A_CHARACTER * (text.chars().count() + 1));
    }

    #[test]
    fn what_is_accepted_is_accepted_when_written_out(text in pieces()) {
        for regime in Regime::ALL {
            assert_stable(*regime, &text);
        }
        prop_assert!(steps(&text) <= STEPS_FOR_A_CHARACTER * (text.chars().count() + 1));
    }

    #[test]
    fn every_answer_quotes_the_text(text in pieces()) {
        let answer = read(Regime::Foia, &text);
        let quoted = answer.citations.iter().map(|citation| &citation.text);
        for quote in quoted.chain(answer.rejected.iter().map(|rejected| &rejected.text)) {
            prop_assert!(text.contains(quote.as_str()));
        }
        prop_assert!(!answer.citations.is_empty() || !answer.rejected.is_empty());
    }
}

//! What is refused, with which code and which suggestions.

use super::*;

#[test]
fn refuses_what_does_not_exist() {
    for text in ["3(3)", "43(4)", "31(1)(k)", "21(4)", "40(5C)", "40(2)(a)(z)", "45(1)", "section 99", "100"] {
        assert_eq!(refused(text).code, RejectionCode::Unknown, "{text}");
    }
    assert_eq!(refused("40(5C)").suggestions, ["40(5A)", "40(5B)"]);
    assert_eq!(refused_under(Regime::Eir, "regulation 12(5)(h)").suggestions.len(), 7);
    assert_eq!(refused("31(1)(a)(z)").text, "31(1)(a)(z)");
    assert_eq!(refused("31(1)(a), (k) and (b)").text, "(k)");
    assert_eq!(cited("43(3) and (2)").join(" "), "43(3) 43(2)");
}

#[test]
fn suggests_the_bracket_that_was_lost() {
    let answer = resolve(Regime::Foisa, "38(1)(b), 2(a)(i), 2(b) and (5)", day("2013-06-01"));
    let rejected: Vec<_> = answer
        .rejected
        .iter()
        .map(|rejected| (rejected.text.as_str(), rejected.code, rejected.suggestions.first().map(String::as_str)))
        .collect();
    assert_eq!(
        rejected,
        [
            ("2(a)(i)", RejectionCode::Unknown, Some("38(2)(a)(i)")),
            ("2(b)", RejectionCode::Unknown, Some("38(2)(b)")),
            ("(5)", RejectionCode::Unknown, None),
        ]
    );
    assert_eq!(answer.citations.len(), 1);
}

#[test]
fn refuses_what_exists_and_is_no_ground() {
    for text in ["17(4)", "36(5)", "24(3)", "2(2)(b)", "section 77", "40(2)(a)"] {
        let refused = refused(text);
        assert_eq!((refused.code, refused.suggestions), (RejectionCode::NotAGround, Vec::new()), "{text}");
    }
    assert_eq!(refused("section 24(3)").detail.split(" (").next(), Some("Section 24(3) exists"));
}

#[test]
fn refuses_what_cannot_stand_alone() {
    for (text, ground) in [
        ("31(2)(a)", "31(1)(g)"),
        ("40(3A)(a)", "40(2)"),
        ("12(4)", "12(1)"),
        ("30(2)(b)", "30(2)(a)(i)"),
        ("41(1)(a)", "41(1)"),
        ("33(1)(b), 31(3)", "33(2)"),
    ] {
        let refused = refused(text);
        assert_eq!(refused.code, RejectionCode::CannotStandAlone, "{text}");
        assert_eq!(refused.suggestions.first().map(String::as_str), Some(ground), "{text}");
    }
    assert_eq!(
        refused("31(2)(a)").detail,
        "Section 31(2)(a) is a purpose: it goes with a ground, and that is not cited."
    );
    // Saying the same twice brings no company.
    assert_eq!(read(Regime::Foia, "41(1)(a), 41(1)(a)").citations, []);
    // Each waits for a ground of its own regime.
    assert_eq!(read(Regime::Eir, "13(2A)(a)").rejected[0].suggestions, ["13(1)"]);
}

#[test]
fn refuses_keywords_of_the_other_sort_of_statute() {
    for text in ["section 12(5)(b)", "section 12(5)(b) of the EIR", "s12(5)(b)"] {
        let refused = refused_under(Regime::Eir, text);
        assert_eq!(refused.code, RejectionCode::WrongKeyword, "{text}");
        assert_eq!(refused.suggestions, ["regulation 12(5)(b)"], "{text}");
    }
    assert_eq!(refused("section 12(5)(b) of the EIR").suggestions, ["regulation 12(5)(b)"]);
    assert_eq!(refused("regulation 31(3)").suggestions, ["section 31(3)"]);
    assert_eq!(refused("regulation 12(5)(b)").suggestions, Vec::<String>::new());
    let governed = refusals(Regime::Eir, "sections 12(4)(d), (e) and 12(5)(a)");
    assert_eq!(governed.len(), 3);
    assert!(governed.iter().all(|(_, code)| *code == RejectionCode::WrongKeyword));
    let article = refused("Article 31(3)");
    assert_eq!((article.code, article.suggestions), (RejectionCode::WrongKeyword, vec!["31(3)".to_owned()]));
}

#[test]
fn refuses_what_belongs_to_another_enactment() {
    for text in [
        "section 40(2) of the Data Protection Act 2018",
        "s.40(2) DPA",
        "Article 6(1)(f) of the UK GDPR",
        "section 24(2) of the Local Government Act",
        "section 1(1) of the Official Secrets Act 1989",
    ] {
        assert_eq!(refused(text).code, RejectionCode::AnotherEnactment, "{text}");
    }
    let answer =
        read(Regime::Foia, "section 44(1)(a) by virtue of section 348 of the Financial Services and Markets Act 2000");
    assert_eq!(answer.citations[0].provision, "44(1)(a)");
    assert_eq!(answer.rejected[0].text, "section 348");
    assert_eq!(answer.rejected[0].code, RejectionCode::AnotherEnactment);
}

#[test]
fn refuses_ranges_that_leave_their_level() {
    for text in [
        "sections 30 to 32",
        "31(1) to (c)",
        "31(1)(a) to 40(2)",
        "36(2)(b)(i) to (c)",
        "31(1)(a) - (2)",
        "31(1)(a) to 31(2)(c)",
        "30-32",
    ] {
        let answer = read(Regime::Foia, text);
        assert_eq!(answer.citations, [], "{text}");
        assert_eq!(answer.rejected.len(), 1, "{text}");
        assert_eq!(answer.rejected[0].code, RejectionCode::RangeAcrossLevels, "{text}");
        assert_eq!(answer.rejected[0].text, text, "{text}");
    }
    assert_eq!(refused("31(1)(c) to (a)").code, RejectionCode::Malformed);
    assert_eq!(refused("31(1)(a) to (z)").code, RejectionCode::Unknown);
}

#[test]
fn refuses_brackets_that_leave_it_open_what_is_meant() {
    let wrong = refused("section 40(5)(B)(a)(i)");
    assert_eq!((wrong.code, wrong.suggestions), (RejectionCode::WrongBracketing, vec!["40(5B)(a)(i)".to_owned()]));
    assert_eq!(refused("40(5)(B)").suggestions, ["40(5B)", "40(5)(b)"]);
    for text in [
        "31()",
        "31(1)( )",
        "section 31(1)(*)",
        "31(1)(a,b)",
        "31(1)(abc)",
        "31(",
        "31(1)(",
        "section 031(1)",
        "s22AB(1)",
    ] {
        let refused = refused(text);
        assert_eq!((refused.code, refused.suggestions), (RejectionCode::Malformed, Vec::new()), "{text}");
        assert_eq!(refused.text, text);
    }
    assert_eq!(refused("31(1)a").suggestions, ["31(1)(a)"]);
    assert_eq!(refused("31(1)a").code, RejectionCode::Malformed);
    assert_eq!(refused("(3) and section 31(3)").text, "(3)");
}

#[test]
fn a_text_without_citations_is_refused_as_a_whole() {
    let text = "x".repeat(150);
    let refused = refused(&text);
    assert_eq!((refused.code, refused.text.len()), (RejectionCode::Malformed, 100));
    assert_eq!(refused.detail, "The text cites no provision.");
    for text in ["", " ", "section", "the exemption for crime", "Crime 31", "4567", "()", ")("] {
        assert_eq!(refusals(Regime::Foia, text), [(text.to_owned(), RejectionCode::Malformed)]);
    }
}

#[test]
fn stops_at_more_citations_than_any_letter_has() {
    let answer = read(Regime::Foia, &"31(3), ".repeat(501));
    assert_eq!(answer.citations.len(), 500);
    assert_eq!(refusals(Regime::Foia, &"31(3), ".repeat(501)), [("31(3), ".to_owned(), RejectionCode::TooMany)]);
    assert_eq!(refusals(Regime::Foia, &"31(3), ".repeat(500)), []);
    let long = format!("31(1){}", "(a)(b)".repeat(100));
    assert_eq!(refused(&long).code, RejectionCode::Malformed);
}

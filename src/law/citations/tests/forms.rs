//! Forms of citations, ranges, dates and warnings.

use super::*;

#[test]
fn reads_the_forms_seen_in_letters() {
    for (text, provisions) in [
        ("Section 31 (1)(a)(b) - Law Enforcement", "31(1)(a) 31(1)(b)"),
        ("Section 31(1)(a)(b) (Law Enforcement) and Section 40(2) Personal information", "31(1)(a) 31(1)(b) 40(2)"),
        ("sections 40(5)(personal information) and 30(3)(investigations and proceedings)", "40(5) 30(3)"),
        ("sections 40(2) & (5) and 30(1)", "40(2) 40(5) 30(1)"),
        ("sections 14(1), 30(1) and 40(2)", "14(1) 30(1) 40(2)"),
        (
            "sections 23(5) (security bodies), 24(2) (national security), 27(4) (international relations), 30(3) criminal \
             investigations, 31(1) (law enforcement) and 38(2)",
            "23(5) 24(2) 27(4) 30(3) 31(1) 38(2)",
        ),
        ("section 37(1)(a) ... section 21 of the Act ... section 40(2)", "37(1)(a) 21 40(2)"),
        ("Section 22 of the FOI Act.", "22"),
        ("Section 31.1.a&b or 31.1.c", "31(1)(a) 31(1)(b) 31(1)(c)"),
        ("s31.1.a-c", "31(1)(a) 31(1)(b) 31(1)(c)"),
        ("S.31(1)(g)&amp;31(2)(b)", "31(1)(g) 31(2)(b)"),
        ("Sec 31(1)(a) and/or sect. 31(1)(b)", "31(1)(a) 31(1)(b)"),
        ("section(s) 30(3) + 31(3)", "30(3) 31(3)"),
        ("section\u{a0}31&nbsp;(3), ss.\u{a0}43 ( 3 )", "31(3) 43(3)"),
        ("s30A? No: the exemption under s.30(1)(b).", ""),
        ("The exemption in section 31(1)(a) read with section 31(3)", "31(1)(a) 31(3)"),
        ("exemptions 30 and 31", "30 31"),
        ("40", "40"),
        ("s22a(1)", "22A(1)"),
        ("31(1)(h) and (i)", "31(1)(h) 31(1)(i)"),
        ("36(2)(b)(ii) and (c)", "36(2)(b)(ii) 36(2)(c)"),
        ("31(1)(a), (b), 40(2) & (3A)(a)", "31(1)(a) 31(1)(b) 40(2) 40(3A)(a)"),
        ("s.31(1)(a)/(b)/(c)", "31(1)(a) 31(1)(b) 31(1)(c)"),
    ] {
        if provisions.is_empty() {
            assert_eq!(refusals(Regime::Foia, text), [("s30A".to_owned(), RejectionCode::Unknown)]);
        } else {
            assert_eq!(cited(text).join(" "), provisions, "{text}");
        }
    }
}

#[test]
fn reads_the_forms_of_the_regulations_and_of_scotland() {
    for (regime, text, provisions) in [
        (
            Regime::Eir,
            "12(4)(d), 12(4)(e), 12(5)(a), 12(5)(b) and 12(5)(f) of the EIR",
            "12(4)(d) 12(4)(e) 12(5)(a) 12(5)(b) 12(5)(f)",
        ),
        (Regime::Eir, "Regs. 12(4)(a) & 12(5)(b)", "12(4)(a) 12(5)(b)"),
        (Regime::Foisa, "sections 30(b)(i), (ii) and (c) of FOISA", "30(b)(i) 30(b)(ii) 30(c)"),
        (Regime::Foisa, "s.18(1) read with s.30(a) to (c)", "18(1) 30(a) 30(b) 30(c)"),
        (Regime::Eisr, "regulation 10(4)(a) and (5)(b) of the EI(S)Rs", "10(4)(a) 10(5)(b)"),
    ] {
        assert_eq!(cited_under(regime, text).join(" "), provisions, "{text}");
    }
    // One number means different things: the regime decides.
    let title = |regime| read(regime, "31(1)").citations.pop().map(|citation| citation.provision_id);
    assert_eq!(title(Regime::Foia).as_deref(), Some("foia-31-1"));
    assert_eq!(title(Regime::Foisa).as_deref(), Some("foisa-31-1"));
    assert_eq!(title(Regime::Eir), None);
}

#[test]
fn keeps_the_text_of_each_citation() {
    let texts = |text: &str| -> Vec<String> {
        read(Regime::Foia, text).citations.into_iter().map(|citation| citation.text).collect()
    };
    assert_eq!(texts("Under Section 31 (1)(a)(b) - crime"), ["Section 31 (1)(a)", "(b)"]);
    assert_eq!(texts("sections 24(2) & 31(3)"), ["sections 24(2)", "31(3)"]);
    assert_eq!(texts("s.31(1)(a) to (c)"), ["s.31(1)(a)", "s.31(1)(a) to (c)", "(c)"]);
    assert_eq!(texts("sections\u{a0}31\u{200b}(3) – and 4️⃣"), ["sections\u{a0}31\u{200b}(3)"]);
    assert_eq!(texts("section 31(1)(a))"), ["section 31(1)(a))"]);
}

#[test]
fn the_name_of_an_enactment_decides_the_regime() {
    let foreign = |text: &str| read(Regime::Foia, text).citations.pop().unwrap();
    let of_eir = foreign("regulation 12(5)(b) of the Environmental Information Regulations 2004");
    assert_eq!((of_eir.provision_id.as_str(), of_eir.warnings), ("eir-12-5-b", vec![CitationWarning::AnotherRegime]));
    let of_foisa = foreign("sections 30(a) and 30(c) of the Freedom of Information (Scotland) Act 2002");
    assert_eq!(of_foisa.provision_id, "foisa-30-c");
    assert_eq!(foreign("s.30(c) FOISA").to_string(), "section 30(c) of the Freedom of Information (Scotland) Act 2002");
    // It belongs to what its keyword governs, and to nothing before that.
    let mixed = read(Regime::Foia, "section 40(2) and regulations 13(1), 12(5)(b) of the EIRs, section 31(3)");
    let ids: Vec<_> = mixed.citations.iter().map(|citation| citation.provision_id.as_str()).collect();
    assert_eq!(ids, ["foia-40-2", "eir-13-1", "eir-12-5-b", "foia-31-3"]);
    assert_eq!(cited("section 44(1)(a) under the Official Secrets Act 1989").join(" "), "44(1)(a)");
    assert_eq!(cited("section 31(1)(a) (law enforcement) of the Act").join(" "), "31(1)(a)");
}

#[test]
fn ranges_name_everything_between() {
    for (text, provisions) in [
        ("31(1)(a)-(d)", "31(1)(a) 31(1)(b) 31(1)(c) 31(1)(d)"),
        ("31(1)(a) – 31(1)(c)", "31(1)(a) 31(1)(b) 31(1)(c)"),
        ("section 36(2)(b)(i) to section 36(2)(b)(ii)", "36(2)(b)(i) 36(2)(b)(ii)"),
        ("37(1)(a) to (b)", "37(1)(a) 37(1)(aa) 37(1)(ab) 37(1)(ac) 37(1)(ad) 37(1)(b)"),
        ("31(1)(a) to (b) and (e)", "31(1)(a) 31(1)(b) 31(1)(e)"),
        ("31(1)(a)(c) to (d)", "31(1)(a) 31(1)(c) 31(1)(d)"),
        ("43(1) to (3)", "43(1) 43(2) 43(3)"),
    ] {
        assert_eq!(cited(text).join(" "), provisions, "{text}");
    }
    assert_eq!(cited_under(Regime::Foisa, "38(1)(a) to (c)").join(" "), "38(1)(a) 38(1)(b) 38(1)(c)");
}

#[test]
fn chooses_the_wording_of_the_day() {
    let on = |text: &str, date: &str| resolve(Regime::Foia, text, day(date));
    let ids = |answer: &ResolvedCitations| -> Vec<String> {
        answer.citations.iter().map(|citation| citation.provision_id.clone()).collect()
    };
    assert_eq!(ids(&on("40(2)", "2018-05-24")), ["foia-40-2-pre2018"]);
    assert_eq!(ids(&on("40(2)", "2018-05-25")), ["foia-40-2"]);
    for text in ["40(5)", "40(5)(b)(i)"] {
        assert!(!on(text, "2018-05-24").citations[0].warnings.contains(&CitationWarning::Superseded), "{text}");
        let later = &on(text, "2018-05-25").citations[0];
        assert!(later.warnings.contains(&CitationWarning::Superseded), "{text}");
        assert!(later.superseded_by.iter().any(|other| other.starts_with("40(5B)")), "{text}");
    }
    assert_eq!(on("40(5)", "2018-05-25").citations[0].superseded_by, ["40(5A)", "40(5B)"]);
    let early = on("40(5B)(a)(i)", "2018-05-24");
    assert_eq!((early.citations.len(), early.rejected[0].code), (0, RejectionCode::NotInForceYet));
    assert_eq!(early.rejected[0].suggestions, ["40(5)(b)(i)"]);
    assert_eq!(early.rejected[0].detail, "Section 40(5B)(a)(i) is in force from 2018-05-25.");
    let range = resolve(Regime::Foia, "37(1)(a) to (b)", day("2011-01-18"));
    assert_eq!(ids(&range), ["foia-37-1-a-pre2011", "foia-37-1-b"]);
}

#[test]
fn warns_of_what_is_imprecise_or_incomplete() {
    use CitationWarning::{CaseFolded, Imprecise, Incomplete, UnbalancedBrackets};
    for text in ["31(1)", "30(1)", "36(2)(b)", "31", "40", "12", "27(4)", "39(1)"] {
        assert_eq!(warnings(text), [Imprecise], "{text}");
    }
    for text in ["31(1)(g)", "30(2)(a)(i)", "40(2)"] {
        assert_eq!(warnings(text), [Incomplete], "{text}");
    }
    for text in [
        "31(3)",
        "43(2)",
        "21",
        "31(2)(a), 31(1)(g)",
        "30(2)(b), 30(2)(a)(i)",
        "40(3A)(a), 40(2)",
        "31(2)(c), 30(2)(b), 30(2)(a)(iii)",
    ] {
        assert_eq!(warnings(text), [], "{text}");
    }
    let incomplete = read(Regime::Foia, "30(2)(a)(iii)").citations.pop().unwrap();
    assert_eq!(incomplete.missing.len(), 2);
    assert_eq!(read(Regime::Eir, "12(4)(b)").citations[0].warnings, []);
    let together = read(Regime::Eir, "reg. 13(5A)/(5B)(a)(i)").citations;
    assert!(together.iter().all(|citation| citation.warnings.is_empty()), "{together:?}");
    assert_eq!(read(Regime::Eir, "13(5A)").citations[0].warnings, [Imprecise, Incomplete]);
    assert_eq!(warnings("31(1)(A)"), [CaseFolded]);
    assert_eq!(warnings("s.40(5a)"), [CaseFolded]);
    for text in
        ["31(1)(a", "31(1(a)", "31 (1)a)", "31((1)(a)", "31(1)(a))", "31(1)(a) (law enforcement", "31(1 and 31(1)(a"]
    {
        assert_eq!(warnings(text), [UnbalancedBrackets], "{text}");
        assert_eq!(cited(text).last().map(String::as_str), Some("31(1)(a)"), "{text}");
    }
    assert_eq!(warnings("(see section 31(1)(a))"), []);
}

#[test]
fn a_condition_is_accepted_beside_its_ground() {
    for text in [
        "40(2) and 40(3A)(a)",
        "40(3A)(a) with 40(2)",
        "31 and 31(2)(a)",
        "12(1) and (4)",
        "41(1)(a) and (b)",
        "33(2), 33(1)(a)",
    ] {
        assert_eq!(read(Regime::Foia, text).rejected, [], "{text}");
    }
}

#[test]
fn leaves_prose_aside() {
    for (text, provisions) in [
        (
            "Your request of 28 January 2020 (ref. FOI12345/2) was refused within 20 working days under section 31(3).",
            "31(3)",
        ),
        ("28/01/2020: section 31(3)", "31(3)"),
        ("1. Section 31(3)", "31(3)"),
        ("Parts 1 and question 3(a) of your request: s31(3); COVID-19, cover 24/7, £450, 31st and 5pm", "31(3)"),
        ("section 12(1): 24 hours at £25, or 18 hours", "12(1)"),
        ("s31(3) (FOIA 2000), 2019/20 and 40%", "31(3)"),
    ] {
        assert_eq!(cited(text).join(" "), provisions, "{text}");
    }
}

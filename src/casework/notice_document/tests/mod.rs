//! Notices of five letters in all their forms, and what must hold for every notice.

mod cases;

use serde_json::json;

use super::*;
use crate::{
    casework::response::{DeterminationOutcome, Particular, ResponseKind, ResponseStatus},
    law::{
        Regime,
        clock::{ExtensionKind, Scope},
    },
};
use cases::{Case, alternatives, case, cost, day, mixed, scottish_ncnd, unreasonable};

macro_rules! in_all_forms {
    ($($name:ident: $case:expr;)+) => {$(
        #[test]
        fn $name() {
            let case = $case;
            insta::assert_json_snapshot!(concat!(stringify!($name), "-json"), case.document());
            insta::assert_snapshot!(concat!(stringify!($name), "-html"), case.html());
            insta::assert_snapshot!(concat!(stringify!($name), "-markdown"), case.markdown());
            insta::assert_snapshot!(concat!(stringify!($name), "-text"), case.text());
        }
    )+};
}

in_all_forms! {
    a_mixed_letter: mixed();
    alternatives_with_a_statement_left_out: alternatives(0);
    a_refusal_on_cost: cost();
    a_scottish_neither: scottish_ncnd();
    a_manifestly_unreasonable_request: unreasonable();
}

#[test]
fn alternatives_read_the_same_whichever_was_recorded_first_and_nothing_left_out_is_shown() {
    let (one, other) = (alternatives(0), alternatives(1));
    assert_eq!(one.forms(), other.forms());
    for form in one.forms() {
        assert!(form.contains("section 23(1) or, if that does not apply, section 24(1)"), "{form}");
        assert!(!form.contains("STAY INSIDE") && !form.contains("WOULD TELL"), "{form}");
        assert!(!form.contains("section 24(1) or") && !form.contains("staff-"), "{form}");
    }
    let document = one.document();
    let tests =
        document.sections[0].subsections.iter().filter(|subsection| subsection.heading == "The public interest");
    assert_eq!(tests.count(), 1, "one joint test");
    assert_eq!(document.sections[0].relies_on, ["section 23(1) or, if that does not apply, section 24(1)"]);
}

#[test]
fn a_statement_on_the_public_interest_that_is_left_out_takes_its_test_along() {
    let case = alternatives(0).with(|case| {
        let omitted = case.response.determinations[0].grounds[0].statement_omitted.as_mut().unwrap();
        omitted.covers = vec!["17(1)(c)".parse().unwrap(), "17(3)(b)".parse().unwrap()];
    });
    for form in case.forms() {
        assert!(!form.contains("Accountability") && !form.contains("Trust between partners"), "{form}");
        assert!(form.contains("17(3)"), "{form}");
    }
    assert!(!case.document().has_gaps);
}

#[test]
fn an_omission_that_the_law_does_not_allow_is_kept_and_marked() {
    let case = unreasonable().with(|case| {
        case.response.determinations[0].grounds[0].statement_omitted =
            serde_json::from_value(json!({"under": "17(4)", "covers": ["14(3)(a)"]})).ok();
    });
    let text = case.text();
    assert!(!text.contains("a quarter of a year"), "{text}");
    assert!(text.contains("[Left out by the record: the statement of why it applies."), "{text}");
}

/// What would presume that something is held, or tell of it.
const PRESUMPTUOUS: [&str; 8] = [
    "the information you",
    "requested information",
    "withheld",
    "the documents",
    "we hold information of",
    "We provide",
    "the harm of disclosure",
    "In favour of disclosure",
];

#[test]
fn neither_confirming_nor_denying_presumes_nothing_and_describes_nothing() {
    let describe = |case: &mut Case| {
        let determination = case.response.determinations.last_mut().unwrap();
        let ground = &mut determination.grounds[0];
        ground.applies_to = "DESCRIPTION".parse().ok();
        ground.available_at = vec!["DESCRIPTION".parse().unwrap()];
        ground.publication_planned_on = Some(day("2021-06-30"));
        ground.cost_estimate = serde_json::from_value(json!({"hours": "99", "amount": "2475"})).ok();
        case.request.parts.last_mut().unwrap().scope_note = "DESCRIPTION".parse().ok();
    };
    for case in [mixed().with(describe), scottish_ncnd().with(describe)] {
        let document = case.document();
        let section = document.sections.iter().rfind(|section| section.kind == SectionKind::Part).unwrap();
        let said = serde_json::to_string(section).unwrap();
        for words in PRESUMPTUOUS {
            let innocent = said.replace("confirm nor deny that we hold information of", "");
            assert!(!innocent.contains(words), "{words} in {said}");
        }
        assert!(said.contains(
            "Nothing in this notice should be taken as showing that information of this description is or is not held."
        ));
        for form in case.forms() {
            assert!(!form.contains("DESCRIPTION") && !form.contains("2475") && !form.contains("June"), "{form}");
        }
    }
}

#[test]
fn markup_in_texts_is_escaped_in_html_and_untouched_in_plain_text() {
    const MARKUP: &str = "<script>alert('x')</script> & \"quoted\" {{ 7 * 7 }} {% raw %} # **bold** [a](b) £5 – ü";
    let case = mixed().with(|case| {
        case.authority.name = MARKUP.parse().unwrap();
        case.authority.review_particulars.as_mut().unwrap().contact = MARKUP.parse().ok();
        case.request.reference = MARKUP.to_owned();
        case.request.subject = MARKUP.parse().unwrap();
        case.request.parts[0].text = format!("{MARKUP}\n\n# {MARKUP}").parse().unwrap();
        case.response.determinations[0].explanation = MARKUP.parse().ok();
        case.response.determinations[0].grounds[0].reasons = MARKUP.parse().ok();
        case.response.determinations[0].grounds[0].as_cited = MARKUP.parse().ok();
        case.response.determinations[0].grounds[0].provision = None;
        case.response.determinations[2].public_interest_tests[0].factors_for[0].text = MARKUP.parse().unwrap();
        case.response.sent_documents[0].title = MARKUP.parse().ok();
    });
    let html = case.html();
    assert!(!html.contains("<script") && !html.contains("\"quoted\"") && !html.contains("49"), "{html}");
    assert!(
        html.contains("&lt;script&gt;alert(&#x27;x&#x27;)&lt;&#x2f;script&gt; &amp; &quot;quoted&quot; {{ 7 * 7 }}"),
        "{html}"
    );
    let text = case.text();
    assert!(text.matches(MARKUP).count() >= 10, "{text}");
    assert!(text.contains(&format!("{MARKUP}\n\n# {MARKUP}")), "{text}");
    let markdown = case.markdown();
    assert!(markdown.matches('<').count() == markdown.matches("\\<").count(), "{markdown}");
    assert!(!markdown.contains("**bold**") && !markdown.contains("[a]"), "{markdown}");
    assert!(!markdown.lines().any(|line| line.starts_with("# \\<")), "{markdown}");
    assert_eq!(case.document().sections[0].question, Some(format!("{MARKUP}\n\n# {MARKUP}")));
}

#[test]
fn a_draft_says_that_it_is_one_and_has_no_date() {
    let draft = mixed().with(|case| {
        case.response.status = ResponseStatus::Draft;
        case.response.issued_on = None;
    });
    for form in draft.forms() {
        assert!(form.contains("Draft: this notice has not been sent."), "{form}");
        assert!(!form.contains("15 March 2021"), "{form}");
    }
    assert_eq!(draft.document().date, None);
    assert!(mixed().forms().iter().all(|form| !form.contains("Draft")));
}

#[test]
fn what_the_settings_and_the_record_lack_is_a_marked_gap() {
    let bare = mixed().with(|case| {
        case.authority.review_particulars = None;
        case.authority.regulator_particulars = None;
        let determination = &mut case.response.determinations[0];
        determination.grounds[0].reasons = None;
        determination.grounds[0].legitimate_interests = None;
        case.response.determinations[2].public_interest_tests.clear();
        case.response.determinations[1].outcome = DeterminationOutcome::Withheld;
    });
    assert!(bare.document().has_gaps);
    assert!(!mixed().document().has_gaps);
    let text = bare.text();
    for gap in [
        "[Missing from the authority's settings: how to ask for an internal review.]",
        "[Missing from the authority's settings: the regulator and how to apply to it.]",
        "[Not recorded: why section 40(2) applies.]",
        "[Not recorded: how the public interest was weighed for section 31(3).]",
        "[Not recorded: the provision that this refusal rests on.]",
    ] {
        assert_eq!(text.matches(gap).count(), 1, "{gap} in {text}");
    }
    let html = bare.html();
    assert_eq!(html.matches("<p class=\"gap\">").count(), 5, "{html}");
}

#[test]
fn a_letter_is_not_made_to_say_what_it_is_recorded_as_leaving_out() {
    let omitted = mixed().with(|case| case.response.particulars.regulator = Some(Particular::Omitted));
    assert!(!omitted.text().contains("Office of the Regulator"));
    let none = mixed().with(|case| case.response.particulars.internal_review = Some(Particular::NoneExists));
    assert!(!none.text().contains("The Disclosure Office"));
    assert!(none.text().contains("We have no procedure of our own"));
}

#[test]
fn a_scottish_exemption_named_beside_section_18_is_what_that_relies_on() {
    let determinations = json!([{"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [
        {"provision": "35(1)(a)", "threshold": "would", "reasons": "Operations."}, {"provision": "18(1)"}]}]);
    let document = case(Regime::Foisa, &["Operations."], determinations).document();
    let section = &document.sections[0];
    assert_eq!(section.relies_on, ["section 18(1)"]);
    assert_eq!(section.subsections.len(), 1);
    let said = serde_json::to_string(section).unwrap();
    assert!(
        said.contains(
            "The exemption that would apply to any such information, if it existed and were held: section 35(1)(a)."
        ),
        "{said}"
    );
    assert!(said.contains("section 35(1)(a): the harm would follow"), "{said}");
}

#[test]
fn parts_under_two_regimes_each_have_their_own_law_and_rights() {
    let determinations = json!([{"part": "1", "outcome": "not_held"}, {"part": "2", "outcome": "not_held",
        "grounds": [{"provision": "12(4)(a)"}]}]);
    let text = case(Regime::Foia, &["Minutes.", "Readings."], determinations)
        .with(|case| case.request.parts[1].regime = Regime::Eir)
        .text();
    for words in [
        "under the Freedom of Information Act 2000 and the Environmental Information Regulations 2004.",
        "We do not hold information of this description.",
        "We did not hold information of this description when we received your request.",
        "section 50 of the Freedom of Information Act 2000",
        "Under regulation 11 of the Environmental Information Regulations 2004",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn every_word_of_every_regime_can_be_said_for_every_kind_and_outcome() {
    for regime in Regime::ALL {
        for kind in ResponseKind::ALL {
            for outcome in DeterminationOutcome::ALL {
                let determinations = json!([{"part": "1", "outcome": outcome, "grounds": [{"as_cited": "3(3)",
                    "qualified_person": {"office": "The head"}, "enactment": "An Act", "publication_planned_on": "2021-06-30",
                    "available_at": ["A page"], "earlier_request": {"reference": "1", "complied_on": "2020-01-02"},
                    "certificate": "A certificate", "cost_estimate": {"hours": "1", "amount": "25"}}]}]);
                let case = case(*regime, &["A question."], determinations).with(|case| case.response.kind = *kind);
                for form in case.forms() {
                    assert!(form.contains(&format!("{} 3(3)", regime.division())), "{form}");
                }
            }
        }
    }
}

#[test]
fn a_public_interest_extension_names_its_provisions_and_its_estimate() {
    let determinations = json!([]);
    let open = case(Regime::Foia, &["The file."], determinations).with(|case| {
        case.response.left_open = serde_json::from_value(json!([{"part": "1", "reason": "Not yet weighed."}])).unwrap();
    });
    assert!(open.text().contains("[Not recorded: the day by which we expect to decide.]"));
    let told = |notified_on: &str, estimated_on: &str| AnnouncedExtension {
        scope: Scope::Parts(vec!["1".parse().unwrap()]),
        kind: ExtensionKind::PublicInterest,
        notified_on: day(notified_on),
        estimated_on: Some(day(estimated_on)),
        grounds: vec!["31(1)(a)".parse().unwrap(), "s.24(1)".parse().unwrap()],
    };
    let extended = open.with(|case| {
        case.extensions =
            vec![told("2021-03-10", "2021-04-12"), told("2021-03-12", "2021-04-26"), told("2021-03-18", "2021-05-10")];
    });
    let text = extended.text();
    assert!(
        text.contains(
            "to weigh the public interest for section 24(1) and section 31(1)(a). This is a notice under section 17(2)"
        ),
        "{text}"
    );
    assert!(text.contains("We estimate that we will decide by 26 April 2021."), "{text}");
}

//! Official forms: requests that fall between their columns.

use super::{
    returns::{ReturnDocument, ReturnKind, ReturnQuestion, ReturnSubject, prepare},
    *,
};
use DeterminationOutcome::{Disclosed, Withheld};

fn form(kind: ReturnKind, period: &str, as_at: &str, stories: &[Story]) -> ReturnDocument {
    let subject = ReturnSubject { authority_id: "", name: "A body", kind: "other", nation: "uk" };
    let (period, as_at) = (period.parse().unwrap(), day(as_at));
    let question = ReturnQuestion { subject, period, as_at, today: Date::LAST, reviews: &[], complaints: &[] };
    let document = prepare(kind, Calendars::embedded(), &cases(stories), &question);
    assert!(document.broken().is_empty(), "{:?}", document.identities);
    document
}

fn cell<'a>(document: &'a ReturnDocument, heading: &str) -> &'a str {
    &document.columns.iter().find(|column| column.heading == heading).unwrap().published
}

/// Answered, the question of a week after receipt sets the limit anew: the last day of the quarter, which received nothing.
#[test]
fn what_is_open_within_a_limit_of_the_period_is_not_yet_due_in_it() {
    let story =
        Story::new("2024-06-17").under(Regime::Foisa).event("asked", "2024-06-24", Happening::ClarificationAsked);
    let story = story.event("came", "2024-09-02", Happening::ClarificationAnswered { question: "asked".to_owned() });
    let at = |period: &str, as_at: &str| {
        let document = form(ReturnKind::ScottishCommissioner, period, as_at, std::slice::from_ref(&story));
        (document.not_yet_due, document.can_be_filed, cell(&document, "FOISA - faliure to respond").to_owned())
    };
    assert_eq!(at("2024-Q3", "2024-09-30"), (1, false, "0".to_owned()));
    assert_eq!(at("2024-Q3", "2024-10-01"), (0, true, "1".to_owned()));
    assert_eq!(at("2024-Q2", "2024-09-30"), (1, false, "0".to_owned()), "received in it");
    assert_eq!(at("2024-Q4", "2024-12-31"), (0, true, "0".to_owned()));
}

/// Of the three only the last is section 21 whatever applies.
#[test]
fn grounds_in_the_alternative_are_not_counted_under_a_member() {
    let withheld =
        |class: &str| Story::new("2024-01-08").answered("1", "2024-02-05", Withheld).citing("1", "2024-02-05", class);
    let year = |stories: &[Story]| form(ReturnKind::CabinetOffice, "2024", "2025-01-31", stories);
    let total = ["Total Section 21 exemptions used", "S21 Fully Exempt", "Total exemptions and exceptions applied"];
    let document = year(&[withheld("21(1) or 22(1)")]);
    assert_eq!(total.map(|heading| cell(&document, heading)), ["0", "0", "1"]);
    let document = year(&[withheld("22(1) or 21(1)"), withheld("21(1)"), withheld("21(1) or 21(2)(a)")]);
    assert_eq!(total.map(|heading| cell(&document, heading)), ["2", "2", "1"]);
}

#[test]
fn scottish_alternatives_under_several_columns_are_left_over() {
    let withheld = |class: &str| {
        let story = Story::new("2024-01-08").under(Regime::Foisa);
        story.answered("1", "2024-02-05", Withheld).citing("1", "2024-02-05", class)
    };
    let stories = ["30(b)(i) or 30(b)(ii)", "31(4)(a) or 31(4)(b)", "30(c)", "12(1)"].map(withheld);
    let document = form(ReturnKind::ScottishCommissioner, "2024-Q1", "2024-04-30", &stories);
    let exemptions = document.identities.last().unwrap();
    assert_eq!(exemptions.name, "exemptions and exceptions applied = the columns of exemptions and exceptions");
    assert_eq!((exemptions.whole, exemptions.parts, exemptions.residual, exemptions.must_hold), (3, 2, 1, false));
    for (heading, count) in [
        ("Substantial inhibition to free and frank provision of advice", "0"),
        ("Substantial inhibition to free and frank exchange of views", "0"),
        ("Substantial prejudice to defence", "1"),
    ] {
        assert_eq!(cell(&document, heading), count, "{heading}");
    }
}

/// Received on 1 May 2024, both parts due on the 31st. The part under FOIA was answered five working days later, the other
/// on the last day of its own extension.
#[test]
fn the_length_of_an_extension_is_that_of_the_extended_part() {
    let story = Story::new("2024-05-01").part("2", Regime::Eir, true).extended("2024-05-20", "2024-07-31").of_part("1");
    let complex = Happening::Extension {
        extension: ExtensionKind::ComplexityAndVolume,
        estimated_on: Some(day("2024-06-28")),
        names_qualified_ground: false,
    };
    let story = story.event("complex", "2024-05-20", complex).of_part("2").answered("1", "2024-06-07", Disclosed);
    let lengths = |story: &Story, headings: [&str; 4]| {
        let document = form(ReturnKind::CabinetOffice, "2024", "2025-01-31", std::slice::from_ref(story));
        headings.map(|heading| cell(&document, heading).to_owned())
    };
    let headings = ["PIT Total Requests Extended", "PIT Number Completed", "PIT 5 or Less", "PIT 16 to 20"];
    let answered = story.clone().answered("2", "2024-06-28", Disclosed);
    assert_eq!(lengths(&answered, headings), ["1", "1", "1", "0"]);
    assert_eq!(lengths(&story, headings), ["1", "1", "1", "0"], "completed though the other part is open");
    // Of two extended parts the longer counts, and neither before both are answered.
    let two = Story::new("2024-05-01").part("2", Regime::Foia, true).extended("2024-05-20", "2024-07-31");
    let one_answered = two.answered("1", "2024-06-07", Disclosed);
    assert_eq!(lengths(&one_answered, headings), ["1", "0", "0", "0"]);
    assert_eq!(lengths(&one_answered.answered("2", "2024-06-28", Disclosed), headings), ["1", "1", "0", "1"]);
}

/// The extension ended in the year in which it was announced, whatever the other part did.
#[test]
fn an_extension_that_was_over_is_not_among_those_of_the_year_before() {
    let story = Story::new("2023-11-01").part("2", Regime::Eir, true).extended("2023-11-20", "2024-02-29").of_part("1");
    let of_before = |story: Story| {
        let document =
            form(ReturnKind::CabinetOffice, "2024", "2025-01-31", &[story.answered("2", "2024-02-01", Disclosed)]);
        cell(&document, "PIT uncompleted prev year Total last year").to_owned()
    };
    assert_eq!(of_before(story.clone().answered("1", "2023-12-20", Disclosed)), "0");
    assert_eq!(of_before(story.answered("1", "2024-01-15", Disclosed)), "1");
}

#[test]
fn a_form_names_the_day_that_it_is_counted_at() {
    let stories = [Story::new("2024-01-08")];
    for (asked, assessed) in [("2024-03-01", "2024-03-01"), ("2024-03-31", "2024-03-31"), ("2024-06-03", "2024-03-31")]
    {
        let document = form(ReturnKind::CommissionerSelfAssessment, "2024-Q1", asked, &stories);
        assert_eq!((document.as_at, cell(&document, "as_at")), (day(assessed), assessed));
        assert_eq!(document.can_be_filed, asked >= "2024-03-31");
        assert_eq!(form(ReturnKind::CodePart8, "2024-Q1", asked, &stories).as_at, day(asked));
    }
}

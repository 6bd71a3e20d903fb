//! Words around an answer that leaves open whether there is anything, which read as if it were known. What was found is
//! shown to those who work on the draft and kept nowhere: an excerpt would say again what should not have been said.

use std::collections::BTreeMap;

use crate::{
    casework::{
        response::Prejudice,
        text::{Prose, Text},
    },
    law::{
        Finding, Severity,
        notice::{
            admission::admits,
            check::{Applies::Guidance, Check, Hit, Test},
            letter::{CitedGround, DeterminedPart},
            ncnd::guarded,
        },
    },
};

/// The id of the check.
const WORDING: &str = "ncnd-wording";

/// The longest excerpt shown, in characters.
const LONGEST_EXCERPT: usize = 200;

/// The check of words.
pub(super) const CHECKS: &[Check] = &[Check {
    id: WORDING,
    severity: Severity::Warning,
    rests_on: [Guidance, Guidance, Guidance, Guidance],
    message: "Words around an answer without confirming or denying read as if it were known whether there is anything.",
    next_step: "Word it so that it fits both cases, like \"information, if any\", and argue from confirming and from denying.",
    test: Test::Part(wording),
}];

/// Phrases that know that there is something, or that there is nothing.
const PRESUMING: [&str; 40] = [
    "is held",
    "are held",
    "was held",
    "were held",
    "is not held",
    "are not held",
    "not held",
    "we hold",
    "we do hold",
    "we do not hold",
    "does not hold",
    "do not hold",
    "holds no",
    "hold no",
    "holds information",
    "holds the information",
    "hold the information",
    "the information you requested",
    "the information you have requested",
    "the requested information",
    "the information requested",
    "the requested documents",
    "the documents requested",
    "the documents you requested",
    "the withheld",
    "been withheld",
    "been redacted",
    "redactions",
    "has located",
    "have located",
    "were located",
    "was located",
    "records located",
    "documents located",
    "our searches",
    "searches found",
    "was retrieved",
    "were retrieved",
    "no trace of",
    "nothing was found",
];

/// Words that leave it open: a sentence with one of them is let pass.
const LEAVING_OPEN: [&str; 14] = [
    "whether",
    "if held",
    "if any",
    "if it is held",
    "if it were held",
    "if they were held",
    "were it held",
    "neither confirm",
    "neither confirms",
    "confirm or deny",
    "confirming or denying",
    "would be held",
    "may be held",
    "might be held",
];

/// The findings as they may be kept and shown to everybody who sees the response: of the words only that there are some.
#[must_use]
pub fn without_excerpts(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        if finding.id != WORDING {
            kept.push(finding);
        } else if kept.iter().all(|earlier| earlier.id != WORDING) {
            kept.push(Finding { pointer: None, facts: BTreeMap::new(), ..finding });
        }
    }
    kept
}

fn wording(part: &DeterminedPart<'_>) -> Vec<Hit> {
    if !guarded(part) {
        return Vec::new();
    }
    let of_letter = words_of(part).into_iter().filter_map(|(pointer, text)| {
        let excerpt = presuming_sentence(text)?;
        Some(Hit::at(pointer).fact("excerpt", excerpt))
    });
    let around = part.facts.words.iter().filter_map(|words| {
        let excerpt = presuming_sentence(&words.text)?;
        Some(Hit::at("/outcome").fact("place", words.place).fact("excerpt", excerpt))
    });
    of_letter.chain(around).collect()
}

/// The free words of the answer to a part, each with its pointer from the determination.
fn words_of<'a>(part: &'a DeterminedPart<'_>) -> Vec<(String, &'a str)> {
    let mut words: Vec<(String, &str)> = Vec::new();
    let explanation = part.determination.explanation.as_ref();
    words.extend(explanation.map(|text| ("/explanation".to_owned(), text.as_str())));
    for ground in &part.grounds {
        // The members of a group are not told apart, not even by what is written with them.
        let at = if ground.alternative_group().is_some() {
            "/grounds".to_owned()
        } else {
            format!("/grounds/{}", ground.index)
        };
        let in_group = ground.alternative_group().is_some();
        let of_ground = of_ground(ground).into_iter();
        words.extend(
            of_ground.map(|(member, text)| (if in_group { at.clone() } else { format!("{at}/{member}") }, text)),
        );
    }
    for (at, test) in part.determination.public_interest_tests.iter().enumerate() {
        for (side, factors) in [("factors_for", &test.factors_for), ("factors_against", &test.factors_against)] {
            let factors = factors.iter().enumerate();
            words.extend(factors.map(|(index, factor)| {
                (format!("/public_interest_tests/{at}/{side}/{index}/text"), factor.text.as_str())
            }));
        }
    }
    words
}

/// The free words of a ground, each with its pointer from the ground.
fn of_ground<'a>(ground: &'a CitedGround<'_>) -> Vec<(String, &'a str)> {
    let said = ground.ground;
    let prejudice = said.prejudice.as_ref();
    let of_prejudice = |member: fn(&'a Prejudice) -> Option<&'a Prose>| prejudice.and_then(member).map(Text::as_str);
    let legitimate = said.legitimate_interests.as_ref();
    let opinion = said.qualified_person.as_ref().and_then(|person| person.opinion.as_ref());
    let estimate = said.cost_estimate.as_ref();
    let single = [
        ("reasons", said.reasons.as_deref()),
        ("consistency_reasons", said.consistency_reasons.as_deref()),
        ("applies_to", said.applies_to.as_deref()),
        ("prejudice/interest", of_prejudice(|prejudice| prejudice.interest.as_ref())),
        ("prejudice/harm", of_prejudice(|prejudice| prejudice.harm.as_ref())),
        ("prejudice/causal_link", of_prejudice(|prejudice| prejudice.causal_link.as_ref())),
        ("prejudice/from_confirming", of_prejudice(|prejudice| prejudice.from_confirming.as_ref())),
        ("prejudice/from_denying", of_prejudice(|prejudice| prejudice.from_denying.as_ref())),
        ("legitimate_interests/interest", legitimate.and_then(|test| test.interest.as_deref())),
        ("legitimate_interests/balance", legitimate.and_then(|test| test.balance.as_deref())),
        ("qualified_person/opinion", opinion.map(Text::as_str)),
        ("cost_estimate/basis", estimate.and_then(|estimate| estimate.basis.as_deref())),
        ("enactment", said.enactment.as_deref()),
        ("certificate", said.certificate.as_deref()),
    ];
    let single = single.into_iter().filter_map(|(member, text)| Some((member.to_owned(), text?)));
    let activities = estimate.into_iter().flat_map(|estimate| estimate.activities.iter().enumerate());
    let of_activities = activities.filter_map(|(at, activity)| {
        Some((format!("cost_estimate/activities/{at}/basis"), activity.basis.as_deref()?))
    });
    let places = said.available_at.iter().enumerate();
    let of_places = places.map(|(at, place)| (format!("available_at/{at}"), place.as_str()));
    single.chain(of_activities).chain(of_places).collect()
}

/// The first sentence that presumes, cut to the length of an excerpt.
fn presuming_sentence(text: &str) -> Option<String> {
    let mut sentences = text.split(['.', '!', '?', ';', '\n']).map(str::trim);
    let found = sentences.find(|sentence| {
        let lower = sentence.to_lowercase();
        let has = |phrase: &&str| has_words(&lower, phrase);
        (PRESUMING.iter().any(&has) || admits(&lower)) && !LEAVING_OPEN.iter().any(&has)
    })?;
    Some(found.chars().take(LONGEST_EXCERPT).collect())
}

/// Whether the phrase stands in the text as whole words.
fn has_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|tail| tail.chars().next());
        let outside = |neighbour: Option<char>| neighbour.is_none_or(|letter| !letter.is_alphanumeric());
        outside(before) && outside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_presumes_unless_it_leaves_the_question_open() {
        for (text, found) in [
            (
                "The information you requested would help offenders.",
                Some("The information you requested would help offenders"),
            ),
            ("It matters. We do NOT hold any; sorry.", Some("We do NOT hold any")),
            ("To say whether anything is held would harm.", None),
            ("Information, if any is held, would be sensitive.", None),
            ("Either answer would tell offenders where to go.", None),
            ("The withheldness of it", None),
            ("Records located\nin the archive", Some("Records located")),
        ] {
            assert_eq!(presuming_sentence(text).as_deref(), found, "{text}");
        }
        let long = format!("the withheld {}", "x".repeat(500));
        assert_eq!(presuming_sentence(&long).unwrap().chars().count(), LONGEST_EXCERPT);
    }
}

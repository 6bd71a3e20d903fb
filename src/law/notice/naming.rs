//! Citations in the form of the catalogue, for what is recorded: a ground counts by one form however it was written, and
//! its own words are kept beside. Judges nothing; a citation that the catalogue does not know stays as it was written.

use crate::{
    casework::{
        response::{Determination, Ground},
        text::{Text, Word},
    },
    law::{
        Date, Regime,
        catalogue::{Catalogue, Provision, WrittenCitation},
        citations::resolve,
        notice::cited_row,
    },
};

/// Names everything that the answer to a part cites as the catalogue writes it on the day of the letter. A test may name
/// an alternative group, whose name is no citation.
pub fn name_canonically(determination: &mut Determination, regime: Regime, on: Date) {
    for ground in &mut determination.grounds {
        name_ground(ground, &[regime], on);
    }
    let groups: Vec<Word> =
        determination.grounds.iter().filter_map(|ground| ground.alternative_group.clone()).collect();
    let tests = &mut determination.public_interest_tests;
    for named in tests.iter_mut().flat_map(|test| &mut test.provisions).filter(|named| !groups.contains(named)) {
        name_citation(named, &[regime], on);
    }
}

/// Names a ground and what it relies on as the catalogue writes them. Words that differ are kept in `as_cited`, unless the
/// ground has those of the letter already; what the catalogue does not know is kept in no other member.
pub fn name_ground(ground: &mut Ground, regimes: &[Regime], on: Date) {
    if let Some(written) = ground.provision.take() {
        ground.provision = canonical(&written, regimes, on);
        if ground.provision.as_ref() != Some(&written) && ground.as_cited.is_none() {
            ground.as_cited = Some(written.widen());
        }
    }
    for limb in &mut ground.relies_on {
        name_citation(&mut limb.provision, regimes, on);
    }
}

/// Names one citation as the catalogue writes it under the first of these regimes that knows it.
pub fn name_citation(cited: &mut Word, regimes: &[Regime], on: Date) {
    if let Some(canonical) = canonical(cited, regimes, on) {
        *cited = canonical;
    }
}

/// A bare section stays bare: the row that it stands for would say more than was written.
fn canonical(cited: &Word, regimes: &[Regime], on: Date) -> Option<Word> {
    let known = regimes.iter().find_map(|regime| Some((*regime, cited_row(*regime, on, Text::as_str(cited))?)));
    let (regime, row) = known?;
    let written = WrittenCitation::read(cited).map(|written| written.canonical.to_string());
    let mut resolved = resolve(regime, cited, on).citations.into_iter().map(|citation| citation.provision);
    let single = resolved.next().filter(|_| resolved.next().is_none());
    written.or(single).unwrap_or_else(|| row.provision.clone()).parse().ok()
}

/// What a citation of a day means under the first of these regimes that knows it, in a form that means the same and has no
/// word of whoever cited it; `None` for what the catalogue does not know.
#[must_use]
pub fn without_own_words(cited: &str, regimes: &[Regime], on: Date) -> Option<Word> {
    let meant = |cited: &str| regimes.iter().find_map(|regime| cited_row(*regime, on, cited));
    let row = meant(cited)?;
    let same = |form: &String| meant(form).is_some_and(|other| other.id == row.id);
    forms(row).into_iter().find(same)?.parse().ok()
}

/// Whether a citation is one that [`without_own_words`] gives.
#[must_use]
pub fn has_no_own_words(cited: &str) -> bool {
    Catalogue::embedded().iter().any(|row| forms(row).iter().any(|form| form == cited))
}

/// A provision as the catalogue has it, and with the name of its enactment, for parts under several regimes.
fn forms(row: &Provision) -> [String; 2] {
    [row.provision.clone(), format!("{} {}", row.citation, row.regime.as_str().to_uppercase())]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn on() -> Date {
        "2021-03-15".parse().unwrap()
    }

    fn named(ground: Value) -> Value {
        let mut ground: Ground = serde_json::from_value(ground).unwrap();
        name_ground(&mut ground, &[Regime::Foia], on());
        serde_json::to_value(ground).unwrap()
    }

    #[test]
    fn a_ground_counts_by_one_form_and_keeps_its_words() {
        assert_eq!(named(json!({"provision": "40(2)"})), json!({"provision": "40(2)"}));
        assert_eq!(
            named(
                json!({"provision": "section 31 (1)(a)", "relies_on": [{"provision": "s.40(3A)(a)"}, {"provision": "31(1)(z)"}]})
            ),
            json!({"provision": "31(1)(a)", "as_cited": "section 31 (1)(a)",
                "relies_on": [{"provision": "40(3A)(a)"}, {"provision": "31(1)(z)"}]})
        );
        assert_eq!(
            named(json!({"provision": "s31(3)", "as_cited": "Section 31(3) of the Act"})),
            json!({"provision": "31(3)", "as_cited": "Section 31(3) of the Act"})
        );
        assert_eq!(named(json!({"provision": "31"})), json!({"provision": "31"}));
        for bare in ["section 31", "Section 31 - Law Enforcement"] {
            assert_eq!(named(json!({"provision": bare})), json!({"provision": "31", "as_cited": bare}));
        }
        assert_eq!(named(json!({"provision": "31.1.A"})), json!({"provision": "31(1)(a)", "as_cited": "31.1.A"}));
        assert_eq!(named(json!({"provision": "3(3)"})), json!({"as_cited": "3(3)"}));
        assert_eq!(named(json!({"as_cited": "section 3(3)"})), json!({"as_cited": "section 3(3)"}));
    }

    #[test]
    fn a_test_that_names_a_group_goes_on_naming_it() {
        let mut determination: Determination = serde_json::from_value(json!({"part": "1", "outcome": "withheld",
            "grounds": [{"provision": "23(1)", "alternative_group": "section 24"}, {"provision": "24(1)", "alternative_group": "section 24"},
                {"provision": "43(2)"}],
            "public_interest_tests": [{"provisions": ["section 24", "section 43(2)", "the rest"]}]}))
        .unwrap();
        name_canonically(&mut determination, Regime::Foia, on());
        let test = determination.public_interest_tests.first().unwrap();
        assert_eq!(test.provisions.iter().map(Text::as_str).collect::<Vec<_>>(), ["section 24", "43(2)", "the rest"]);
    }

    #[test]
    fn the_catalogue_names_its_own_rows_as_they_are() {
        for row in Catalogue::embedded().iter() {
            let mut cited: Word = row.provision.parse().unwrap();
            name_citation(&mut cited, &[row.regime], on());
            assert_eq!(cited.as_str(), row.provision, "{}", row.id);
        }
    }

    #[test]
    fn what_is_kept_of_a_citation_means_the_same_and_has_no_other_word() {
        let all = [Regime::Foia, Regime::Eir, Regime::Foisa, Regime::Eisr];
        let kept =
            |cited: &str, regimes: &[Regime]| without_own_words(cited, regimes, on()).map(|kept| kept.to_string());
        for (cited, regimes, expected) in [
            ("s40(2) data of Jane Doe", &all[..1], Some("40(2)")),
            ("Section 31", &all[..1], Some("31(1)")),
            ("regulation 12(4)(b)", &all[..2], Some("12(4)(b)")),
            ("section 36(1) of FOISA", &[Regime::Foia, Regime::Foisa], Some("section 36(1) FOISA")),
            ("Jane Doe", &all, None),
            ("40(2)", &[], None),
        ] {
            assert_eq!(kept(cited, regimes).as_deref(), expected, "{cited}");
            assert!(expected.is_none_or(has_no_own_words));
        }
        for row in Catalogue::embedded().iter().filter(|row| row.is_in_force_on(on())) {
            let of = |cited: &str| cited_row(row.regime, on(), cited).map(|row| row.id.clone());
            for cited in forms(row) {
                let kept = kept(&cited, &[row.regime]).unwrap_or_default();
                assert_eq!((of(&kept), has_no_own_words(&kept)), (of(&cited), true), "{cited}");
            }
        }
        assert!(!has_no_own_words("s40(2) data of Jane Doe") && !has_no_own_words("Erased"));
    }
}

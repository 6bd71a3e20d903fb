//! The members of an alternative group in the order of the statute, in the places that they have among other grounds: the
//! order in which a letter was written tells nothing of which member applied.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    casework::{
        response::{Determination, Ground},
        text::Word,
    },
    law::{
        Date, Regime,
        catalogue::{PrintPlace, print_place},
        notice::cited_row,
    },
};

/// Puts the members of each alternative group of a determination into the order of the statute, and what its
/// public-interest tests say of them as well.
pub fn order_alternatives(determination: &mut Determination, regime: Regime, on: Date) {
    for group in groups(&determination.grounds) {
        let members = order_group(&mut determination.grounds, &group, regime, on);
        let is_member = |cited: &Word| members.contains(&place(regime, on, cited));
        for test in &mut determination.public_interest_tests {
            sort_in_places(&mut test.provisions, is_member, |cited| place(regime, on, cited));
        }
        sort_in_places(
            &mut determination.public_interest_tests,
            |test| test.provisions.iter().any(is_member),
            |test| {
                let places: Vec<PrintPlace> = test.provisions.iter().map(|cited| place(regime, on, cited)).collect();
                (places, written(test))
            },
        );
    }
}

/// Puts the members of each alternative group into the order of the statute.
pub fn order_grounds(grounds: &mut [Ground], regime: Regime, on: Date) {
    for group in groups(grounds) {
        order_group(grounds, &group, regime, on);
    }
}

/// Orders one group, and gives the places of its members.
fn order_group(grounds: &mut [Ground], group: &Word, regime: Regime, on: Date) -> BTreeSet<PrintPlace> {
    let place_of = |ground: &Ground| {
        let cited = ground.provision.as_deref().or(ground.as_cited.as_deref()).unwrap_or_default();
        place(regime, on, cited)
    };
    let is_member = |ground: &Ground| ground.alternative_group.as_ref() == Some(group);
    sort_in_places(grounds, is_member, |ground| (place_of(ground), written(ground)));
    grounds.iter().filter(|ground| is_member(ground)).map(place_of).collect()
}

fn groups(grounds: &[Ground]) -> BTreeSet<Word> {
    grounds.iter().filter_map(|ground| ground.alternative_group.clone()).collect()
}

/// Where the statute prints what is cited; what is no provision comes last.
fn place(regime: Regime, on: Date, cited: &str) -> PrintPlace {
    cited_row(regime, on, cited).map_or_else(|| print_place(cited), |row| print_place(&row.provision))
}

/// Tells apart what cites the same provision twice.
fn written(item: &impl Serialize) -> String {
    serde_json::to_string(item).unwrap_or_default()
}

/// Sorts the members among the items; the others keep their places.
fn sort_in_places<T: Clone, K: Ord>(items: &mut [T], is_member: impl Fn(&T) -> bool, key: impl Fn(&T) -> K) {
    let mut members: Vec<T> = items.iter().filter(|item| is_member(item)).cloned().collect();
    members.sort_by_cached_key(key);
    let places = items.iter_mut().filter(|item| is_member(item));
    for (place, member) in places.zip(members) {
        *place = member;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_change_places_among_themselves_alone() {
        let mut answer: Determination = serde_json::from_value(json!({"part": "1", "outcome": "withheld", "grounds": [
            {"provision": "24(2)", "alternative_group": "a"}, {"provision": "40(2)"}, {"as_cited": "The Secrets Act", "alternative_group": "a"},
            {"provision": "31(1)(a)"}, {"provision": "s.23(5)", "alternative_group": "a"}, {"provision": "22A(1)", "alternative_group": "b"},
            {"provision": "22(1)", "alternative_group": "b"}],
          "public_interest_tests": [{"provisions": ["24(2)"]}, {"provisions": ["31(1)(a)", "24(2)", "40(2)", "23(5)"]}, {"provisions": ["40(2)"]},
            {"provisions": ["23(5)"]}]})).unwrap();
        order_alternatives(&mut answer, Regime::Foia, "2026-06-01".parse().unwrap());
        let cited: Vec<&str> = answer
            .grounds
            .iter()
            .map(|ground| ground.provision.as_deref().or(ground.as_cited.as_deref()).unwrap())
            .collect();
        assert_eq!(cited, ["s.23(5)", "40(2)", "24(2)", "31(1)(a)", "The Secrets Act", "22(1)", "22A(1)"]);
        let tests: Vec<Vec<&str>> = answer
            .public_interest_tests
            .iter()
            .map(|test| test.provisions.iter().map(Word::as_str).collect())
            .collect();
        assert_eq!(tests, [vec!["23(5)"], vec!["24(2)"], vec!["40(2)"], vec!["31(1)(a)", "23(5)", "40(2)", "24(2)"]]);
    }
}

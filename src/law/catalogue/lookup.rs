//! Looking up one citation on the day of a letter, with suggestions for what is not found. Never corrects: whoever wrote
//! the citation decides.

use super::{citation::Canonical, embedded::Catalogue, provision::Provision, words::ProvisionKind};
use crate::law::{Date, Regime};

const MOST_SUGGESTIONS: usize = 12;

/// What the catalogue knows of a citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// A ground of refusal, in force on the day.
    InForce(&'a Provision),
    /// A ground of refusal, but of another time.
    NotInForce {
        /// The wording nearest in time.
        provision: &'a Provision,
        /// What stood in its place on the day, like `40(5A)`; empty where nothing did.
        superseded_by: Vec<String>,
    },
    /// A provision that exists and refuses nothing.
    NotAGround(&'a Provision),
    /// Nothing the catalogue knows.
    Unknown {
        /// Grounds in force on the day that differ by one character, likeliest first, in canonical form.
        suggestions: Vec<String>,
    },
}

impl Catalogue {
    /// Looks up a provision under a regime, on the day of the letter.
    #[must_use]
    pub(in crate::law) fn look_up(&self, regime: Regime, canonical: &Canonical, on: Date) -> Lookup<'_> {
        let nearest = self.rows_of(regime, &canonical.to_string()).min_by_key(|row| row.days_out_of_force(on));
        match nearest {
            None => Lookup::Unknown { suggestions: self.suggestions(regime, canonical, on) },
            Some(row) if row.kind == ProvisionKind::NotAGround => Lookup::NotAGround(row),
            Some(row) if row.is_in_force_on(on) => Lookup::InForce(row),
            Some(row) => Lookup::NotInForce { provision: row, superseded_by: self.counterparts(row, on) },
        }
    }

    /// What stood in the place of a row on a day when it was not in force.
    fn counterparts(&self, row: &Provision, on: Date) -> Vec<String> {
        if row.in_force_from <= on {
            return row.superseded_by.clone();
        }
        let predecessors = self.filtered(Some(row.regime), None, Some(on));
        let predecessors = predecessors.filter(|earlier| earlier.superseded_by.contains(&row.provision));
        predecessors.map(|earlier| earlier.provision.clone()).collect()
    }

    /// Grounds one character away: those with the same subsection, or failing them all. NCND provisions come first, since
    /// lists of them are where such misprints are met; among them those whose number lost its first digit.
    fn suggestions(&self, regime: Regime, written: &Canonical, on: Date) -> Vec<String> {
        let text = written.to_string();
        let near = self.filtered(Some(regime), None, Some(on));
        let mut near: Vec<_> =
            near.filter(|row| row.is_ground_of_refusal() && within_one_edit(&text, &row.provision)).collect();
        let same_subsection = |row: &&Provision| row.canonical.subsection() == written.subsection();
        if near.iter().any(same_subsection) {
            near.retain(same_subsection);
        }
        let section = written.section();
        near.sort_by_key(|row| (!row.is_ncnd(), !lost_first_digit(&row.canonical.section(), &section)));
        near.into_iter().take(MOST_SUGGESTIONS).map(|row| row.provision.clone()).collect()
    }
}

/// Whether `written` is `whole` without its first digit, and could not be `whole` without its last.
fn lost_first_digit(whole: &str, written: &str) -> bool {
    whole != written && whole.ends_with(written) && !whole.starts_with(written)
}

/// Whether at most one character was added, dropped or changed.
fn within_one_edit(one: &str, other: &str) -> bool {
    let longer = one.len().max(other.len());
    if longer.saturating_sub(one.len().min(other.len())) > 1 {
        return false;
    }
    let same_start = one.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    let same_end = one.bytes().rev().zip(other.bytes().rev()).take_while(|(left, right)| left == right).count();
    same_start.saturating_add(same_end) >= longer.saturating_sub(1)
}

//! The catalogue of provisions: which grounds of refusal the four regimes have, what kind each is, when it was in force
//! and what must accompany it; and which provisions turn up in letters though they refuse nothing.
//!
//! It reads one citation at a time. It must not know requests, notices or the time now.

mod citation;
mod embedded;
mod lookup;
mod provision;
mod words;

pub use citation::{Canonical, Division, PrintPlace, WrittenCitation, print_place};
pub use embedded::Catalogue;
pub use lookup::Lookup;
pub use provision::{Provision, Requirement};
pub use words::{Applicability, Basis, Harm, HarmThreshold, Holder, Need, ProvisionKind, Role};

#[cfg(test)]
mod tests;

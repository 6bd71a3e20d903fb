//! Figures about casework: which requests a figure counts, on which basis, and what it comes to.
//!
//! Pure arithmetic over [`Case`]s, that is over what was received and what was sent: knows no HTTP, no database and not
//! the time now. Whatever a figure needs to know of a request on a day comes from the statutory clock
//! (`law::clock::fold`); no rule of law is restated here. [`definitions`] says in words what the code does.

mod case;
mod definition;
mod figure;
mod ncnd;
mod outcomes;
mod period;
mod precedents;
mod provisions;
mod selection;
#[cfg(test)]
pub(crate) mod tests;
mod timeliness;
mod working_days;

pub use case::{Answer, Case, CasePart, Citation};
pub use definition::{Definition, DefinitionBasis, DefinitionId, definitions};
pub use figure::Figure;
pub use ncnd::{NcndRow, ncnd};
pub use outcomes::{OutcomesRow, PartOutcomeFigure, RequestOutcomeFigure, outcomes};
pub use period::{GroupBy, Period};
pub use precedents::{AnsweredOnTopic, PrecedentRow, precedent_days, precedents};
pub use provisions::{ProvisionRow, provisions};
pub use selection::Selection;
pub use timeliness::{TimelinessBasis, TimelinessRow, timeliness};
pub use working_days::{WorkingDaysBand, WorkingDaysTaken};

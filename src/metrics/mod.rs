//! Figures about casework: which requests a figure counts, on which basis, and what it comes to.
//!
//! Pure arithmetic over [`Case`]s, that is over what was received and what was sent: knows no HTTP, no database and not
//! the time now. Whatever a figure needs to know of a request on a day comes from the statutory clock
//! (`law::clock::fold`); no rule of law is restated here. [`definitions`] says in words what the code does.

mod case;
mod comparison;
mod definition;
mod figure;
mod ncnd;
mod ncnd_topics;
mod outcomes;
mod period;
mod precedents;
mod proceedings;
mod provisions;
mod redress;
mod regulator;
pub mod returns;
mod reviews;
mod selection;
mod sheet;
#[cfg(test)]
pub(crate) mod tests;
mod timeliness;
mod wordings;
mod working_days;
mod workload;

pub use case::{Answer, Case, CaseName, CasePart, Citation};
pub use comparison::{Comparable, ComparedAuthority, NamedFigure, rank, total};
pub use definition::{Definition, DefinitionBasis, DefinitionId, definitions};
pub use figure::Figure;
pub use ncnd::{NcndCounts, NcndRedress, NcndRow, add_ncnd_redress, ncnd, ncnd_of};
pub use ncnd_topics::{NcndTopicRow, ToldTopic, ncnd_by_topic, told_by_topic};
pub use outcomes::{OutcomeCounts, OutcomesRow, PartOutcomeFigure, RequestOutcomeFigure, outcomes, outcomes_of};
pub use period::{GroupBy, Period};
pub use precedents::{PrecedentRow, precedent_quarters, precedents};
pub use proceedings::{ComplaintCase, NoticeCase, ReviewCase};
pub use provisions::{ProvisionCounts, ProvisionRow, provisions};
pub use redress::{FoundOn, Redress, RegulatorResults, ReviewResults, ReviewedPart};
pub use regulator::{RegulatorFindingCount, RegulatorRow, regulator};
pub use reviews::{ReviewBand, ReviewsRow, reviews};
pub use selection::Selection;
pub use sheet::{CaseSheet, Counted, SHEET_REVISION};
pub use timeliness::{Standing, StandingCounts, Timed, TimelinessBasis, TimelinessRow, timeliness, timeliness_of};
pub use working_days::{WORKING_DAYS_BAND, WorkingDaysBand, WorkingDaysTaken};
pub use workload::{Forecast, ForecastTarget, OverdueBand, Workload, quarter_of, workload};

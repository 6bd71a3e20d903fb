//! The law as data and pure functions: calendars, the catalogue of provisions, citations of them, statutory clocks and the checks of a
//! notice. Knows nothing of HTTP, of databases or of the time now.

pub mod calendar;
pub mod catalogue;
pub mod citations;
pub mod clock;
pub mod compliance;
pub mod cost;
mod date;
pub mod deadline;
mod finding;
pub mod notice;
pub mod redress;
mod regime;

pub use date::Date;
pub use deadline::Deadline;
pub use finding::{Finding, Severity};
pub use regime::Regime;

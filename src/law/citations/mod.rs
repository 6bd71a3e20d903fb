//! Citations as letters write them: `s.40(2) & (3A)(a)`, `sections 31(1)(a) to (c) of the FOI Act`. Says which
//! provisions a text cites on a day and what to mind about them, and refuses what it cannot find, with suggestions.
//!
//! Nothing is corrected: a misprint stays refused until its writer mends it. The text is read once from left to right, in
//! steps that grow with its length and no faster. Knows no requests, no notices and no time of its own.

mod cursor;
mod enactment;
mod grammar;
mod hierarchy;
mod item;
mod outcome;
mod paths;
mod placement;
mod resolver;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

pub use hierarchy::{on_one_line, within};
pub use outcome::{CitationWarning, RejectedCitation, RejectionCode, ResolvedCitation, ResolvedCitations};
pub use resolver::{find_single, resolve};

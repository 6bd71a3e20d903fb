//! The notice that goes to the requester: a response put into words, section by section, by the regime of each part; and
//! its forms as HTML, Markdown and plain text. Templates hold every word of it (`wording/`) and every form (`forms/`).
//!
//! It says what the checks of `law::notice` ask for, as far as the record has it; what is missing is a marked gap. A part
//! that is neither confirmed nor denied is worded so that it fits whatever the facts are, alternatives so that nobody can
//! tell which of them applied. Makes no finding; knows no storage, no HTTP and no clock.

mod citations;
mod facts;
mod forms;
mod ground;
mod letter;
mod model;
mod omission;
mod part;
mod public_interest;
mod rights;
mod wording;

#[cfg(test)]
mod tests;

use thiserror::Error;

pub use facts::{LetterFacts, LetterPart};
pub use forms::{html, markdown, text};
pub use letter::compose;
pub use model::{
    AnnouncedExtension, NoticeDocument, NoticeSource, Passage, PassageKind, Section, SectionKind, Subsection,
};

/// A template could not be filled: a fault of this service. Says where, and nothing of what the letter says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the notice could not be put into words: {0}")]
pub struct NoticeError(String);

impl From<&minijinja::Error> for NoticeError {
    fn from(error: &minijinja::Error) -> Self {
        Self(format!("{:?} at line {:?} of {:?}", error.kind(), error.line(), error.name()))
    }
}

impl From<minijinja::Error> for NoticeError {
    fn from(error: minijinja::Error) -> Self {
        Self::from(&error)
    }
}

//! The four regimes of access to information.

use crate::{law::calendar::CalendarId, vocabulary};

vocabulary! {
    /// The regime under which a request, or one part of it, is handled.
    pub enum Regime {
        /// Freedom of Information Act 2000.
        Foia = "foia",
        /// Environmental Information Regulations 2004 (SI 2004/3391).
        Eir = "eir",
        /// Freedom of Information (Scotland) Act 2002.
        Foisa = "foisa",
        /// Environmental Information (Scotland) Regulations 2004 (SSI 2004/520).
        Eisr = "eisr",
    }
}

impl Regime {
    /// The calendar that says which days are working days: FOIA s10(6) and EIR reg 2(1) leave out a bank holiday of any
    /// part of the United Kingdom, FOISA s73 and EI(S)Rs reg 2(1) only Scotland's.
    #[must_use]
    pub const fn calendar(self) -> CalendarId {
        match self {
            Self::Foia | Self::Eir => CalendarId::UkAny,
            Self::Foisa | Self::Eisr => CalendarId::Scotland,
        }
    }

    /// The provision that sets the time for answering.
    #[must_use]
    pub const fn time_limit_provision(self) -> &'static str {
        match self {
            Self::Foia | Self::Foisa => "10(1)",
            Self::Eir => "5(2)",
            Self::Eisr => "5(2)(a)",
        }
    }

    /// `section` for the Acts, `regulation` for the Regulations.
    #[must_use]
    pub const fn division(self) -> &'static str {
        match self {
            Self::Foia | Self::Foisa => "section",
            Self::Eir | Self::Eisr => "regulation",
        }
    }
}

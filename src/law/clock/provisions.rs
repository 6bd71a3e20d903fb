//! What the four regimes provide for the clock: citations, and the periods in which they differ.

use chrono::Datelike;

use crate::law::{Date, Regime, calendar::Calendar};

/// Working days for an answer, in every regime.
pub(super) const ANSWER_DAYS: u32 = 20;
/// Working days in all where complexity and volume allow more; the guidance figure for a public-interest extension.
pub(super) const EXTENDED_DAYS: u32 = 40;
/// Working days in which a review may be asked for.
pub(super) const REVIEW_DAYS: u32 = 40;
/// Months after which an unanswered question may close a request.
pub(super) const CLARIFICATION_MONTHS: u32 = 2;
/// Months for paying a fee under the Acts.
const FEE_MONTHS: u32 = 3;
/// Working days for paying a charge under the Regulations.
const FEE_DAYS: u32 = 60;

/// What a citation is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// There is a duty to answer at all.
    Duty,
    /// The time for answering.
    Answer,
    /// The duty waits for clarification.
    Clarification,
    /// The clock starts anew when clarification comes.
    Restart,
    /// A fees notice stops the clock.
    FeeWait,
    /// An unpaid fee ends the duty.
    FeeLapse,
    /// More time to weigh the public interest.
    PublicInterest,
    /// More time for complexity and volume.
    ComplexityAndVolume,
    /// Transfer to another authority.
    Transfer,
    /// The time for asking for a review.
    Review,
    /// A clarification that never comes.
    ClarificationLapse,
    /// The guidance figure for a public-interest extension.
    FortiethDay,
}

/// The citation for `rule`, like `section 10(1)`. For an extension that the regime does not know, the regime's own
/// time limit, which then stands.
pub(super) const fn provision(regime: Regime, rule: Rule) -> &'static str {
    match regime {
        Regime::Foia => foia(rule),
        Regime::Foisa => foisa(rule),
        Regime::Eir => eir(rule),
        Regime::Eisr => eisr(rule),
    }
}

const fn foia(rule: Rule) -> &'static str {
    match rule {
        Rule::Duty => "section 1(1)",
        Rule::Answer | Rule::ComplexityAndVolume => "section 10(1)",
        Rule::Clarification => "section 1(3)",
        Rule::Restart => "section 10(6)",
        Rule::FeeWait => "section 10(2)",
        Rule::FeeLapse => "section 9(2)",
        Rule::PublicInterest => "section 10(3)",
        Rule::Transfer => "section 1(1)(a)",
        Rule::Review | Rule::ClarificationLapse | Rule::FortiethDay => "section 45 Code of Practice (guidance)",
    }
}

const fn foisa(rule: Rule) -> &'static str {
    match rule {
        Rule::Duty | Rule::Transfer => "section 1(1)",
        Rule::Answer | Rule::Restart | Rule::PublicInterest | Rule::ComplexityAndVolume | Rule::FortiethDay => {
            "section 10(1)"
        }
        Rule::Clarification => "section 1(3)",
        Rule::FeeWait => "section 10(3)",
        Rule::FeeLapse => "section 9(3)",
        Rule::Review => "section 20(5)",
        Rule::ClarificationLapse => BY_ANALOGY,
    }
}

const fn eir(rule: Rule) -> &'static str {
    match rule {
        Rule::Duty => "regulation 5(1)",
        Rule::Answer | Rule::PublicInterest | Rule::FortiethDay => "regulation 5(2)",
        Rule::Clarification => "regulation 9(2)",
        Rule::Restart => "regulation 9(4)",
        Rule::FeeWait => "regulation 8(6)",
        Rule::FeeLapse => "regulation 8(5)",
        Rule::ComplexityAndVolume => "regulation 7(1)",
        Rule::Transfer => "regulation 10(1)",
        Rule::Review => "regulation 11(2)",
        Rule::ClarificationLapse => BY_ANALOGY,
    }
}

const fn eisr(rule: Rule) -> &'static str {
    match rule {
        Rule::Duty => "regulation 5(1)",
        Rule::Answer | Rule::PublicInterest | Rule::FortiethDay => "regulation 5(2)(a)",
        Rule::Clarification => "regulation 9(2)",
        Rule::Restart => "regulation 9(4)",
        Rule::FeeWait => "regulation 8(7)",
        Rule::FeeLapse => "regulation 8(6)",
        Rule::ComplexityAndVolume => "regulation 7(1)",
        // Regulation 10, which deals with transfers in the EIR, holds the exceptions in the EI(S)Rs.
        Rule::Transfer => "regulation 14",
        Rule::Review => "regulation 16(2)",
        Rule::ClarificationLapse => BY_ANALOGY,
    }
}

/// Only the Code under FOIA is known to speak of two months; elsewhere they are the same good practice.
const BY_ANALOGY: &str = "good practice, as in the FOIA section 45 Code of Practice";

/// The last day on which a fee asked for on `given_on` can be paid.
///
/// FOIA s9(2), FOISA s9(3): three months beginning with the day of the notice, so they end on the day before the
/// corresponding date; a month without that date is used up whole. EIR reg 8(5): the 60th working day after the
/// notice. EI(S)Rs reg 8(6): 60 working days beginning with the day of the notice, which counts when it is one.
pub(super) fn fee_payable_until(calendar: &Calendar, regime: Regime, given_on: Date) -> Date {
    match regime {
        Regime::Foia | Regime::Foisa => {
            let corresponding = given_on.plus_months(FEE_MONTHS);
            let exists = corresponding.0.day() == given_on.0.day();
            if exists { corresponding.plus_days(-1) } else { corresponding }
        }
        Regime::Eir => calendar.working_day_after(given_on, FEE_DAYS),
        Regime::Eisr => calendar.working_day_after(given_on.plus_days(-1), FEE_DAYS),
    }
}

/// Whether questions and fees notices have a time of their own of 20 working days, which more time for the answer does not
/// lengthen (EIR regs 8(4), 9(2), EI(S)Rs alike). Under the Acts they are in time while the answer is.
pub(super) const fn asks_within_twenty_days(regime: Regime) -> bool {
    matches!(regime, Regime::Eir | Regime::Eisr)
}

/// Whether a transfer leaves a duty behind: under the Acts the authority must still say whether it holds the
/// information; under the Regulations the request goes over as a whole.
#[must_use]
pub const fn duty_survives_transfer(regime: Regime) -> bool {
    matches!(regime, Regime::Foia | Regime::Foisa)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_limits_are_those_of_the_regimes() {
        for regime in Regime::ALL {
            let limit = format!("{} {}", regime.division(), regime.time_limit_provision());
            assert_eq!(provision(*regime, Rule::Answer), limit);
        }
    }
}

//! The cost of an answer as section 12 of both Acts counts it: limits, the price of an hour, which work counts, and which
//! requests are counted together. What an estimate says is for `casework`; what is wrong with one for `law::notice`.

use rust_decimal::Decimal;

use crate::{
    casework::{
        authority::{AuthorityKind, CostLimit},
        ground::CostActivity,
    },
    law::{Date, Regime, calendar::Calendar},
};

/// The lower limit under FOIA in pounds, for every authority outside Part I of Schedule 1 (SI 2004/3244 reg 3(3)).
pub const LOWER_LIMIT: Decimal = Decimal::from_parts(450, 0, 0, false, 0);
/// The limit under FOIA in pounds for an authority in Part I of Schedule 1 (SI 2004/3244 reg 3(2)).
pub const UPPER_LIMIT: Decimal = Decimal::from_parts(600, 0, 0, false, 0);
/// The limit under FOISA in pounds (SSI 2004/467 reg 5).
pub const SCOTTISH_LIMIT: Decimal = Decimal::from_parts(600, 0, 0, false, 0);
/// What an hour of work counts under FOIA, in pounds (SI 2004/3244 reg 4(4)).
pub const HOURLY_RATE: Decimal = Decimal::from_parts(25, 0, 0, false, 0);
/// What an hour of work may count under FOISA at most, in pounds (SSI 2004/467 reg 3(2)(b)).
pub const SCOTTISH_HOURLY_RATE: Decimal = Decimal::from_parts(15, 0, 0, false, 0);

/// The most working days within which requests are received that may be counted together (SI 2004/3244 reg 5(2)).
pub const AGGREGATION_WINDOW: i64 = 60;
/// Working days from the first of several requests for making the information public (SSI 2004/467 reg 6).
const PUBLICATION_DAYS: u32 = 20;

/// The limit under FOIA of an authority in pounds: what its settings say, else by its kind. Government departments stand in
/// Part I of Schedule 1, and have the upper one (SI 2004/3244 reg 3(2)).
#[must_use]
pub fn limit_of_authority(kind: AuthorityKind, set: Option<CostLimit>) -> Decimal {
    match (set, kind) {
        (Some(CostLimit::Pounds600), _) | (None, AuthorityKind::GovernmentDepartment) => UPPER_LIMIT,
        (Some(CostLimit::Pounds450) | None, _) => LOWER_LIMIT,
    }
}

/// The limit in pounds: FOISA has one; under FOIA that of the authority, the lower one while it is not known.
#[must_use]
pub fn limit(regime: Regime, of_authority: Option<Decimal>) -> Decimal {
    match regime {
        Regime::Foisa => SCOTTISH_LIMIT,
        Regime::Foia | Regime::Eir | Regime::Eisr => of_authority.unwrap_or(LOWER_LIMIT),
    }
}

/// What an hour counts in pounds: under FOIA always, under FOISA at most.
#[must_use]
pub const fn hourly_rate(regime: Regime) -> Decimal {
    match regime {
        Regime::Foisa => SCOTTISH_HOURLY_RATE,
        Regime::Foia | Regime::Eir | Regime::Eisr => HOURLY_RATE,
    }
}

/// Whether an activity counts. FOIA counts determining, locating, retrieving and extracting (SI 2004/3244 reg 4(3)), where
/// the cost of confirming or denying is asked for the first alone (s12(2)); FOISA counts locating, retrieving, with taking
/// the information out of what holds it, and providing, and never determining (SSI 2004/467 reg 3).
#[must_use]
pub const fn counts(regime: Regime, of_confirming: bool, activity: CostActivity) -> bool {
    match regime {
        Regime::Foisa => !matches!(activity, CostActivity::Determine),
        Regime::Foia | Regime::Eir | Regime::Eisr => match activity {
            CostActivity::Determine => true,
            CostActivity::Locate | CostActivity::Retrieve | CostActivity::Extract => !of_confirming,
            CostActivity::Provide => false,
        },
    }
}

/// The period in which requests were received that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AggregationPeriod {
    /// The first receipt.
    pub first_on: Date,
    /// The last receipt.
    pub last_on: Date,
    /// Working days from the first to the last, both included.
    pub working_days: i64,
}

impl AggregationPeriod {
    /// The period of these receipts; `None` where there is none.
    #[must_use]
    pub fn of(calendar: &Calendar, received: impl Iterator<Item = Date> + Clone) -> Option<Self> {
        let (first_on, last_on) = (received.clone().min()?, received.max()?);
        let working_days = calendar.working_days_between(first_on.plus_days(-1), last_on);
        Some(Self { first_on, last_on, working_days })
    }

    /// Whether FOIA lets requests of this period be counted together (SI 2004/3244 reg 5(2)).
    #[must_use]
    pub const fn is_short_enough(self) -> bool {
        self.working_days <= AGGREGATION_WINDOW
    }

    /// The last day for making the information public to all who asked (SSI 2004/467 reg 6).
    #[must_use]
    pub fn publish_by(self, calendar: &Calendar) -> Date {
        calendar.working_day_after(self.first_on, PUBLICATION_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::calendar::Calendars;

    #[test]
    fn each_act_counts_its_own_activities() {
        use CostActivity::{Determine, Extract, Locate, Provide, Retrieve};
        let counted = |regime, of_confirming| {
            [Determine, Locate, Retrieve, Extract, Provide].map(|activity| counts(regime, of_confirming, activity))
        };
        assert_eq!(counted(Regime::Foia, false), [true, true, true, true, false]);
        assert_eq!(counted(Regime::Foia, true), [true, false, false, false, false]);
        assert_eq!(counted(Regime::Foisa, false), [false, true, true, true, true]);
    }

    #[test]
    fn a_department_has_the_upper_limit_unless_its_settings_say_otherwise() {
        use AuthorityKind::{Council, GovernmentDepartment};
        assert_eq!(limit_of_authority(GovernmentDepartment, None), UPPER_LIMIT);
        assert_eq!(limit_of_authority(GovernmentDepartment, Some(CostLimit::Pounds450)), LOWER_LIMIT);
        assert_eq!(limit_of_authority(Council, None), LOWER_LIMIT);
        assert_eq!(limit_of_authority(Council, Some(CostLimit::Pounds600)), UPPER_LIMIT);
    }

    #[test]
    fn sixty_working_days_are_counted_from_the_first_receipt_to_the_last() {
        // 17 March, Good Friday, Easter Monday and the bank holiday of 3 May 2021 lie between.
        let calendars = Calendars::embedded();
        let calendar = calendars.get(Regime::Foia.calendar());
        let period = |last: &str| {
            let received = ["2021-03-01", last].map(|day| day.parse::<Date>().unwrap());
            AggregationPeriod::of(calendar, received.into_iter()).unwrap()
        };
        let (last, too_late) = (period("2021-05-27"), period("2021-05-28"));
        assert_eq!((last.working_days, last.is_short_enough()), (60, true));
        assert_eq!((too_late.working_days, too_late.is_short_enough()), (61, false));
        assert_eq!(AggregationPeriod::of(calendar, std::iter::empty()), None);
    }
}

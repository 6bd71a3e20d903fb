//! What a figure is asked of: which days, cut how, seen from which day, under which regime. Knows nothing of requests.

use crate::{
    fault::{DATE_IN_FUTURE, Fault, IMPOSSIBLE_ORDER},
    law::{Date, Regime},
    metrics::period::{GroupBy, Period, periods},
};

/// Which days figures are asked for, and from which day they are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// The first day.
    pub start_on: Date,
    /// The last day.
    pub end_on: Date,
    /// The periods the figures are given by; one row for all days when absent.
    pub group_by: Option<GroupBy>,
    /// The day at whose end requests are looked at: what took effect later has not happened yet.
    pub as_at: Date,
    /// Only parts under this regime; a request is then what those parts are.
    pub regime: Option<Regime>,
}

impl Selection {
    /// What is wrong across its members, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.end_on < self.start_on {
            faults.push(Fault::new("/end_on", IMPOSSIBLE_ORDER, "The last day of a period is not before its first."));
        }
        if self.as_at > today {
            let detail = "Figures are of what has happened: `as_at` is today or an earlier day.";
            faults.push(Fault::new("/as_at", DATE_IN_FUTURE, detail));
        }
        faults
    }

    /// The periods asked for, in order.
    #[must_use]
    pub fn periods(&self) -> Vec<Period> {
        periods(self.start_on, self.end_on, self.group_by)
    }
}

//! How long answers took, in working days: median, ninetieth percentile, extremes and a histogram. Knows nothing of
//! requests. Medians of several authorities cannot be put together: the bands can.

use serde::Serialize;
use utoipa::ToSchema;

use crate::metrics::definition::DefinitionId;

/// The width of a band, in working days: the statutory limit of all four regimes.
pub const WORKING_DAYS_BAND: u32 = 20;
/// Everything longer than this is in the last band.
const LAST_BOUND: u32 = 200;
/// How many bands there are, the last without an end among them.
const BANDS: usize = 11;

/// How long the answers took.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WorkingDaysTaken {
    /// What the numbers mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// How many answers were measured: complete answers that a time limit applied to.
    pub measured: u32,
    /// The middle one; between two, their mean. Absent when none was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub median: Option<f64>,
    /// The least number of working days within which nine in ten were given. Absent when none was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p90: Option<u32>,
    /// The shortest. Absent when none was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub min: Option<u32>,
    /// The longest. Absent when none was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max: Option<u32>,
    /// How many took how long, in bands of 20 working days; always all of them.
    #[schema(max_items = 11)]
    pub bands: Vec<WorkingDaysBand>,
}

/// One band of the histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct WorkingDaysBand {
    /// The fewest working days in the band.
    #[schema(example = 0)]
    pub from_days: u32,
    /// The most working days in it; absent for the last band, which has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 20)]
    pub to_days: Option<u32>,
    /// How many requests took that long.
    pub requests: u32,
}

impl WorkingDaysBand {
    /// What it is called where it stands by itself: `working_days_21_to_40`, `working_days_from_201`.
    #[must_use]
    pub fn heading(&self) -> String {
        match self.to_days {
            Some(to) => format!("working_days_{}_to_{to}", self.from_days),
            None => format!("working_days_from_{}", self.from_days),
        }
    }
}

/// How many answers took how long, by band. Unlike a median it can be added to that of others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct BandCounts([u32; BANDS]);

impl BandCounts {
    /// Adds answers that took so many working days.
    pub fn add(&mut self, days: u32, answers: u32) {
        let at = usize::try_from(days.saturating_sub(1) / WORKING_DAYS_BAND).unwrap_or(BANDS).min(BANDS - 1);
        if let Some(counted) = self.0.get_mut(at) {
            *counted += answers;
        }
    }

    /// How many answers were measured.
    pub fn measured(&self) -> u32 {
        self.0.iter().sum()
    }

    /// 0 to 20, 21 to 40, and so on to 200; then the rest.
    pub fn bands(&self) -> impl Iterator<Item = WorkingDaysBand> {
        let firsts = [0].into_iter().chain((1..).map(|number| number * WORKING_DAYS_BAND + 1));
        let lasts = (1..=LAST_BOUND / WORKING_DAYS_BAND).map(|number| Some(number * WORKING_DAYS_BAND)).chain([None]);
        let counted = firsts.zip(lasts).zip(self.0);
        counted.map(|((from_days, to_days), requests)| WorkingDaysBand { from_days, to_days, requests })
    }
}

impl WorkingDaysTaken {
    /// The statistics of these durations, in any order.
    pub(super) fn of(mut durations: Vec<u32>) -> Self {
        durations.sort_unstable();
        let middle = durations.len() / 2;
        let upper = durations.get(middle).copied();
        let lower =
            if durations.len().is_multiple_of(2) { durations.get(middle.wrapping_sub(1)).copied() } else { upper };
        let mut counts = BandCounts::default();
        for days in &durations {
            counts.add(*days, 1);
        }
        let ninetieth = (durations.len() * 9).div_ceil(10);
        Self {
            definition: DefinitionId::WorkingDaysTaken,
            measured: counts.measured(),
            median: lower.zip(upper).map(|(lower, upper)| f64::midpoint(f64::from(lower), f64::from(upper))),
            p90: durations.get(ninetieth.wrapping_sub(1)).copied(),
            min: durations.first().copied(),
            max: durations.last().copied(),
            bands: counts.bands().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_and_ninetieth_of_odd_even_and_none() {
        let taken = WorkingDaysTaken::of(vec![30, 10, 20]);
        assert_eq!((taken.median, taken.p90, taken.min, taken.max), (Some(20.0), Some(30), Some(10), Some(30)));
        let taken = WorkingDaysTaken::of((1..=10).rev().collect());
        assert_eq!((taken.median, taken.p90), (Some(5.5), Some(9)));
        let taken = WorkingDaysTaken::of(Vec::new());
        assert_eq!((taken.measured, taken.median, taken.p90, taken.min), (0, None, None, None));
        assert_eq!(taken.bands.len(), 11);
    }

    #[test]
    fn the_bands_hold_everything_once() {
        let bands = WorkingDaysTaken::of(vec![0, 20, 21, 40, 200, 201, 999]).bands;
        assert_eq!(bands.first(), Some(&WorkingDaysBand { from_days: 0, to_days: Some(20), requests: 2 }));
        assert_eq!(bands.get(1), Some(&WorkingDaysBand { from_days: 21, to_days: Some(40), requests: 2 }));
        assert_eq!(bands.get(9), Some(&WorkingDaysBand { from_days: 181, to_days: Some(200), requests: 1 }));
        assert_eq!(bands.last(), Some(&WorkingDaysBand { from_days: 201, to_days: None, requests: 2 }));
    }
}

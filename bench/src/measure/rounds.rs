//! Rounds in turns, and their medians.

use crate::{Outcome, drive::Sample};

/// One side of a comparison.
pub type Side<'a> = Box<dyn FnMut() -> Outcome<Sample> + 'a>;

/// Measures the sides one after the other, round after round; gives the samples of each side.
pub fn alternate(rounds: usize, mut sides: Vec<Side<'_>>) -> Outcome<Vec<Vec<Sample>>> {
    let mut samples = vec![Vec::new(); sides.len()];
    for _ in 0..rounds {
        for (side, samples) in sides.iter_mut().zip(&mut samples) {
            samples.push(side()?);
        }
    }
    Ok(samples)
}

/// A side of which only the rate is known.
pub fn rate(rate: f64) -> Sample {
    Sample { rate, ..Sample::default() }
}

/// The median of the ratios of each round.
pub fn ratio(over: &[Sample], under: &[Sample]) -> f64 {
    median(over.iter().zip(under).map(|(over, under)| over.rate / under.rate))
}

/// The median; of an even number, the lower of the two in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

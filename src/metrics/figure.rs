//! A figure: how many of how many. Knows nothing of what is counted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many of how many, as a figure is read back: the share follows from the two numbers.
#[derive(Deserialize)]
struct Counts {
    numerator: u32,
    denominator: u32,
}

impl From<Counts> for Figure {
    fn from(Counts { numerator, denominator }: Counts) -> Self {
        Self::new(numerator, denominator)
    }
}

/// How many of how many, and the share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Counts")]
pub struct Figure {
    /// How many count.
    #[schema(example = 0)]
    pub numerator: u32,
    /// Of how many.
    #[schema(example = 1)]
    pub denominator: u32,
    /// The numerator divided by the denominator, unrounded; null only when the denominator is 0.
    #[schema(required = true, nullable = true, minimum = 0, maximum = 1, example = 0.0)]
    pub ratio: Option<f64>,
}

impl Figure {
    /// `numerator` of `denominator`.
    #[must_use]
    pub fn new(numerator: u32, denominator: u32) -> Self {
        let ratio = (denominator > 0).then(|| f64::from(numerator) / f64::from(denominator));
        Self { numerator, denominator, ratio }
    }
}

/// How many items there are.
pub(super) fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_nothing_has_no_ratio() {
        assert_eq!(Figure::new(0, 0).ratio, None);
        assert_eq!(Figure::new(0, 1).ratio, Some(0.0));
        let json = serde_json::to_value(Figure::new(0, 0)).unwrap();
        assert_eq!(json, serde_json::json!({"numerator": 0, "denominator": 0, "ratio": null}));
    }
}

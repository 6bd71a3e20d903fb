//! An amount with at most two decimal places: pounds and pence, or hours of work. Written as a string, so that no reader
//! makes a binary fraction of it.

use std::{fmt, ops::Deref, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::{
    fault::{INVALID_VALUE, Refusal},
    written,
};

/// An amount from `0` to `999999999.99`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(Decimal);

/// The largest amount.
const LARGEST: Decimal = Decimal::from_parts(0x4876_E7FF, 0x17, 0, false, 2);

impl Amount {
    /// A sum as an amount, to two decimal places, a half upwards; `None` below nought and beyond the largest amount.
    #[must_use]
    pub fn rounded(sum: Decimal) -> Option<Self> {
        Self::by(sum, RoundingStrategy::MidpointAwayFromZero)
    }

    /// A sum as an amount, to two decimal places, upwards: what exceeds a limit by less than a penny exceeds it still.
    #[must_use]
    pub fn rounded_up(sum: Decimal) -> Option<Self> {
        Self::by(sum, RoundingStrategy::AwayFromZero)
    }

    fn by(sum: Decimal, strategy: RoundingStrategy) -> Option<Self> {
        let rounded = sum.round_dp_with_strategy(2, strategy);
        (Decimal::ZERO..=LARGEST).contains(&rounded).then_some(Self(rounded))
    }
}

impl Deref for Amount {
    type Target = Decimal;

    fn deref(&self) -> &Decimal {
        &self.0
    }
}

impl FromStr for Amount {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refuse =
            || Refusal::new(INVALID_VALUE, "An amount is written like 25.00: digits, and at most two after a point.");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !are_digits(whole, 9) || !are_digits(fraction, 2) {
            return Err(refuse());
        }
        text.parse().map(Self).map_err(|_| refuse())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written::read(deserializer, "1")
    }
}

impl utoipa::PartialSchema for Amount {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(r"^[0-9]{1,9}(\.[0-9]{1,2})?$"))
            .max_length(Some(12))
            .examples(["25.00"])
            .into()
    }
}

impl utoipa::ToSchema for Amount {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_rounded_to_pence_and_kept_within_bounds() {
        let rounded = |text: &str| Amount::rounded(text.parse().unwrap()).map(|amount| amount.to_string());
        assert_eq!(rounded("18.1875").as_deref(), Some("18.19"));
        assert_eq!(rounded("18.005").as_deref(), Some("18.01"));
        assert_eq!(rounded("450").as_deref(), Some("450"));
        assert_eq!(rounded("999999999.99").as_deref(), Some("999999999.99"));
        assert_eq!((rounded("1000000000"), rounded("-0.01")), (None, None));
    }

    #[test]
    fn an_amount_keeps_its_pence() {
        assert_eq!("25.00".parse::<Amount>().unwrap().to_string(), "25.00");
        assert_eq!("450".parse::<Amount>().unwrap().to_string(), "450");
        for text in ["", "-1", "1.234", "1e3", "1000000000", ".5", "5.", "٣", "+5", " 5", "NaN"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }
}

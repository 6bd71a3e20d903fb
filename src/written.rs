//! Values that are written as text in JSON. Knows nothing of what they mean.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

use crate::fault::Refusal;

/// Reads a value where it stands in a text, without a copy of the text: figures read thousands.
///
/// # Errors
///
/// Where there is no text; where the value is refused, with `stand_in`, a value to read on with.
pub fn read<'de, T, D>(deserializer: D, stand_in: &'static str) -> Result<T, D::Error>
where
    T: FromStr<Err = Refusal>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(Written { stand_in, value: PhantomData })
}

struct Written<T> {
    stand_in: &'static str,
    value: PhantomData<T>,
}

impl<T: FromStr<Err = Refusal>> Visitor<'_> for Written<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|refusal: Refusal| refusal.into_error(self.stand_in))
    }
}

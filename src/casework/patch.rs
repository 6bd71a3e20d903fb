//! RFC 7396 at the level of one member: left alone, cleared or set.

use serde::{Deserialize, Deserializer};

/// What a merge patch says of one member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The member is absent: nothing changes.
    #[default]
    Absent,
    /// The member is null: the value goes.
    Clear,
    /// The member has a value: it replaces the old one whole.
    Set(T),
}

impl<T> Patch<T> {
    /// Carries the patch out on an optional value.
    pub fn apply(self, target: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Clear => *target = None,
            Self::Set(value) => *target = Some(value),
        }
    }

    /// The new value, when there is one.
    pub const fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Absent | Self::Clear => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

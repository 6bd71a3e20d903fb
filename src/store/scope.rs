//! The fence around an authority's rows: every query of casework takes one.

/// Which authorities a credential may act for. Every query of casework takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorityScope {
    /// Any authority of this installation: the bootstrap key.
    Every,
    /// These authorities, by internal key.
    Only(Vec<i64>),
}

impl AuthorityScope {
    /// Whether rows of this authority may be seen.
    #[must_use]
    pub fn admits(&self, authority_key: i64) -> bool {
        match self {
            Self::Every => true,
            Self::Only(keys) => keys.contains(&authority_key),
        }
    }
}

//! The fence around an authority's rows: every query of casework takes one.

use super::AuthorityKey;

/// Which authorities a credential may act for. Every query of casework takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorityScope {
    /// Any authority of this installation: the bootstrap key.
    Every,
    /// These authorities, by internal key.
    Only(Vec<AuthorityKey>),
}

impl AuthorityScope {
    /// Whether rows of this authority may be seen.
    #[must_use]
    pub fn admits(&self, authority_key: AuthorityKey) -> bool {
        match self {
            Self::Every => true,
            Self::Only(keys) => keys.contains(&authority_key),
        }
    }

    /// The setting `candour.authorities` that shows PostgreSQL which rows to admit; `None` where that is every row, as in
    /// a session that has begun no transaction.
    pub(super) fn setting(&self) -> Option<String> {
        match self {
            Self::Every => None,
            Self::Only(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| key.number().to_string()).collect();
                Some(format!("{{{}}}", keys.join(",")))
            }
        }
    }
}

//! Internal keys of rows, which are read and never made.
//!
//! What hangs on a request or an authority (its parts, letters, events, figures) is asked for by a key, and so is every change
//! of a row. Nobody outside this module can make a key out of a number: one is had by reading a row through a function that
//! takes an [`AuthorityScope`](super::AuthorityScope), or by storing one; and through another key. The few functions that
//! give keys without either are for the installation itself and say so: they look up a credential, find the chain of the
//! audit log, or go through the rows of every authority (dates recalculated, lapses, case sheets, sealing). So a question
//! about what hangs on a row does not compile before somebody has looked for that row.
//!
//! What that does not promise: that the scope was the caller's own and not
//! [`AuthorityScope::Every`](super::AuthorityScope::Every); that a key is used in the transaction in which it was found, or
//! that its row is still there; that the two keys of a row about to be stored belong together. Nor does it bind the queries
//! of `store`, which can select any number as a key: SQL stands there alone, and PostgreSQL's row-level security is the
//! second fence around it.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::BigInt,
};

/// A key over a `BIGINT` column, which only the column gives.
macro_rules! key {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = BigInt)]
        pub struct $name(i64);

        impl<DB: Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(stored: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(stored).map(Self)
            }
        }

        impl<DB: Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
    };
}

key! {
    /// The internal key of an authority. It comes from a row:
    ///
    /// ```
    /// use candour::store::{AuthorityScope, Connection, StoreError, authorities};
    ///
    /// fn own(connection: &mut Connection, granted: &AuthorityScope, id: &str) -> Result<AuthorityScope, StoreError> {
    ///     let found = authorities::find(connection, granted, id)?;
    ///     Ok(AuthorityScope::Only(found.iter().map(|authority| authority.authority_key).collect()))
    /// }
    /// ```
    ///
    /// and not from a number:
    ///
    /// ```compile_fail,E0308
    /// use candour::store::AuthorityScope;
    ///
    /// let made_up = AuthorityScope::Only(vec![1]);
    /// ```
    ///
    /// ```compile_fail,E0423
    /// use candour::store::AuthorityKey;
    ///
    /// let made_up = AuthorityKey(1);
    /// ```
    AuthorityKey
}

key! {
    /// The internal key of a request. It comes from a row that was looked for within a scope:
    ///
    /// ```
    /// use candour::store::{AuthorityScope, Connection, StoreError, requests, responses};
    ///
    /// fn letters(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> Result<usize, StoreError> {
    ///     let Some(request) = requests::find(connection, scope, id)? else { return Ok(0) };
    ///     Ok(responses::of_request(connection, request.request_key)?.len())
    /// }
    /// ```
    ///
    /// Without one, what hangs on a request cannot be asked for:
    ///
    /// ```compile_fail,E0308
    /// use candour::store::{Connection, StoreError, responses};
    ///
    /// fn letters(connection: &mut Connection) -> Result<usize, StoreError> {
    ///     Ok(responses::of_request(connection, 1)?.len())
    /// }
    /// ```
    ///
    /// nor by the key of something else:
    ///
    /// ```compile_fail,E0308
    /// use candour::store::{AuthorityScope, Connection, StoreError, requests, responses};
    ///
    /// fn letters(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> Result<usize, StoreError> {
    ///     let Some(request) = requests::find(connection, scope, id)? else { return Ok(0) };
    ///     Ok(responses::of_request(connection, request.authority_key)?.len())
    /// }
    /// ```
    RequestKey
}

key! {
    /// The internal key of a part, from the parts of a request.
    PartKey
}

key! {
    /// The internal key of an event, from the events of a request.
    EventKey
}

key! {
    /// The internal key of a response, from the responses of a request.
    ResponseKey
}

key! {
    /// The internal key of a record located, from the records of a request.
    RecordKey
}

key! {
    /// The internal key of a review, a complaint or what belongs to one, from the proceedings of a request.
    ProceedingKey
}

key! {
    /// The internal key of a standing position, from a row that was looked for within a scope.
    PositionKey
}

key! {
    /// The internal key of a regulatory action, from a row that was looked for within a scope.
    RegulatoryActionKey
}

key! {
    /// The internal key of an API key, from a row that was looked for within a scope, or by the prefix at the door.
    ApiKeyKey
}

impl AuthorityKey {
    /// The number itself, for text that is no bound value: the setting of a fence, a list inside a statement, and what the
    /// hashes of requesters are bound to. It cannot be made a key again.
    pub(crate) const fn number(self) -> i64 {
        self.0
    }
}

impl RequestKey {
    /// What no row has (both databases count from one): the key of a request that is not stored yet, and the place before
    /// all requests, at which a chore begins that goes through them.
    pub(crate) const NONE: Self = Self(0);
}

impl PartKey {
    /// What no row has: the key of a part that is not stored yet.
    pub(crate) const NONE: Self = Self(0);
}

/// What the next page begins after, told by a number.
macro_rules! place_in_order {
    ($($name:ident),+) => {
        $(impl $name {
            /// The place in the order of recording, for the cursor of a page. It cannot be made a key again.
            pub(crate) const fn number(self) -> i64 {
                self.0
            }
        })+
    };
}

place_in_order!(RecordKey, ProceedingKey, PositionKey);

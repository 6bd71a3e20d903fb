//! Statements that stay prepared. Knows no table.
//!
//! diesel prepares a statement once for each connection if its type says that its text never varies. Through
//! [`AnyConnection`](super::Connection) the text is written anew at each call all the same, and an UPDATE is never taken
//! to be constant. Hot queries go around both.

use std::marker::PhantomData;

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// Runs a query on whichever database is open as that database's own statement.
macro_rules! on_either {
    ($connection:expr, |$inner:ident| $query:expr) => {
        match $connection {
            $crate::store::Connection::Postgres($inner) => $query,
            $crate::store::Connection::Sqlite($inner) => $query,
        }
    };
}
pub(super) use on_either;

/// A query whose text is always the same for one `Name`, a type that is used for nothing else.
pub(super) struct Prepared<Name, Q> {
    query: Q,
    name: PhantomData<Name>,
}

impl<Name, Q> Prepared<Name, Q> {
    pub(super) fn new(query: Q) -> Self {
        Self { query, name: PhantomData }
    }
}

impl<Name: 'static, Q> QueryId for Prepared<Name, Q> {
    type QueryId = Prepared<Name, ()>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Name, Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<Name, Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(pass)
    }
}

impl<Name, Q: Query> Query for Prepared<Name, Q> {
    type SqlType = Q::SqlType;
}

impl<Name, Q, Connection> RunQueryDsl<Connection> for Prepared<Name, Q> {}

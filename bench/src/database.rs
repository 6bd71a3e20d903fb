//! Plain SQL on either database, for loading and for looking things up. The service is not involved.

use std::path::PathBuf;

use candour::store::DatabaseUrl;
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Nullable, Text},
};

use crate::Outcome;

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    pub fn parse(url: &str) -> Outcome<Self> {
        match url.strip_prefix("sqlite://") {
            Some(path) => Ok(Self::Sqlite(path.into())),
            None if url.starts_with("postgres") => Ok(Self::Postgres(url.to_owned())),
            None => Err(format!("neither sqlite:// nor postgres://: {url}").into()),
        }
    }

    /// As the service takes it.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(url) => url.clone(),
        }
    }

    pub fn for_service(&self) -> Outcome<DatabaseUrl> {
        self.url().parse().map_err(|fault| format!("{fault}").into())
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// An open database.
pub enum Database {
    Sqlite(Box<SqliteConnection>),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct OneText {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

impl Database {
    pub fn open(target: &Target) -> Outcome<Self> {
        Ok(match target {
            Target::Sqlite(path) => {
                let path = path.to_str().ok_or("the path is not UTF-8")?;
                Self::Sqlite(Box::new(SqliteConnection::establish(path)?))
            }
            Target::Postgres(url) => Self::Postgres(PgConnection::establish(url)?),
        })
    }

    /// Runs statements that give nothing.
    pub fn execute(&mut self, sql: &str) -> Outcome<()> {
        let done = match self {
            Self::Sqlite(connection) => connection.batch_execute(sql),
            Self::Postgres(connection) => connection.batch_execute(sql),
        };
        done.map_err(|error| format!("{error}, in: {sql}").into())
    }

    /// The column `value` of every row, as text; empty where it is null.
    pub fn texts(&mut self, sql: &str) -> Outcome<Vec<String>> {
        let rows: diesel::QueryResult<Vec<OneText>> = match self {
            Self::Sqlite(connection) => sql_query(sql).load(&mut **connection),
            Self::Postgres(connection) => sql_query(sql).load(connection),
        };
        let rows = rows.map_err(|error| format!("{error}, in: {sql}"))?;
        Ok(rows.into_iter().map(|row| row.value.unwrap_or_default()).collect())
    }

    /// The column `value` of the only row.
    pub fn text(&mut self, sql: &str) -> Outcome<String> {
        self.texts(sql)?.pop().ok_or_else(|| format!("no row: {sql}").into())
    }

    pub fn number(&mut self, sql: &str) -> Outcome<i64> {
        Ok(self.text(sql)?.parse()?)
    }

    /// The columns of a table in their order. Whatever copies rows asks for them, and so follows the schema.
    pub fn columns(&mut self, table: &str) -> Outcome<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => format!("SELECT name AS value FROM pragma_table_info('{table}') ORDER BY cid"),
            Self::Postgres(_) => format!(
                "SELECT attname::text AS value FROM pg_attribute WHERE attrelid = '{table}'::regclass \
                 AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
            ),
        };
        let columns = self.texts(&sql)?;
        if columns.is_empty() { Err(format!("no table {table}").into()) } else { Ok(columns) }
    }
}

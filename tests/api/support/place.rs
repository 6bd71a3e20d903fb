//! A database of its own for a test, and a way to look into it past the service.

#![expect(clippy::disallowed_methods, reason = "tests look into the database, and break it, past the store")]

use std::path::{Path, PathBuf};

use candour::store::DatabaseUrl;
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};

use super::{
    Database,
    server::{TEMPLATE, database_text, run_on_cluster},
};

/// A folder that lives as long as its test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("candour_{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it and gives its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A database that lives as long as its test.
pub struct Place {
    pub database: Database,
    pub url: DatabaseUrl,
    /// The URL with its password, for the environment of a process.
    pub text: String,
    /// The name of the database on the cluster; empty for SQLite.
    pub name: String,
    folder: Folder,
}

/// A connection to either database.
pub enum Session {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

impl Place {
    /// A database without tables.
    pub fn empty(database: Database) -> Self {
        Self::new(database, "template0")
    }

    /// A database that a server may be started on: PostgreSQL has the tables already, which spares each test the
    /// migrations.
    pub fn with_schema(database: Database) -> Self {
        match database {
            Database::Sqlite => Self::new(database, ""),
            Database::Postgres => Self::new(database, &TEMPLATE),
        }
    }

    fn new(database: Database, template: &str) -> Self {
        let folder = Folder::new();
        let (name, text) = match database {
            Database::Sqlite => (String::new(), format!("sqlite://{}", folder.path().join("candour.db").display())),
            Database::Postgres => {
                let name = format!("candour_{}", uuid::Uuid::new_v4().simple());
                run_on_cluster(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
                let text = database_text(&name);
                (name, text)
            }
        };
        Self { database, url: text.parse().unwrap(), text, name, folder }
    }

    /// A folder beside the database, in which processes run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A connection past the service.
    pub fn session(&self) -> Session {
        match self.database {
            Database::Sqlite => {
                let mut connection = SqliteConnection::establish(self.text.trim_start_matches("sqlite://")).unwrap();
                connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
                Session::Sqlite(connection)
            }
            Database::Postgres => Session::Postgres(PgConnection::establish(&self.text).unwrap()),
        }
    }

    /// The one number that a query gives as `number`.
    pub fn number(&self, query: &str) -> i64 {
        self.session().number(query)
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT count(*) AS number FROM {table}"))
    }

    /// The texts that a query gives as `words`.
    pub fn words(&self, query: &str) -> Vec<String> {
        self.session().words(query)
    }

    /// Carries statements out.
    pub fn run(&self, statements: &str) {
        self.session().run(statements);
    }
}

impl Session {
    pub fn number(&mut self, query: &str) -> i64 {
        let query = sql_query(query);
        let row: Number = match self {
            Self::Sqlite(connection) => query.get_result(connection).unwrap(),
            Self::Postgres(connection) => query.get_result(connection).unwrap(),
        };
        row.number
    }

    pub fn words(&mut self, query: &str) -> Vec<String> {
        let query = sql_query(query);
        let rows: Vec<Words> = match self {
            Self::Sqlite(connection) => query.load(connection).unwrap(),
            Self::Postgres(connection) => query.load(connection).unwrap(),
        };
        rows.into_iter().map(|row| row.words).collect()
    }

    pub fn run(&mut self, statements: &str) {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(statements).unwrap(),
            Self::Postgres(connection) => connection.batch_execute(statements).unwrap(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.database == Database::Postgres {
            run_on_cluster(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

//! The address of a database: parsed once at start, shown without its secrets. Knows nothing of connections.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Which database keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file of this machine, for one process and usually one authority.
    Sqlite,
    /// A PostgreSQL server, shared by any number of processes.
    Postgres,
}

impl Backend {
    /// The name used in logs, metrics and the version answer.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Where the data are: `sqlite://path` (relative, or absolute with a third slash) or `postgres://user:password@host/name`.
///
/// `Debug` and `Display` leave out user name, password and parameters, and no fault of parsing repeats the text, so that
/// a password cannot reach a log by way of a typing error.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    address: Address,
    role: Option<DatabaseRole>,
}

/// The role of PostgreSQL that serves: one that does not own the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseRole(String);

impl DatabaseRole {
    /// Its name, which needs no quotation marks in SQL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseRole {
    type Err = DatabaseUrlFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text.len() <= 63
            && text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if is_plain && !["none", "public"].contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        Err(DatabaseUrlFault("a role has 1 to 63 lower-case letters, digits and underscores, and begins with no digit"))
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Address {
    Sqlite(PathBuf),
    Postgres(String),
}

impl DatabaseUrl {
    /// The address of an SQLite file.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self { address: Address::Sqlite(path.into()), role: None }
    }

    /// Which database the address belongs to.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self.address {
            Address::Sqlite(_) => Backend::Sqlite,
            Address::Postgres(_) => Backend::Postgres,
        }
    }

    /// The same address, served under this role; without meaning for SQLite.
    #[must_use]
    pub fn served_as(self, role: DatabaseRole) -> Self {
        Self { role: Some(role), ..self }
    }

    /// The role that serves, where it is not who connects.
    #[must_use]
    pub const fn role(&self) -> Option<&DatabaseRole> {
        self.role.as_ref()
    }

    /// The SQLite file; none of another database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.address {
            Address::Sqlite(path) => Some(path),
            Address::Postgres(_) => None,
        }
    }

    pub(super) fn target(&self) -> Target<'_> {
        match &self.address {
            Address::Sqlite(path) => Target::Sqlite(path),
            Address::Postgres(url) => Target::Postgres(url),
        }
    }
}

/// What an address leads to, for the code that connects.
pub(super) enum Target<'a> {
    Sqlite(&'a Path),
    Postgres(&'a str),
}

/// Why a text is no address of a database; never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DatabaseUrlFault(&'static str);

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('\0') {
            return Err(DatabaseUrlFault("a database URL cannot hold a NUL character"));
        }
        if let Some(path) = text.strip_prefix("sqlite://") {
            return sqlite_address(path);
        }
        let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) else {
            return Err(DatabaseUrlFault("a database URL begins with sqlite://, postgres:// or postgresql://"));
        };
        check_postgres(rest)?;
        Ok(Self { address: Address::Postgres(text.to_owned()), role: None })
    }
}

fn sqlite_address(path: &str) -> Result<DatabaseUrl, DatabaseUrlFault> {
    if path.is_empty() || path.ends_with('/') {
        return Err(DatabaseUrlFault("sqlite:// must be followed by the path of a file"));
    }
    if path.starts_with(":memory:") {
        return Err(DatabaseUrlFault(
            "an SQLite database in memory cannot be shared by readers and writer: name a file",
        ));
    }
    if path.contains('?') {
        return Err(DatabaseUrlFault("sqlite:// takes no parameters after the path"));
    }
    Ok(DatabaseUrl::sqlite(path))
}

/// libpq quotes what it cannot parse in its messages. Whatever could make it quote a piece of a password is refused here.
fn check_postgres(rest: &str) -> Result<(), DatabaseUrlFault> {
    let encode = DatabaseUrlFault("the user name, the password and the parameters must be percent-encoded (@ as %40)");
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = place.split_once('/').unwrap_or((place, ""));
    if parameters.contains('@') || path.contains('@') || authority.matches('@').count() > 1 {
        return Err(encode);
    }
    let user = authority.split_once('@').map_or("", |(user, _)| user);
    if user.matches(':').count() > 1 || rest.contains('#') || !percent_encoding_is_sound(rest) {
        return Err(encode);
    }
    Ok(())
}

fn percent_encoding_is_sound(text: &str) -> bool {
    text.split('%').skip(1).all(|piece| {
        let code = piece.get(..2).unwrap_or_default();
        code.len() == 2 && code != "00" && code.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Address::Sqlite(path) => write!(formatter, "sqlite://{}", path.display()),
            Address::Postgres(url) => {
                let place = url.split_once("://").map_or("", |(_, rest)| rest).split('?').next().unwrap_or_default();
                write!(formatter, "postgres://{}", place.rsplit('@').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        text.parse::<DatabaseUrl>().unwrap_err().to_string()
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://clerk:hunter2@db.example:5433/foi?sslpassword=hunter2".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db.example:5433/foi");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres://db.example:5433/foi)");
        assert_eq!(url.backend(), Backend::Postgres);
    }

    #[test]
    fn a_badly_encoded_password_is_refused_and_not_repeated() {
        for password in
            ["hun@ter2", "hun/ter2@x", "hun?ter2", "hun:ter2", "hun#ter2", "hunter2%", "hunter2%zz", "%00hunter2"]
        {
            let said = refused(&format!("postgres://clerk:{password}@db.example/foi"));
            assert!(said.contains("percent-encoded") && !said.contains("ter2"), "{password}: {said}");
        }
    }

    #[test]
    fn the_name_of_a_role_is_plain() {
        for good in ["candour_service", "_a1", "x"] {
            assert_eq!(good.parse::<DatabaseRole>().unwrap().as_str(), good);
        }
        for bad in ["", "1a", "A", "a b", "a\"; DROP TABLE requests", "none", "public", &"a".repeat(64)] {
            bad.parse::<DatabaseRole>().unwrap_err();
        }
    }

    #[test]
    fn sqlite_paths_are_relative_or_absolute_files() {
        assert_eq!("sqlite://a/b.db".parse::<DatabaseUrl>().unwrap(), DatabaseUrl::sqlite("a/b.db"));
        assert_eq!("sqlite:///a/b.db".parse::<DatabaseUrl>().unwrap(), DatabaseUrl::sqlite("/a/b.db"));
        for text in
            ["sqlite://", "sqlite:///a/", "sqlite://:memory:", "sqlite://a?mode=ro", "sqlite:/a", "a.db", "mysql://a"]
        {
            refused(text);
        }
    }
}

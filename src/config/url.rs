//! The address of a database, as people write it: SQLAlchemy's forms, libpq's and sqlx's.
//!
//! Whatever shows a URL shows it without its secrets; only `connection_string` gives them away.

use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::UserError;
use crate::dialect::Kind;

/// The schemes, for messages.
const ACCEPTED: &str = "postgres://, postgresql://, mysql://, mariadb:// and sqlite:// (SQLAlchemy's `+driver` suffix may stand behind the name)";
/// SQLite's name for a database that lives in memory.
const MEMORY: &str = ":memory:";

/// The address of a database. `Display` and `Debug` leave out its secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    kind: Kind,
    /// The URL with a scheme the driver knows, secrets included.
    secret: String,
    /// The URL as it was written, secrets replaced.
    shown: String,
    /// SQLite's file, or `:memory:`. Empty for a server.
    path: PathBuf,
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// One sentence that names the accepted forms. The URL itself is not repeated unless it is redacted.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(UserError::new("the database URL is empty").with_help(format!("the accepted schemes are {ACCEPTED}")));
        }
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(UserError::new("the database URL has no scheme")
                .with_help(format!("the accepted schemes are {ACCEPTED}; for a file write sqlite:///relative.db or sqlite:////absolute.db")));
        };
        let name = scheme.split('+').next().unwrap_or(scheme).to_ascii_lowercase();
        match name.as_str() {
            "sqlite" | "sqlite3" => sqlite(text, rest),
            "postgres" | "postgresql" => postgres(text, rest),
            "mysql" | "mariadb" => mysql(text, rest),
            _ => Err(UserError::new(format!("unknown database scheme `{scheme}`")).with_help(format!("the accepted schemes are {ACCEPTED}"))),
        }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// SQLite's file; `:memory:` for a database in memory. Empty for a server.
    pub fn sqlite_path(&self) -> &Path {
        &self.path
    }

    /// True for a SQLite database that lives in memory and is gone with its connection.
    pub fn is_memory(&self) -> bool {
        self.path == Path::new(MEMORY)
    }

    /// The URL for the driver, with its secrets: never to be shown.
    pub fn connection_string(&self) -> &str {
        &self.secret
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.shown)
    }
}

fn postgres(text: &str, rest: &str) -> Result<DatabaseUrl, UserError> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(UserError::new("a PostgreSQL URL begins with postgres://").with_help("write postgres://user:password@host:5432/database"));
    };
    Ok(DatabaseUrl { kind: Kind::Postgres, secret: format!("postgres://{rest}"), shown: redacted(text), path: PathBuf::new() })
}

/// Which of the two servers it is, the server says.
fn mysql(text: &str, rest: &str) -> Result<DatabaseUrl, UserError> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(UserError::new("a MySQL URL begins with mysql://").with_help("write mysql://user:password@host:3306/database"));
    };
    Ok(DatabaseUrl { kind: Kind::Mysql, secret: format!("mysql://{rest}"), shown: redacted(text), path: PathBuf::new() })
}

/// `sqlite:///x` is relative and `sqlite:////x` absolute, as SQLAlchemy reads them; `sqlite://x` and `sqlite:x` are relative too.
fn sqlite(text: &str, rest: &str) -> Result<DatabaseUrl, UserError> {
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, query),
        None => (rest, ""),
    };
    let place = match place.strip_prefix("//") {
        Some(after) if has_password(after) => {
            return Err(UserError::new("the SQLite URL has a user and a password in it, but SQLite reads a file and knows no users")
                .with_help("write sqlite:///relative.db or sqlite:////absolute.db; a server's URL begins with postgres://"));
        }
        Some(after) => after.strip_prefix('/').unwrap_or(after),
        None => place,
    };
    let decoded = percent_decode_str(place)
        .decode_utf8()
        .map_err(|_| UserError::new("the path in the SQLite URL is not UTF-8 once its %-escapes are decoded"))?
        .into_owned();
    let mut path = if decoded.is_empty() { MEMORY.to_owned() } else { decoded };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("mode", "memory") => path = MEMORY.to_owned(),
            ("mode", "ro") => {
                return Err(UserError::new("`mode=ro` in the SQLite URL is not supported")
                    .with_help("take it away: commands that only read open the file read-only by themselves"));
            }
            _ => {}
        }
    }
    Ok(DatabaseUrl { kind: Kind::Sqlite, secret: text.to_owned(), shown: redacted(text), path: PathBuf::from(path) })
}

/// True for `user:password@host/...`. A path begins with `/`, and the drive of one (`C:/`) is no user.
fn has_password(place: &str) -> bool {
    let Some((before, _)) = place.rsplit_once('@').filter(|_| !place.starts_with('/')) else { return false };
    before.split_once(':').is_some_and(|(user, rest)| !(user.len() == 1 && rest.starts_with(['/', '\\'])))
}

/// `url` with the password and the secret query parameters replaced by `***`.
fn redacted(url: &str) -> String {
    let Some(start) = url.find("://").map(|at| at + 3) else { return redacted_query(url) };
    let authority_end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    // A password with an unescaped `/` or `?` ends the authority too early; then everything up to the last `@` counts as its secret.
    let at = url[start..authority_end].rfind('@').or_else(|| url[start..].rfind('@')).map(|at| start + at);
    let Some(at) = at else { return redacted_query(url) };
    match url[start..at].find(':') {
        Some(colon) => format!("{}:***{}", &url[..start + colon], redacted_query(&url[at..])),
        None => redacted_query(url),
    }
}

fn redacted_query(url: &str) -> String {
    let Some((place, query)) = url.split_once('?') else { return url.to_owned() };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if is_secret(key) => format!("{key}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{place}?{}", pairs.join("&"))
}

fn is_secret(parameter: &str) -> bool {
    let parameter = percent_decode_str(parameter).decode_utf8_lossy().to_ascii_lowercase();
    ["pass", "pwd", "secret", "token"].iter().any(|word| parameter.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> String {
        DatabaseUrl::parse(url).expect(url).sqlite_path().to_string_lossy().into_owned()
    }

    #[test]
    fn sqlite_urls_read_as_sqlalchemy_and_sqlx_read_them() {
        assert_eq!(path("sqlite:///dev.db"), "dev.db");
        assert_eq!(path("sqlite:////var/dev.db"), "/var/dev.db");
        assert_eq!(path("sqlite://dev.db"), "dev.db");
        assert_eq!(path("sqlite:dev.db"), "dev.db");
        assert_eq!(path("sqlite:/var/dev.db"), "/var/dev.db");
        assert_eq!(path("sqlite:///C:/data/dev.db"), "C:/data/dev.db");
        assert_eq!(path("sqlite+aiosqlite:///a%20b.db?mode=rwc"), "a b.db");
        assert_eq!(path("sqlite:///./data/dev.db"), "./data/dev.db");
        for memory in ["sqlite://", "sqlite:", "sqlite::memory:", "sqlite://:memory:", "sqlite:///:memory:", "sqlite://x?mode=memory"] {
            assert_eq!(path(memory), ":memory:", "{memory}");
        }
    }

    #[test]
    fn the_driver_suffix_of_a_server_is_dropped_for_the_driver() {
        let url = DatabaseUrl::parse("postgresql+psycopg://me:pw@db.example:5432/shop").expect("a URL");
        assert_eq!(url.kind(), Kind::Postgres);
        assert_eq!(url.connection_string(), "postgres://me:pw@db.example:5432/shop");
        assert_eq!(url.to_string(), "postgresql+psycopg://me:***@db.example:5432/shop");
    }

    #[test]
    fn secrets_never_show() {
        for (url, shown) in [
            ("postgres://me:s3cret@h/db", "postgres://me:***@h/db"),
            ("postgres://me:a@b@h/db", "postgres://me:***@h/db"),
            ("postgres://me:a/b?c@h/db", "postgres://me:***@h/db"),
            ("postgres://:s3cret@h/db", "postgres://:***@h/db"),
            ("postgres://h/db?user=me&password=s3cret&sslmode=require", "postgres://h/db?user=me&password=***&sslmode=require"),
            ("postgres://h:5432/db", "postgres://h:5432/db"),
            ("postgres://me@h/db", "postgres://me@h/db"),
            ("sqlite:///x.db?password=s3cret", "sqlite:///x.db?password=***"),
        ] {
            let parsed = DatabaseUrl::parse(url).expect(url);
            assert_eq!(parsed.to_string(), shown);
            assert!(!format!("{parsed:?}").contains("s3cret"));
        }
    }

    #[test]
    fn a_file_has_no_user_and_what_looks_like_one_is_not_repeated() {
        for url in ["sqlite://u:sekret@h/x.db", "sqlite://u:se/kret@h/x.db"] {
            let error = DatabaseUrl::parse(url).expect_err(url);
            assert!(error.message.contains("password") && !format!("{error:?}").contains("kret"), "{error:?}");
        }
        assert_eq!(path("sqlite://C:/data/a@b.db"), "C:/data/a@b.db");
        assert_eq!(path("sqlite:///a@b.db"), "a@b.db");
    }

    #[test]
    fn an_unknown_scheme_names_the_accepted_ones() {
        let error = DatabaseUrl::parse("oracle://me:pw@h/db").expect_err("no such scheme");
        assert_eq!(error.message, "unknown database scheme `oracle`");
        assert!(error.help.expect("help").contains("postgres://"));
        assert_eq!(DatabaseUrl::parse("mariadb+pymysql://me:pw@h/db").expect("a URL").connection_string(), "mysql://me:pw@h/db");
        assert!(DatabaseUrl::parse("dev.db").is_err());
    }
}

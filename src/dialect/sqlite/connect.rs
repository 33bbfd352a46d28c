//! Opens databases.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::session::Access;

/// How long a statement waits for a database that another process has locked.
const BUSY: Duration = Duration::from_secs(5);

/// SQLite's primary result codes: <https://www.sqlite.org/rescode.html>.
const SQLITE_BUSY: &str = "5";
const SQLITE_CANTOPEN: &str = "14";
const SQLITE_NOTADB: &str = "26";

/// Opens the file at `url`, or an empty database in memory where nothing may be written and there is no file.
pub async fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<SqliteConnection> {
    let path = url.sqlite_path();
    if path == Path::new(":memory:") {
        return memory().await;
    }
    inspect_path(path, access)?;
    if access == Access::ReadOnly && !path.exists() {
        return memory().await;
    }
    let options = options().filename(path).create_if_missing(access == Access::ReadWrite);
    let mut conn = options.connect().await.map_err(|error| explain(path, error))?;
    // The file is first read here, so that what is no database is found now and not by whoever asks first.
    match run(&mut conn, "PRAGMA schema_version").await {
        // Somebody keeps it locked, another run for one: whoever writes waits for that with the run's own lock.
        Err(error) if access == Access::ReadWrite && code(&error).as_deref() == Some(SQLITE_BUSY) => {}
        other => other.map_err(|error| explain(path, error))?,
    }
    if access == Access::ReadOnly {
        // Opened for writing nevertheless: after a crash, only a connection that may write can roll the journal back, and without that
        // the file cannot be read (https://www.sqlite.org/lockingv3.html#hot_journals).
        run(&mut conn, "PRAGMA query_only = ON").await?;
    }
    Ok(conn)
}

/// An empty database that is gone with its connection.
pub async fn memory() -> anyhow::Result<SqliteConnection> {
    Ok(options().filename(":memory:").create_if_missing(true).connect().await?)
}

/// The journal mode stays what the file says. Prepared statements are not kept: the schema changes under them.
fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new().foreign_keys(true).busy_timeout(BUSY).statement_cache_capacity(0)
}

async fn run(conn: &mut SqliteConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await.map(|_| ())
}

/// Finds what SQLite would only call "unable to open database file", or not notice before the first write.
fn inspect_path(path: &Path, access: Access) -> Result<(), UserError> {
    let folder = folder(path);
    if !folder.is_dir() {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Err(UserError::new(format!("the folder {} of the database does not exist", folder.display())).with_help(format!(
            "make the folder, or correct the URL: sqlite:///{name} is relative to the current folder, sqlite:////folder/{name} is absolute"
        )));
    }
    if path.is_dir() {
        return Err(UserError::new(format!("{} is a folder, not a database file", path.display())));
    }
    if access == Access::ReadOnly {
        return Ok(());
    }
    // SQLite writes a journal beside the file, so the folder has to be writable too.
    let read_only = folder.metadata().is_ok_and(|data| data.permissions().readonly());
    if read_only {
        return Err(UserError::new(format!("the folder {} is read-only, and SQLite writes its journal there", folder.display())));
    }
    let file = std::fs::OpenOptions::new().write(true).open(path);
    match file {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Err(UserError::new(format!("{} is read-only", path.display()))),
        _ => Ok(()),
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
}

fn explain(path: &Path, error: sqlx::Error) -> anyhow::Error {
    match code(&error).as_deref() {
        Some(SQLITE_BUSY) => {
            UserError::new(format!("{} is locked by another program that writes to it", path.display())).with_help("try again when it is done").into()
        }
        Some(SQLITE_NOTADB) => UserError::new(format!("{} is not a SQLite database", path.display())).into(),
        Some(SQLITE_CANTOPEN) => {
            UserError::new(format!("{} cannot be opened: its folder or the file may not be read or written", path.display())).into()
        }
        _ => anyhow::Error::new(error).context(format!("cannot open {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(url: &str, access: Access) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let url = DatabaseUrl::parse(url).expect(url);
        runtime.block_on(async { connect(&url, access).await.map(|_| ()).map_err(|error| format!("{error:#}")) })
    }

    #[test]
    fn reading_makes_no_file_and_writing_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a b.db");
        let url = format!("sqlite:///{}", file.display());
        assert_eq!(open(&url, Access::ReadOnly), Ok(()));
        assert!(!file.exists());
        assert_eq!(open(&url, Access::ReadWrite), Ok(()));
        assert!(file.exists());
    }

    #[test]
    fn what_is_no_database_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("notes.txt");
        std::fs::write(&file, "not a database, and long enough to be read as a header by whoever looks at it: ".repeat(20)).expect("a file");
        let error = |path: &Path| open(&format!("sqlite:///{}", path.display()), Access::ReadOnly).expect_err("an error");
        assert!(error(&file).ends_with("notes.txt is not a SQLite database"));
        assert!(error(folder.path()).ends_with("is a folder, not a database file"));
        assert!(error(&folder.path().join("no/such.db")).contains("no of the database does not exist"));
    }
}

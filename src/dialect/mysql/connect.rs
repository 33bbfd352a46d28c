//! Connections: what a URL says, and the settings under which dbtool works.

use std::str::FromStr as _;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, Row as _};

use super::quote::literal;
use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::{Access, Row};

/// Opens the database at `url`.
///
/// # Errors
/// One sentence that says what failed and what to do, without the password.
pub async fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<MySqlConnection> {
    let options = options(url)?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(UserError::new(format!("{url} names no database")).with_help("write mysql://user:password@host:3306/DATABASE").into());
    }
    let mut conn = open(url, &options).await?;
    if access == Access::ReadOnly {
        conn.execute("SET SESSION TRANSACTION READ ONLY").await?;
    }
    Ok(conn)
}

/// What the URL says. Nothing that would make a script mean something else than by hand is taken from the driver.
pub(super) fn options(url: &DatabaseUrl) -> anyhow::Result<MySqlConnectOptions> {
    let options = MySqlConnectOptions::from_str(url.connection_string())
        .map_err(|error| UserError::new(format!("{url} cannot be read: {error}")).with_help("write mysql://user:password@host:3306/database"))?;
    Ok(options.pipes_as_concat(false).no_engine_substitution(false).timezone(None).charset("utf8mb4").disable_statement_logging())
}

/// A session with the settings that every run has.
pub(super) async fn open(url: &DatabaseUrl, options: &MySqlConnectOptions) -> anyhow::Result<MySqlConnection> {
    let mut conn = options.connect().await.map_err(|error| refused(url, &error))?;
    settle(&mut conn).await.map_err(|error| refused(url, &error))?;
    Ok(conn)
}

/// Gives the session the settings that every one of ours has, in the database that it is in. The rest of `sql_mode` is the server's own, as
/// the client `mysql` has it: stored routines and triggers keep the mode in which they were made, and the collation.
pub(super) async fn settle(conn: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    let found = rows(conn, "SELECT @@sql_mode, @@character_set_database, @@collation_database, @@global.sql_mode")
        .await?
        .into_iter()
        .next()
        .unwrap_or_default();
    let mut cells = found.into_iter().map(Option::unwrap_or_default);
    let (mode, charset, collation) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    // The driver asks for a mode that the server's own client does not.
    let of_server = cells.next().unwrap_or_default();
    let is_ours = |word: &&str| *word != "IGNORE_SPACE" || of_server.split(',').any(|other| other == *word);
    let mode = mode.split(',').filter(is_ours).collect::<Vec<_>>().join(",");
    let collation = if charset == "utf8mb4" { format!(", collation_connection = {}", literal(&collation)) } else { String::new() };
    // A query's result must not be cut, and names have to stand in quotes to be told from key words.
    let sql = format!(
        "SET SESSION sql_mode = {}, SESSION group_concat_max_len = 1048576, SESSION sql_quote_show_create = 1{collation}",
        literal(&our_mode(&mode))
    );
    conn.execute(AssertSqlSafe(sql)).await?;
    Ok(())
}

/// The mode without what changes how strings and names are read or what SHOW CREATE leaves out, and with a strict one: without that the
/// server invents values. <https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html>, <https://mariadb.com/kb/en/sql-mode/>
fn our_mode(mode: &str) -> String {
    const NOT_OURS: [&str; 11] = [
        "NO_BACKSLASH_ESCAPES",
        "ANSI_QUOTES",
        "ANSI",
        "ORACLE",
        "MSSQL",
        "DB2",
        "MAXDB",
        "POSTGRESQL",
        "NO_FIELD_OPTIONS",
        "NO_KEY_OPTIONS",
        "NO_TABLE_OPTIONS",
    ];
    let mut ours: Vec<&str> = mode.split(',').filter(|word| !word.is_empty() && !NOT_OURS.contains(word)).collect();
    if !ours.iter().any(|word| word.starts_with("STRICT_")) {
        ours.insert(0, "STRICT_TRANS_TABLES");
    }
    ours.join(",")
}

fn refused(url: &DatabaseUrl, error: &sqlx::Error) -> UserError {
    let words = crate::run::server_words(error);
    let code = error.as_database_error().and_then(|error| error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()).map(|error| error.number());
    let help = match code {
        Some(1049) => "make the database first: CREATE DATABASE ... CHARACTER SET utf8mb4",
        Some(1044 | 1045 | 1698) => "check the user, the password and the host from which the user may come",
        Some(1040) => "the server has no connection left: try again later",
        Some(_) => "see the server's log",
        None => "is the server running, and can this machine reach it?",
    };
    UserError::new(format!("cannot connect to {url}: {words}")).with_help(help)
}

/// The version as the server numbers it in its executable comments: MySQL 80036, MariaDB 101114. MariaDB's have six digits.
pub async fn server_version(conn: &mut MySqlConnection) -> Result<u32, sqlx::Error> {
    let text = rows(conn, "SELECT VERSION()").await?.into_iter().flatten().flatten().next().unwrap_or_default();
    Ok(version_number(&text))
}

fn version_number(text: &str) -> u32 {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
    let number = numbers.take(3).fold((0, 10_000), |(sum, place), number| (sum + number * place, place / 100)).0;
    // MariaDB began to count at 10, MySQL has not come there.
    if text.contains("MariaDB") { number.max(super::MARIADB) } else { number }
}

/// Runs one query and gives its rows as text.
pub async fn rows(conn: &mut MySqlConnection, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(conn).await?;
    rows.iter().map(|row| (0..row.len()).map(|index| text(row, index)).collect()).collect()
}

/// A value as the server spells it; bytes that are no text are shown as well as it gets.
fn text(row: &sqlx::mysql::MySqlRow, index: usize) -> Result<Option<String>, sqlx::Error> {
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(index)?;
    Ok(bytes.map(super::bytes::text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_strict_and_reads_strings_in_one_way() {
        assert_eq!(our_mode("ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_DATE"), "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_DATE");
        assert_eq!(
            our_mode("REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ANSI"),
            "STRICT_TRANS_TABLES,REAL_AS_FLOAT,PIPES_AS_CONCAT,IGNORE_SPACE"
        );
        assert_eq!(our_mode(""), "STRICT_TRANS_TABLES");
    }

    #[test]
    fn versions_are_numbers() {
        for (text, number) in [("10.11.14-MariaDB-0+deb12u2", 101_114), ("9.7.4-2", 90_704), ("8.0.36", 80_036), ("11.8.3-MariaDB", 110_803)] {
            assert_eq!(version_number(text), number, "{text}");
        }
    }
}

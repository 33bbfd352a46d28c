//! What a server said, and where in which file it said it.

use sqlx::mysql::MySqlDatabaseError;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use crate::migration::Script;
use crate::source::Piece;

/// The server's own words: the message first, then what it adds, each on a line.
pub fn server_words(error: &sqlx::Error) -> String {
    let sqlx::Error::Database(database) = error else { return plain(error) };
    let Some(postgres) = database.try_downcast_ref::<PgDatabaseError>() else { return database.message().to_owned() };
    let mut words = postgres.message().to_owned();
    for (label, text) in [("detail", postgres.detail()), ("hint", postgres.hint()), ("context", postgres.r#where())] {
        if let Some(text) = text {
            words.push_str(&format!("\n  {label}: {}", text.replace('\n', "\n  ")));
        }
    }
    words
}

/// The words and, where a failed statement stands in a script, `file:line: ` before them.
///
/// `when` says at which occasion, where that was not the statement itself (`at COMMIT: `).
pub(super) fn at_statement(error: &sqlx::Error, script: &Script, piece: &Piece<'_>, when: &str) -> String {
    let start = piece.offset + piece.statement.0;
    let offset = position(error).map_or(0, |characters| byte_offset(piece.statement(), characters));
    let line = 1 + script.text[..start + offset].matches('\n').count();
    format!("{}:{line}: {when}{}{}", script.path.display(), server_words(error), lock_hint(error))
}

/// What an error says about trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// The connection is gone; whether the statement took effect nobody knows.
    Lost,
    /// Somebody else was in the way; the transaction is rolled back.
    Busy,
    /// The server ended the statement: it ran out of time, or somebody cancelled it.
    Canceled,
    /// The statement is at fault, or the disk, or the rights.
    Refused,
}

/// PostgreSQL's SQLSTATEs (<https://www.postgresql.org/docs/current/errcodes-appendix.html>), SQLite's result codes
/// (<https://www.sqlite.org/rescode.html>) and MySQL's numbers (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>,
/// <https://mariadb.com/kb/en/mariadb-error-codes/>).
pub(super) fn class(error: &sqlx::Error) -> Class {
    let Some(database) = error.as_database_error() else {
        return match error {
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => Class::Lost,
            _ => Class::Refused,
        };
    };
    if let Some(number) = mysql_number(error) {
        return match number {
            // A wait for a lock that took too long, a deadlock.
            1205 | 1213 | 3572 => Class::Busy,
            // Somebody ended the statement, or a limit did.
            1317 | 1969 | 3024 => Class::Canceled,
            // The server goes down, or has ended the session.
            1053 | 1077 | 1079 | 1927 | 3169 | 4031 => Class::Lost,
            _ => Class::Refused,
        };
    }
    match database.code().as_deref() {
        // lock_not_available, deadlock_detected, serialization_failure; SQLITE_BUSY, _RECOVERY and _SNAPSHOT, SQLITE_LOCKED.
        Some("55P03" | "40P01" | "40001" | "5" | "261" | "517" | "6") => Class::Busy,
        Some("57014") => Class::Canceled,
        // admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout, idle_session_timeout.
        Some("57P01" | "57P02" | "57P03" | "25P03" | "57P05") => Class::Lost,
        Some(code) if code.len() == 5 && code.starts_with("08") => Class::Lost,
        _ => Class::Refused,
    }
}

/// The number that MySQL and MariaDB give an error: its SQLSTATE is mostly no more than `HY000`.
pub(super) fn mysql_number(error: &sqlx::Error) -> Option<u16> {
    Some(error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?.number())
}

/// The characters of the statement before the place the server points at.
fn position(error: &sqlx::Error) -> Option<usize> {
    let postgres = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    match postgres.position()? {
        // Positions count characters from 1.
        PgErrorPosition::Original(position) => position.checked_sub(1),
        PgErrorPosition::Internal { .. } => None,
    }
}

fn byte_offset(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(offset, _)| offset)
}

/// A statement that gave up waiting did nothing wrong; what stood in its way is worth a word.
fn lock_hint(error: &sqlx::Error) -> &'static str {
    if mysql_number(error) == Some(1205) {
        return "\n  hint: another session uses the table; try again when it is quiet";
    }
    match error.as_database_error().and_then(|error| error.code()).as_deref() {
        Some("55P03") => "\n  hint: another session holds a lock on the table; try again when it is quiet",
        Some("5" | "517") => "\n  hint: another connection is writing to the file; try again when it is done",
        _ => "",
    }
}

fn plain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => format!("the connection to the server was lost: {error}"),
        sqlx::Error::Protocol(text) => format!("the server's answer was not understood: {text}"),
        error => error.to_string(),
    }
}

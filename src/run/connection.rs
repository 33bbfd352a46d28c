//! The settings of the session in which scripts run: the same for every revision, whatever the one before left behind.

use crate::config::UpgradeSettings;
use crate::dialect::{Kind, Session};

/// Gives the session the settings for a script, and says how to restore its own.
pub(super) async fn prepare(session: &mut Session, settings: &UpgradeSettings) -> Result<Vec<String>, sqlx::Error> {
    let before = enter(session).await?;
    timeouts(session, settings).await?;
    Ok(before)
}

/// The same without timeouts, where nobody else is there to wait.
pub(crate) async fn enter(session: &mut Session) -> Result<Vec<String>, sqlx::Error> {
    match session.kind() {
        Kind::Sqlite => {
            let mut before = Vec::new();
            for pragma in ["foreign_keys", "legacy_alter_table"] {
                let value = session.count(&format!("PRAGMA {pragma}")).await?;
                before.push(format!("PRAGMA {pragma} = {value}"));
            }
            session.run("PRAGMA foreign_keys = ON").await?;
            session.run("PRAGMA legacy_alter_table = OFF").await?;
            Ok(before)
        }
        Kind::Postgres => {
            reset(session).await?;
            Ok(Vec::new())
        }
        Kind::Mysql => {
            let names =
                ["sql_mode", "foreign_key_checks", "unique_checks", "autocommit", "time_zone", "lock_wait_timeout", "innodb_lock_wait_timeout"];
            let sql = format!("SELECT {}", names.map(|name| format!("QUOTE(@@{name})")).join(", "));
            let values = session.rows(&sql).await?.into_iter().next().unwrap_or_default();
            let number = |name: &str| !matches!(name, "sql_mode" | "time_zone");
            let before = names.iter().zip(values).filter_map(|(name, value)| {
                let value = value?;
                Some(format!("SET SESSION {name} = {}", if number(name) { value.trim_matches('\'') } else { &value }))
            });
            Ok(before.collect())
        }
    }
}

pub(super) async fn restore(session: &mut Session, before: &[String]) -> Result<(), sqlx::Error> {
    for sql in before {
        session.run(sql).await?;
    }
    Ok(())
}

/// Leaves nothing behind of what a script has set.
pub(crate) async fn leave(session: &mut Session, before: &[String]) -> Result<(), sqlx::Error> {
    match session.kind() {
        Kind::Sqlite | Kind::Mysql => restore(session, before).await,
        Kind::Postgres => reset(session).await,
    }
}

/// A statement that waits for a table keeps everybody waiting who comes after it, so it waits only for a moment and is tried again:
/// <https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT>.
pub(super) async fn timeouts(session: &mut Session, settings: &UpgradeSettings) -> Result<(), sqlx::Error> {
    match session.kind() {
        Kind::Sqlite => Ok(()),
        Kind::Postgres => {
            let (statement, lock) = (settings.statement_timeout.unwrap_or_default(), settings.table_lock_timeout);
            let sql = format!("SET statement_timeout = {}; SET lock_timeout = {}", statement.as_millis(), lock.as_millis());
            session.run(&sql).await.map(|_| ())
        }
        Kind::Mysql => {
            // Whole seconds; the first is for tables, the other for rows. A statement that changes a schema has no limit of its own.
            let seconds = settings.table_lock_timeout.as_secs().max(1);
            let sql =
                format!("SET SESSION lock_wait_timeout = {seconds}, SESSION innodb_lock_wait_timeout = {seconds}, SESSION wait_timeout = 86400");
            session.run(&sql).await.map(|_| ())
        }
    }
}

/// Lifts the timeouts that are dbtool's own; those that the script has set are its business. Gives what sets them again.
pub(super) async fn lift_timeouts(session: &mut Session, settings: &UpgradeSettings) -> Result<Vec<String>, sqlx::Error> {
    let mut before = Vec::new();
    // In MySQL a statement that waits for a table can be tried again, and what it does has no limit.
    if session.kind() != Kind::Postgres {
        return Ok(before);
    }
    for (name, own) in [("statement_timeout", settings.statement_timeout.unwrap_or_default()), ("lock_timeout", settings.table_lock_timeout)] {
        let sql = format!("SELECT setting FROM pg_catalog.pg_settings WHERE name = '{name}'");
        if u128::from(session.count(&sql).await?) == own.as_millis() {
            session.run(&format!("SET {name} = 0")).await?;
            before.push(format!("SET {name} = {}", own.as_millis()));
        }
    }
    Ok(before)
}

/// Dumps of pg_dump empty the `search_path` of the session; the next script must not find it so. Advisory locks stay.
async fn reset(session: &mut Session) -> Result<(), sqlx::Error> {
    session.run("RESET SESSION AUTHORIZATION").await?;
    session.run("RESET ROLE").await?;
    session.run("RESET ALL").await?;
    // Scripts are split as these strings are read.
    session.run("SET standard_conforming_strings = on; SET client_min_messages = warning").await.map(|_| ())
}

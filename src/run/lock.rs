//! The lock of a run: concurrent runs on one database wait for each other, and whoever waits is told for whom.
//!
//! PostgreSQL: a session-level advisory lock on the very session that does the work, so that a killed run keeps it for as long as its last
//! statement goes on. It is polled: a session that blocks in `pg_advisory_lock` holds a snapshot, for which a CREATE INDEX CONCURRENTLY of
//! the holder would wait in turn. <https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS>
//!
//! MySQL: GET_LOCK, on that session too. A killed run keeps it until the server has noticed, which is when its last statement ends.

use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::failpoint::failpoint;
use super::filelock::{Attempt, FileLock};
use super::history::History;
use super::table::StateTable;
use super::{Event, Halted, RunOptions, pooler};
use crate::UserError;
use crate::config::{DatabaseUrl, StateSettings};
use crate::dialect::{Dialect, Kind, Session};

/// How often a waiting run looks again.
const PAUSE: Duration = Duration::from_millis(200);

/// A session that holds the lock. Only through it are a schema and its history changed.
pub struct Locked<'a> {
    pub(super) session: &'a mut Session,
    pub(super) table: StateTable,
    held: Held,
}

enum Held {
    /// SQLite; `None` for a database in memory, which no other process can see.
    File {
        _lock: Option<FileLock>,
    },
    Advisory {
        key: i64,
    },
    /// MySQL: a lock by name, on the whole server.
    Named {
        name: String,
    },
}

/// Takes the lock, waiting for it as long as the settings say.
///
/// # Errors
/// Who still holds the lock when the patience is over.
pub async fn lock<'a>(session: &'a mut Session, options: &RunOptions<'_>) -> anyhow::Result<Locked<'a>> {
    let RunOptions { url, settings, tell, stop, .. } = options;
    let patience = settings.upgrade.lock_timeout;
    let table = StateTable::locate(session, &settings.state).await?;
    pooler::refuse(session, url).await?;
    failpoint("before-lock");
    let started = Instant::now();
    let mut told = None;
    loop {
        let holder = match attempt(session, url, &table).await? {
            Ok(held) => {
                failpoint("locked");
                return Ok(Locked { session, table, held });
            }
            Err(holder) => holder,
        };
        if let Some(why) = stop.now() {
            return Err(HaltedWaiting { why, holder }.into());
        }
        if started.elapsed() >= patience {
            let waited = started.elapsed().as_secs();
            return Err(UserError::new(format!("the database is locked by another run: {holder} (waited {waited} s)"))
                .with_help("wait for it to end, or give more time with --lock-timeout SECONDS; nothing was changed")
                .into());
        }
        // The holder goes from statement to statement; that is no news.
        let who = holder.split(" (").next().map(str::to_owned);
        if told != who {
            tell(Event::Waiting { holder: &holder });
            told = who;
        }
        stop.sleep(PAUSE.min(patience.saturating_sub(started.elapsed()))).await;
    }
}

/// The run was asked to stop while it waited for the lock.
#[derive(Debug, thiserror::Error)]
#[error("stopped while waiting for {holder}")]
pub(super) struct HaltedWaiting {
    pub why: Halted,
    pub holder: String,
}

/// Who holds the lock of a database just now. Nothing is written.
pub async fn holder(session: &mut Session, url: &DatabaseUrl, state: &StateSettings) -> anyhow::Result<Option<String>> {
    match session.kind() {
        Kind::Sqlite => Ok(if url.is_memory() { None } else { FileLock::holder(url.sqlite_path()) }),
        Kind::Postgres => {
            let table = StateTable::locate(session, state).await?;
            advisory_holder(session, key(&table)).await
        }
        Kind::Mysql => {
            let table = StateTable::locate(session, state).await?;
            let name = lock_name(session, &table).await?;
            named_holder(session, &name).await
        }
    }
}

impl Locked<'_> {
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.session.dialect()
    }

    /// The history as it is under the lock; empty where there is none yet.
    pub async fn history(&mut self) -> anyhow::Result<History> {
        Ok(self.table.read(self.session).await?.unwrap_or_default())
    }

    /// Lets go of the lock. The end of the session does the same, so a failure here is only worth a warning: the text of it.
    pub async fn release(self) -> Option<String> {
        let (sql, said) = match &self.held {
            Held::File { .. } => return None,
            Held::Advisory { key } => (format!("SELECT pg_advisory_unlock({key})::text"), "true"),
            Held::Named { name } => (format!("SELECT RELEASE_LOCK('{name}')"), "1"),
        };
        match self.session.rows(&sql).await {
            Ok(rows) if rows.first().and_then(|row| row.first()) == Some(&Some(said.to_owned())) => None,
            Ok(_) => Some("the lock was gone before the end: a statement gave it up (pg_advisory_unlock_all, DISCARD), or a pooler did".to_owned()),
            Err(error) => Some(format!("the lock could not be released: {error}")),
        }
    }
}

impl Locked<'_> {
    /// A query that counts the lock of this session; none where the lock is a file of this process.
    pub(super) fn held_sql(&self) -> Option<String> {
        let key = match &self.held {
            Held::File { .. } => return None,
            Held::Advisory { key } => *key,
            Held::Named { name } => return Some(format!("SELECT coalesce(IS_USED_LOCK('{name}') = CONNECTION_ID(), 0)")),
        };
        Some(format!("SELECT count(*) FROM pg_catalog.pg_locks AS l WHERE {} AND l.pid = pg_backend_pid()", of_key(key)))
    }
}

/// The condition that picks the holders of `key` in this database. A 64-bit key is shown as two halves, with objsubid 1:
/// <https://www.postgresql.org/docs/current/view-pg-locks.html>.
fn of_key(key: i64) -> String {
    let (high, low) = ((key >> 32) & 0xffff_ffff, key & 0xffff_ffff);
    format!(
        "l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid::bigint = {high} AND l.objid::bigint = {low} \
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
    )
}

/// One attempt: the lock, or who has it.
async fn attempt(session: &mut Session, url: &DatabaseUrl, table: &StateTable) -> anyhow::Result<Result<Held, String>> {
    match session.kind() {
        Kind::Sqlite if url.is_memory() => Ok(Ok(Held::File { _lock: None })),
        Kind::Sqlite => Ok(match FileLock::attempt(url.sqlite_path())? {
            Attempt::Held(lock) => Ok(Held::File { _lock: Some(lock) }),
            Attempt::Busy(holder) => Err(holder),
        }),
        Kind::Postgres => {
            let key = key(table);
            let rows = session.rows(&format!("SELECT pg_try_advisory_lock({key})::text")).await?;
            if rows.first().and_then(|row| row.first()) == Some(&Some("true".to_owned())) {
                return Ok(Ok(Held::Advisory { key }));
            }
            Ok(Err(advisory_holder(session, key).await?.unwrap_or_else(|| "another run of dbtool".to_owned())))
        }
        Kind::Mysql => {
            let name = lock_name(session, table).await?;
            if session.count(&format!("SELECT coalesce(GET_LOCK('{name}', 0), 0)")).await? == 1 {
                return Ok(Ok(Held::Named { name }));
            }
            Ok(Err(named_holder(session, &name).await?.unwrap_or_else(|| "another run of dbtool".to_owned())))
        }
    }
}

/// Such locks are the server's, so the name tells the database as well; it has 64 characters at most.
/// <https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html>
async fn lock_name(session: &mut Session, table: &StateTable) -> Result<String, sqlx::Error> {
    let database = session.rows("SELECT DATABASE()").await?.into_iter().flatten().flatten().next().unwrap_or_default();
    let digest = Sha256::digest(format!("{database} {}", table.name()));
    Ok(format!("dbtool.{}", digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// The session that holds the lock; who it is only a user may see who sees the processes of others.
async fn named_holder(session: &mut Session, name: &str) -> anyhow::Result<Option<String>> {
    let id = session.count(&format!("SELECT coalesce(IS_USED_LOCK('{name}'), 0)")).await?;
    if id == 0 {
        return Ok(None);
    }
    let sql = format!(
        "SELECT USER, HOST, date_format(date_sub(utc_timestamp(), INTERVAL TIME SECOND), '%Y-%m-%d %H:%i:%s') FROM information_schema.PROCESSLIST WHERE ID = {id}"
    );
    let row = session.rows(&sql).await?.into_iter().next().unwrap_or_default();
    let cell = |index: usize| row.get(index).and_then(Option::as_deref);
    Ok(Some(described(format!("connection {id} (dbtool"), [cell(0), cell(1), cell(2)])))
}

/// The words for a session, begun in `text`: its user, from where it comes, and since when its statement runs, as far as they are known.
fn described(mut text: String, [user, from, since]: [Option<&str>; 3]) -> String {
    for (word, value) in [("user", user), ("from", from)] {
        text.extend(value.map(|value| format!(", {word} {value}")));
    }
    text.extend(since.map(|since| format!(", its statement began {since} UTC")));
    text.push(')');
    text
}

/// Advisory locks are per database, so the key needs only what tells two histories of one database apart.
fn key(table: &StateTable) -> i64 {
    let digest = Sha256::digest(format!("dbtool {}", table.name()));
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(bytes)
}

/// The session that holds `key`. Its statement is left out, since that may hold values nobody else should read.
async fn advisory_holder(session: &mut Session, key: i64) -> anyhow::Result<Option<String>> {
    let sql = format!(
        "SELECT l.pid::text, coalesce(nullif(a.application_name, ''), 'unnamed'), a.usename::text, a.client_addr::text, \
                to_char(a.query_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') \
         FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
         WHERE {}",
        of_key(key)
    );
    let Some(row) = session.rows(&sql).await?.into_iter().next() else { return Ok(None) };
    let cell = |index: usize| row.get(index).and_then(Option::as_deref);
    let begin = format!("pid {} ({}", cell(0).unwrap_or("unknown"), cell(1).unwrap_or("unnamed"));
    Ok(Some(described(begin, [cell(2), cell(3), cell(4)])))
}

//! Whom a run waits for. Only another session can tell, since the one that waits is busy waiting.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use super::{Event, RunOptions, Tell, pooler};
use crate::config::DatabaseUrl;
use crate::dialect::{Access, Kind, Session};

/// How often it is looked. The first look comes after as long, so that a quick run never opens a second connection.
const LOOK: Duration = Duration::from_millis(400);

/// The session to watch.
pub(super) struct Watch<'a> {
    url: &'a DatabaseUrl,
    tell: Tell<'a>,
    /// The server's process; `None` where nothing can be told.
    pid: Option<u64>,
    blockers: &'static str,
}

impl<'a> Watch<'a> {
    pub async fn of(session: &mut Session, options: &RunOptions<'a>) -> Self {
        let (pid, blockers) = match session.kind() {
            Kind::Sqlite => (None, BLOCKERS),
            Kind::Postgres => (pooler::backend(session).await.ok(), BLOCKERS),
            Kind::Mysql => (pooler::backend(session).await.ok(), MYSQL_BLOCKERS),
        };
        Self { url: options.url, tell: options.tell, pid, blockers }
    }

    /// Runs `work` to its end and tells meanwhile whom it waits for.
    pub async fn while_running<T>(&self, work: impl Future<Output = T>) -> T {
        let Some(pid) = self.pid else { return work.await };
        tokio::select! {
            biased;
            done = work => done,
            never = self.look(pid) => match never {},
        }
    }

    /// Looks until it is dropped, or cannot look any more.
    async fn look(&self, pid: u64) -> Infallible {
        tokio::time::sleep(LOOK).await;
        // A server that gives no second connection is no reason to stop.
        let Ok(mut side) = Session::connect(self.url, Access::ReadOnly).await else { return std::future::pending().await };
        let mut told: Option<String> = None;
        while let Ok(rows) = side.rows(&self.blockers.replace("{}", &pid.to_string())).await {
            let by = rows.first().and_then(|row| row.first()).and_then(Clone::clone);
            if by.is_some() && by != told {
                (self.tell)(Event::Blocked { by: by.as_deref().unwrap_or_default() });
            }
            told = by;
            tokio::time::sleep(LOOK).await;
        }
        std::future::pending().await
    }
}

/// Literals are left out: they may hold what nobody else should read.
/// <https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION>
const BLOCKERS: &str = "SELECT string_agg(format('pid %s (%s%s)%s', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), \
    coalesce(', user ' || a.usename, ''), CASE WHEN a.query <> '' THEN ': ' || left(regexp_replace(regexp_replace(a.query, '''[^'']*(''|$)', '''...''', 'g'), '\\s+', ' ', 'g'), 80) \
    || CASE a.state WHEN 'idle in transaction' THEN ' (idle in its transaction)' ELSE '' END ELSE '' END), '; ' ORDER BY a.pid) \
    FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = ANY (pg_blocking_pids({}))";

/// Which session holds a table no catalog tells that every server has, so it is those with an open transaction, the oldest first, while ours
/// waits. Statements are left out. <https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html>
const MYSQL_BLOCKERS: &str = "SELECT group_concat(concat('connection ', p.ID, ' (user ', p.USER, ', transaction open for ', \
    timestampdiff(SECOND, t.trx_started, now()), ' s)') ORDER BY t.trx_started SEPARATOR '; ') \
    FROM information_schema.INNODB_TRX AS t JOIN information_schema.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id \
    WHERE p.ID <> {} AND EXISTS (SELECT 1 FROM information_schema.PROCESSLIST AS me WHERE me.ID = {} AND me.STATE LIKE 'Waiting for%lock%')";

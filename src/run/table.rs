//! The version table `dbtool_migrations`: its place, and the SQL that reads and writes it.
//!
//! The SQL is made as text with the dialect's literals, so that `--sql` prints just what a run would send.

use std::time::Duration;

use super::history::{History, HistoryRow, State};
use crate::UserError;
use crate::config::StateSettings;
use crate::dialect::{Dialect, Kind, Row, Session};
use crate::model::Name;

/// A row to be written.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    pub revision: &'a str,
    pub parents: &'a [String],
    pub message: &'a str,
    pub checksum: &'a str,
    pub duration: Duration,
    pub tag: Option<&'a str>,
    pub state: State,
    pub down_sql: Option<&'a str>,
}

/// The version table of one database: its place, and the SQL to read and write it.
#[derive(Clone)]
pub struct StateTable {
    /// The name with its schema: a script may leave another `search_path` behind.
    name: Name,
    prefix: String,
    dialect: &'static dyn Dialect,
}

/// Each column with its type in PostgreSQL, SQLite and MySQL.
const COLUMNS: &[(&str, &str, &str, &str)] = &[
    ("revision", "text PRIMARY KEY", "TEXT NOT NULL PRIMARY KEY", "varchar(255) NOT NULL PRIMARY KEY"),
    ("parents", "text NOT NULL", "TEXT NOT NULL", "text NOT NULL"),
    ("message", "text NOT NULL", "TEXT NOT NULL", "text NOT NULL"),
    ("checksum", "text NOT NULL", "TEXT NOT NULL", "varchar(255) NOT NULL"),
    ("applied_at", "timestamptz NOT NULL", "TEXT NOT NULL", "datetime(3) NOT NULL"),
    ("duration_ms", "bigint NOT NULL", "INTEGER NOT NULL", "bigint NOT NULL"),
    ("applied_by", "text NOT NULL", "TEXT NOT NULL", "text NOT NULL"),
    ("tool_version", "text NOT NULL", "TEXT NOT NULL", "varchar(255) NOT NULL"),
    ("tag", "text", "TEXT", "text"),
    ("state", "text NOT NULL", "TEXT NOT NULL", "varchar(32) NOT NULL"),
    ("down_sql", "text", "TEXT", "longtext"),
];

impl StateTable {
    /// The table as it is called where nobody can ask the server for its current schema.
    pub fn offline(kind: Kind, state: &StateSettings) -> Self {
        let schema = match kind {
            Kind::Sqlite | Kind::Mysql => None,
            Kind::Postgres => state.schema.as_deref(),
        };
        Self { name: Name::within(schema, format!("{}migrations", state.prefix)), prefix: state.prefix.clone(), dialect: kind.dialect() }
    }

    /// The table in the database of `session`, which need not exist.
    pub async fn locate(session: &mut Session, state: &StateSettings) -> anyhow::Result<Self> {
        let mut table = Self::offline(session.kind(), state);
        if session.kind() == Kind::Postgres && table.name.schema.is_none() {
            let rows = session.rows("SELECT current_schema()").await?;
            let Some(schema) = rows.into_iter().flatten().next().flatten() else {
                return Err(UserError::new("the connection has no current schema: no schema of its search_path exists")
                    .with_help("create the schema, or name the one for dbtool's own tables: [state] schema = \"...\" in dbtool.toml")
                    .into());
            };
            table.name.schema = Some(schema);
        }
        Ok(table)
    }

    /// The table's name as a message shows it.
    pub fn name(&self) -> &Name {
        &self.name
    }

    fn quoted(&self) -> String {
        self.dialect.name(&self.name)
    }

    /// Another table of the tool's, beside this one.
    pub(super) fn sibling(&self, name: &str) -> Name {
        Name::within(self.name.schema.as_deref(), format!("{}{name}", self.prefix))
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    async fn exists(&self, session: &mut Session) -> Result<bool, sqlx::Error> {
        Self::is_there(session, self.dialect, &self.name).await
    }

    /// True where a table of the tool's is there.
    pub(super) async fn is_there(session: &mut Session, dialect: &dyn Dialect, name: &Name) -> Result<bool, sqlx::Error> {
        let sql = match dialect.kind() {
            Kind::Sqlite => format!("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = {}", dialect.literal(&name.name)),
            Kind::Mysql => format!(
                "SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {}",
                dialect.literal(&name.name)
            ),
            Kind::Postgres => format!("SELECT count(to_regclass({}))", dialect.literal(&dialect.name(name))),
        };
        Ok(session.count(&sql).await? > 0)
    }

    /// The rows; `None` where the table does not exist. Nothing is written.
    pub async fn read(&self, session: &mut Session) -> anyhow::Result<Option<History>> {
        if !self.exists(session).await? {
            return Ok(None);
        }
        let applied_at = match self.dialect.kind() {
            Kind::Sqlite => "applied_at",
            Kind::Mysql => "date_format(applied_at, '%Y-%m-%dT%H:%i:%sZ')",
            Kind::Postgres => "to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
        };
        let sql = format!(
            "SELECT revision, parents, message, checksum, {applied_at}, duration_ms, applied_by, tool_version, tag, state FROM {} ORDER BY revision",
            self.quoted()
        );
        let rows = session.rows(&sql).await?;
        let rows = rows.into_iter().map(|row| self.row(row)).collect::<Result<_, _>>()?;
        Ok(Some(History { rows }))
    }

    fn row(&self, row: Row) -> Result<HistoryRow, UserError> {
        let mut cells = row.into_iter();
        let mut next = || cells.next().flatten();
        let mut text = || next().unwrap_or_default();
        let (revision, parents, message, checksum, applied_at) = (text(), text(), text(), text(), text());
        let (duration, applied_by, tool_version) = (text().parse().unwrap_or(0), text(), text());
        let (tag, state) = (next(), next().unwrap_or_default());
        let Some(state) = State::parse(&state) else {
            return Err(UserError::new(format!("{} says `{state}` of revision {revision}, which this dbtool does not know", self.name))
                .with_help(format!("use dbtool {tool_version}, which wrote it, or a newer one")));
        };
        let parents = parents.split(',').filter(|parent| !parent.is_empty()).map(str::to_owned).collect();
        let duration = Duration::from_millis(duration);
        Ok(HistoryRow { revision, parents, message, checksum, applied_at, duration, applied_by, tool_version, tag, state })
    }

    /// The down script that was kept when the revision was applied.
    pub async fn down_sql(&self, session: &mut Session, revision: &str) -> Result<Option<String>, sqlx::Error> {
        let sql = format!("SELECT down_sql FROM {} WHERE revision = {}", self.quoted(), self.dialect.literal(revision));
        Ok(session.rows(&sql).await?.into_iter().flatten().next().flatten())
    }

    /// Makes the table where it is missing, and the schema it is to be in.
    pub(super) async fn create(&self, session: &mut Session) -> Result<(), sqlx::Error> {
        if self.exists(session).await? {
            return Ok(());
        }
        if let Some(schema) = &self.name.schema {
            // CREATE SCHEMA IF NOT EXISTS needs the right to create schemas even where there is nothing to do.
            let sql = format!("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = {}", self.dialect.literal(schema));
            if session.count(&sql).await? == 0 {
                session.run(&format!("CREATE SCHEMA {}", self.dialect.quote(schema))).await?;
            }
        }
        session.run(&self.create_sql()).await.map(|_| ())
    }

    pub fn create_sql(&self) -> String {
        let columns = COLUMNS.iter().map(|(name, postgres, sqlite, mysql)| match self.dialect.kind() {
            Kind::Postgres => format!("  {name} {postgres}"),
            Kind::Sqlite => format!("  {name} {sqlite}"),
            Kind::Mysql => format!("  {name} {mysql}"),
        });
        let columns = columns.collect::<Vec<_>>().join(",\n");
        format!("CREATE TABLE IF NOT EXISTS {} (\n{columns}\n){}", self.quoted(), options(self.dialect.kind()))
    }

    /// The statement that writes `entry`, in the place of an earlier row of the same revision.
    pub fn write_sql(&self, entry: &Entry<'_>) -> String {
        let text = |text: &str| self.dialect.literal(text);
        let optional = |value: Option<&str>| value.map_or_else(|| "NULL".to_owned(), text);
        let values = [
            text(entry.revision),
            text(&entry.parents.join(",")),
            text(entry.message),
            text(entry.checksum),
            now(self.dialect.kind()).to_owned(),
            entry.duration.as_millis().to_string(),
            text(&applied_by()),
            text(env!("CARGO_PKG_VERSION")),
            optional(entry.tag),
            text(entry.state.text()),
            optional(entry.down_sql),
        ];
        let names: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
        let kind = self.dialect.kind();
        let updates: Vec<String> = names[1..].iter().map(|name| format!("{name} = {}", incoming(kind, name))).collect();
        format!(
            "INSERT INTO {} ({})\nVALUES ({})\n{} {}",
            self.quoted(),
            names.join(", "),
            values.join(", "),
            on_conflict(kind, "revision"),
            updates.join(", ")
        )
    }

    /// The statement that notes that a revision is being taken back. Its checksum stays that of its up file.
    pub fn progress_sql(&self, revision: &str, state: State) -> String {
        format!("UPDATE {} SET state = {} WHERE revision = {}", self.quoted(), self.dialect.literal(state.text()), self.dialect.literal(revision))
    }

    pub fn delete_sql(&self, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {}", self.quoted(), self.dialect.literal(revision))
    }

    pub fn clear_sql(&self) -> String {
        format!("DELETE FROM {}", self.quoted())
    }
}

/// The state has to be in an engine with transactions, and two names that differ in case are two.
pub(super) fn options(kind: Kind) -> &'static str {
    match kind {
        Kind::Mysql => " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        Kind::Postgres | Kind::Sqlite => "",
    }
}

/// What stands between the values of an INSERT and the columns that are set where the row is there.
pub(super) fn on_conflict(kind: Kind, key: &str) -> String {
    match kind {
        Kind::Mysql => "ON DUPLICATE KEY UPDATE".to_owned(),
        Kind::Postgres | Kind::Sqlite => format!("ON CONFLICT ({key}) DO UPDATE SET"),
    }
}

/// The value that the row would have got.
pub(super) fn incoming(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Mysql => format!("VALUES({column})"),
        Kind::Postgres | Kind::Sqlite => format!("excluded.{column}"),
    }
}

/// This moment, in SQL.
pub(super) fn now(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
        Kind::Postgres => "CURRENT_TIMESTAMP",
        Kind::Mysql => "utc_timestamp(3)",
    }
}

/// `user@host` of whoever runs the tool.
fn applied_by() -> String {
    let variable = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let user = variable(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "unknown".to_owned());
    format!("{user}@{}", host())
}

/// The name of this machine. The kernel's own file comes first: a shell need not export HOSTNAME.
pub(super) fn host() -> String {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = kernel.or_else(|| std::env::var("HOSTNAME").ok()).or_else(|| std::env::var("COMPUTERNAME").ok());
    name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

//! What a run notes of the parts of a revision: `dbtool_steps`, and `dbtool_backfills` with the place each backfill has come to.
//!
//! Rows are there only while a revision is under way: the statement that completes the history takes them out. Each is written in the
//! transaction of the work it speaks of.

use std::time::Duration;

use super::table::{StateTable, incoming, now, on_conflict, options};
use crate::UserError;
use crate::dialect::{Dialect, Kind, Row, Session};
use crate::migration::Direction;
use crate::model::Name;

/// How far a step has come. One without a row was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Begun, by a run that may have died: what the catalog or the cursor says decides.
    Running,
    /// The server refused it, and nothing of it has taken effect.
    Failed,
    Done,
}

impl StepState {
    pub fn text(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Done => "done",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Failed, Self::Done].into_iter().find(|state| state.text() == text)
    }
}

/// A row of `dbtool_steps`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    pub step: String,
    pub hash: String,
    pub state: StepState,
    /// What the server said of one that failed.
    pub error: Option<String>,
    /// What the statement was to change, as it was before: see [`super::fingerprint`].
    pub before: Option<String>,
}

/// A row of `dbtool_steps` that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    pub step: &'a str,
    /// `transaction`, `alone` or `backfill`.
    pub kind: &'a str,
    pub hash: &'a str,
    pub state: StepState,
    /// `run`, `probe` or `operator`.
    pub by: &'a str,
    pub error: Option<&'a str>,
    pub before: Option<&'a str>,
}

/// Where a backfill is: a row of `dbtool_backfills`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pub table: String,
    /// What its batches go by, as SQL spells it.
    pub key: String,
    /// The last key of this pass, each column as an SQL literal; `None` where the table was empty.
    pub upper: Option<Vec<String>>,
    /// The last key that is done; `None` before the first batch of a pass.
    pub position: Option<Vec<String>>,
    /// 1 for the main pass, more for the sweeps behind it.
    pub pass: u64,
    pub batch_rows: u64,
    pub rows_seen: u64,
    pub rows_changed: u64,
    /// How many rows there were to see when it began, as far as that could be told.
    pub rows_expected: u64,
    pub batches: u64,
    /// The time spent in batches and pauses, by all runs.
    pub busy: Duration,
    /// Why it does not go on at the moment, or goes on slowly.
    pub note: Option<String>,
}

/// A backfill that is under way, for `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    pub revision: String,
    pub direction: String,
    pub step: String,
    /// How long ago its last batch was noted.
    pub idle: Duration,
    pub progress: Progress,
}

/// The two tables, and the steps of one revision in one direction.
#[derive(Clone)]
pub struct StepTable {
    steps: Name,
    backfills: Name,
    dialect: &'static dyn Dialect,
}

/// Whose steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of<'a> {
    pub revision: &'a str,
    pub direction: Direction,
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

impl StepTable {
    pub fn beside(table: &StateTable) -> Self {
        Self { steps: table.sibling("steps"), backfills: table.sibling("backfills"), dialect: table.dialect() }
    }

    /// Makes the tables where they are missing.
    pub(super) async fn create(&self, session: &mut Session) -> Result<(), sqlx::Error> {
        if !self.exist(session).await? {
            for sql in self.create_sql() {
                session.run(&sql).await?;
            }
        }
        Ok(())
    }

    pub fn create_sql(&self) -> [String; 2] {
        let (time, number) = match self.dialect.kind() {
            Kind::Sqlite => ("TEXT", "INTEGER"),
            Kind::Postgres => ("timestamptz", "bigint"),
            Kind::Mysql => ("datetime(3)", "bigint"),
        };
        // A key of MySQL has 3,072 bytes at most, and four of them to a character.
        let (short, long, before) = match self.dialect.kind() {
            Kind::Mysql => ("varchar(64)", "varchar(600)", ",\n  fingerprint varchar(255)"),
            Kind::Sqlite | Kind::Postgres => ("text", "text", ""),
        };
        let key = format!("revision {short} NOT NULL,\n  direction {short} NOT NULL,\n  step {long} NOT NULL");
        let end = options(self.dialect.kind());
        let made = |name: &Name, columns: &str| {
            let name = self.dialect.name(name);
            format!("CREATE TABLE IF NOT EXISTS {name} (\n  {key},\n  {columns},\n  PRIMARY KEY (revision, direction, step)\n){end}")
        };
        let steps = format!(
            "kind text NOT NULL,\n  hash text NOT NULL,\n  state text NOT NULL,\n  attempts {number} NOT NULL,\n  changed_at {time} NOT NULL,\n  resolved_by text NOT NULL,\n  error text{before}"
        );
        let numbers = ["pass", "batch_rows", "rows_seen", "rows_changed", "rows_expected", "batches", "busy_ms"];
        let numbers: String = numbers.iter().map(|name| format!("  {name} {number} NOT NULL,\n")).collect();
        let backfills = format!(
            "table_name text NOT NULL,\n  key_columns text NOT NULL,\n  upper_key text,\n  last_key text,\n{numbers}  note text,\n  started_at {time} NOT NULL,\n  changed_at {time} NOT NULL"
        );
        [made(&self.steps, &steps), made(&self.backfills, &backfills)]
    }

    async fn exist(&self, session: &mut Session) -> Result<bool, sqlx::Error> {
        Ok(StateTable::is_there(session, self.dialect, &self.steps).await? && StateTable::is_there(session, self.dialect, &self.backfills).await?)
    }

    /// The steps of a revision that have a row. Nothing is written.
    pub async fn read(&self, session: &mut Session, of: Of<'_>) -> anyhow::Result<Vec<StepRow>> {
        if !self.exist(session).await? {
            return Ok(Vec::new());
        }
        let before = if self.keeps_fingerprints() { "fingerprint" } else { "NULL" };
        let sql = format!("SELECT step, hash, state, error, {before} FROM {} WHERE {} ORDER BY step", self.dialect.name(&self.steps), self.whose(of));
        let rows = session.rows(&sql).await?.into_iter().map(|row| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().flatten();
            let (step, hash, state) = (next().unwrap_or_default(), next().unwrap_or_default(), next().unwrap_or_default());
            let (error, before) = (next(), next());
            let Some(state) = StepState::parse(&state) else {
                return Err(UserError::new(format!("{} says `{state}` of step \"{step}\", which this dbtool does not know", self.steps)));
            };
            Ok(StepRow { step, hash, state, error, before })
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The statement that notes a step, in the place of an earlier row.
    pub fn write_sql(&self, of: Of<'_>, note: &Note<'_>) -> String {
        let Note { step, kind, hash, state, by, error, before } = *note;
        let text = |text: &str| self.dialect.literal(text);
        let optional = |value: Option<&str>| value.map_or_else(|| "NULL".to_owned(), text);
        let mut columns = vec!["revision", "direction", "step", "kind", "hash", "state", "attempts", "changed_at", "resolved_by", "error"];
        let mut values = vec![
            text(of.revision),
            text(word(of.direction)),
            text(step),
            text(kind),
            text(hash),
            text(state.text()),
            "1".to_owned(),
            now(self.dialect.kind()).to_owned(),
            text(by),
            optional(error),
        ];
        if self.keeps_fingerprints() {
            columns.push("fingerprint");
            values.push(optional(before));
        }
        let kind = self.dialect.kind();
        let replaced = columns[4..].iter().map(|column| match *column {
            "attempts" => format!("attempts = {}{}", earlier(kind, "attempts"), if state == StepState::Running { " + 1" } else { "" }),
            column => format!("{column} = {}", incoming(kind, column)),
        });
        let replaced: Vec<String> = replaced.collect();
        format!(
            "INSERT INTO {}{} ({})\nVALUES ({})\n{} {}",
            self.dialect.name(&self.steps),
            if kind == Kind::Mysql { "" } else { " AS dbtool_noted" },
            columns.join(", "),
            values.join(", "),
            on_conflict(kind, "revision, direction, step"),
            replaced.join(", ")
        )
    }

    /// True where a statement that stands alone is known again by what it changes.
    fn keeps_fingerprints(&self) -> bool {
        self.dialect.kind() == Kind::Mysql
    }

    /// The statement that lets a step be run again.
    pub fn forget_sql(&self, of: Of<'_>, step: &str) -> [String; 2] {
        [&self.backfills, &self.steps]
            .map(|table| format!("DELETE FROM {} WHERE {} AND step = {}", self.dialect.name(table), self.whose(of), self.dialect.literal(step)))
    }

    /// The statements that forget all steps of a revision.
    pub fn clear_sql(&self, of: Of<'_>) -> [String; 2] {
        [&self.backfills, &self.steps].map(|table| format!("DELETE FROM {} WHERE {}", self.dialect.name(table), self.whose(of)))
    }

    /// The statements that forget everything; none where there are no such tables.
    pub(super) async fn clear_all_sql(&self, session: &mut Session) -> Result<Vec<String>, sqlx::Error> {
        if !self.exist(session).await? {
            return Ok(Vec::new());
        }
        Ok([&self.backfills, &self.steps].map(|table| format!("DELETE FROM {}", self.dialect.name(table))).to_vec())
    }

    fn whose(&self, of: Of<'_>) -> String {
        format!("revision = {} AND direction = {}", self.dialect.literal(of.revision), self.dialect.literal(word(of.direction)))
    }

    /// The statement that begins a backfill.
    pub fn begin_backfill_sql(&self, of: Of<'_>, step: &str, progress: &Progress) -> String {
        let text = |text: &str| self.dialect.literal(text);
        let now = now(self.dialect.kind()).to_owned();
        let mut columns = vec![
            ("revision", text(of.revision)),
            ("direction", text(word(of.direction))),
            ("step", text(step)),
            ("table_name", text(&progress.table)),
            ("key_columns", text(&progress.key)),
            ("started_at", now.clone()),
        ];
        columns.extend(self.moving(progress));
        let (names, values): (Vec<&str>, Vec<String>) = columns.into_iter().unzip();
        format!("INSERT INTO {} ({})\nVALUES ({})", self.dialect.name(&self.backfills), names.join(", "), values.join(", "))
    }

    /// The statement that moves a backfill on. It changes no row where the place is no longer the one that `from` says: then somebody else
    /// has moved it, and what was done in this transaction must not be kept.
    pub fn move_backfill_sql(&self, of: Of<'_>, step: &str, from: &Progress, to: &Progress) -> String {
        let set = self.moving(to).into_iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ");
        let position = match &from.position {
            Some(_) => format!("last_key = {}", self.keys(from.position.as_deref())),
            None => "last_key IS NULL".to_owned(),
        };
        format!(
            "UPDATE {} SET {set} WHERE {} AND step = {} AND pass = {} AND batches = {} AND {position}",
            self.dialect.name(&self.backfills),
            self.whose(of),
            self.dialect.literal(step),
            from.pass,
            from.batches
        )
    }

    /// The statement that says, for whoever asks `status`, why a backfill does not go on at the moment.
    pub fn note_backfill_sql(&self, of: Of<'_>, step: &str, note: &str) -> String {
        let (table, note, step) = (self.dialect.name(&self.backfills), self.dialect.literal(note), self.dialect.literal(step));
        format!("UPDATE {table} SET note = {note} WHERE {} AND step = {step}", self.whose(of))
    }

    /// The columns that change from batch to batch.
    fn moving(&self, progress: &Progress) -> Vec<(&'static str, String)> {
        let note = progress.note.as_deref().map_or_else(|| "NULL".to_owned(), |note| self.dialect.literal(note));
        vec![
            ("upper_key", self.keys(progress.upper.as_deref())),
            ("last_key", self.keys(progress.position.as_deref())),
            ("pass", progress.pass.to_string()),
            ("batch_rows", progress.batch_rows.to_string()),
            ("rows_seen", progress.rows_seen.to_string()),
            ("rows_changed", progress.rows_changed.to_string()),
            ("rows_expected", progress.rows_expected.to_string()),
            ("batches", progress.batches.to_string()),
            ("busy_ms", progress.busy.as_millis().to_string()),
            ("note", note),
            ("changed_at", now(self.dialect.kind()).to_owned()),
        ]
    }

    /// Keys as a literal: a JSON list of SQL literals.
    fn keys(&self, keys: Option<&[String]>) -> String {
        keys.map_or_else(|| "NULL".to_owned(), |keys| self.dialect.literal(&serde_json::json!(keys).to_string()))
    }

    /// Where a backfill is; `None` where it was not begun.
    pub async fn progress(&self, session: &mut Session, of: Of<'_>, step: &str) -> anyhow::Result<Option<Progress>> {
        let filter = format!("{} AND step = {}", self.whose(of), self.dialect.literal(step));
        Ok(self.backfills_where(session, &filter).await?.pop().map(|under_way| under_way.progress))
    }

    /// All backfills that are under way. Nothing is written.
    pub async fn under_way(&self, session: &mut Session) -> anyhow::Result<Vec<UnderWay>> {
        if !self.exist(session).await? {
            return Ok(Vec::new());
        }
        let running = format!(
            "EXISTS (SELECT 1 FROM {} AS s WHERE s.revision = b.revision AND s.direction = b.direction AND s.step = b.step AND s.state <> 'done')",
            self.dialect.name(&self.steps)
        );
        self.backfills_where(session, &running).await
    }

    async fn backfills_where(&self, session: &mut Session, filter: &str) -> anyhow::Result<Vec<UnderWay>> {
        let idle = match self.dialect.kind() {
            Kind::Sqlite => "CAST((julianday('now') - julianday(changed_at)) * 86400000 AS INTEGER)",
            Kind::Mysql => "timestampdiff(MICROSECOND, changed_at, utc_timestamp(3)) DIV 1000",
            Kind::Postgres => "(extract(epoch FROM clock_timestamp() - changed_at) * 1000)::bigint",
        };
        let sql = format!(
            "SELECT revision, direction, step, {idle}, table_name, key_columns, upper_key, last_key, pass, batch_rows, rows_seen, rows_changed, \
             rows_expected, batches, busy_ms, note FROM {} AS b WHERE {filter} ORDER BY started_at, step",
            self.dialect.name(&self.backfills)
        );
        session.rows(&sql).await?.into_iter().map(under_way).collect()
    }
}

/// The value that the row had.
fn earlier(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Mysql => column.to_owned(),
        Kind::Sqlite | Kind::Postgres => format!("dbtool_noted.{column}"),
    }
}

fn under_way(row: Row) -> anyhow::Result<UnderWay> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().flatten();
    let (revision, direction, step) = (next().unwrap_or_default(), next().unwrap_or_default(), next().unwrap_or_default());
    let idle = Duration::from_millis(next().and_then(|text| text.parse().ok()).unwrap_or(0));
    let (table, key) = (next().unwrap_or_default(), next().unwrap_or_default());
    let (upper, position) = (next(), next());
    let keys = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    let mut number = || next().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let progress = Progress {
        table,
        key,
        upper: keys(upper)?,
        position: keys(position)?,
        pass: number(),
        batch_rows: number(),
        rows_seen: number(),
        rows_changed: number(),
        rows_expected: number(),
        batches: number(),
        busy: Duration::from_millis(number()),
        note: next(),
    };
    Ok(UnderWay { revision, direction, step, idle, progress })
}

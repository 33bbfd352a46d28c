//! Backfills in batches. Each batch is a transaction that changes the rows of one range of keys and moves the cursor behind it, so however
//! a run ends, no range is done twice and none is left out. Rows that come behind the cursor later are what `verify` and its sweeps are for.

mod batch;
mod cut;
mod place;
mod size;

use std::time::Duration;

use indicatif::HumanCount;

pub(super) use cut::Cut;
use size::Size;

use super::failpoint::failpoint;
use super::failure::{at_statement, server_words};
use super::halt::{Cause, Halt, halt};
use super::repair::Answer;
use super::steps::{Of, Progress, StepTable};
use super::stop::Stop;
use super::{BackfillView, Event, Tell};
use crate::dialect::{BatchKey, Session};
use crate::migration::{Backfill, Pace, Pause, Script};
use crate::source::Piece;

/// How long a batch is to take unless somebody says otherwise: rows that it has changed stay locked for so long.
const TARGET: Duration = Duration::from_millis(200);
/// The share of a batch's time that nothing is done behind it, unless somebody says otherwise, so that others get their turn.
const PAUSE: Pause = Pause::Percent(5);
/// How often a backfill is gone through again for rows that were written meanwhile.
const SWEEPS: u64 = 10;

/// One backfill to run.
pub(super) struct Work<'a> {
    pub session: &'a mut Session,
    pub script: &'a Script,
    pub piece: Piece<'a>,
    pub spec: &'a Backfill,
    pub step: &'a str,
    pub of: Of<'a>,
    pub steps: &'a StepTable,
    /// The pace by command line, script and settings, the first that says something.
    pub pace: Pace,
    pub stop: &'a Stop,
    pub tell: Tell<'a>,
    /// What begins a step that is not begun: the note that it runs.
    pub begin: &'a str,
    /// Set once the step is begun.
    pub noted: &'a mut bool,
}

/// Runs the backfill from where it is to its end. The step itself is not noted as done here.
pub(super) async fn run(work: Work<'_>) -> Result<(), Halt> {
    let cut = Cut::find(&work.piece, work.spec, work.session.dialect()).map_err(|what| work.fault(&what))?;
    let mut run = Run::open(work, cut).await?;
    run.passes().await
}

/// Refuses a statement that changes the key by which it would be cut, where the table is there to tell its key.
pub(super) async fn refuse_changed_key(session: &mut Session, script: &Script, piece: &Piece<'_>, spec: &Backfill) -> Result<(), Halt> {
    let Ok(batching) = session.batching(&spec.table, &spec.key, spec.verify.is_some()).await else { return Ok(()) };
    let dialect = session.dialect();
    let refused = Cut::find(piece, spec, dialect).and_then(|cut| cut.refuse_changed_key(&batching.key, dialect));
    refused.map_err(|what| Halt { message: format!("{}:{}: {what}", script.path.display(), piece.line(&script.text)), cause: Cause::Refused })
}

impl Work<'_> {
    /// What lets the step begin anew.
    fn retry_command(&self) -> String {
        format!("`{}`", Answer::Retry.command(self.of.revision, self.step))
    }

    fn fault(&self, what: &str) -> Halt {
        Halt { message: format!("{}:{}: {what}", self.script.path.display(), self.piece.line(&self.script.text)), cause: Cause::Refused }
    }
}

struct Run<'a> {
    work: Work<'a>,
    cut: Cut,
    key: BatchKey,
    /// What the key holds for: see [`Batching`].
    epoch: Option<u64>,
    progress: Progress,
    size: Size,
    target: Duration,
    pause: Pause,
    /// Where keys are whole numbers without great gaps: the first one, and how many rows there are to each number, 1 at most. Then the end
    /// of a batch is reckoned and not looked for.
    dense: Option<(i64, f64)>,
    /// What the last batch took.
    last: Duration,
}

impl<'a> Run<'a> {
    /// Finds the place where an earlier run stopped, or the beginning.
    async fn open(mut work: Work<'a>, cut: Cut) -> Result<Self, Halt> {
        let known = work.steps.progress(work.session, work.of, work.step).await.map_err(|error| halt_by(&error))?;
        let batching = work.session.batching(&work.spec.table, &work.spec.key, work.spec.verify.is_some()).await;
        let batching = batching.map_err(|error| halt_by(&error))?;
        let (key, epoch) = (batching.key, batching.epoch);
        cut.refuse_changed_key(&key, work.session.dialect()).map_err(|what| work.fault(&what))?;
        *work.noted |= known.is_some();
        if let Some(known) = known.as_ref().filter(|known| known.key != key_text(&key, epoch) || known.table != work.spec.table) {
            let what = format!(
                "the backfill was begun over {} by {}, and is now to go over {} by {}: its place cannot be told in the new key{}\n  hint: {} rows are done. \
                 Where the statement leaves alone what it has done, begin it anew with {}",
                known.table,
                known.key,
                work.spec.table,
                key_text(&key, epoch),
                if epoch.is_some() { " (a VACUUM numbers such rows anew)" } else { "" },
                known.rows_seen,
                work.retry_command(),
            );
            return Err(work.fault(&what));
        }
        let target = work.pace.target.unwrap_or(TARGET);
        let start = known.as_ref().map_or(0, |known| known.batch_rows);
        let batch = work.pace.batch.map(|rows| match &key {
            BatchKey::Columns(_) | BatchKey::Nested(_) => rows,
            BatchKey::Blocks => (rows * batching.blocks).checked_div(batching.rows).unwrap_or(1).max(1),
        });
        let size = Size::new(&key, batch, target, start);
        let pause = work.pace.pause.unwrap_or(PAUSE);
        let progress = match known {
            Some(known) => known,
            None => begin(&mut work, &key, epoch, batching.rows, batching.blocks, size.get()).await?,
        };
        *work.noted = true;
        let dense = if batching.is_integer { dense(&mut work, &key, &progress, batching.rows).await? } else { None };
        Ok(Self { work, cut, key, epoch, progress, size, target, pause, dense, last: Duration::ZERO })
    }

    /// The main pass, then sweeps until nothing is left to do.
    async fn passes(&mut self) -> Result<(), Halt> {
        let mut before = u64::MAX;
        for sweep in 0.. {
            while self.progress.position != self.progress.upper {
                self.halt_if_asked()?;
                let is_last = self.batch_with_patience().await?;
                self.show(None, false);
                if !is_last {
                    self.rest().await;
                }
            }
            failpoint("before-verify");
            let left = self.left().await?;
            if left == 0 {
                self.show(None, true);
                return Ok(());
            }
            // A sweep is worth its time as long as each leaves less than the one before; what stays behind has no value to get.
            if left >= before || sweep >= SWEEPS {
                return Err(self.unfinished(left).await);
            }
            before = left;
            self.halt_if_asked()?;
            self.begin_sweep().await?;
        }
        Ok(())
    }

    fn halt_if_asked(&mut self) -> Result<(), Halt> {
        match self.work.stop.now() {
            Some(why) => Err(Halt { message: self.place(), cause: Cause::Halted(why) }),
            None => Ok(()),
        }
    }

    /// Where it is, in words.
    fn place(&self) -> String {
        let Progress { rows_seen, rows_expected, table, .. } = &self.progress;
        let (seen, expected) = (HumanCount(*rows_seen), HumanCount(*rows_expected));
        format!("step \"{}\": {seen} of about {expected} rows of {table} are done", self.work.step)
    }

    async fn rest(&mut self) {
        self.work.stop.sleep(self.pause.after(self.last)).await;
    }

    /// How many rows the script's `verify` still finds; none where it has no such query.
    async fn left(&mut self) -> Result<u64, Halt> {
        let Some(verify) = &self.work.spec.verify else { return Ok(0) };
        let sql = format!("SELECT count(*) FROM (\n{verify}\n) AS dbtool_left");
        self.work.session.count(&sql).await.map_err(|error| self.verify_fault(&error))
    }

    fn verify_fault(&self, error: &sqlx::Error) -> Halt {
        let place = format!("{}:{}", self.work.script.path.display(), self.work.spec.line);
        Halt { message: format!("{place}: the query of `verify` failed: {}", server_words(error)), cause: Cause::of(error) }
    }

    /// The whole table again, up to the keys that there are now, for rows that were written behind the cursor or beyond the end.
    async fn begin_sweep(&mut self) -> Result<(), Halt> {
        let batching = self.work.session.batching(&self.work.spec.table, &self.work.spec.key, true).await.map_err(|error| halt_by(&error))?;
        let upper = upper(&mut self.work, &self.key, batching.blocks).await?;
        let next =
            Progress { upper, position: None, pass: self.progress.pass + 1, note: Some("sweep for late rows".to_owned()), ..self.progress.clone() };
        let sql = self.work.steps.move_backfill_sql(self.work.of, self.work.step, &self.progress, &next);
        self.work.session.run(&sql).await.map_err(|error| halt(&error))?;
        self.progress = next;
        Ok(())
    }

    /// Rows stay behind however often the statement runs.
    async fn unfinished(&mut self, left: u64) -> Halt {
        let mut message = self
            .work
            .fault(&format!("step \"{}\" has run, and {left} {} still to do", self.work.step, if left == 1 { "row is" } else { "rows are" }))
            .message;
        if let Some(verify) = &self.work.spec.verify {
            let rows = self.work.session.rows(&format!("SELECT * FROM (\n{verify}\n) AS dbtool_left LIMIT 5")).await.unwrap_or_default();
            message.push_str(&super::looks::examples(&rows, left));
        }
        message.push_str(
            "\n  hint: the statement gives these rows nothing (an expression that is NULL?), or such rows keep coming: correct the rows or the \
             statement, or let a default or a trigger fill new ones",
        );
        Halt { message, cause: Cause::Refused }
    }

    async fn send(&mut self, sql: &str) -> Result<u64, Fault> {
        self.work.session.run(sql).await.map_err(|error| {
            let halt = halt(&error);
            Fault { error, halt }
        })
    }

    fn fault(&self, error: sqlx::Error, when: &str) -> Fault {
        let message = at_statement(&error, self.work.script, &self.work.piece, when);
        let cause = Cause::of(&error);
        Fault { error, halt: Halt { message, cause } }
    }

    fn show(&self, note: Option<&str>, done: bool) {
        let view = BackfillView { step: self.work.step.to_owned(), done, ..BackfillView::of(&self.progress) };
        let view = BackfillView { note: note.map(str::to_owned).or(view.note.clone()), ..view };
        (self.work.tell)(Event::Backfill(&view));
    }
}

/// An error of the server and what it means for the run.
struct Fault {
    error: sqlx::Error,
    halt: Halt,
}

/// The first key and the density of a table whose keys are whole numbers, where half of them at least are there.
async fn dense(work: &mut Work<'_>, key: &BatchKey, progress: &Progress, rows: u64) -> Result<Option<(i64, f64)>, Halt> {
    let Some(columns) = key.columns() else { return Ok(None) };
    let sql = format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", literals(columns, work.session.dialect()), work.spec.table, columns.join(", "));
    let first = work.session.rows(&sql).await.map_err(|error| halt(&error))?.into_iter().flatten().flatten().next();
    let (Some(first), Some(last)) = (first.as_deref().and_then(number), progress.upper.as_ref().and_then(|keys| number(keys.first()?))) else {
        return Ok(None);
    };
    let density = rows as f64 / (last.saturating_sub(first).max(0) as f64 + 1.0);
    Ok((density >= 0.5).then_some((first, density.min(1.0))))
}

/// A literal of a whole number: `5` or `'5'`.
fn number(literal: &str) -> Option<i64> {
    literal.trim_matches('\'').parse().ok()
}

/// Notes the beginning, with the last key that there is now: rows that come behind it are not this statement's.
async fn begin(work: &mut Work<'_>, key: &BatchKey, epoch: Option<u64>, rows: u64, blocks: u64, batch: u64) -> Result<Progress, Halt> {
    let upper = upper(work, key, blocks).await?;
    let progress = Progress {
        table: work.spec.table.clone(),
        key: key_text(key, epoch),
        upper,
        pass: 1,
        batch_rows: batch,
        rows_expected: rows,
        ..Progress::default()
    };
    let row = work.steps.begin_backfill_sql(work.of, work.step, &progress);
    let all = format!("{};\n{};\n{row};\nCOMMIT", work.session.dialect().begin(), work.begin);
    if let Err(error) = work.session.run(&all).await {
        let _ = work.session.run("ROLLBACK").await;
        return Err(halt(&error));
    }
    failpoint("backfill-begun");
    Ok(progress)
}

/// The key as it is noted.
fn key_text(key: &BatchKey, epoch: Option<u64>) -> String {
    let epoch = epoch.map(|epoch| format!(" as of schema version {epoch}")).unwrap_or_default();
    format!("{}{epoch}", key.text())
}

/// The last key of the table; `None` where it has no rows.
async fn upper(work: &mut Work<'_>, key: &BatchKey, blocks: u64) -> Result<Option<Vec<String>>, Halt> {
    let Some(columns) = key.columns() else { return Ok((blocks > 0).then(|| vec![blocks.to_string()])) };
    let descending = columns.iter().map(|column| format!("{column} DESC")).collect::<Vec<_>>().join(", ");
    let literals = literals(columns, work.session.dialect());
    let sql = format!("SELECT {literals} FROM {} ORDER BY {descending} LIMIT 1", work.spec.table);
    let rows = work.session.rows(&sql).await.map_err(|error| halt(&error))?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().collect()))
}

fn literals(columns: &[String], dialect: &dyn crate::dialect::Dialect) -> String {
    columns.iter().map(|column| dialect.literal_of(column)).collect::<Vec<_>>().join(", ")
}

fn halt_by(error: &anyhow::Error) -> Halt {
    match error.downcast_ref::<sqlx::Error>() {
        Some(error) => halt(error),
        None => match error.downcast_ref::<crate::UserError>() {
            Some(user) => {
                let help = user.help.as_ref().map(|help| format!("\n  hint: {help}")).unwrap_or_default();
                Halt { message: format!("{}{help}", user.message), cause: Cause::Refused }
            }
            None => Halt { message: format!("{error:#}"), cause: Cause::Refused },
        },
    }
}

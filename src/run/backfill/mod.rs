//! Backfills in batches. Each batch is a transaction that changes the rows of one range of keys and moves the cursor behind it, so however
//! a run ends, no range is done twice and none is left out. Rows that come behind the cursor later are what `verify` and its sweeps are for.

mod cut;
mod place;
mod size;

use std::time::{Duration, Instant};

pub(super) use cut::Cut;
use size::Size;

use super::execute::{Cause, Halt, halt};
use super::failpoint::failpoint;
use super::failure::{Class, at_statement, class, server_words};
use super::retry::Backoff;
use super::steps::{Of, Progress, StepTable};
use super::stop::Stop;
use super::{BackfillView, Event, Tell};
use crate::dialect::{BatchKey, Kind, Session};
use crate::migration::{Backfill, Pace, Pause, Script};
use crate::source::Piece;

/// How long a batch is to take unless somebody says otherwise: rows that it has changed stay locked for so long.
const TARGET: Duration = Duration::from_millis(200);
/// The share of a batch's time that nothing is done behind it, unless somebody says otherwise, so that others get their turn.
const PAUSE: Pause = Pause::Percent(10);
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

impl Work<'_> {
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
        if let Some(known) = known.as_ref().filter(|known| known.key != key_text(&key, epoch) || known.table != work.spec.table) {
            let what = format!(
                "the backfill was begun over {} by {}, and is now to go over {} by {}: its place cannot be told in the new key",
                known.table,
                known.key,
                work.spec.table,
                key_text(&key, epoch)
            );
            return Err(work.fault(&what));
        }
        let target = work.pace.target.unwrap_or(TARGET);
        let start = known.as_ref().map_or(0, |known| known.batch_rows);
        let size = Size::new(&key, work.pace.batch, target, start);
        let pause = work.pace.pause.unwrap_or(PAUSE);
        let progress = match known {
            Some(known) => known,
            None => begin(&mut work, &key, epoch, batching.rows, batching.blocks, size.get()).await?,
        };
        *work.noted = true;
        Ok(Self { work, cut, key, epoch, progress, size, target, pause, last: Duration::ZERO })
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
        format!("step \"{}\": {rows_seen} of about {rows_expected} rows of {table} are done", self.work.step)
    }

    /// One batch, tried until it gets through; true where it was the last of the pass.
    async fn batch_with_patience(&mut self) -> Result<bool, Halt> {
        let mut backoff = Backoff::default();
        loop {
            let started = Instant::now();
            let error = match self.batch().await {
                Ok(is_last) => return Ok(is_last),
                Err(error) => error,
            };
            let Fault { error, halt } = error;
            if class(&error) == Class::Lost {
                return Err(halt);
            }
            let _ = self.work.session.run("ROLLBACK").await;
            let timed_out = class(&error) == Class::Canceled && started.elapsed() >= self.patience();
            if timed_out && self.size.get() == 1 {
                let hint =
                    "\n  hint: even a batch of one key takes too long: is there an index that begins with the key, and are its values different?";
                return Err(Halt { message: format!("{}{hint}", halt.message), ..halt });
            }
            let reason = match class(&error) {
                Class::Canceled if timed_out && self.size.halve() => {
                    format!("a batch took longer than {} and is cut down to {} rows", humantime::format_duration(self.patience()), self.size.get())
                }
                Class::Busy => server_words(&error),
                Class::Canceled | Class::Refused | Class::Lost => return Err(halt),
            };
            let Some(wait) = backoff.next() else { return Err(halt) };
            self.show(Some(&reason), false);
            (self.work.tell)(Event::Retrying { reason: &reason, wait });
            self.work.stop.sleep(wait).await;
            self.halt_if_asked()?;
        }
    }

    /// How long a batch may take before it is given up and cut down.
    fn patience(&self) -> Duration {
        (self.target * 10).max(Duration::from_secs(5))
    }

    async fn batch(&mut self) -> Result<bool, Fault> {
        let started = Instant::now();
        self.send(&self.begin_batch()).await?;
        self.refuse_new_epoch().await?;
        let (upto, width, is_last) = self.boundary().await?;
        if self.progress.position.as_ref() == Some(&upto) {
            return Err(self.plain_fault("a batch would not come any further: two rows have the same key as far as its text tells".to_owned()));
        }
        let sql = self.cut.within(&self.key, self.progress.position.as_deref(), &upto);
        failpoint("in-batch");
        let changed = match self.work.session.run(&sql).await {
            Ok(changed) => changed,
            Err(error) => return Err(self.fault(error, "")),
        };
        failpoint("after-batch-statement");
        let mut next = self.progress.clone();
        next.position = Some(upto);
        next.batches += 1;
        next.rows_changed += changed;
        next.rows_seen = self.seen(width, is_last, changed);
        next.batch_rows = self.size.get();
        self.last = started.elapsed();
        next.busy += self.last + self.pause.after(self.last);
        next.note = None;
        let moved = self.work.steps.move_backfill_sql(self.work.of, self.work.step, &self.progress, &next);
        if self.send(&moved).await? != 1 {
            let message = format!("the place of step \"{}\" was moved by somebody else, so this run gives up what it has just done", self.work.step);
            return Err(self.plain_fault(message));
        }
        failpoint("before-batch-commit");
        if let Err(error) = self.work.session.run("COMMIT").await {
            return Err(self.fault(error, "at COMMIT: "));
        }
        failpoint("after-batch-commit");
        self.size.took(width, started.elapsed());
        self.progress = next;
        self.work.stop.note();
        Ok(is_last)
    }

    /// Rows whose keys may have changed are not looked for by their old ones.
    async fn refuse_new_epoch(&mut self) -> Result<(), Fault> {
        let Some(epoch) = self.epoch else { return Ok(()) };
        let now = self.work.session.count("PRAGMA schema_version").await.map_err(|error| self.fault(error, ""))?;
        if now == epoch {
            return Ok(());
        }
        Err(self.plain_fault(format!(
            "{} has no key of its own, and its rowids may have changed since this backfill began (VACUUM?): give the table an INTEGER PRIMARY KEY first, \
             or, where the statement leaves alone what it has done, begin it anew with `dbtool repair {} --step '{}' --retry`",
            self.progress.table,
            self.work.of.revision,
            self.work.step.replace('\'', "'\\''")
        )))
    }

    fn plain_fault(&self, message: String) -> Fault {
        Fault { error: sqlx::Error::RowNotFound, halt: Halt { message, cause: Cause::Refused } }
    }

    /// A batch is given up where it takes far too long, so that it can be cut down.
    fn begin_batch(&self) -> String {
        match self.work.session.kind() {
            Kind::Sqlite => "BEGIN IMMEDIATE".to_owned(),
            Kind::Postgres => format!("BEGIN; SET LOCAL statement_timeout = {}", self.patience().as_millis()),
        }
    }

    /// Where the next batch ends, how wide it is, and whether it is the last of the pass.
    async fn boundary(&mut self) -> Result<(Vec<String>, u64, bool), Fault> {
        let upper = self.progress.upper.clone().unwrap_or_default();
        let size = self.size.get();
        let BatchKey::Columns(columns) = &self.key else {
            let block = |keys: Option<&Vec<String>>| keys.and_then(|keys| keys.first()).and_then(|text| text.parse().ok()).unwrap_or(0_u64);
            let (from, end) = (block(self.progress.position.as_ref()), block(Some(&upper)));
            let upto = end.min(from + size);
            return Ok((vec![upto.to_string()], upto - from, upto == end));
        };
        let table = &self.work.spec.table;
        let sql = format!(
            "SELECT {} FROM {table} WHERE {} ORDER BY {} LIMIT 1 OFFSET {}",
            literals(columns, self.work.session.dialect()),
            self.key.range(table, self.progress.position.as_deref(), &upper),
            columns.join(", "),
            size.saturating_sub(1)
        );
        let found = match self.work.session.rows(&sql).await {
            Ok(rows) => rows.into_iter().next().and_then(|row| row.into_iter().collect::<Option<Vec<String>>>()),
            Err(error) => return Err(self.fault(error, "")),
        };
        Ok(match found {
            Some(keys) if keys != upper => (keys, size, false),
            Some(_) | None => (upper, size, true),
        })
    }

    /// Rows seen after a batch. What the last batch of a pass holds is known only by what it changed.
    fn seen(&self, width: u64, is_last: bool, changed: u64) -> u64 {
        let Progress { rows_seen, rows_expected, upper, pass, .. } = &self.progress;
        if *pass > 1 {
            return *rows_seen;
        }
        match &self.key {
            BatchKey::Blocks => {
                let blocks = upper.as_ref().and_then(|keys| keys.first()).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
                if is_last { *rows_expected.max(&(rows_seen + changed)) } else { (rows_seen + rows_expected * width / blocks).min(*rows_expected) }
            }
            BatchKey::Columns(_) if is_last => (rows_seen + changed).max((rows_seen + width).min(*rows_expected)),
            BatchKey::Columns(_) => rows_seen + width,
        }
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
        let mut message = self.work.fault(&format!("step \"{}\" has run, and {left} rows are still to do", self.work.step)).message;
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
    let BatchKey::Columns(columns) = key else { return Ok((blocks > 0).then(|| vec![blocks.to_string()])) };
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

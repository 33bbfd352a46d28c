//! The running of one script, and the writing of its history row with the last of its transactions.
//!
//! A script of several parts notes each in `dbtool_steps`, in the transaction of the work wherever there is one. So whenever a run is
//! killed, the next one knows what is done and goes on behind it.

use std::time::{Duration, Instant};

use super::backfill::{self, Work};
use super::failpoint::failpoint;
use super::failure::{Class, at_statement, class, server_words};
use super::halt::{Cause, Failure, Halt, Kept, halt, refused};
use super::lock::Locked;
use super::retry::Backoff;
use super::script::{Segment, prepares_connection};
use super::steps::{Note, Of, StepRow, StepState, StepTable};
use super::stop::Halted;
use super::unit::{Unit, units};
use super::watch::Watch;
use super::{Event, RunOptions, connection, disk};
use crate::dialect::{Kind, Session};
use crate::migration::{Script, slow};
use crate::plan::Slow;
use crate::source::Piece;

/// One script to run.
pub(super) struct Job<'a> {
    pub script: &'a Script,
    pub of: Of<'a>,
    /// What an interrupted run has noted; `None` where there was none.
    pub resume: Option<Vec<StepRow>>,
    /// The statement that says in the history that the revision is under way.
    pub mark: &'a dyn Fn() -> String,
    /// The statement that completes the history after so much time.
    pub finish: &'a dyn Fn(Duration) -> String,
}

/// Runs the job and gives the time it took.
pub(super) async fn execute(locked: &mut Locked<'_>, job: &Job<'_>, options: &RunOptions<'_>) -> Result<Duration, Failure> {
    let (steps, held) = (StepTable::beside(&locked.table), locked.held_sql());
    let session = &mut *locked.session;
    let noted = job.resume.as_ref().is_some_and(|rows| rows.iter().any(|row| row.state == StepState::Done));
    let kept = if noted { Kept::Parts } else { Kept::Nothing };
    let failed = |error: sqlx::Error| Failure { message: server_words(&error), kept, cause: Cause::of(&error) };
    let before = connection::prepare(session, &options.settings.upgrade).await.map_err(failed)?;
    let watch = Watch::of(session, options).await;
    let marked = job.resume.is_some();
    let mut run = Run { session, job, options, steps, held, several: false, started: Instant::now(), noted, marked, unsure: None };
    let result = watch.while_running(run.all()).await;
    let kept = match (run.unsure, run.noted) {
        (Some(unsure), _) => unsure,
        (None, true) => Kept::Parts,
        (None, false) => Kept::Nothing,
    };
    if result.is_err() {
        // Outside a transaction this fails or warns, which does not matter.
        let _ = session.run("ROLLBACK").await;
    }
    // A connection that is gone has no settings to restore; the error that matters is the first one.
    let _ = connection::leave(session, &before).await;
    result.map_err(|halt| Failure { message: halt.message, kept, cause: halt.cause })
}

pub(super) struct Run<'r, 'j> {
    pub(super) session: &'r mut Session,
    pub(super) job: &'r Job<'j>,
    pub(super) options: &'r RunOptions<'j>,
    steps: StepTable,
    /// Counts the lock of this run, where that is the server's.
    held: Option<String>,
    /// True where the script has parts that have to be noted one by one.
    several: bool,
    started: Instant,
    /// True once the history says that a part of this script has taken effect.
    pub(super) noted: bool,
    /// True once the history says that the revision is under way.
    pub(super) marked: bool,
    /// What stays, while nobody can say whether what was sent has taken effect.
    pub(super) unsure: Option<Kept>,
}

impl Run<'_, '_> {
    async fn all(&mut self) -> Result<Duration, Halt> {
        let script = self.job.script;
        let units = units(script, self.session.dialect()).map_err(|error| refused(error.message))?;
        let work: Vec<&Unit<'_>> = units.iter().filter(|unit| !unit.only_prepares()).collect();
        let stands_alone = work.iter().any(|unit| !matches!(unit.segment, Segment::Transaction(_)));
        self.several = work.len() > 1 || stands_alone || self.job.resume.is_some();
        if self.several {
            refuse_temporary(script, &units)?;
            self.steps.create(self.session).await.map_err(|error| halt(&error))?;
        }
        if self.several && self.job.resume.is_none() {
            // What another run may have noted of a revision that was since brought to its end by hand.
            let stale = self.steps.clear_sql(self.job.of).join(";\n");
            self.record(&stale).await?;
        }
        self.announce().await?;
        self.look_at_keys(&units).await?;
        let last = units.iter().rposition(|unit| !unit.only_prepares());
        let mut finished = false;
        for (index, unit) in units.iter().enumerate() {
            if let Segment::Prepare(piece) = &unit.segment {
                match self.statement(piece).await {
                    // The history says that it is done, so this is no failure of it.
                    Err(halt) if finished => (self.options.tell)(Event::Warning { text: halt.message }),
                    other => other?,
                }
                continue;
            }
            let known = self.known(unit);
            if known == Some(StepState::Done) {
                self.prepare_again(unit).await?;
                continue;
            }
            self.halt_before(unit)?;
            self.refuse_lost_lock().await?;
            if self.several {
                (self.options.tell)(Event::Part { title: &unit.name });
            }
            let is_last = Some(index) == last;
            match &unit.segment {
                Segment::Prepare(_) => {}
                Segment::Transaction(pieces) => self.transaction(unit, pieces, is_last).await?,
                Segment::Alone(piece) => self.alone(unit, piece, known, is_last).await?,
                Segment::Backfill(piece) => self.backfill(unit, *piece, is_last).await?,
            }
            (self.noted, self.marked, self.unsure) = (true, true, None);
            self.options.stop.note();
            finished |= is_last;
        }
        if !finished {
            let sql = self.finish_sql();
            self.record(&sql).await?;
        }
        Ok(self.started.elapsed())
    }

    /// Says what will be slow on the tables as they are.
    async fn announce(&mut self) -> Result<(), Halt> {
        if self.job.resume.is_some() {
            return Ok(());
        }
        let found = slow(self.job.script, self.session.dialect()).map_err(|error| refused(error.message))?;
        let mut written = 0;
        for Slow { table, what } in found {
            // A table that cannot be measured is no reason to stop: the statements themselves will say what is wrong.
            let Ok(size) = self.session.table_size(&table).await else { continue };
            written += size.bytes;
            (self.options.tell)(Event::Slow { table: &table, what: &what, rows: size.rows, bytes: size.bytes });
        }
        disk::refuse_too_little(self.options.url, written).map_err(|error| {
            let help = error.help.map(|help| format!("\n  hint: {help}")).unwrap_or_default();
            refused(format!("{}{help}", error.message))
        })
    }

    /// What can be said of the backfills while nothing is done yet. A table that is not there, or has no key, may be about to get it.
    async fn look_at_keys(&mut self, units: &[Unit<'_>]) -> Result<(), Halt> {
        for unit in units {
            if let (Segment::Backfill(piece), Some(spec), None) = (&unit.segment, &unit.backfill, &self.job.resume) {
                backfill::refuse_changed_key(self.session, self.job.script, piece, spec).await?;
            }
        }
        Ok(())
    }

    fn known(&self, unit: &Unit<'_>) -> Option<StepState> {
        let rows = self.job.resume.as_ref()?;
        rows.iter().find(|row| row.step == unit.name).map(|row| row.state)
    }

    /// Settings of the session that a part has made besides its work: a run that goes on behind it needs them too. SQLite's pragmas mean
    /// something else outside a transaction than inside one.
    async fn prepare_again(&mut self, unit: &Unit<'_>) -> Result<(), Halt> {
        if self.session.kind() == Kind::Sqlite {
            return Ok(());
        }
        for piece in unit.segment.pieces().iter().filter(|piece| prepares_connection(piece)) {
            self.statement(piece).await?;
        }
        Ok(())
    }

    /// A statement may have given up the lock that keeps other runs away.
    async fn refuse_lost_lock(&mut self) -> Result<(), Halt> {
        let Some(held) = &self.held else { return Ok(()) };
        match self.session.count(held).await {
            Ok(0) => Err(refused(
                "a statement has given up the lock of this run (pg_advisory_unlock_all?): run it again, which takes the lock anew".to_owned(),
            )),
            Ok(_) => Ok(()),
            Err(error) => Err(halt(&error)),
        }
    }

    /// Stops between two parts where somebody has asked for it.
    fn halt_before(&self, unit: &Unit<'_>) -> Result<(), Halt> {
        let stop = self.options.stop;
        let contract = (stop.before_contract && unit.contract).then(|| Halted::Contract { step: unit.name.clone() });
        match contract.or_else(|| stop.now()) {
            Some(why) => Err(Halt { message: format!("stopped before step \"{}\"", unit.name), cause: Cause::Halted(why) }),
            None => Ok(()),
        }
    }

    /// Runs `pieces` and writes the history in one transaction, again and again as long as others are in the way.
    async fn transaction(&mut self, unit: &Unit<'_>, pieces: &[Piece<'_>], is_last: bool) -> Result<(), Halt> {
        let mut backoff = Backoff::default();
        loop {
            let Err((error, message)) = self.attempt(unit, pieces, is_last).await else { return Ok(()) };
            let halt = Halt { message, cause: Cause::of(&error) };
            if class(&error) != Class::Busy {
                return Err(halt);
            }
            let _ = self.session.run("ROLLBACK").await;
            let Some(wait) = backoff.next() else { return Err(halt) };
            (self.options.tell)(Event::Retrying { reason: &server_words(&error), wait });
            self.options.stop.sleep(wait).await;
            self.halt_before(unit)?;
        }
    }

    async fn attempt(&mut self, unit: &Unit<'_>, pieces: &[Piece<'_>], is_last: bool) -> Result<(), (sqlx::Error, String)> {
        let plain = |error: sqlx::Error| {
            let words = server_words(&error);
            (error, words)
        };
        let begin = self.session.dialect().begin();
        self.session.run(begin).await.map_err(plain)?;
        for piece in pieces {
            failpoint("in-transaction");
            if let Err(error) = self.session.run(piece.statement()).await {
                let message = at_statement(&error, self.job.script, piece, "");
                return Err((error, message));
            }
        }
        let sql = if is_last { self.finish_sql() } else { self.done_sql(unit, "transaction", "run") };
        if let Err(error) = self.session.run(&sql).await {
            let message = unwritten(&error);
            return Err((error, message));
        }
        failpoint("before-commit");
        // Deferred constraints are checked only now, so the fault is the transaction's as a whole.
        if let Err(error) = self.session.run("COMMIT").await {
            // A server that refuses has rolled back; one that goes away may have committed.
            self.unsure = (class(&error) == Class::Lost).then_some(Kept::Unknown);
            let message = match pieces.last() {
                Some(piece) => at_statement(&error, self.job.script, piece, "at COMMIT: "),
                None => server_words(&error),
            };
            return Err((error, message));
        }
        failpoint("after-commit");
        Ok(())
    }

    /// What says in the history that the revision is under way, where it does not say so yet.
    pub(super) fn mark_sql(&self) -> String {
        if self.marked { String::new() } else { format!("{};\n", (self.job.mark)()) }
    }

    async fn backfill(&mut self, unit: &Unit<'_>, piece: Piece<'_>, is_last: bool) -> Result<(), Halt> {
        let Some(spec) = &unit.backfill else { return Ok(()) };
        let settings = &self.options.settings.upgrade;
        let begin = format!("{}{}", self.mark_sql(), self.note(unit, "backfill", StepState::Running, "run", None));
        let work = Work {
            session: &mut *self.session,
            script: self.job.script,
            piece,
            spec,
            step: &unit.name,
            of: self.job.of,
            steps: &self.steps,
            pace: self.options.pace.or(spec.pace).or(settings.pace),
            stop: self.options.stop,
            tell: self.options.tell,
            begin: &begin,
            noted: &mut self.noted,
        };
        backfill::run(work).await?;
        let sql = if is_last { self.finish_sql() } else { self.done_sql(unit, "backfill", "run") };
        failpoint("before-backfill-done");
        self.record(&sql).await
    }

    async fn statement(&mut self, piece: &Piece<'_>) -> Result<(), Halt> {
        self.session.run(piece.statement()).await.map(|_| ()).map_err(|error| self.at(&error, piece))
    }

    pub(super) fn at(&self, error: &sqlx::Error, piece: &Piece<'_>) -> Halt {
        Halt { message: at_statement(error, self.job.script, piece, ""), cause: Cause::of(error) }
    }

    pub(super) fn note(&self, unit: &Unit<'_>, kind: &str, state: StepState, by: &str, error: Option<&str>) -> String {
        self.steps.write_sql(self.job.of, &Note { step: &unit.name, kind, hash: &unit.hash, state, by, error, before: None })
    }

    /// What notes that a statement begins which stands alone, with what it is about as it was before.
    pub(super) fn begun_sql(&self, unit: &Unit<'_>, before: Option<&str>) -> String {
        let note = Note { step: &unit.name, kind: "alone", hash: &unit.hash, state: StepState::Running, by: "run", error: None, before };
        format!("{}{}", self.mark_sql(), self.steps.write_sql(self.job.of, &note))
    }

    /// What a run that was interrupted in the unit has noted of it.
    pub(super) fn noted_before(&self, unit: &Unit<'_>) -> Option<&str> {
        let rows = self.job.resume.as_ref()?;
        rows.iter().find(|row| row.step == unit.name)?.before.as_deref()
    }

    /// What notes a part as done.
    pub(super) fn done_sql(&self, unit: &Unit<'_>, kind: &str, by: &str) -> String {
        format!("{}{}", self.mark_sql(), self.note(unit, kind, StepState::Done, by, None))
    }

    /// What completes the history, and forgets the parts.
    pub(super) fn finish_sql(&self) -> String {
        let mut sql = (self.job.finish)(self.started.elapsed());
        if self.several {
            self.steps.clear_sql(self.job.of).iter().for_each(|clear| sql.push_str(&format!(";\n{clear}")));
        }
        sql
    }

    /// Writes to the history, in a transaction of its own. It is tried again as long as others are in the way.
    pub(super) async fn record(&mut self, sql: &str) -> Result<(), Halt> {
        let sql = format!("{};\n{sql};\nCOMMIT", self.session.dialect().begin());
        let mut backoff = Backoff::default();
        loop {
            let Err(error) = self.session.run(&sql).await else { return Ok(()) };
            let _ = self.session.run("ROLLBACK").await;
            match backoff.next().filter(|_| class(&error) == Class::Busy) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(Halt { message: unwritten(&error), cause: Cause::of(&error) }),
            }
        }
    }
}

/// A temporary table is gone with its session, and a run that goes on where another stopped has a new one.
fn refuse_temporary(script: &Script, units: &[Unit<'_>]) -> Result<(), Halt> {
    for unit in units {
        let words = |piece: &Piece<'_>| piece.statement().split_whitespace().take(3).map(str::to_ascii_uppercase).collect::<Vec<_>>();
        let pieces = unit.segment.pieces();
        let made =
            pieces.iter().find(|piece| matches!(words(piece).as_slice(), [create, temp, ..] if create == "CREATE" && temp.starts_with("TEMP")));
        let dropped = pieces.iter().any(|piece| words(piece).first().is_some_and(|word| word == "DROP"));
        if let Some(piece) = made.filter(|piece| !dropped && !piece.statement().to_ascii_uppercase().contains("ON COMMIT DROP")) {
            let place = format!("{}:{}", script.path.display(), piece.line(&script.text));
            return Err(refused(format!(
                "{place}: a temporary table would be gone where a later run goes on with this script, which has several parts\n  hint: drop it in the \
                 same transaction, or make an ordinary table and drop it at the end"
            )));
        }
    }
    Ok(())
}

fn unwritten(error: &sqlx::Error) -> String {
    format!("the history could not be written: {}", server_words(error))
}

//! The running of one script, and the writing of its history row with the last of its transactions.
//!
//! A script of several transactions notes in the history how many of them have taken effect, each note in the transaction it speaks of.
//! So whenever a run is killed, the next one knows what is done and goes on behind it.

use std::time::{Duration, Instant};

use super::failure::{at_statement, server_words};
use super::history::{HistoryRow, State};
use super::lock::Locked;
use super::probe::{Probed, probe};
use super::script::{Placed, Segment, place};
use crate::UserError;
use crate::config::UpgradeSettings;
use crate::dialect::{Kind, Session};
use crate::migration::{Script, checksum};
use crate::source::Piece;

/// One script to run.
pub(super) struct Job<'a> {
    pub script: &'a Script,
    /// Segments that an earlier run finished; `None` where there was none.
    pub resume: Option<usize>,
    /// The statement that notes so many segments as done, given the checksum of the text up to there.
    pub mark: &'a dyn Fn(usize, &str) -> String,
    /// The statement that completes the history after so much time.
    pub finish: &'a dyn Fn(Duration) -> String,
}

/// Why a script stopped, and what of it stays.
pub(super) struct Failure {
    pub message: String,
    pub kept: Kept,
}

/// What stays of a script that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Nothing,
    /// Segments before the failed one have taken effect and are noted.
    Parts,
    /// The failed statement stands outside any transaction and may have left something behind, or the answer to a COMMIT was lost.
    Unknown,
}

impl Kept {
    /// What to do about a failed script, `command` being what to run again.
    pub fn help(self, command: &str) -> String {
        match self {
            Self::Nothing => format!("nothing of this script remains: correct the file and run `{command}` again"),
            Self::Parts => format!(
                "the parts before the failed one have taken effect and are noted: correct the rest of the file and run `{command}` again, which \
                 goes on from there"
            ),
            Self::Unknown => format!("the failed statement may have taken effect in part: run `{command}` again, which looks at what is there"),
        }
    }
}

/// Checks that `script` can be run at all.
pub(super) fn validate(script: &Script, session: &Session) -> Result<(), UserError> {
    place(&script.text, session.dialect()).map(|_| ()).map_err(|error| located(script, error))
}

/// How many segments of `script` an interrupted run, of which `row` tells, has finished.
///
/// # Errors
/// Where what is done has been edited since. What is not done yet may be.
pub(super) fn resume_point(script: &Script, row: &HistoryRow, session: &Session) -> Result<usize, UserError> {
    let done = match row.state {
        State::Applied => 0,
        State::Upgrading { done } | State::Downgrading { done } => done,
    };
    let placed = place(&script.text, session.dialect()).map_err(|error| located(script, error))?;
    let unchanged = done <= placed.len() && checksum(prefix(script, &placed, done)) == row.checksum;
    if unchanged {
        return Ok(done);
    }
    Err(UserError::new(format!(
        "revision {} was interrupted after {done} of its parts, and {} has been edited in what was done since",
        row.revision,
        script.path.display()
    ))
    .with_help("restore that part of the file; what comes behind it may be edited"))
}

/// Runs the job and gives the time it took.
pub(super) async fn execute(locked: &mut Locked<'_>, job: &Job<'_>, settings: &UpgradeSettings) -> Result<Duration, Failure> {
    let session = &mut *locked.session;
    let noted = job.resume.is_some_and(|done| done > 0);
    let kept = if noted { Kept::Parts } else { Kept::Nothing };
    let before = prepare(session, settings).await.map_err(|error| Failure { message: server_words(&error), kept })?;
    let mut run = Run { session, job, started: Instant::now(), noted, intent: job.resume.is_some(), unsure: false };
    let result = run.all().await;
    let kept = match (run.unsure, run.noted) {
        (true, _) => Kept::Unknown,
        (false, true) => Kept::Parts,
        (false, false) => Kept::Nothing,
    };
    if result.is_err() {
        // Outside a transaction this fails or warns, which does not matter.
        let _ = session.run("ROLLBACK").await;
    }
    // A connection that is gone has no settings to restore; the error that matters is the first one.
    let restored = restore(session, &before).await;
    match (result, restored) {
        // Done and recorded; a connection that broke since is found out by whoever uses it next.
        (Ok(duration), _) => Ok(duration),
        (Err(message), _) => Err(Failure { message, kept }),
    }
}

struct Run<'r, 'j> {
    session: &'r mut Session,
    job: &'r Job<'j>,
    started: Instant,
    /// True once the history says that a part of this script has taken effect.
    noted: bool,
    /// True once the history says that this script was begun.
    intent: bool,
    /// True while nobody can say whether what was sent has taken effect.
    unsure: bool,
}

impl Run<'_, '_> {
    async fn all(&mut self) -> Result<Duration, String> {
        let script = self.job.script;
        let placed = place(&script.text, self.session.dialect()).map_err(|error| located(script, error).message)?;
        let done = self.job.resume.unwrap_or(0);
        let last = placed.iter().rposition(|placed| !placed.prepares_connection());
        // The statement an interrupted run may have been in.
        let doubtful = self.job.resume.and_then(|done| placed.iter().skip(done).position(|placed| !placed.prepares_connection()).map(|at| done + at));
        let mut finished = false;
        for (index, part) in placed.iter().enumerate() {
            if index < done && !part.prepares_connection() {
                finished |= Some(index) == last;
                continue;
            }
            let record = match Some(index) == last {
                true => None,
                false => Some((self.job.mark)(index + 1, &checksum(prefix(script, &placed, index + 1)))),
            };
            match &part.segment {
                Segment::Alone(piece) if part.prepares_connection() => self.statement(piece).await?,
                Segment::Transaction(pieces) => {
                    self.transaction(pieces, record).await?;
                    finished |= Some(index) == last;
                }
                Segment::Alone(piece) => {
                    self.begin_alone(index, &placed).await?;
                    if Some(index) != doubtful || self.probe(piece).await? == Probed::Missing {
                        self.unsure = true;
                        self.statement(piece).await?;
                    }
                    self.record(record).await?;
                    (self.noted, self.unsure) = (true, false);
                    finished |= Some(index) == last;
                }
            }
        }
        if !finished {
            self.record(None).await?;
        }
        Ok(self.started.elapsed())
    }

    /// Runs `pieces` and writes the history in one transaction.
    async fn transaction(&mut self, pieces: &[Piece<'_>], record: Option<String>) -> Result<(), String> {
        let begin = begin(self.session.kind());
        self.session.run(begin).await.map_err(|error| server_words(&error))?;
        for piece in pieces {
            self.statement(piece).await?;
        }
        self.record(record).await?;
        // Deferred constraints are checked only now, so the fault is the transaction's as a whole.
        if let Err(error) = self.session.run("COMMIT").await {
            // A server that answers has rolled back; one that does not may have committed.
            self.unsure = error.as_database_error().is_none();
            return Err(match pieces.last() {
                Some(piece) => at_statement(&error, self.job.script, piece, "at COMMIT: "),
                None => server_words(&error),
            });
        }
        (self.noted, self.intent) = (true, true);
        Ok(())
    }

    /// Notes that a statement outside any transaction is about to run: whether it ran cannot be noted together with it.
    async fn begin_alone(&mut self, index: usize, placed: &[Placed<'_>]) -> Result<(), String> {
        if self.intent {
            return Ok(());
        }
        let sql = (self.job.mark)(index, &checksum(prefix(self.job.script, placed, index)));
        self.session.run(&sql).await.map_err(|error| server_words(&error))?;
        self.intent = true;
        Ok(())
    }

    async fn probe(&mut self, piece: &Piece<'_>) -> Result<Probed, String> {
        probe(self.session, piece.statement()).await.map_err(|error| at_statement(&error, self.job.script, piece, ""))
    }

    async fn statement(&mut self, piece: &Piece<'_>) -> Result<(), String> {
        self.session.run(piece.statement()).await.map(|_| ()).map_err(|error| at_statement(&error, self.job.script, piece, ""))
    }

    /// Writes the note, or completes the history where this was the last part.
    async fn record(&mut self, mark: Option<String>) -> Result<(), String> {
        let sql = mark.unwrap_or_else(|| (self.job.finish)(self.started.elapsed()));
        let written = self.session.run(&sql).await;
        written.map(|_| ()).map_err(|error| format!("the history could not be written: {}", server_words(&error)))
    }
}

/// How a transaction begins. SQLite's plain BEGIN takes no lock, and taking it later fails at once where another connection is writing.
pub(super) fn begin(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "BEGIN IMMEDIATE",
        Kind::Postgres => "BEGIN",
    }
}

/// The text up to the end of the first `count` segments.
fn prefix<'a>(script: &'a Script, placed: &[Placed<'_>], count: usize) -> &'a str {
    match count.checked_sub(1).and_then(|index| placed.get(index)) {
        Some(placed) => &script.text[..placed.end],
        None => "",
    }
}

fn located(script: &Script, error: UserError) -> UserError {
    let path = script.path.display().to_string();
    let message = match error.message.strip_prefix("line ") {
        Some(rest) => format!("{path}:{rest}"),
        None => format!("{path}: {}", error.message),
    };
    UserError { message, ..error }
}

/// Gives every revision the same settings, whatever the one before left behind, and says how to restore the session's own.
async fn prepare(session: &mut Session, settings: &UpgradeSettings) -> Result<Vec<String>, sqlx::Error> {
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
            for (name, timeout) in [("statement_timeout", settings.statement_timeout), ("lock_timeout", settings.table_lock_timeout)] {
                if let Some(timeout) = timeout {
                    session.run(&format!("SET {name} = {}", timeout.as_millis())).await?;
                }
            }
            Ok(Vec::new())
        }
    }
}

async fn restore(session: &mut Session, before: &[String]) -> Result<(), sqlx::Error> {
    for sql in before {
        session.run(sql).await?;
    }
    match session.kind() {
        Kind::Sqlite => Ok(()),
        Kind::Postgres => reset(session).await,
    }
}

/// Dumps of pg_dump empty the `search_path` of the session; the next script must not find it so. Advisory locks stay.
async fn reset(session: &mut Session) -> Result<(), sqlx::Error> {
    session.run("RESET SESSION AUTHORIZATION").await?;
    session.run("RESET ROLE").await?;
    session.run("RESET ALL").await.map(|_| ())
}

//! Statements that the engine refuses inside a transaction: whether one ran cannot be noted together with it.

use super::execute::Run;
use super::failpoint::failpoint;
use super::failure::{Class, class, server_words};
use super::fingerprint::fingerprint;
use super::halt::{Halt, Kept, halt, refused};
use super::probe::{Probed, clear_leftover, probe, stands_in_the_way};
use super::repair::Answer;
use super::retry::Backoff;
use super::steps::StepState;
use super::unit::Unit;
use super::{Event, connection};
use crate::source::Piece;

impl Run<'_, '_> {
    /// Runs it. It is noted that it begins, and a run that finds such a note asks the catalog.
    pub(super) async fn alone(&mut self, unit: &Unit<'_>, piece: &Piece<'_>, known: Option<StepState>, is_last: bool) -> Result<(), Halt> {
        let probed = match known {
            Some(StepState::Running) => self.probe(unit, piece).await?,
            Some(StepState::Failed | StepState::Done) | None => Probed::Missing,
        };
        match probed {
            Probed::Done => {}
            Probed::Unknown => {
                self.unsure = Some(Kept::Undecided);
                return Err(self.undecided(unit, piece));
            }
            Probed::Missing => self.run_alone(unit, piece).await?,
        }
        let by = if probed == Probed::Done { "probe" } else { "run" };
        let sql = if is_last { self.finish_sql() } else { self.done_sql(unit, "alone", by) };
        self.record(&sql).await
    }

    async fn run_alone(&mut self, unit: &Unit<'_>, piece: &Piece<'_>) -> Result<(), Halt> {
        clear_leftover(self.session, piece.statement()).await.map_err(|error| self.at(&error, piece))?;
        // Found before it is noted that the statement begins: an index of that name that is somebody else's must not count as made by it.
        if let Some(what) = stands_in_the_way(self.session, piece.statement()).await.map_err(|error| self.at(&error, piece))? {
            return Err(refused(format!("{}:{}: {what}", self.job.script.path.display(), piece.line(&self.job.script.text))));
        }
        let before = fingerprint(self.session, piece.statement()).await.map_err(|error| self.at(&error, piece))?;
        self.record(&self.begun_sql(unit, before.as_deref())).await?;
        self.marked = true;
        failpoint("before-alone");
        // What builds for minutes must not be ended by a timeout that is meant for a moment's lock.
        let timeouts = connection::lift_timeouts(self.session, &self.options.settings.upgrade).await.map_err(|error| halt(&error))?;
        self.unsure = Some(Kept::Unknown);
        let result = self.run_patiently(unit, piece).await;
        failpoint("after-alone");
        let Err(error) = result else {
            return connection::restore(self.session, &timeouts).await.map_err(|error| halt(&error));
        };
        let mut fault = self.at(&error, piece);
        if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
            fault.message.push_str(&format!(
                "\n  hint: rows that repeat the key have come meanwhile: take them out, or let the step that does so run again \
                 (`dbtool repair {} --step NAME --retry`), then upgrade",
                self.job.of.revision
            ));
        }
        if class(&error) != Class::Lost {
            // The server says that it has not happened, but for an index that nobody reads.
            let _ = clear_leftover(self.session, piece.statement()).await;
            let failed = self.note(unit, "alone", StepState::Failed, "run", Some(&fault.message));
            let _ = self.record(&failed).await;
            (self.noted, self.unsure) = (true, None);
        }
        Err(fault)
    }

    /// Runs it, again and again as long as others are in the way: then nothing of it has happened.
    async fn run_patiently(&mut self, unit: &Unit<'_>, piece: &Piece<'_>) -> Result<(), sqlx::Error> {
        let mut backoff = Backoff::default();
        loop {
            let Err(error) = self.session.run(piece.statement()).await else { return Ok(()) };
            let Some(wait) = backoff.next().filter(|_| class(&error) == Class::Busy) else { return Err(error) };
            (self.options.tell)(Event::Retrying { reason: &server_words(&error), wait });
            self.options.stop.sleep(wait).await;
            // Whoever asks for a stop meanwhile gets it: the step is noted as failed and begins anew.
            if self.options.stop.now().is_some() || unit.contract && self.options.stop.before_contract {
                return Err(error);
            }
            clear_leftover(self.session, piece.statement()).await?;
        }
    }

    async fn probe(&mut self, unit: &Unit<'_>, piece: &Piece<'_>) -> Result<Probed, Halt> {
        let before = self.noted_before(unit).map(str::to_owned);
        probe(self.session, piece.statement(), before.as_deref()).await.map_err(|error| self.at(&error, piece))
    }

    /// An interrupted statement of which nobody can tell whether it was done.
    fn undecided(&self, unit: &Unit<'_>, piece: &Piece<'_>) -> Halt {
        let (script, revision) = (self.job.script, self.job.of.revision);
        let place = format!("{}:{}", script.path.display(), piece.line(&script.text));
        refused(format!(
            "{place}: an earlier run was interrupted in this statement, and no catalog tells whether it took effect\n  hint: look, then say it: `{}` if it did, `{}` if it did not",
            Answer::Done.command(revision, &unit.name),
            Answer::Retry.command(revision, &unit.name)
        ))
    }
}

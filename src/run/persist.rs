//! A run under the lock that outlives its connection: with a new one, the history tells where to go on.

use super::halt::Cause;
use super::lock::{HaltedWaiting, Locked, lock};
use super::retry::Backoff;
use super::{Event, Halt, Outcome, RunOptions};
use crate::UserError;
use crate::dialect::{Access, Session};

/// How often a run takes up a connection again without having come any further in between.
const LOSSES: u32 = 3;

/// The connection went away in the middle of a run.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Lost(pub UserError);

/// Runs `work` under the lock and lets go of it. `work` reads the history each time, so that after a loss it does what is left to do.
pub(super) async fn persist(
    session: &mut Session,
    options: RunOptions<'_>,
    work: impl AsyncFn(&mut Locked<'_>, &mut Outcome) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let (mut losses, mut noted) = (0, options.stop.noted());
    loop {
        let error = match once(session, options, &work, &mut outcome).await {
            Ok(()) => return Ok(outcome),
            Err(error) => error,
        };
        let asked_to_stop = options.stop.now().is_some();
        let error = match error.downcast::<HaltedWaiting>() {
            Ok(HaltedWaiting { why, holder }) => {
                outcome.halted = Some(Halt { revision: None, why, place: format!("waiting for {holder}") });
                return Ok(outcome);
            }
            Err(error) => error,
        };
        let (is_lost, error) = match error.downcast::<Lost>() {
            Ok(Lost(error)) => (true, error.into()),
            Err(error) => (error.downcast_ref::<sqlx::Error>().is_some_and(|error| Cause::of(error) == Cause::Lost), error),
        };
        // A statement that brings the server down, or that somebody has ended on purpose, is not tried for ever.
        losses = if options.stop.noted() > noted { 1 } else { losses + 1 };
        noted = options.stop.noted();
        if !is_lost || losses > LOSSES || asked_to_stop {
            return Err(error);
        }
        (options.tell)(Event::Warning { text: "the connection was lost; taking up a new one".to_owned() });
        let Some(again) = reconnect(options).await else { return Err(error) };
        std::mem::replace(session, again).close().await;
    }
}

async fn once(
    session: &mut Session,
    options: RunOptions<'_>,
    work: &impl AsyncFn(&mut Locked<'_>, &mut Outcome) -> anyhow::Result<()>,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    let mut locked = lock(session, &options).await?;
    let result = work(&mut locked, outcome).await;
    let warning = locked.release().await;
    if let (Ok(()), Some(text)) = (&result, warning) {
        (options.tell)(Event::Warning { text });
    }
    result
}

/// A new connection, once the server takes one again.
async fn reconnect(options: RunOptions<'_>) -> Option<Session> {
    let mut backoff = Backoff::default();
    while let Some(wait) = backoff.next() {
        options.stop.sleep(wait).await;
        if options.stop.now().is_some() {
            return None;
        }
        if let Ok(session) = Session::connect(options.url, Access::ReadWrite).await {
            return Some(session);
        }
    }
    None
}

//! Ctrl-C and SIGTERM: the first one asks the run to stop where nothing is lost, the second one ends it at once.

use std::convert::Infallible;
use std::future::Future;

use super::Ui;
use super::exit::INTERRUPTED;
use crate::run::Stop;

/// Runs `work` and lets signals ask it to stop.
pub async fn obeying<T>(stop: &Stop, ui: &Ui, work: impl Future<Output = T>) -> T {
    tokio::select! {
        biased;
        done = work => done,
        never = listen(stop, ui) => match never {},
    }
}

async fn listen(stop: &Stop, ui: &Ui) -> Infallible {
    loop {
        signal().await;
        if !stop.request() {
            // What runs is a transaction that the server rolls back, or a statement that the next run looks up in the catalog.
            std::process::exit(i32::from(INTERRUPTED));
        }
        ui.insist("\nStopping behind the statement that runs; once more stops at once, which the next run makes good");
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => interrupt().await,
    }
}

#[cfg(not(unix))]
async fn signal() {
    interrupt().await;
}

/// Where no handler can be had, the system's own does its work.
async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

//! Runs that are cut off: killed, without a connection, without space, without a server, or in each other's way.
//!
//! Whatever happens to a run, the next one ends its work, and no row is changed twice. What a database holds is always asked of the
//! engine's own client.

mod alone;
mod commits;
mod concurrently;
mod connections;
mod crowd;
mod disk_full;
mod generated;
mod matrix;
mod random;
mod runners;
mod server;
mod work;

use std::thread;
use std::time::{Duration, Instant};

/// Waits until something is so that comes by itself.
#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(30), "waited half a minute until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

//! Runs a program to its end, or kills it when it does not come to one.

use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::running::Running;

/// Longer than anything a test does, so that only a hang meets it.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// What a program said and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit status; -1 where a signal ended the program.
    pub status: i32,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Everything at once, for the message of a test that failed.
    pub fn report(&self) -> String {
        let signal = self.signal.map(|signal| format!(" (by signal {signal})")).unwrap_or_default();
        format!("exit status {}{signal}\n--- stdout\n{}--- stderr\n{}", self.status, self.stdout, self.stderr)
    }
}

/// Runs `command` with `input` on its standard input.
pub fn run(command: &mut Command, input: &str) -> Output {
    let mut running = Running::start(command);
    let mut stdin = running.stdin();
    let input = input.to_owned();
    // A program that ends before it has read everything breaks the pipe, which is its right.
    let writer = thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = running.wait();
    writer.join().expect("the writer does not panic");
    output
}

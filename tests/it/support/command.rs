//! Runs a program to its end, or kills it when it does not come to one.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything a test does, so that only a hang meets it.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a program said and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit status; -1 where a signal ended the program.
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Everything at once, for the message of a test that failed.
    pub fn report(&self) -> String {
        format!("exit status {}\n--- stdout\n{}--- stderr\n{}", self.status, self.stdout, self.stderr)
    }
}

/// Runs `command` with `input` on its standard input.
pub fn run(command: &mut Command, input: &str) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {program}: {error}; scripts/test installs what the tests need"));
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_owned();
    // A program that ends before it has read everything breaks the pipe, which is its right.
    let writer = thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let stdout = read(child.stdout.take().expect("stdout is piped"));
    let stderr = read(child.stderr.take().expect("stderr is piped"));

    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("a child can be killed");
            panic!("{command:?} gave no answer in {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(2));
    };
    writer.join().expect("the writer does not panic");
    Output {
        status: status.code().unwrap_or(-1),
        stdout: stdout.join().expect("the reader does not panic"),
        stderr: stderr.join().expect("the reader does not panic"),
    }
}

/// Reads a pipe in a thread of its own, so that a full pipe never blocks the child.
fn read(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

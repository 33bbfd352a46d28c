//! A program that runs beside the test, which may send it signals.

use std::io::Read;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::command::{Output, PATIENCE};

/// A program that was started. It is killed when the value is dropped before its end.
#[derive(Debug)]
pub struct Running {
    command: String,
    child: Child,
    pipes: Option<(JoinHandle<String>, JoinHandle<String>)>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {program}: {error}; scripts/test installs what the tests need"));
        let stdout = read(child.stdout.take().expect("stdout is piped"));
        let stderr = read(child.stderr.take().expect("stderr is piped"));
        Self { command: format!("{command:?}"), child, pipes: Some((stdout, stderr)) }
    }

    /// What the program reads. Whoever takes it has to close it.
    pub(super) fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("stdin is piped and taken once")
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// True once the program has ended.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().expect("a child can be waited for").is_some()
    }

    /// Sends a signal by its name, such as `STOP`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.id().to_string()]).status().expect("kill runs");
        assert!(status.success(), "{}: kill -{name} failed", self.command);
    }

    /// Kills the program where it has not ended, as `kill -9` does.
    pub fn kill(mut self) -> Output {
        self.child.kill().expect("a child can be killed");
        self.wait()
    }

    /// Waits for the end.
    pub fn wait(mut self) -> Output {
        // A program that waits for the end of its input shall see it.
        drop(self.child.stdin.take());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "{} gave no answer in {} s", self.command, PATIENCE.as_secs());
            thread::sleep(Duration::from_millis(2));
        };
        let (stdout, stderr) = self.pipes.take().expect("the pipes are read once");
        Output {
            status: status.code().unwrap_or(-1),
            signal: signal(status),
            stdout: stdout.join().expect("the reader does not panic"),
            stderr: stderr.join().expect("the reader does not panic"),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// Reads a pipe in a thread of its own, so that a full pipe never blocks the child.
fn read(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

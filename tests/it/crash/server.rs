//! A PostgreSQL server that dies under a run, and comes back.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use super::wait_until;
use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Database, Project};

const PLAN: Plan = Plan { shape: Shape::Between, rows: 4_000, batch: 100, pause: "20ms", slow: false };

/// A server of the test's own, whose data reach the disk before it says that they do.
struct Server {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// `None` where the programs are missing, which is said loudly and is an error in CI.
    fn new() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "initdb is not found, so no test ends a PostgreSQL server");
            static NOTICE: Once = Once::new();
            let notice = "\nWARNING: NO TEST ENDS A PostgreSQL SERVER: initdb is neither in PATH nor in /usr/lib/postgresql.\n";
            NOTICE.call_once(|| drop(std::io::stderr().write_all(notice.as_bytes())));
            return None;
        };
        let folder = tempfile::Builder::new().prefix("dbtool-test-").tempdir().expect("a temporary folder can be made");
        if is_root() {
            let status = Command::new("chown").arg("postgres").arg(folder.path()).status().expect("chown runs");
            assert!(status.success(), "the folder cannot be given to the user postgres");
        }
        let mut server = Server { port: free_port(), programs, folder, process: None };
        let options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
        let made = server.program("initdb").args(options).arg("-D").arg(server.data()).output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        server.start();
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of the server, as a user who may own a cluster: PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }

    fn start(&mut self) {
        // What is left of a server that was killed keeps the new one from starting for a moment.
        wait_until("the server answers", || {
            if self.process.as_mut().is_none_or(|process| process.try_wait().expect("a child can be waited for").is_some()) {
                let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).expect("the log can be written");
                let mut command = self.program("postgres");
                command.arg("-D").arg(self.data()).args(["-c", &format!("port={}", self.port), "-c", "listen_addresses=127.0.0.1"]);
                command.args(["-c", "unix_socket_directories=", "-c", "fsync=on"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
                self.process = Some(command.spawn().expect("postgres runs"));
            }
            let ready = Command::new("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]).status();
            ready.expect("pg_isready runs").success()
        });
    }

    /// Ends the server and all its processes at once, as a loss of power does.
    fn kill(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let workers = children(process.id());
        process.kill().expect("a child can be killed");
        if !workers.is_empty() {
            // One that has gone by itself meanwhile cannot be killed, which is as good.
            let _ = Command::new("kill").arg("-KILL").args(workers.iter().map(u32::to_string)).stderr(Stdio::null()).status();
        }
        process.wait().expect("a child can be waited for");
    }

    fn project(&self) -> Project {
        Project::on(Database::create_at(&format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The folder with the server's programs: that of initdb in `PATH`, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    debian.sort_by_key(|folder| folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()));
    std::env::split_paths(&path).chain(debian.into_iter().rev()).find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id runs");
    output.stdout == b"0\n"
}

/// A port below those that the kernel gives to clients, which could take it while the server is down.
fn free_port() -> u16 {
    // Tests that run beside each other begin to look at different places.
    static LOOKS: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id() + 100 * LOOKS.fetch_add(1, Ordering::Relaxed);
    let ports = (0..100).map(|step| 20_000 + u16::try_from((first + step) % 12_000).expect("a small number"));
    ports.into_iter().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a port is free")
}

/// The processes that have this one as their parent: <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>.
fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // The name in parentheses may hold anything.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        fields.split_whitespace().nth(1) == Some(parent.to_string().as_str())
    };
    processes.filter(is_child).collect()
}

#[test]
fn a_run_outlives_a_server_that_is_killed_and_comes_back() {
    let Some(mut server) = Server::new() else { return };
    let work = Work::new(server.project(), PLAN);
    let schemas = Schemas::on(server.project(), PLAN);
    for way in Way::BOTH {
        let run = work.start(way);
        for batches in [5, 20] {
            wait_until("the backfill has come further", || work.batches().is_some_and(|done| done >= batches));
            server.kill();
            std::thread::sleep(std::time::Duration::from_millis(700));
            server.start();
        }
        let output = run.wait();
        assert!(output.status == 0, "{way:?}: {}", output.report());
        work.check(way, &schemas, "the server was killed twice");
    }
}

#[test]
fn a_run_that_gives_up_waiting_for_the_server_is_finished_by_the_next() {
    let Some(mut server) = Server::new() else { return };
    let work = Work::new(server.project(), PLAN);
    let schemas = Schemas::on(server.project(), PLAN);
    for way in Way::BOTH {
        let run = work.start(way);
        wait_until("the backfill is under way", || work.batches().is_some_and(|done| done >= 5));
        server.kill();
        std::thread::sleep(std::time::Duration::from_millis(500));
        run.signal("TERM");
        let output = run.wait();
        assert!(output.status != 0 && output.signal.is_none(), "{way:?}: the run ends by itself, and not well: {}", output.report());
        assert!(output.stderr.contains("connection"), "{way:?}: it says why: {}", output.report());
        let nobody = work.start(way).wait();
        assert!(nobody.status == 2 && nobody.stderr.contains("no PostgreSQL server answers"), "{way:?}: {}", nobody.report());
        server.start();
        work.finish(way, &schemas, "the server was away");
    }
}

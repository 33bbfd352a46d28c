//! A server that dies under a run, and comes back.

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
use crate::support::{Database, Engine, Project};

const PLAN: Plan = Plan { shape: Shape::Between, rows: 4_000, batch: 100, pause: "20ms", slow: None };

/// A server of the test's own, whose data reach the disk before it says that they do.
struct Server {
    engine: Engine,
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// `None` where the engine is not tested, or the programs are missing, which is said loudly and is an error in CI.
    fn new(engine: Engine) -> Option<Self> {
        if !engine.is_available() {
            return None;
        }
        let Some(programs) = programs(engine) else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the programs of a server are not found, so no test ends one of {engine}");
            static NOTICE: Once = Once::new();
            let notice = format!("\nWARNING: NO TEST ENDS A SERVER OF {engine}: what makes its data is neither in PATH nor in Debian's folder.\n");
            NOTICE.call_once(|| drop(std::io::stderr().write_all(notice.as_bytes())));
            return None;
        };
        let folder = tempfile::Builder::new().prefix("dbtool-test-").tempdir().expect("a temporary folder can be made");
        let mut server = Server { engine, port: free_port(), programs, folder, process: None };
        if is_root() {
            let status = Command::new("chown").arg(server.user()).arg(server.folder.path()).status().expect("chown runs");
            assert!(status.success(), "the folder cannot be given to the user {}", server.user());
        }
        let data = server.data();
        let made = match engine {
            Engine::Sqlite => unreachable!("SQLite has no server"),
            Engine::Postgres => {
                let options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"];
                server.program("initdb").args(options).arg(data).output().expect("initdb runs")
            }
            Engine::Mariadb => {
                let options = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--force"];
                let mut command = server.program("mariadb-install-db");
                command.args(options).arg(format!("--datadir={}", data.display())).output().expect("mariadb-install-db runs")
            }
        };
        assert!(made.status.success(), "{engine}: {}", String::from_utf8_lossy(&made.stderr));
        server.start();
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Who owns a cluster: no server wants to run as root. MariaDB's package may have made no user.
    fn user(&self) -> &'static str {
        let is_there = || Command::new("id").args(["-u", "mysql"]).output().is_ok_and(|output| output.status.success());
        match self.engine {
            Engine::Sqlite | Engine::Postgres => "postgres",
            Engine::Mariadb if is_there() => "mysql",
            Engine::Mariadb => "nobody",
        }
    }

    /// A program of the server, as a user who may own a cluster.
    fn program(&self, name: &str) -> Command {
        let program = [self.programs.clone(), PathBuf::from("/usr/sbin")].iter().map(|folder| folder.join(name)).find(|file| file.exists());
        let program = program.unwrap_or_else(|| panic!("{name} is not there"));
        let mut command = if is_root() {
            let user = self.user();
            let group = Command::new("id").args(["-g", user]).output().expect("id runs").stdout;
            let mut command = Command::new("setpriv");
            command.arg(format!("--reuid={user}")).arg(format!("--regid={}", String::from_utf8_lossy(&group).trim()));
            command.arg("--init-groups").arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }

    /// The server itself, with its data and its port.
    fn server(&self) -> Command {
        let (data, port) = (self.data(), self.port);
        match self.engine {
            Engine::Sqlite | Engine::Postgres => {
                let mut command = self.program("postgres");
                command.arg("-D").arg(data).args(["-c", &format!("port={port}"), "-c", "listen_addresses=127.0.0.1"]);
                command.args(["-c", "unix_socket_directories=", "-c", "fsync=on"]);
                command
            }
            Engine::Mariadb => {
                let mut command = self.program("mariadbd");
                command.args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=1", "--skip-log-bin"]);
                let folder = self.folder.path().display();
                // A server that starts takes away what another one has in the same folder for temporary files.
                command.args([format!("--datadir={}", data.display()), format!("--tmpdir={folder}")]);
                command.args([format!("--port={port}"), format!("--socket={folder}/socket")]);
                command
            }
        }
    }

    fn answers(&self) -> bool {
        let mut command = match self.engine {
            Engine::Sqlite | Engine::Postgres => {
                let mut command = Command::new("pg_isready");
                command.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
                command
            }
            Engine::Mariadb => {
                let mut command = Command::new("mariadb");
                command.args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", "--user=root", "--execute=SELECT 1"]);
                command.arg(format!("--port={}", self.port)).stdout(Stdio::null()).stderr(Stdio::null());
                command
            }
        };
        command.status().expect("the client runs").success()
    }

    fn start(&mut self) {
        // What is left of a server that was killed keeps the new one from starting for a moment.
        wait_until("the server answers", || {
            if self.process.as_mut().is_none_or(|process| process.try_wait().expect("a child can be waited for").is_some()) {
                let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).expect("the log can be written");
                let mut command = self.server();
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
                self.process = Some(command.spawn().expect("the server runs"));
            }
            self.answers()
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
        Project::on(match self.engine {
            Engine::Sqlite | Engine::Postgres => Database::create_at(&format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)),
            Engine::Mariadb => Database::create_on_mariadb(&format!("mysql://root@127.0.0.1:{}/", self.port)),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The folder with the programs that make the server's data: that in `PATH`, else the newest of Debian's.
fn programs(engine: Engine) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if engine == Engine::Mariadb {
        // The server itself is one of the programs that only administrators have in their path.
        let has_server = |folder: &PathBuf| folder.join("mariadbd").exists() || Path::new("/usr/sbin/mariadbd").exists();
        return folders.into_iter().find(|folder| folder.join("mariadb-install-db").exists() && has_server(folder));
    }
    let mut debian: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    debian.sort_by_key(|folder| folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()));
    folders.extend(debian.into_iter().rev());
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
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

/// The server is killed twice in the middle of a backfill, and the run waits for it each time.
fn killed_and_back(engine: Engine) {
    let Some(mut server) = Server::new(engine) else { return };
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
        assert!(output.status == 0, "{engine}, {way:?}: {}", output.report());
        work.check(way, &schemas, "the server was killed twice");
    }
}

/// The server is killed and stays away, so that the run has to be ended.
fn killed_and_away(engine: Engine) {
    let Some(mut server) = Server::new(engine) else { return };
    let work = Work::new(server.project(), PLAN);
    let schemas = Schemas::on(server.project(), PLAN);
    let nobody_answers = if engine == Engine::Mariadb { "cannot connect to" } else { "no PostgreSQL server answers" };
    for way in Way::BOTH {
        let run = work.start(way);
        wait_until("the backfill is under way", || work.batches().is_some_and(|done| done >= 5));
        server.kill();
        std::thread::sleep(std::time::Duration::from_millis(500));
        run.signal("TERM");
        let output = run.wait();
        assert!(output.status != 0 && output.signal.is_none(), "{engine}, {way:?}: the run ends by itself, and not well: {}", output.report());
        assert!(output.stderr.contains("connection"), "{engine}, {way:?}: it says why: {}", output.report());
        let nobody = work.start(way).wait();
        assert!(nobody.status == 2 && nobody.stderr.contains(nobody_answers), "{engine}, {way:?}: {}", nobody.report());
        server.start();
        work.finish(way, &schemas, "the server was away");
    }
}

#[test]
fn a_run_outlives_a_postgres_that_is_killed_and_comes_back() {
    killed_and_back(Engine::Postgres);
}

#[test]
fn a_run_outlives_a_mariadb_that_is_killed_and_comes_back() {
    killed_and_back(Engine::Mariadb);
}

#[test]
fn a_run_that_gives_up_waiting_for_postgres_is_finished_by_the_next() {
    killed_and_away(Engine::Postgres);
}

#[test]
fn a_run_that_gives_up_waiting_for_mariadb_is_finished_by_the_next() {
    killed_and_away(Engine::Mariadb);
}

//! Through PgBouncer: in transaction mode no lock of a session holds, so dbtool refuses; in session mode it works.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::{Engine, Project};

/// The program, where `scripts/test` or the machine has it.
fn program() -> Option<String> {
    let found = std::env::var("DBTOOL_TEST_PGBOUNCER").ok().or_else(|| {
        let path = "/usr/sbin/pgbouncer";
        std::path::Path::new(path).exists().then(|| path.to_owned())
    });
    assert!(found.is_some() || std::env::var("CI").as_deref() != Ok("true"), "pgbouncer is not installed: run the tests with scripts/test");
    if found.is_none() {
        use std::io::Write as _;
        // Not eprintln!, which the test harness swallows when the test passes.
        drop(std::io::stderr().write_all(b"\nWARNING: NO TEST RUNS THROUGH PgBouncer: it is not installed.\n"));
    }
    found
}

/// A pooler before the server of a project's database, gone with the value.
struct Pooler {
    process: Child,
    url: String,
}

impl Pooler {
    fn start(program: &str, project: &Project, mode: &str) -> Self {
        let url = project.url();
        let (_, rest) = url.split_once("://").expect("a scheme");
        let (user, rest) = rest.split_once('@').expect("a user");
        let (address, database) = rest.split_once('/').expect("a database");
        let (host, server_port) = address.split_once(':').expect("a port");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port is free").local_addr().expect("an address").port();
        let config = format!(
            "[databases]\n{database} = host={host} port={server_port} dbname={database} user={user}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = {mode}\nunix_socket_dir =\nlogfile =\n"
        );
        project.write("pgbouncer.ini", &config);
        let mut command = if as_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", program]);
            command
        } else {
            Command::new(program)
        };
        // The folder of a test is its owner's alone; the file is for the pooler's user to read.
        let readable = std::env::temp_dir().join(format!("dbtool-pgbouncer-{port}.ini"));
        std::fs::write(&readable, config).expect("the folder for temporary files can be written");
        let process = command.arg(&readable).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("pgbouncer runs");
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = std::fs::remove_file(&readable);
        Self { process, url: format!("postgres://{user}@127.0.0.1:{port}/{database}") }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn as_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

#[test]
fn transaction_mode_is_refused_and_session_mode_works() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let Some(program) = program() else { return };
    let project = Project::with_schema(Engine::Postgres, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n");
    project.ok(&["migrate", "-m", "one"]);
    let before = project.database().everything();
    let pooler = Pooler::start(&program, &project, "transaction");
    let output = project.expect_status(2, &["upgrade", "--database-url", &pooler.url]);
    assert!(output.stderr.contains("pooler in transaction mode") && output.stderr.contains("pool_mode = session"), "{}", output.report());
    drop(pooler);
    assert_eq!(project.database().everything(), before, "nothing was changed");
    let pooler = Pooler::start(&program, &project, "session");
    project.ok(&["upgrade", "--database-url", &pooler.url]);
    assert_eq!(project.query("SELECT count(*) FROM t"), "0\n");
}

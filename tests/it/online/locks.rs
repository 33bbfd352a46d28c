//! Others are in the way: a run waits for a moment only, says for whom, and tries again.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::append;
use crate::support::{Engine, Project};

fn project() -> Project {
    let project =
        Project::with_schema(Engine::Postgres, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nn = { type = \"integer\" }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO t SELECT i, i FROM generate_series(1, 100) AS i;");
    project
}

#[test]
fn a_table_that_somebody_holds_is_waited_for_and_they_are_named() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project();
    project.write(
        "schema.toml",
        "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nn = { type = \"integer\" }\nm = { type = \"integer\" }\n",
    );
    project.ok(&["migrate", "-m", "two"]);
    let mut holder = Command::new("psql")
        .args(["-X", "-q", "-d", &project.url()])
        .env("PGAPPNAME", "the holder")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("psql runs");
    let mut statements = holder.stdin.take().expect("stdin is piped");
    statements.write_all(b"BEGIN;\nUPDATE t SET n = 0 WHERE id = 1 AND 'secret' <> '';\n").expect("psql reads");
    thread::sleep(Duration::from_millis(300));
    let output = thread::scope(|scope| {
        let run = scope.spawn(|| project.command().args(["upgrade"]).env("DBTOOL_TABLE_LOCK_TIMEOUT", "1").output().expect("dbtool runs"));
        thread::sleep(Duration::from_millis(2_500));
        // Whoever comes behind a run that waits for ever would wait with it.
        let began = std::time::Instant::now();
        project.query("SELECT count(*) FROM t");
        assert!(began.elapsed() < Duration::from_millis(1_500), "a reader had to wait {:?}", began.elapsed());
        statements.write_all(b"COMMIT;\n").expect("psql reads");
        run.join().expect("the run does not panic")
    });
    drop(statements);
    holder.wait().expect("psql ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    for word in ["waiting for pid", "the holder", "idle in its transaction", "lock timeout; trying again in"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(!said.contains("secret"), "a literal of somebody else's statement is shown: {said}");
    assert_eq!(project.query("SELECT count(m), min(n) FROM t"), "0|0\n");
}

#[test]
fn an_invalid_index_left_over_is_found_and_replaced() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project();
    project.sql("INSERT INTO t VALUES (101, 100);");
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000001"]);
    append(&project, "migrations/20990101000001_two.up.sql", "CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n);\n");
    append(&project, "migrations/20990101000001_two.down.sql", "DROP INDEX CONCURRENTLY t_n;\n");
    // What a run by hand leaves that met a duplicate.
    assert_ne!(project.database().run("CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n);").status, 0);
    assert_eq!(project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass"), "f\n");
    let output = project.expect_status(2, &["upgrade"]);
    assert!(output.stderr.contains("could not create unique index"), "{}", output.report());
    assert_eq!(project.query("SELECT count(*) FROM pg_class WHERE relname = 't_n'"), "0\n", "nothing is left of it");
    project.sql("DELETE FROM t WHERE id = 101;");
    project.ok(&["upgrade"]);
    assert_eq!(project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass"), "t\n");
    project.ok(&["downgrade"]);
    // One of that name which serves somebody is not taken for the one that is to be made.
    project.sql("CREATE INDEX t_n ON t (id);");
    let output = project.expect_status(2, &["upgrade"]);
    assert!(output.stderr.contains("is there already"), "{}", output.report());
    assert_eq!(project.query("SELECT indisunique FROM pg_index WHERE indexrelid = 't_n'::regclass"), "f\n");
}

//! Others are in the way: a run waits for a moment only, says for whom, and tries again.

use std::io::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::{append, servers};
use crate::support::{Engine, Project};

fn project(engine: Engine) -> Project {
    let project = Project::with_schema(engine, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nn = { type = \"integer\" }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO t WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 100) SELECT i, i FROM s;");
    project
}

#[test]
fn a_table_that_somebody_holds_is_waited_for_and_they_are_named() {
    for engine in servers() {
        let project = project(engine);
        project.write(
            "schema.toml",
            "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nn = { type = \"integer\" }\nm = { type = \"integer\" }\n",
        );
        project.ok(&["migrate", "-m", "two"]);
        let mut holder = project.database().client();
        let mut holder = holder.env("PGAPPNAME", "the holder").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the client runs");
        let mut statements = holder.stdin.take().expect("stdin is piped");
        statements.write_all(b"BEGIN;\nUPDATE t SET n = 0 WHERE id = 1 AND 'secret' <> '';\n").expect("the client reads");
        thread::sleep(Duration::from_millis(300));
        // Who it is by the server's own account.
        let named = match engine {
            Engine::Mariadb => {
                let sql = "SELECT concat('waiting for connection ', id, ' (user root, transaction open for ') FROM information_schema.processlist \
                           WHERE db = database() AND id <> connection_id();";
                vec![project.query(sql).trim().to_owned(), "Lock wait timeout exceeded".to_owned(), "trying again in".to_owned()]
            }
            Engine::Sqlite | Engine::Postgres => {
                ["waiting for pid", "the holder", "idle in its transaction", "lock timeout; trying again in"].map(str::to_owned).to_vec()
            }
        };
        let output = thread::scope(|scope| {
            let run = scope.spawn(|| project.command().args(["upgrade"]).env("DBTOOL_TABLE_LOCK_TIMEOUT", "1").output().expect("dbtool runs"));
            thread::sleep(Duration::from_millis(2_500));
            // Whoever comes behind a run that waits for ever would wait with it.
            let began = std::time::Instant::now();
            project.query("SELECT count(*) FROM t");
            assert!(began.elapsed() < Duration::from_millis(1_500), "{engine}: a reader had to wait {:?}", began.elapsed());
            statements.write_all(b"COMMIT;\n").expect("the client reads");
            run.join().expect("the run does not panic")
        });
        drop(statements);
        holder.wait().expect("the client ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{engine}: {said}");
        for words in named {
            assert!(said.contains(&words), "{engine}: {words}: {said}");
        }
        assert!(!said.contains("secret"), "{engine}: a literal of somebody else's statement is shown: {said}");
        assert_eq!(project.query("SELECT count(m), min(n) FROM t"), "0|0\n", "{engine}");
    }
}

#[test]
fn an_invalid_index_left_over_is_found_and_replaced() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project(Engine::Postgres);
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

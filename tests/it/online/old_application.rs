//! An application that knows nothing of a new required column goes on writing while the column comes.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::{Engine, Project};

const BEFORE: &str = r#"
[tables.users.columns]
id = { type = "bigint", primary_key = true, identity = true }
email = { type = "text", nullable = false }
visits = { type = "integer", nullable = false, default = 0 }
"#;

/// A computed value, so that no default can stand in for it.
const DOMAIN: &str = "domain = { type = \"text\", nullable = false, backfill = { sql = \"split_part(email, '@', 2)\" } }\n";

/// Writes until `done`, statement after statement as each is answered, and gives the errors.
fn write(url: &str, writer: usize, done: &AtomicBool) -> String {
    let mut psql: Child = Command::new("psql")
        .args(["-X", "-q", "-d", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql runs");
    let mut statements = psql.stdin.take().expect("stdin is piped");
    let mut n = 0;
    while !done.load(Ordering::Relaxed) {
        n += 1;
        let text = format!(
            "INSERT INTO users (email) VALUES ('w{writer}n{n}@new{writer}.org');\nUPDATE users SET visits = visits + 1 WHERE id = {};\n",
            1 + (n * 7919 + writer * 101) % 30_000
        );
        statements.write_all(text.as_bytes()).expect("psql reads");
        thread::sleep(Duration::from_millis(1));
    }
    drop(statements);
    let output = psql.wait_with_output().expect("psql ends");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn gets_no_error_and_leaves_no_row_without_a_value() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = Project::with_schema(Engine::Postgres, BEFORE);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO users (email) SELECT 'u' || n || '@old.org' FROM generate_series(1, 30000) AS n;");
    project.write("schema.toml", &format!("{BEFORE}{DOMAIN}"));
    project.ok(&["migrate", "-m", "two"]);

    let done = AtomicBool::new(false);
    let errors: String = thread::scope(|scope| {
        let url = project.url();
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (url, done) = (url.clone(), &done);
                scope.spawn(move || write(&url, writer, done))
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        let output = project.dbtool(&["upgrade", "--expand", "--target", "20ms"]);
        // It goes on as it did for a while after the column is required.
        thread::sleep(Duration::from_millis(300));
        done.store(true, Ordering::Relaxed);
        let errors = writers.into_iter().map(|writer| writer.join().expect("a writer does not panic")).collect();
        assert!(output.status == 0 && output.stderr.contains("Held back"), "{}", output.report());
        errors
    });
    assert_eq!(errors, "", "the old application met errors");
    assert_eq!(project.query("SELECT attnotnull FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'domain'"), "t\n");
    assert_eq!(project.query("SELECT count(*) FROM users WHERE domain IS NULL OR domain <> split_part(email, '@', 2)"), "0\n");
    let written = project.query("SELECT count(*) > 200, sum(visits) > 200 FROM users WHERE email LIKE 'w%' OR visits > 0");
    assert_eq!(written, "t|t\n", "the application hardly wrote anything, so nothing was shown");

    project.ok(&["upgrade"]);
    let straight = Project::with_schema(Engine::Postgres, &format!("{BEFORE}{DOMAIN}"));
    straight.ok(&["migrate", "-m", "one"]);
    straight.ok(&["upgrade"]);
    assert_eq!(project.dump(), straight.dump(), "nothing of the way is left");
    assert_eq!(project.query("SELECT count(*) FROM pg_proc WHERE proname LIKE 'dbtool%'"), "0\n");
}

/// Everything of a change that an application of before notices is held back: defaults that go, triggers, and what those read.
#[test]
fn goes_on_as_before_as_long_as_the_contract_is_held_back() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let before = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n";
    let old = "first = { type = \"text\" }\nlast = { type = \"text\" }\n";
    let new = "name = { type = \"text\", nullable = false, backfill = { sql = \"concat(first, ' ', last)\" } }\n\
               bare = { type = \"text\", nullable = false, backfill = { sql = \"lower(name)\" } }\n\
               done = { type = \"boolean\", nullable = false, backfill = false }\n";
    let project = Project::with_schema(Engine::Postgres, &format!("{before}{old}"));
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO t VALUES (1, 'Ada', 'Lovelace');");
    project.write("schema.toml", &format!("{before}{new}"));
    project.ok(&["migrate", "-m", "two"]);
    project.ok(&["upgrade", "--expand"]);
    project.sql("INSERT INTO t (id, first, last) VALUES (2, 'Grace', 'Hopper'); UPDATE t SET last = 'King' WHERE id = 1;");
    let status = project.ok(&["status"]).stdout;
    assert!(status.contains("Next:     `dbtool upgrade` goes on with step") && status.contains("of before the revision would notice"), "{status}");
    assert_eq!(project.ok(&["upgrade", "--expand"]).status, 0);
    let checked = project.expect_status(1, &["check"]);
    assert!(checked.stdout.contains("not-at-head"), "{}", checked.report());
    project.ok(&["upgrade"]);
    assert_eq!(project.query("SELECT id, name, bare, done FROM t ORDER BY id"), "1|Ada Lovelace|ada lovelace|f\n2|Grace Hopper|grace hopper|f\n");
    assert_eq!(project.query("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), "0\n");
}

//! An application that knows nothing of a new required column goes on writing while the column comes.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::servers;
use crate::support::{Engine, Output, Project};

const BEFORE: &str = r#"
[tables.users.columns]
id = { type = "bigint", primary_key = true, identity = true }
email = { type = "text", nullable = false }
visits = { type = "integer", nullable = false, default = 0 }
"#;

/// A computed value, so that no default can stand in for it.
fn domain(engine: Engine) -> String {
    format!("domain = {{ type = \"text\", nullable = false, backfill = {{ sql = \"{}\" }} }}\n", domain_of_email(engine))
}

fn domain_of_email(engine: Engine) -> &'static str {
    if engine == Engine::Mariadb { "substring_index(email, '@', -1)" } else { "split_part(email, '@', 2)" }
}

/// Writes until `done`, statement after statement as each is answered, and gives the errors.
fn write(project: &Project, writer: usize, done: &AtomicBool) -> String {
    let mut client = project.database().client();
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the client runs");
    let mut statements = client.stdin.take().expect("stdin is piped");
    let mut n = 0;
    while !done.load(Ordering::Relaxed) {
        n += 1;
        let text = format!(
            "INSERT INTO users (email) VALUES ('w{writer}n{n}@new{writer}.org');\nUPDATE users SET visits = visits + 1 WHERE id = {};\n",
            1 + (n * 7919 + writer * 101) % 30_000
        );
        statements.write_all(text.as_bytes()).expect("the client reads");
        thread::sleep(Duration::from_millis(1));
    }
    drop(statements);
    let output = client.wait_with_output().expect("the client ends");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The table of [`BEFORE`] with 30,000 rows, and a revision that leads to `after`.
fn users(engine: Engine, after: &str) -> Project {
    let project = Project::with_schema(engine, BEFORE);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql(
        "INSERT INTO users (email) WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 30000) \
         SELECT concat('u', i, '@old.org') FROM s;",
    );
    project.write("schema.toml", after);
    project.ok(&["migrate", "-m", "two"]);
    project
}

/// Runs dbtool while four writers go on as before, which are to meet no error.
fn beside_writers(project: &Project, arguments: &[&str]) -> Output {
    let done = AtomicBool::new(false);
    let (output, errors): (Output, String) = thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                scope.spawn({
                    let done = &done;
                    move || write(project, writer, done)
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        let output = project.dbtool(arguments);
        // It goes on as it did for a while after the change.
        thread::sleep(Duration::from_millis(300));
        done.store(true, Ordering::Relaxed);
        (output, writers.into_iter().map(|writer| writer.join().expect("a writer does not panic")).collect())
    });
    assert!(output.status == 0, "{}: {}", project.engine(), output.report());
    assert!(errors.is_empty(), "{}: the old application met {} errors:\n{errors}", project.engine(), errors.lines().count());
    output
}

/// True where a query counts something.
fn counts(project: &Project, sql: &str) -> bool {
    project.query(sql).trim().parse::<u64>().expect("a number") > 0
}

#[test]
fn gets_no_error_and_leaves_no_row_without_a_value() {
    for engine in servers() {
        let after = format!("{BEFORE}{}", domain(engine));
        let project = users(engine, &after);
        let output = beside_writers(&project, &["upgrade", "--expand", "--target", "20ms"]);
        assert!(output.stderr.contains("Held back"), "{engine}: {}", output.report());
        let required = "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'domain'";
        let here = if engine == Engine::Mariadb { " AND table_schema = database()" } else { "" };
        assert_eq!(project.query(&format!("{required}{here}")), "NO\n", "{engine}");
        let wrong = format!("SELECT count(*) FROM users WHERE domain IS NULL OR domain <> {}", domain_of_email(engine));
        assert_eq!(project.query(&wrong), "0\n", "{engine}");
        for written in ["email LIKE 'w%'", "visits > 0"] {
            let rows: u64 = project.query(&format!("SELECT count(*) FROM users WHERE {written}")).trim().parse().expect("a number");
            assert!(rows > 200, "{engine}: the application hardly wrote anything, so nothing was shown: {rows} rows where {written}");
        }

        project.ok(&["upgrade"]);
        let straight = Project::with_schema(engine, &after);
        straight.ok(&["migrate", "-m", "one"]);
        straight.ok(&["upgrade"]);
        assert_eq!(project.dump(), straight.dump(), "{engine}: nothing of the way is left");
    }
}

/// The values are computed anew from what the application writes, until the column is another one.
#[test]
fn loses_no_change_while_a_column_changes_its_type() {
    for engine in servers().filter(|&engine| engine == Engine::Mariadb) {
        let after = BEFORE.replace(
            "visits = { type = \"integer\", nullable = false, default = 0 }",
            "visits = { type = \"bigint\", nullable = false, default = 0, using = \"visits + 1000000\" }",
        );
        let project = users(engine, &after);
        project.sql(
            "CREATE TABLE seen (id bigint PRIMARY KEY, visits integer); \
             CREATE TRIGGER seen AFTER UPDATE ON users FOR EACH ROW REPLACE INTO seen VALUES (NEW.id, NEW.visits);",
        );
        beside_writers(&project, &["upgrade", "--target", "20ms"]);
        assert!(counts(&project, "SELECT count(*) FROM users WHERE visits > 1000000"), "{engine}: the application hardly wrote anything");
        assert_eq!(project.query("SELECT count(*) FROM users WHERE visits IS NULL"), "0\n", "{engine}");
        // Every update since has been counted, before the change and behind it.
        assert_eq!(
            project.query("SELECT count(*) FROM users AS u JOIN seen AS s ON s.id = u.id WHERE u.visits % 1000000 <> s.visits % 1000000"),
            "0\n",
            "{engine}"
        );
    }
}

/// Everything of a change that an application of before notices is held back: defaults that go, triggers, and what those read.
#[test]
fn goes_on_as_before_as_long_as_the_contract_is_held_back() {
    for engine in servers() {
        let before = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n";
        let old = "first = { type = \"text\" }\nlast = { type = \"text\" }\n";
        let new = "name = { type = \"text\", nullable = false, backfill = { sql = \"concat(first, ' ', last)\" } }\n\
                   bare = { type = \"text\", nullable = false, backfill = { sql = \"lower(name)\" } }\n\
                   done = { type = \"boolean\", nullable = false, backfill = false }\n";
        let project = Project::with_schema(engine, &format!("{before}{old}"));
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.sql("INSERT INTO t VALUES (1, 'Ada', 'Lovelace');");
        project.write("schema.toml", &format!("{before}{new}"));
        project.ok(&["migrate", "-m", "two"]);
        project.ok(&["upgrade", "--expand"]);
        project.sql("INSERT INTO t (id, first, last) VALUES (2, 'Grace', 'Hopper'); UPDATE t SET last = 'King' WHERE id = 1;");
        let status = project.ok(&["status"]).stdout;
        assert!(
            status.contains("Next:     `dbtool upgrade` goes on with step") && status.contains("of before the revision would notice"),
            "{engine}: {status}"
        );
        project.ok(&["upgrade", "--expand"]);
        let checked = project.expect_status(1, &["check", "--live"]);
        assert!(checked.stdout.contains("not-at-head"), "{engine}: {}", checked.report());
        project.ok(&["upgrade"]);
        let no = if engine == Engine::Mariadb { "0" } else { "f" };
        let wanted = format!("1|Ada Lovelace|ada lovelace|{no}\n2|Grace Hopper|grace hopper|{no}\n");
        assert_eq!(project.query("SELECT id, name, bare, done FROM t ORDER BY id"), wanted, "{engine}");
        let triggers = match engine {
            Engine::Mariadb => "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = database()",
            Engine::Sqlite | Engine::Postgres => {
                "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) + (SELECT count(*) FROM pg_proc WHERE proname LIKE 'dbtool%')"
            }
        };
        assert_eq!(project.query(triggers), "0\n", "{engine}");
    }
}

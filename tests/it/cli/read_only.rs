//! What may not change anything does not change anything.

use std::fs;

use super::{ROWS, TODOS};
use crate::support::{Engine, Project};

const LOOKING: &[&[&str]] = &[
    &["current"],
    &["history"],
    &["heads"],
    &["branches"],
    &["status"],
    &["show", "head"],
    &["upgrade", "--sql"],
    &["inspect"],
    &["diff"],
    &["--format", "json", "current"],
    &["--format", "json", "history"],
];

#[test]
fn looking_changes_no_database() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one"]);
        let empty = project.database().everything();
        for arguments in LOOKING {
            project.ok(arguments);
            assert_eq!(project.database().everything(), empty, "{engine}: dbtool {}", arguments.join(" "));
        }
        project.ok(&["upgrade"]);
        project.sql(ROWS);
        let full = project.database().everything();
        for arguments in LOOKING {
            project.ok(arguments);
            assert_eq!(project.database().everything(), full, "{engine}: dbtool {}", arguments.join(" "));
        }
    }
}

#[test]
fn looking_makes_no_file() {
    let project = Project::with_schema(Engine::Sqlite, TODOS);
    let file = project.folder().join("test.db");
    fs::remove_file(&file).expect("the empty database can be removed");
    project.ok(&["migrate", "-m", "one"]);
    for arguments in LOOKING {
        project.ok(arguments);
        assert!(!file.exists(), "dbtool {} made the database", arguments.join(" "));
    }
    project.ok(&["upgrade"]);
    assert!(file.exists());
}

#[test]
fn mistakes_on_the_command_line_are_errors() {
    let project = Project::with_schema(Engine::Sqlite, TODOS);
    project.expect_status(2, &["upgarde"]);
    project.expect_status(2, &["upgrade", "--nonsense"]);
    project.expect_status(2, &["show", "20990101000000"]);
    project.expect_status(2, &["--database-url", "oracle://x/y", "current"]);
    project.ok(&["--help"]);
    project.ok(&["--version"]);
}

#[test]
fn a_password_is_never_shown() {
    let project = Project::with_schema(Engine::Sqlite, TODOS);
    for url in ["postgres://me:hunter2@127.0.0.1:1/x", "postgresql+psycopg://me:hunter2@no-such-host.invalid/x"] {
        for arguments in [
            &["--database-url", url, "current"] as &[&str],
            &["-v", "--database-url", url, "upgrade"],
            &["--database-url", url, "--format", "json", "status"],
        ] {
            let output = project.dbtool(arguments);
            assert!(!output.report().contains("hunter2"), "{}", output.report());
        }
    }
}

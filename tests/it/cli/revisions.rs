//! The commands that look at and arrange revisions: `revision`, `current`, `history`, `heads`, `stamp`, `merge`.

use super::{ROWS, TODOS, TODOS_COMPLETED};
use crate::support::{Engine, Project};

/// A project with three empty revisions in a row.
fn three(engine: Engine) -> Project {
    let project = Project::with_schema(engine, "");
    for (name, revision) in [("one", "20260101000001"), ("two", "20260101000002"), ("three", "20260101000003")] {
        project.ok(&["revision", "-m", name, "--rev-id", revision]);
        project.write(&format!("migrations/{revision}_{name}.up.sql"), &up(&project, revision, name, &format!("CREATE TABLE {name} (id integer);")));
        project.write(&format!("migrations/{revision}_{name}.down.sql"), &down(&project, revision, name, &format!("DROP TABLE {name};")));
    }
    project
}

fn up(project: &Project, revision: &str, name: &str, sql: &str) -> String {
    format!("{}\n{sql}\n", project.read(&format!("migrations/{revision}_{name}.up.sql")))
}

fn down(project: &Project, revision: &str, name: &str, sql: &str) -> String {
    format!("{}\n{sql}\n", project.read(&format!("migrations/{revision}_{name}.down.sql")))
}

#[test]
fn a_hand_written_revision_runs() {
    for engine in Engine::available() {
        let project = three(engine);
        project.ok(&["upgrade"]);
        project.sql("INSERT INTO one VALUES (1); INSERT INTO two VALUES (2); INSERT INTO three VALUES (3);");
        project.ok(&["downgrade"]);
        project.sql("INSERT INTO two VALUES (2);");
        project.ok(&["downgrade", "base"]);
        assert_eq!(project.dump(), Project::new(engine).dump(), "{engine}: nothing is left");
    }
}

#[test]
fn revisions_are_named_in_full_by_prefix_or_relatively() {
    let project = three(Engine::Sqlite);
    let at = |project: &Project| project.ok(&["current"]).stdout;
    project.ok(&["upgrade", "+1"]);
    assert!(at(&project).contains("20260101000001"));
    project.expect_status(1, &["current", "--check-heads"]);
    project.ok(&["upgrade", "20260101000002"]);
    assert!(at(&project).contains("20260101000002"));
    project.ok(&["upgrade", "head"]);
    assert!(at(&project).contains("20260101000003"));
    project.ok(&["current", "--check-heads"]);
    project.ok(&["downgrade", "head-1"]);
    assert!(at(&project).contains("20260101000002"));
    project.ok(&["downgrade", "-1"]);
    assert!(at(&project).contains("20260101000001"));
    let output = project.expect_status(2, &["upgrade", "2026"]);
    assert!(output.stderr.contains("20260101000002"), "an ambiguous prefix is told with its revisions: {}", output.report());
    project.expect_status(2, &["upgrade", "+5"]);
    assert!(at(&project).contains("20260101000001"), "more steps than there are is an error before anything runs");
}

#[test]
fn history_and_heads_tell_the_revisions() {
    let project = three(Engine::Sqlite);
    let history = project.ok(&["history"]).stdout;
    let place = |revision: &str| history.find(revision).unwrap_or_else(|| panic!("{revision} is missing: {history}"));
    assert!(place("20260101000003") < place("20260101000001"), "newest first: {history}");
    let heads = project.ok(&["heads"]).stdout;
    assert!(heads.contains("20260101000003") && !heads.contains("20260101000002"), "{heads}");
    assert!(project.ok(&["show", "20260101000002"]).stdout.contains("CREATE TABLE two"));
}

#[test]
fn stamp_records_without_running() {
    for engine in Engine::available() {
        let project = three(engine);
        let empty = project.dump();
        project.ok(&["stamp", "20260101000002"]);
        assert_eq!(project.dump(), empty, "{engine}");
        project.ok(&["upgrade"]);
        assert!(project.dump().contains("three") && !project.dump().contains("two"), "{engine}: only the last was run");
        project.ok(&["stamp", "base"]);
        assert!(!project.ok(&["current"]).stdout.contains("2026"));
    }
}

#[test]
fn two_heads_are_refused_and_joined() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "base", "--rev-id", "20260101000001"]);
        project.ok(&["upgrade"]);
        project.sql(ROWS);
        // Two people start from the same revision.
        for (name, revision) in [("ours", "20260101000002"), ("theirs", "20260101000003")] {
            project.ok(&["revision", "-m", name, "--rev-id", revision, "--parent", "20260101000001"]);
            project
                .write(&format!("migrations/{revision}_{name}.up.sql"), &up(&project, revision, name, &format!("CREATE TABLE {name} (id integer);")));
            project.write(&format!("migrations/{revision}_{name}.down.sql"), &down(&project, revision, name, &format!("DROP TABLE {name};")));
        }
        let output = project.expect_status(2, &["upgrade"]);
        for words in ["20260101000002", "20260101000003", "dbtool merge"] {
            assert!(output.stderr.contains(words), "{words}: {}", output.report());
        }
        assert!(!project.dump().contains("ours"), "{engine}: nothing ran");
        project.ok(&["merge", "heads", "-m", "join"]);
        project.ok(&["upgrade"]);
        assert!(project.dump().contains("ours") && project.dump().contains("theirs"), "{engine}");
        project.ok(&["downgrade", "20260101000001"]);
        assert!(!project.dump().contains("ours") && !project.dump().contains("theirs"), "{engine}");
    }
}

#[test]
fn an_applied_file_that_was_edited_stops_the_upgrade() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one", "--rev-id", "20260101000001"]);
        project.ok(&["upgrade"]);
        let file = "migrations/20260101000001_one.up.sql";
        let text = project.read(file);
        // Another editor's line endings are no edit.
        project.write(file, &(text.replace('\n', "\r\n") + "  \r\n\r\n"));
        project.ok(&["upgrade"]);
        project.write(file, &text.replace("description", "descripti0n"));
        project.write("schema.toml", TODOS_COMPLETED);
        let output = project.expect_status(2, &["upgrade"]);
        assert!(output.stderr.contains("20260101000001"), "{}", output.report());
    }
}

//! `dbtool check`, the gate.

use super::{ROWS, TODOS, TODOS_COMPLETED};
use crate::support::{Engine, Project};

/// A project whose database is where its one revision leads.
fn clean(engine: Engine) -> Project {
    let project = Project::with_schema(engine, TODOS);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql(ROWS);
    project
}

#[test]
fn finds_nothing_where_nothing_is_wrong() {
    for engine in Engine::available() {
        let project = clean(engine);
        let everything = project.database().everything();
        project.ok(&["check"]);
        assert_eq!(project.database().everything(), everything, "{engine}: check changes nothing");
    }
}

#[test]
fn finds_what_was_forgotten_edited_or_done_by_hand() {
    for engine in Engine::available() {
        let project = clean(engine);
        project.write("schema.toml", TODOS_COMPLETED);
        let output = project.expect_status(1, &["check"]);
        assert!(output.stdout.contains("completed"), "{engine}: a change without a revision: {}", output.report());

        let project = clean(engine);
        project.sql("ALTER TABLE todos ADD COLUMN by_hand integer;");
        let output = project.expect_status(1, &["check"]);
        assert!(output.stdout.contains("by_hand"), "{engine}: drift: {}", output.report());

        let project = clean(engine);
        project.write("schema.toml", TODOS_COMPLETED);
        project.ok(&["migrate", "-m", "two"]);
        project.expect_status(1, &["check"]);
        project.ok(&["upgrade"]);
        project.ok(&["check"]);

        let project = clean(engine);
        let file = project.migrations().pop().expect("a migration was written");
        let name = format!("migrations/{}", file.file_name().expect("a file").to_string_lossy());
        project.write(&name, &project.read(&name).replace("CREATE TABLE", "CREATE  TABLE"));
        project.expect_status(1, &["check"]);
    }
}

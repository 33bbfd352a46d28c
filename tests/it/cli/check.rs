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
        project.ok(&["check", "--live"]);
        assert_eq!(project.database().everything(), everything, "{engine}: check changes nothing");
    }
}

#[test]
fn finds_what_was_forgotten_edited_or_done_by_hand() {
    for engine in Engine::available() {
        let project = clean(engine);
        project.write("schema.toml", TODOS_COMPLETED);
        let output = project.expect_status(1, &["check", "--live"]);
        assert!(output.stdout.contains("completed"), "{engine}: a change without a revision: {}", output.report());

        let project = clean(engine);
        project.sql("ALTER TABLE todos ADD COLUMN by_hand integer;");
        let output = project.expect_status(1, &["check", "--live"]);
        assert!(output.stdout.contains("by_hand"), "{engine}: drift: {}", output.report());

        let project = clean(engine);
        project.write("schema.toml", TODOS_COMPLETED);
        project.ok(&["migrate", "-m", "two"]);
        project.expect_status(1, &["check", "--live"]);
        project.ok(&["upgrade"]);
        project.ok(&["check", "--live"]);

        let project = clean(engine);
        let file = project.migrations().pop().expect("a migration was written");
        let name = format!("migrations/{}", file.file_name().expect("a file").to_string_lossy());
        project.write(&name, &project.read(&name).replace("CREATE TABLE", "CREATE  TABLE"));
        project.expect_status(1, &["check", "--live"]);
    }
}

#[test]
fn a_function_that_a_revision_makes_does_not_stand_in_the_way_of_the_replay() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = Project::with_schema(Engine::Postgres, TODOS);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000001"]);
    let file = "migrations/20990101000001_two.up.sql";
    project.write(file, &format!("{}\nCREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n", project.read(file)));
    let down = "migrations/20990101000001_two.down.sql";
    project.write(down, &format!("{}\nDROP FUNCTION one();\n", project.read(down)));
    project.ok(&["upgrade"]);
    let function = "\n[functions]\n\"one()\" = \"RETURNS integer LANGUAGE sql AS 'SELECT 1'\"\n";
    project.write("schema.toml", &format!("{TODOS}{function}"));
    project.ok(&["check", "--live"]);
    // One that nobody manages can still be called.
    project.sql("CREATE FUNCTION two() RETURNS integer LANGUAGE sql AS 'SELECT 2';");
    project.write(
        "schema.toml",
        &format!("{TODOS}{function}")
            .replace("[tables.todos.columns]", "[tables.todos.columns]\nn = { type = \"integer\", default = { sql = \"two()\" } }"),
    );
    project.ok(&["migrate", "-m", "three"]);
    project.ok(&["upgrade"]);
    assert_eq!(project.query("INSERT INTO todos (description) VALUES ('a') RETURNING n"), "2\n");
}

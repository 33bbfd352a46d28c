//! `dbtool migrate` and `dbtool diff`.

use super::{ROWS, TODOS, TODOS_COMPLETED};
use crate::support::{Engine, Project};

#[test]
fn says_what_it_detected_and_writes_a_pair() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "Make todos"]);
        project.ok(&["upgrade"]);
        project.sql(ROWS);
        project.write("schema.toml", TODOS_COMPLETED);
        let output = project.ok(&["migrate", "-m", "Add completed, finally!"]);
        let said = format!("{}{}", output.stdout, output.stderr);
        assert!(said.contains("Detected added column todos.completed"), "{}", output.report());

        let names: Vec<String> = project.migrations().iter().map(|file| file.file_name().expect("a file").to_string_lossy().into_owned()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        for (name, ending) in names[2..].iter().zip(["_add_completed_finally.down.sql", "_add_completed_finally.up.sql"]) {
            let (revision, rest) = name.split_at(14);
            assert!(revision.bytes().all(|byte| byte.is_ascii_digit()) && rest == ending, "{name}");
        }
        assert!(names[2][..14] > names[0][..14], "two revisions in one second still have an order: {names:?}");
    }
}

#[test]
fn writes_nothing_while_the_database_is_behind() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one"]);
        project.write("schema.toml", TODOS_COMPLETED);
        let output = project.expect_status(2, &["migrate", "-m", "two"]);
        assert!(output.stderr.contains("dbtool upgrade"), "{}", output.report());
        assert_eq!(project.migrations().len(), 2);
    }
}

#[test]
fn changes_no_database() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.sql(ROWS);
        let (schema, rows) = (project.dump(), project.rows("todos"));
        let namespaces = project.namespaces();
        project.write("schema.toml", TODOS_COMPLETED);
        project.ok(&["diff"]);
        assert_eq!(project.migrations().len(), 2, "diff saves nothing");
        project.expect_status(1, &["diff", "--exit-code"]);
        project.ok(&["migrate", "-m", "two"]);
        assert_eq!(project.dump(), schema, "{engine}");
        assert_eq!(project.rows("todos"), rows, "{engine}");
        assert_eq!(project.namespaces(), namespaces, "{engine}: scratch is gone");
    }
}

#[test]
fn prints_the_same_twice() {
    for engine in Engine::available() {
        let schema = format!(
            "{TODOS}\n[tables.b.columns]\nid = {{ type = \"integer\", references = \"todos.id\", index = true }}\n[tables.a.columns]\nid = {{ type = \"integer\" }}\n"
        );
        let texts = [(); 2].map(|()| {
            let project = Project::with_schema(engine, &schema);
            project.ok(&["migrate", "-m", "one", "--rev-id", "20260102030405"]);
            (project.read("migrations/20260102030405_one.up.sql"), project.read("migrations/20260102030405_one.down.sql"))
        });
        assert_eq!(texts[0], texts[1], "{engine}");
    }
}

#[test]
fn never_guesses_a_rename_but_takes_one() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.sql(ROWS);
        project.write("schema.toml", &TODOS.replace("description", "what"));
        // Without a word this is a new required column, for which the rows have no value.
        project.expect_status(2, &["migrate", "-m", "two"]);
        project.ok(&["migrate", "-m", "two", "--rename", "todos.description=todos.what"]);
        project.ok(&["upgrade"]);
        assert_eq!(project.query("SELECT what FROM todos ORDER BY id"), "sweep\nmop\n", "{engine}");
    }
}

#[test]
fn all_mistakes_in_the_schema_are_reported_with_their_lines() {
    let schema = "[tables.todos.columns]\nid = { type = \"integer\", primarykey = true }\nname = { typ = \"text\" }\nlist = { type = \"integer\", references = \"todos.nothing\" }\n";
    let project = Project::with_schema(Engine::Sqlite, schema);
    let output = project.expect_status(2, &["migrate", "-m", "one"]);
    for words in ["primarykey", "primary_key", "typ", "nothing", "schema.toml:2:", "schema.toml:3:", "schema.toml:4:"] {
        assert!(output.stderr.contains(words), "{words}: {}", output.report());
    }
}

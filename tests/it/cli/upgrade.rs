//! `dbtool upgrade` and `dbtool downgrade`.

use super::{ROWS, TODOS, TODOS_COMPLETED};
use crate::support::{Engine, Project};

/// A project whose database holds rows and has one revision yet to come.
fn waiting(engine: Engine) -> Project {
    let project = Project::with_schema(engine, TODOS);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql(ROWS);
    project.write("schema.toml", TODOS_COMPLETED);
    project.ok(&["migrate", "-m", "two"]);
    project
}

#[test]
fn a_second_upgrade_has_nothing_to_do() {
    for engine in Engine::available() {
        let project = waiting(engine);
        project.ok(&["upgrade"]);
        let (schema, rows) = (project.dump(), project.rows("todos"));
        project.ok(&["upgrade"]);
        assert_eq!((project.dump(), project.rows("todos")), (schema, rows), "{engine}");
    }
}

#[test]
fn the_printed_script_does_what_upgrade_does() {
    for engine in Engine::available() {
        let (printed, run) = (waiting(engine), waiting(engine));
        run.ok(&["upgrade"]);
        let script = printed.ok(&["upgrade", "--sql"]).stdout;
        printed.sql(&script);
        assert_eq!(printed.dump(), run.dump(), "{engine}:\n{script}");
        assert_eq!(printed.rows("todos"), run.rows("todos"), "{engine}");
        printed.ok(&["current", "--check-heads"]);
        let script = printed.ok(&["downgrade", "--sql"]).stdout;
        printed.sql(&script);
        run.ok(&["downgrade"]);
        assert_eq!(printed.dump(), run.dump(), "{engine}:\n{script}");
        printed.expect_status(1, &["current", "--check-heads"]);
    }
}

#[test]
fn a_statement_that_fails_leaves_nothing_half_done() {
    for engine in Engine::available().filter(|&engine| engine != Engine::Mariadb) {
        let project = waiting(engine);
        let file = project.migrations().pop().expect("the newest up file");
        let name = format!("migrations/{}", file.file_name().expect("a file").to_string_lossy());
        let text = project.read(&name);
        let (schema, rows) = (project.dump(), project.rows("todos"));
        // A statement that fails after everything else of its transaction was done.
        let at = text.find("COMMIT").expect("generated files have a transaction");
        project.write(&name, &format!("{}INSERT INTO no_such_table VALUES (1);\n{}", &text[..at], &text[at..]));
        let output = project.expect_status(2, &["upgrade"]);
        assert!(output.stderr.contains("no_such_table") && output.stderr.contains(&name), "{engine}: {}", output.report());
        assert_eq!((project.dump(), project.rows("todos")), (schema, rows), "{engine}");
        // Mended, it runs.
        project.write(&name, &text);
        project.ok(&["upgrade"]);
        project.ok(&["current", "--check-heads"]);
    }
}

/// On MariaDB every change of the schema commits by itself.
#[test]
fn a_statement_that_fails_on_mariadb_keeps_what_is_done_and_the_next_run_goes_on_behind_it() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    for place in ["-- dbtool: step", "\n"] {
        let project = waiting(Engine::Mariadb);
        let straight = waiting(Engine::Mariadb);
        straight.ok(&["upgrade"]);
        let file = project.migrations().pop().expect("the newest up file");
        let name = format!("migrations/{}", file.file_name().expect("a file").to_string_lossy());
        let text = project.read(&name);
        // Before the last step, or behind it.
        let at = text.rfind(place).expect("generated files have steps");
        project.write(&name, &format!("{}\nALTER TABLE no_such_table ADD COLUMN a integer;\n{}", &text[..at], &text[at..]));
        for _ in 0..2 {
            let output = project.expect_status(2, &["upgrade"]);
            for said in ["no_such_table", &name, "what is done so far has taken effect and is noted"] {
                assert!(output.stderr.contains(said), "{said}: {}", output.report());
            }
            project.expect_status(1, &["current", "--check-heads"]);
        }
        project.write(&name, &text);
        project.ok(&["upgrade"]);
        project.ok(&["current", "--check-heads"]);
        assert_eq!((project.dump(), project.rows("todos")), (straight.dump(), straight.rows("todos")));
        project.ok(&["downgrade"]);
    }
}

#[test]
fn rows_that_came_since_stop_the_upgrade_before_it_changes_anything() {
    for engine in Engine::available() {
        // MySQL has no keys over all of a text.
        let todos = TODOS.replace("\"text\"", "\"varchar(50)\"");
        let project = Project::with_schema(engine, &todos);
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.write("schema.toml", &todos.replace("nullable = false", "nullable = false, unique = true, on_duplicate = \"error\""));
        project.ok(&["migrate", "-m", "two"]);
        project.sql("INSERT INTO todos (description) VALUES ('sweep'), ('sweep');");
        let schema = project.dump();
        let output = project.expect_status(2, &["upgrade"]);
        assert!(output.stderr.contains("todos_description_key") && output.stderr.contains("sweep"), "an example is shown: {}", output.report());
        assert_eq!(project.dump(), schema, "{engine}");
        project.sql("DELETE FROM todos WHERE id = 2;");
        project.ok(&["upgrade"]);
    }
}

#[test]
fn assume_empty_stops_where_it_meets_rows() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.write("schema.toml", &TODOS_COMPLETED.replace(", backfill = false", ""));
        project.ok(&["migrate", "-m", "two", "--assume-empty"]);
        project.sql(ROWS);
        let (schema, rows) = (project.dump(), project.rows("todos"));
        project.expect_status(2, &["upgrade"]);
        assert_eq!((project.dump(), project.rows("todos")), (schema, rows), "{engine}");
        project.sql("DELETE FROM todos;");
        project.ok(&["upgrade"]);
    }
}

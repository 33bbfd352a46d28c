//! `check --fix`: what a program can correct, and what comes of it in the database.

use crate::support::{Engine, Project};

const TABLE: &str = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\na = { type = \"integer\" }\n";
const UP: &str = "migrations/20990101000000_two.up.sql";
const DOWN: &str = "migrations/20990101000000_two.down.sql";

/// A project whose second revision, not applied, has these texts.
fn project(engine: Engine, up: &str, down: &str, schema: &str) -> Project {
    let project = Project::with_schema(engine, TABLE);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000000"]);
    project.write(UP, &format!("{}\n{up}", project.read(UP)));
    project.write(DOWN, &format!("{}\n{down}", project.read(DOWN)));
    project.write("schema.toml", schema);
    project
}

#[test]
fn a_missing_down_script_is_written_and_leads_back() {
    for engine in Engine::available() {
        let schema = format!("{TABLE}b = {{ type = \"integer\" }}\n[tables.t.indexes.t_a]\ncolumns = [\"a\"]\n");
        let project = project(engine, "ALTER TABLE t ADD COLUMN b integer;\nCREATE INDEX t_a ON t (a);\n", "", &schema);
        std::fs::remove_file(project.folder().join(DOWN)).expect("it was there");
        let before = project.dump();
        let output = project.expect_status(1, &["check"]);
        assert!(output.stdout.contains("[down-missing]"), "{engine}: {}", output.report());
        let output = project.dbtool(&["check", "--fix"]);
        assert!(!output.stdout.contains("[down-missing]") && output.stderr.contains("Wrote "), "{engine}: {}", output.report());
        project.ok(&["upgrade"]);
        assert_ne!(project.dump(), before, "{engine}");
        project.ok(&["downgrade"]);
        assert_eq!(project.dump(), before, "{engine}");
    }
}

#[test]
fn postgres_gets_the_online_forms() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let up = "CREATE TABLE u (id integer PRIMARY KEY);\nCREATE INDEX t_a ON t (a);\nALTER TABLE t ADD CONSTRAINT t_fk FOREIGN KEY (a) REFERENCES u (id);\nCOMMENT ON TABLE t IS 'x';\n";
    let down = "COMMENT ON TABLE t IS NULL;\nALTER TABLE t DROP CONSTRAINT t_fk;\nDROP INDEX t_a;\nDROP TABLE u;\n";
    let schema = format!(
        "{TABLE}\n[tables.t]\ncomment = \"x\"\n[tables.t.indexes.t_a]\ncolumns = [\"a\"]\n[tables.t.foreign_keys.t_fk]\ncolumns = [\"a\"]\nreferences = {{ table = \"u\", columns = [\"id\"] }}\n[tables.u.columns]\nid = {{ type = \"integer\", primary_key = true }}\n"
    );
    let schema =
        schema.replacen("[tables.t]\ncomment = \"x\"\n", "", 1).replacen("[tables.t.columns]", "[tables.t]\ncomment = \"x\"\n[tables.t.columns]", 1);
    let project = project(Engine::Postgres, up, down, &schema);
    let output = project.ok(&["check", "--fix"]);
    let text = project.read(UP);
    assert!(text.contains("CREATE INDEX CONCURRENTLY t_a"), "{text}\n{}", output.report());
    assert!(text.contains("REFERENCES u (id) NOT VALID;"), "{text}");
    assert!(text.contains("VALIDATE CONSTRAINT t_fk;"), "{text}");
    project.ok(&["upgrade"]);
    project.ok(&["check", "--live"]);
    let state = "SELECT indisvalid, convalidated FROM pg_index, pg_constraint WHERE indexrelid = 't_a'::regclass AND conname = 't_fk'";
    assert_eq!(project.query(state), "t|t\n");
}

#[test]
fn mysql_gets_the_clauses_that_the_server_takes() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let schema = format!("{TABLE}b = {{ type = \"integer\" }}\n");
    let project = project(Engine::Mariadb, "ALTER TABLE t ADD COLUMN b integer;\n", "ALTER TABLE t DROP COLUMN b;\n", &schema);
    project.ok(&["check", "--fix"]);
    assert!(project.read(UP).contains("ALTER TABLE t ADD COLUMN b integer, ALGORITHM=INSTANT;"), "{}", project.read(UP));
    project.ok(&["upgrade"]);
    project.ok(&["check", "--live"]);
}

#[test]
fn what_somebody_may_have_run_is_not_changed() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let schema = format!("{TABLE}[tables.t.indexes.t_a]\ncolumns = [\"a\"]\n");
    let project = project(Engine::Postgres, "CREATE INDEX t_a ON t (a);\n", "DROP INDEX t_a;\n", &schema);
    let text = project.read(UP);
    // Nobody says what other databases have run.
    let scratch = project.url();
    let offline = ["check", "--fix", "--database-url", "postgres://nobody@127.0.0.1:1/nobody", "--scratch-url", &scratch];
    let output = project.expect_status(1, &offline);
    assert!(output.stderr.contains("no script is changed"), "{}", output.report());
    assert_eq!(project.read(UP), text);
    // The database has run it.
    project.ok(&["upgrade"]);
    project.ok(&["check", "--fix"]);
    assert_eq!(project.read(UP), text);
    // An exception stands.
    let old = project.read(UP);
    project.ok(&["downgrade"]);
    project.write(UP, &old.replace("CREATE INDEX", "-- dbtool: allow index-not-concurrent reason=\"it is empty\"\nCREATE INDEX"));
    let text = project.read(UP);
    project.ok(&["check", "--fix"]);
    assert!(text.contains("\nCREATE INDEX t_a") && project.read(UP).contains("\nCREATE INDEX t_a"), "{}", project.read(UP));
}

#[test]
fn what_the_database_has_run_is_not_changed_whatever_git_says() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let schema = format!("{TABLE}[tables.t.indexes.t_a]\ncolumns = [\"a\"]\n");
    let project = project(Engine::Postgres, "CREATE INDEX t_a ON t (a);\n", "DROP INDEX t_a;\n", &schema);
    project.ok(&["upgrade"]);
    let text = project.read(UP);
    project.dbtool(&["check", "--since", "base", "--fix"]);
    assert_eq!(project.read(UP), text);
    project.ok(&["upgrade"]);
}

#[test]
fn a_change_with_which_the_revision_would_lead_elsewhere_is_taken_back() {
    if !Engine::Postgres.is_available() {
        return;
    }
    // Behind CONCURRENTLY the path is that of the session again, and the index would be one of the other table.
    let up = "CREATE SCHEMA app;\nCREATE TABLE app.t (a integer);\nSET LOCAL search_path = app;\nCREATE INDEX t_a ON t (a);\n";
    let project = project(Engine::Postgres, up, "DROP SCHEMA app CASCADE;\n", TABLE);
    let text = project.read(UP);
    let output = project.dbtool(&["check", "--fix"]);
    assert!(project.read(UP).contains("\nCREATE INDEX t_a ON t (a);"), "{text}\n{}", output.report());
}

#[test]
fn a_last_statement_without_its_end_and_an_exception_in_front_of_another_stay_right() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let up =
        "-- dbtool: allow drop-column reason=\"nobody reads it\"\nALTER TABLE t DROP COLUMN a;\nALTER TABLE public.t ADD CONSTRAINT c CHECK (id > 0)";
    let down = "ALTER TABLE t DROP CONSTRAINT c;\nALTER TABLE t ADD COLUMN a integer;\n";
    let schema = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n[tables.t.checks.c]\nexpression = \"id > 0\"\n";
    let project = project(Engine::Postgres, up, down, schema);
    let output = project.dbtool(&["check", "--fix"]);
    let text = project.read(UP);
    assert!(
        text.contains("CHECK (id > 0) NOT VALID;") && text.contains("ALTER TABLE public.t VALIDATE CONSTRAINT c;"),
        "{text}\n{}",
        output.report()
    );
    assert!(!output.stdout.contains("[drop-column]") && !output.stdout.contains("[allow-unused]"), "{text}\n{}", output.report());
    project.ok(&["upgrade"]);
    assert_eq!(project.query("SELECT convalidated FROM pg_constraint WHERE conname = 'c'"), "t\n");
}

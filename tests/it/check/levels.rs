//! Levels: per rule, per path, and by the size of the table.

use crate::support::{Engine, Project};

fn project(engine: Engine) -> Project {
    let project = Project::with_schema(engine, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\na = { type = \"integer\" }\n");
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000000"]);
    let (up, down) = ("migrations/20990101000000_two.up.sql", "migrations/20990101000000_two.down.sql");
    project.write(up, &format!("{}\nCREATE INDEX t_a ON t (a);\n", project.read(up)));
    project.write(down, &format!("{}\nDROP INDEX t_a;\n", project.read(down)));
    let schema = project.read("schema.toml");
    project.write("schema.toml", &format!("{schema}\n[tables.t.indexes.t_a]\ncolumns = [\"a\"]\n"));
    project
}

/// Adds a table to dbtool.toml.
fn configure(project: &Project, text: &str) {
    let old = std::fs::read_to_string(project.folder().join("dbtool.toml")).unwrap_or_default();
    project.write("dbtool.toml", &format!("{old}\n{text}\n"));
}

#[test]
fn the_configuration_says_how_much_a_rule_matters() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project(Engine::Postgres);
    assert!(project.expect_status(1, &["check"]).stdout.contains("warning: "));
    project.ok(&["check", "--level", "error"]);
    configure(&project, "[check.rules]\nindex-not-concurrent = \"error\"");
    assert!(project.expect_status(1, &["check", "--level", "error"]).stdout.contains("error: "));
    // A path is more particular than the rule.
    configure(&project, "[[check.paths]]\npath = \"migrations/2099*\"\nrules = { index-not-concurrent = \"off\" }");
    project.ok(&["check"]);
}

#[test]
fn a_code_that_does_not_exist_is_an_error() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    for text in [
        "[check]\nignore = [\"drop-tabel\"]",
        "[check.rules]\ndrop-tabel = \"off\"",
        "[[check.paths]]\npath = \"*\"\nrules = { drop-tabel = \"off\" }",
    ] {
        let project = Project::with_schema(Engine::Sqlite, "");
        configure(&project, text);
        let output = project.expect_status(2, &["check"]);
        assert!(output.stderr.contains("did you mean drop-table?"), "{text}: {}", output.report());
    }
    for text in ["[check]\nlevel = \"bad\"", "[check.rules]\ndrop-table = 1", "[check.names]\ntable = \"(\"", "[[check.paths]]\npath = \"a\""] {
        let project = Project::with_schema(Engine::Sqlite, "");
        configure(&project, text);
        let output = project.expect_status(2, &["check"]);
        assert!(output.stderr.contains("dbtool.toml:"), "{text}: {}", output.report());
    }
}

#[test]
fn a_small_table_makes_it_a_note_once_the_database_is_asked() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = project(Engine::Postgres);
    project.sql("INSERT INTO t (id) SELECT generate_series(1, 20); ANALYZE t;");
    let output = project.expect_status(1, &["check", "--live"]);
    assert!(output.stdout.contains("[not-at-head]") && !output.stdout.contains("[index-not-concurrent]"), "{}", output.report());
    let output = project.expect_status(1, &["check", "--live", "--level", "note"]);
    assert!(output.stdout.contains("about 20 rows: small) [index-not-concurrent]"), "{}", output.report());
    project.sql("INSERT INTO t (id) SELECT generate_series(21, 20000); ANALYZE t;");
    let output = project.expect_status(1, &["check", "--live"]);
    assert!(output.stdout.contains("(about 20000 rows) [index-not-concurrent]"), "{}", output.report());
}

#[test]
fn migrate_tells_what_the_rules_find_in_what_it_has_written() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = Project::with_schema(Engine::Sqlite, "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n");
    let output = project.ok(&["migrate", "-m", "one"]);
    assert!(!output.stderr.contains('['), "nothing is to be said of a new table: {}", output.report());
    project.ok(&["upgrade"]);
    project.write("schema.toml", "");
    let output = project.ok(&["migrate", "-m", "two", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&output.stdout).expect("a document");
    assert_eq!(document["findings"][0]["code"], "drop-table", "{document}");
    assert_eq!(document["findings"][0]["file"], document["files"]["up"]);
}

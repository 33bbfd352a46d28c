//! Exceptions: for one statement, with a reason, and never without effect.

use crate::support::{Engine, Project};

const TABLE: &str = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\n";

/// A project whose second revision, not applied, has this text; schema.toml declares what it leads to: nothing.
fn project(text: &str) -> Project {
    let project = Project::with_schema(Engine::Sqlite, TABLE);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.ok(&["revision", "-m", "two", "--rev-id", "20990101000000"]);
    let up = "migrations/20990101000000_two.up.sql";
    project.write(up, &format!("{}\n{text}", project.read(up)));
    let down = "migrations/20990101000000_two.down.sql";
    project.write(down, &format!("{}\nCREATE TABLE t (id integer PRIMARY KEY);\n", project.read(down)));
    project.write("schema.toml", "");
    project
}

#[test]
fn an_exception_with_a_reason_lets_a_statement_stand() {
    project("-- dbtool: allow drop-table reason=\"nobody has read it since March\"\nDROP TABLE t;\n").ok(&["check"]);
    // The directive means nothing to whoever runs the script.
    let project = project("-- dbtool: allow drop-table reason=\"nobody has read it since March\"\nDROP TABLE t;\n");
    project.ok(&["upgrade"]);
    assert_eq!(project.query("SELECT count(*) FROM sqlite_master WHERE name = 't'"), "0\n");
}

#[test]
fn an_exception_without_a_reason_does_not_count() {
    let output = project("-- dbtool: allow drop-table\nDROP TABLE t;\n").expect_status(1, &["check"]);
    assert!(output.stdout.contains("[drop-table]") && output.stdout.contains("[allow-without-reason]"), "{}", output.report());
}

#[test]
fn an_exception_is_for_one_statement() {
    let text = "-- dbtool: allow drop-table reason=\"a\"\nSELECT 1;\nDROP TABLE t;\n";
    let output = project(text).expect_status(1, &["check"]);
    assert!(output.stdout.contains("[drop-table]") && output.stdout.contains("[allow-unused]"), "{}", output.report());
}

#[test]
fn an_exception_for_nothing_is_found() {
    let text = "-- dbtool: allow drop-table reason=\"a\"\nDROP TABLE t;\n-- dbtool: allow drop-tabel, truncate-cascade reason=\"b\"\nSELECT 1;\n";
    let output = project(text).expect_status(1, &["check"]);
    assert!(output.stdout.contains("there is no rule drop-tabel [allow-unknown]"), "{}", output.report());
    assert!(
        output.stdout.contains("truncate-cascade finds nothing here") && output.stdout.contains("did you mean drop-table?"),
        "{}",
        output.report()
    );
}

#[test]
fn a_way_back_that_does_not_lead_back_can_be_allowed_in_its_script() {
    let project = project("-- dbtool: allow drop-table reason=\"a\"\nDROP TABLE t;\n");
    let down = "migrations/20990101000000_two.down.sql";
    project.write(down, &project.read(down).replace("CREATE TABLE t (id integer PRIMARY KEY);", ""));
    let output = project.expect_status(1, &["check"]);
    assert!(output.stdout.contains("[down-differs]"), "{}", output.report());
    project.write(down, &format!("{}-- dbtool: allow down-differs reason=\"the rows are gone\"\n", project.read(down)));
    project.ok(&["check"]);
}

#[test]
fn an_exception_may_name_several_rules() {
    let text = "-- dbtool: allow drop-table,truncate-cascade reason=\"a\"\nDROP TABLE t;\n";
    let output = project(text).expect_status(1, &["check"]);
    assert!(!output.stdout.contains("[drop-table]") && output.stdout.contains("truncate-cascade finds nothing here"), "{}", output.report());
}

#[test]
fn a_missing_way_back_can_be_allowed_in_the_up_script() {
    let text = "-- dbtool: allow drop-table, down-missing reason=\"the rows are gone\"\nDROP TABLE t;\n";
    let project = project(text);
    std::fs::remove_file(project.folder().join("migrations/20990101000000_two.down.sql")).expect("it was there");
    project.ok(&["check"]);
    // Where nothing is replayed it cannot have had an effect, and is not found to lack one.
    project.ok(&["check", "--rules-only"]);
}

#[test]
fn an_exception_of_an_old_revision_counts_however_its_blanks_are() {
    if !Engine::Sqlite.is_available() {
        return;
    }
    let project = project("-- dbtool: allow drop-table reason=\"a\"\nDROP TABLE t;\n");
    let down = "migrations/20990101000000_two.down.sql";
    let text = project.read(down).replace("CREATE TABLE t (id integer PRIMARY KEY);", "");
    project.write(down, &format!("{text}--dbtool:allow down-differs reason=\"the rows are gone\"\n"));
    project.ok(&["upgrade"]);
    project.ok(&["check"]);
}

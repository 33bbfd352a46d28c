//! `dbtool inspect`: what it leaves out is named, and it writes a folder as well as a file.

use crate::support::{Engine, Project, difference};

#[test]
fn what_the_language_has_no_word_for_is_named_and_strict_fails() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let project = Project::new(Engine::Postgres);
    project.sql("CREATE CONVERSION twice FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; CREATE TABLE t (id integer);");
    let output = project.ok(&["inspect"]);
    assert!(output.stderr.contains("Left out: conversion twice"), "{}", output.report());
    assert!(output.stdout.contains("[tables.t.columns]"), "{}", output.report());
    let strict = project.expect_status(2, &["inspect", "--strict"]);
    assert!(strict.stderr.contains("conversion twice") && strict.stdout.is_empty(), "{}", strict.report());
}

#[test]
fn a_schema_in_many_files_is_the_one_that_was_inspected() {
    for engine in Engine::available() {
        let project = Project::new(engine);
        project.sql(
            "CREATE TABLE teams (id integer PRIMARY KEY, name varchar(20) NOT NULL, CONSTRAINT teams_name_key UNIQUE (name));
             CREATE TABLE people (id integer PRIMARY KEY, team_id integer, CONSTRAINT people_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams (id));
             CREATE VIEW everybody AS SELECT id FROM people;",
        );
        if engine == Engine::Postgres {
            project.sql("CREATE SCHEMA app; CREATE TABLE app.teams (id integer PRIMARY KEY); CREATE TYPE app.mood AS ENUM ('good', 'bad');");
        }
        let wanted = project.database().dump();
        for how in ["by-schema", "by-table"] {
            let folder = format!("schema-{how}");
            project.ok(&["inspect", "--split", how, "-o", &folder]);
            assert!(project.folder().join(&folder).join("schema.toml").exists(), "{engine}");
            let again = Project::new(engine);
            again.ok(&["init"]);
            let from = project.folder().join(&folder).display().to_string();
            again.ok(&["--schema", &from, "migrate", "-m", "all"]);
            again.ok(&["--schema", &from, "upgrade"]);
            let made = again.database().dump();
            assert!(made == wanted, "{engine} {how}:\n{}", difference(&made, &wanted));
            // A file that nobody wrote would be read along.
            project.write(&format!("{folder}/stale.toml"), "");
            let refused = project.expect_status(2, &["inspect", "--split", how, "-o", &folder]);
            assert!(refused.stderr.contains("stale.toml would be read along"), "{engine}: {}", refused.report());
        }
        project.expect_status(2, &["inspect", "--split", "by-table"]);
    }
}

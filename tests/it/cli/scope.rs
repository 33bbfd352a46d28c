//! What is somebody else's: the tables of other tools, and what `ignore` and `manage` in dbtool.toml say.

use super::TODOS;
use crate::support::{Engine, Project};

/// Adds lines at the top of dbtool.toml.
fn configure(project: &Project, lines: &str) {
    project.write("dbtool.toml", &format!("{lines}\n{}", project.read("dbtool.toml")));
}

#[test]
fn the_tables_of_other_tools_are_left_alone() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.sql("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL); INSERT INTO alembic_version VALUES ('abc');");
        assert!(!project.ok(&["inspect", "--strict"]).stdout.contains("alembic"), "{engine}");
        let output = project.ok(&["migrate", "-m", "one"]);
        assert!(!output.report().contains("alembic"), "{engine}: it is not even named: {}", output.report());
        project.ok(&["upgrade"]);
        project.ok(&["check", "--live"]);
        project.ok(&["downgrade", "base"]);
        assert_eq!(project.query("SELECT version_num FROM alembic_version"), "abc\n", "{engine}");
        project.ok(&["upgrade"]);
        let declared = format!("{TODOS}[tables.alembic_version.columns]\nversion_num = {{ type = \"text\" }}\n");
        project.write("schema.toml", &declared);
        let refused = project.expect_status(2, &["migrate", "-m", "two"]);
        assert!(refused.stderr.contains("table alembic_version, which is not dbtool's to manage"), "{engine}: {}", refused.report());
        configure(&project, "manage = [\"*\"]");
        assert!(project.ok(&["inspect"]).stdout.contains("[tables.alembic_version.columns]"), "{engine}");
    }
}

#[test]
fn what_is_ignored_is_neither_seen_nor_changed_nor_broken() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, TODOS);
        project.ok(&["migrate", "-m", "one"]);
        project.ok(&["upgrade"]);
        project.sql(
            "CREATE TABLE tmp_import (id integer); INSERT INTO tmp_import VALUES (7); CREATE VIEW report_todos AS SELECT description FROM todos;",
        );
        configure(&project, "ignore = [\"tmp_*\", \"view:report_*\"]");
        let seen = project.ok(&["inspect", "--strict"]).stdout;
        assert!(!seen.contains("tmp_import") && !seen.contains("report_todos") && seen.contains("[tables.todos"), "{engine}: {seen}");
        assert!(project.ok(&["migrate", "-m", "two"]).report().contains("No changes"), "{engine}");
        project.ok(&["check", "--live"]);
        // The view that nobody manages stands on the column.
        project.write("schema.toml", &TODOS.replace("description = { type = \"text\", nullable = false }", ""));
        let refused = project.expect_status(2, &["migrate", "-m", "three"]);
        assert!(refused.stderr.contains("report_todos"), "{engine}: {}", refused.report());
        assert_eq!(project.query("SELECT id FROM tmp_import"), "7\n", "{engine}");
    }
}

#[test]
fn where_something_is_managed_nothing_else_is() {
    for engine in Engine::available() {
        let project = Project::with_schema(engine, "");
        project.sql("CREATE TABLE app_users (id integer); CREATE TABLE other (id integer);");
        configure(&project, "manage = [\"app_*\"]");
        let seen = project.ok(&["inspect"]).stdout;
        assert!(seen.contains("[tables.app_users.columns]") && !seen.contains("other"), "{engine}: {seen}");
    }
}

//! The text of the generated files, so that a change of it is seen and judged: what people read and commit is part of what dbtool promises.
//!
//! The snapshots are in `tests/snapshots`; MySQL has its own beside those of MariaDB. `INSTA_UPDATE=always cargo test --test it snapshots`
//! writes them anew; read the difference.

use std::fs;

use insta::{Settings, assert_snapshot};

use crate::support::{Engine, Project};

const TODOS: &str = r#"
[tables.todos.columns]
id = { type = "integer", primary_key = true, identity = true }
title = { type = "text", nullable = false }
"#;

const LISTS: &str = r#"
[tables.lists.columns]
id = { type = "integer", primary_key = true, identity = true }
[tables.todos.columns]
id = { type = "integer", primary_key = true, identity = true }
list_id = { type = "integer" }
"#;

const PRIORITIES: &str = r#"
[enums]
priority = ["low", "normal", "high"]
[tables.todos.columns]
id = { type = "integer", primary_key = true, identity = true }
priority = { type = "enum:priority", nullable = false, default = "low", index = true }
"#;

/// A table with all that can stand on one, as far as both engines have it.
const EVERYTHING: &str = r#"
[tables.users]
[tables.users.columns]
id = { type = "integer", primary_key = true, identity = true }
name = { type = "varchar(50)", nullable = false, check = "name <> ''" }
mail = { type = "varchar(50)", unique = true }
age = { type = "integer", default = 1 }
double_age = { type = "integer", generated = "age * 2" }
friend_id = { type = "integer", references = { column = "users.id", on_delete = "set null" } }
[tables.users.indexes.users_by_age]
columns = [{ column = "age", order = "desc" }]
[tables.users.indexes.users_lower]
columns = [{ sql = "lower(name)" }]
where = "age > 0"

[tables.posts.columns]
id = { type = "integer", primary_key = true, identity = true }
user_id = { type = "integer", nullable = false, references = { column = "users.id", on_delete = "cascade" } }
"#;

/// What only SQLite has: a collation, a counter, a trigger and a view over the table that is rebuilt.
fn everything_of_sqlite() -> String {
    let text = EVERYTHING.replacen("identity = true", "autoincrement = true", 1).replace("check = \"name", "collation = \"NOCASE\", check = \"name");
    text + r#"
[tables.counts.columns]
users = { type = "integer", nullable = false }
[tables.users.triggers]
count_users = "AFTER INSERT ON users BEGIN UPDATE counts SET users = users + 1; END"
[views]
user_names = "SELECT name FROM users"
"#
}

/// Compares the pair of files that leads from one schema to another with the snapshot of this name.
fn pair(engine: Engine, name: &str, before: &str, after: &str, arguments: &[&str]) {
    let project = Project::with_schema(engine, before);
    project.ok(&["migrate", "-m", "before"]);
    project.ok(&["upgrade"]);
    project.write("schema.toml", after);
    project.ok(&[&["migrate", "-m", name], arguments].concat());
    let files = project.migrations();
    let [.., down, up] = files.as_slice() else { panic!("{engine}: no files were written") };
    let text = [up, down].map(|file| fs::read_to_string(file).expect("a migration is text")).join("\n-- ======== down ========\n\n");

    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\b20\d{12}\b", "[revision]");
    settings.bind(|| assert_snapshot!(format!("{}_{name}", engine.names()[0]), text));
}

#[test]
fn add_a_required_column_with_a_constant() {
    for engine in Engine::available() {
        let after = format!("{TODOS}completed = {{ type = \"boolean\", nullable = false, backfill = false }}\n");
        pair(engine, "add_required_constant", TODOS, &after, &[]);
    }
}

#[test]
fn add_a_required_column_with_a_computed_value() {
    for engine in Engine::available() {
        let (ty, sql) = match engine {
            Engine::Sqlite | Engine::Postgres => ("text", "lower(title) || id"),
            Engine::Mariadb => ("varchar(50)", "concat(lower(title), id)"),
        };
        let after = format!(
            "{TODOS}slug = {{ type = \"{ty}\", nullable = false, unique = true, on_duplicate = \"error\", backfill = {{ sql = \"{sql}\" }} }}\n"
        );
        pair(engine, "add_required_computed", TODOS, &after, &[]);
    }
}

#[test]
fn rename_a_table_and_a_column() {
    for engine in Engine::available() {
        let after = TODOS.replace("tables.todos", "tables.tasks").replace("title =", "what =");
        pair(engine, "rename", TODOS, &after, &["--rename", "todos=tasks", "--rename", "tasks.title=tasks.what"]);
    }
}

#[test]
fn take_a_value_out_of_an_enumeration() {
    for engine in Engine::available() {
        let fix = match engine {
            Engine::Sqlite => "backfill = \"low\"",
            Engine::Postgres => "using = \"CASE priority WHEN 'normal' THEN 'low' ELSE priority::text END\"",
            Engine::Mariadb => "using = \"CASE priority WHEN 'normal' THEN 'low' ELSE priority END\"",
        };
        let after = PRIORITIES.replace("\"normal\", ", "").replace("index = true", &format!("index = true, {fix}"));
        pair(engine, "enum_value_removed", PRIORITIES, &after, &[]);
    }
}

#[test]
fn add_a_foreign_key_over_orphans() {
    for engine in Engine::available() {
        for orphan in ["delete", "set_null"] {
            let key = format!("list_id = {{ type = \"integer\", references = \"lists.id\", on_orphan = \"{orphan}\" }}");
            let after = LISTS.replace("list_id = { type = \"integer\" }", &key);
            pair(engine, &format!("foreign_key_on_orphan_{orphan}"), LISTS, &after, &[]);
        }
    }
}

#[test]
fn change_a_table_with_everything_on_it() {
    for engine in Engine::available() {
        let before = match engine {
            Engine::Sqlite => everything_of_sqlite(),
            Engine::Postgres => EVERYTHING.to_owned(),
            Engine::Mariadb => EVERYTHING.replace("[{ sql = \"lower(name)\" }]\nwhere = \"age > 0\"", "[\"name\"]"),
        };
        // MySQL has no keys over all of a text.
        let longer = if engine == Engine::Mariadb { "varchar(80)" } else { "text" };
        let after = before
            .replace("mail = { type = \"varchar(50)\", unique = true }", &format!("mail = {{ type = \"{longer}\", unique = true }}"))
            .replace("age = { type = \"integer\", default = 1 }", "age = { type = \"bigint\", nullable = false, default = 2, backfill = 0 }");
        pair(engine, "everything", &before, &after, &[]);
    }
}

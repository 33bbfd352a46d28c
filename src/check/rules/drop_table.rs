//! A table goes, with its rows.

use crate::check::finding::Level;
use crate::check::read::{Action, TableDef};
use crate::check::rule::{ALL, Example, Flavor, Found, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "drop-table",
    level: Level::Warning,
    engines: ALL,
    summary: "a table is dropped with its rows",
    why: "The rows are gone for good: a downgrade makes the table again, but empty. An application of before the revision that still runs fails at its next query.",
    instead: "let a release run first that does not use the table; keep a copy of the rows; then say why it may go: -- dbtool: allow drop-table reason=\"...\"",
    sources: &["https://www.postgresql.org/docs/current/sql-droptable.html", "https://www.sqlite.org/lang_droptable.html"],
    known_as: &["squawk ban-drop-table", "Atlas DS102", "pg-schema-diff DELETES_DATA", "strong_migrations create_table (force)"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "DROP TABLE t;")
            .seen(Seen::Shows("SELECT count(*) FROM sqlite_master", "0")),
        Example::postgres("CREATE TABLE t (a int);", "DROP TABLE t;").seen(Seen::Shows("SELECT count(*) FROM pg_class WHERE relname = 't'", "0")),
        Example::mysql("CREATE TABLE t (a int);", "DROP TABLE t;").seen(Seen::Shows("SHOW TABLES LIKE 't'", "")),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "CREATE OR REPLACE TABLE t (a int);")
            .only(Flavor::Mariadb)
            .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a int); DROP TABLE t;"),
        Example::postgres("", "CREATE TEMP TABLE t (a int); DROP TABLE pg_temp.t; CREATE TABLE pg_temp.u (a int); DROP TABLE u;"),
        Example::mysql("CREATE TABLE t (a int);", "CREATE OR REPLACE TEMPORARY TABLE t (a int); CREATE OR REPLACE TABLE u (a int);")
            .only(Flavor::Mariadb),
        Example::sqlite(
            "CREATE TABLE t (a int);",
            "CREATE TABLE n (a int, b int); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (table, what) = match action {
            Action::DropTable { table, .. } => (table, "dropped"),
            // MariaDB drops the table that it finds under the name.
            Action::CreateTable(TableDef { name: Some(table), or_replace: true, temporary: false, .. }) if scene.table(table).is_some() => {
                (table, "replaced")
            }
            _ => continue,
        };
        if !scene.is_new(table) && !scene.is_rebuilt(table) {
            found.add(span, format!("the table {table} is {what} with its rows"));
        }
    }
}

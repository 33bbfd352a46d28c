//! A table goes, with its rows.

use crate::check::finding::Level;
use crate::check::read::{Action, TableDef};
use crate::check::rule::{ALL, Example, Flavor, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

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
        Example::mysql("", "DROP TABLE IF EXISTS t; CREATE TABLE t (a int);"),
        Example::sqlite(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t RENAME TO t_old; CREATE TABLE t (a int, b int); INSERT INTO t (a) SELECT a FROM t_old; DROP TABLE t_old;",
        ),
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
            // Dumps begin so, and of a table that nobody knows nothing can be said.
            Action::DropTable { table, if_exists: true, .. } if scene.table(table).is_none() && is_made_later(scene, table) => continue,
            Action::DropTable { table, .. } if is_copied(scene, table) => continue,
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

fn is_made_later(scene: &Scene<'_>, table: &Name) -> bool {
    scene.actions_after().any(|action| matches!(action, Action::CreateTable(def) if def.name.as_ref() == Some(table)))
}

/// True for a table that had another name before the script, and whose rows are in a new table of that name.
fn is_copied(scene: &Scene<'_>, table: &Name) -> bool {
    let own = scene.actions_before().find_map(|action| match action {
        Action::RenameTable { from, to } if to == table => Some(from),
        _ => None,
    });
    let filled = |own: &Name| scene.actions_before().any(|action| matches!(action, Action::Insert { table, from_query: true } if table == own));
    own.is_some_and(filled)
}

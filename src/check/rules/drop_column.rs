//! A column goes, with its values.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "drop-column",
    level: Level::Warning,
    engines: ALL,
    summary: "a column is dropped with its values",
    why: "The values are gone for good: a downgrade makes the column again, but not what was in it. An application of before the revision that \
          still runs fails at its next query that names the column, and many read the list of columns once when they start. A rebuild on SQLite \
          whose new table lacks the column does the same.",
    instead: "let a release run first that does not use the column; keep a copy of the values; then say why it may go: -- dbtool: allow \
              drop-column reason=\"...\"",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        "https://www.sqlite.org/lang_altertable.html",
    ],
    known_as: &[
        "squawk ban-drop-column",
        "strong_migrations remove_column",
        "online_migrations remove_column",
        "Atlas DS103",
        "pg-schema-diff DELETES_DATA",
    ],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2);", "ALTER TABLE t DROP COLUMN b;")
            .seen(Seen::Shows("SELECT * FROM t", "1")),
        Example::sqlite(
            "CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2);",
            "CREATE TABLE n (a bigint); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        )
        .seen(Seen::Shows("SELECT * FROM t", "1")),
        Example::postgres("CREATE TABLE t (a int, b int);", "ALTER TABLE t DROP COLUMN IF EXISTS b;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::mysql("CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2);", "ALTER TABLE t DROP b, ADD c int DEFAULT 3;")
            .seen(Seen::Shows("SELECT * FROM t", "1|3")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int; ALTER TABLE t DROP COLUMN b;"),
        Example::postgres("CREATE TABLE t (a int, b int);", "ALTER TABLE t ALTER COLUMN b DROP NOT NULL; ALTER TABLE t DROP CONSTRAINT IF EXISTS b;"),
        Example::postgres(
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED);",
            "ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a * 3) STORED;",
        ),
        Example::mysql("", "CREATE TABLE t (a int, b int); ALTER TABLE t DROP COLUMN b;"),
        Example::mysql(
            "CREATE TABLE t (a int, b text);",
            "ALTER TABLE t ADD COLUMN new_b int; UPDATE t SET new_b = b WHERE b > ''; ALTER TABLE t DROP COLUMN b, CHANGE COLUMN new_b b int;",
        ),
        Example::sqlite(
            "CREATE TABLE t (a int, b int);",
            "CREATE TABLE n (b int, A text, c int); INSERT INTO n (a, b) SELECT a, b FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
        Example::sqlite("CREATE TABLE t (a int, b int);", "CREATE TABLE n AS SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::DropColumn { table, column, .. }
                if !scene.is_new(table) && !is_added(scene, table, column) && !is_replaced(scene, table, column) =>
            {
                found.add(span, format!("the column {table}.{column} is dropped with its values"));
            }
            Action::RenameTable { from, to } if scene.rebuild_of(from).is_some() => {
                for column in lost(scene, from, to) {
                    found.add(span, format!("the column {to}.{column} is dropped with its values: {from}, which takes the place of {to}, lacks it"));
                }
            }
            _ => {}
        }
    }
}

/// True for a column that this script makes before the statement.
fn is_added(scene: &Scene<'_>, table: &Name, name: &str) -> bool {
    scene.actions_before().any(|it| adds(scene, it, table, name))
}

fn adds(scene: &Scene<'_>, action: &Action, table: &Name, name: &str) -> bool {
    matches!(action, Action::AddColumn { table: of, column, .. } if scene.catalog.is_same(of, table) && column.name.eq_ignore_ascii_case(name))
}

/// True where the script puts another column in its place: a new one with the values under its name, or one that is generated again.
fn is_replaced(scene: &Scene<'_>, table: &Name, name: &str) -> bool {
    let is_generated = scene.table(table).and_then(|facts| facts.column(name)).is_some_and(|column| column.generated.is_some());
    let is_it = |of: &Name, column: &str| scene.catalog.is_same(of, table) && column.eq_ignore_ascii_case(name);
    let is_new = |passing: &str| !passing.eq_ignore_ascii_case(name) && scene.script.actions().any(|(_, it)| adds(scene, it, table, passing));
    scene.script.actions().any(|(_, it)| match it {
        Action::RenameColumn { table: of, from, to } => is_it(of, to) && is_new(from),
        Action::Redefine { table: of, from, column } => is_it(of, &column.name) && is_new(from),
        Action::AddColumn { table: of, column, .. } => is_generated && is_it(of, &column.name),
        _ => false,
    })
}

/// The columns that the old table had and the new one lacks. What CREATE TABLE ... AS makes is not known.
fn lost<'a>(scene: &Scene<'a>, passing: &Name, own: &Name) -> Vec<&'a str> {
    let (Some(old), Some(new)) = (scene.dropped(own), scene.table(passing)) else { return Vec::new() };
    let lacks = |column: &str| !new.columns.is_empty() && new.column(column).is_none() && !is_added(scene, own, column);
    old.columns.iter().map(|column| column.name.as_str()).filter(|column| lacks(column)).collect()
}

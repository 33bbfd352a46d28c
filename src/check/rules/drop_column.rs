//! A column goes, with its values.

use super::authorization_change::is_made;
use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "drop-column",
    level: Level::Warning,
    engines: ALL,
    summary: "a column is dropped with its values, or an attribute of a composite type",
    why: "The values are gone for good: a downgrade makes the column again, but not what was in it. An application of before the revision that \
          still runs fails at its next query that names the column, and many read the list of columns once when they start. A rebuild on SQLite \
          whose new table lacks the column does the same. PostgreSQL drops the columns of a type, a domain or an extension with it where that is \
          dropped with CASCADE.",
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
        Example::postgres(
            "CREATE TYPE p AS (a int, b int); CREATE TABLE t (c p); INSERT INTO t VALUES (ROW(1, 2));",
            "ALTER TYPE p DROP ATTRIBUTE IF EXISTS b CASCADE, ADD ATTRIBUTE d int;",
        )
        .seen(Seen::Shows("SELECT c FROM t", "(1,)")),
        Example::postgres(
            "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m, b int); INSERT INTO t VALUES ('x', 1);",
            "DROP TYPE IF EXISTS m CASCADE;",
        )
        .seen(Seen::Shows("SELECT * FROM t", "1")),
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
        Example::postgres("CREATE TYPE m AS ENUM ('x');", "DROP TYPE m; CREATE TYPE p AS (a int, b int); ALTER TYPE p DROP ATTRIBUTE b;"),
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
            Action::Other { what } if what == "ALTER TYPE" => {
                for (of, attribute) in lost_attributes(scene) {
                    found.add(span, format!("the values of {attribute} go, in every column of the type {of}"));
                }
            }
            Action::Other { what } if matches!(what.as_str(), "DROP TYPE" | "DROP DOMAIN" | "DROP EXTENSION") => {
                if let Some(types) = drops_columns(scene) {
                    found.add(span, format!("every column that needs {types} is dropped with its values"));
                }
            }
            _ => {}
        }
    }
}

/// What a composite type loses that was there already: the type and each of the attributes.
fn lost_attributes(scene: &Scene<'_>) -> Vec<(Name, String)> {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.eat(&["ALTER", "TYPE"]);
    let Some(of) = cursor.name().filter(|it| !is_made(scene, it)) else { return Vec::new() };
    let attribute = |mut part: Cursor<'_>| {
        let is_dropped = part.eat(&["DROP", "ATTRIBUTE"]);
        part.eat(&["IF", "EXISTS"]);
        part.ident().filter(|_| is_dropped)
    };
    cursor.parts().into_iter().filter_map(attribute).map(|attribute| (of.clone(), attribute)).collect()
}

/// The types or the extension that the statement drops with all that needs them, unless the script has made them.
fn drops_columns(scene: &Scene<'_>) -> Option<String> {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.eat(&["DROP"]);
    cursor.step();
    cursor.eat(&["IF", "EXISTS"]);
    let names = cursor.names();
    let old: Vec<String> = names.iter().filter(|it| !is_made(scene, it)).map(Name::to_string).collect();
    (cursor.sees(&["CASCADE"]) && !old.is_empty()).then(|| old.join(" and "))
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

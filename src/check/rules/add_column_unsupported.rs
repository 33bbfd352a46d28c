//! Columns that SQLite does not add to a table that is there.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef, Cursor, Generated};
use crate::check::rule::{Example, Found, Rule, SQLITE, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "add-column-unsupported",
    level: Level::Error,
    engines: SQLITE,
    summary: "a column is added that SQLite does not add to a table with rows",
    why: "ADD COLUMN changes what SQLite knows of the table, and no row. So it refuses a column with PRIMARY KEY or UNIQUE, and, as soon as the \
          table has a row, one whose default is not constant (CURRENT_TIMESTAMP, an expression in brackets), one that is computed and STORED, and \
          one that REFERENCES another table with a default while foreign keys are on. What passes on an empty table fails in production.",
    instead: "make a new table with the column, copy the rows, drop the old table and rename the new one: `migrate` writes that from schema.toml",
    sources: &["https://www.sqlite.org/lang_altertable.html#alter_table_add_column", "https://www.sqlite.org/gencol.html#limitations"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int PRIMARY KEY;")
            .seen(Seen::Fails("cannot add a primary key column")),
        Example::sqlite("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int UNIQUE;").seen(Seen::Fails("cannot add a unique column")),
        Example::sqlite("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN b text NOT NULL DEFAULT CURRENT_TIMESTAMP;")
            .seen(Seen::Fails("non-constant default")),
        Example::sqlite("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN b text DEFAULT (datetime('now'));")
            .seen(Seen::Fails("non-constant default")),
        Example::sqlite("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "ALTER TABLE t ADD COLUMN b int AS (a * 2) STORED;")
            .seen(Seen::Fails("cannot add a stored column")),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); INSERT INTO p VALUES (5); CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "PRAGMA foreign_keys = ON; ALTER TABLE t ADD COLUMN b int DEFAULT 5 REFERENCES p (id);",
        )
        .seen(Seen::Fails("non-null default")),
    ],
    counter_examples: &[
        Example::sqlite(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "ALTER TABLE t ADD COLUMN b int DEFAULT (-1); ALTER TABLE t ADD COLUMN c text DEFAULT 'x'; ALTER TABLE t ADD COLUMN d int DEFAULT TRUE; \
             ALTER TABLE t ADD COLUMN e int AS (a * 2); ALTER TABLE t ADD COLUMN f blob DEFAULT (x'00');",
        ),
        Example::sqlite("CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int REFERENCES p (id);"),
        Example::sqlite(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "PRAGMA foreign_keys = OFF; ALTER TABLE t ADD COLUMN b int DEFAULT 5 REFERENCES p (id);",
        ),
        Example::sqlite("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b text DEFAULT CURRENT_TIMESTAMP;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, _) in scene.acts() {
        let Action::AddColumn { table, column, .. } = action else { continue };
        let name = &column.name;
        if let Some(word) = key_word(column) {
            found.add(&column.span, format!("SQLite does not add {name} to {table}: a new column cannot be {word}"));
        } else if let Some(reason) = refused_with_rows(scene, column).filter(|_| !scene.is_new(table)) {
            found.add(&column.span, format!("SQLite does not add {name} to {table} where it has rows: {reason}"));
        }
    }
}

/// What is refused whether there are rows or not.
fn key_word(column: &ColumnDef) -> Option<&'static str> {
    if column.primary_key { Some("PRIMARY KEY") } else { column.unique.then_some("UNIQUE") }
}

fn refused_with_rows(scene: &Scene<'_>, column: &ColumnDef) -> Option<&'static str> {
    let default = column.default.as_deref();
    if column.generated == Some(Generated::Stored) {
        return Some("it is STORED");
    }
    if default.is_some_and(|default| !is_constant(default)) {
        return Some("its default is not constant");
    }
    (column.references.is_some() && default.is_some() && has_foreign_keys(scene))
        .then_some("it REFERENCES a table and has a default while foreign keys are on")
}

/// A literal, with a sign or not, in brackets or not.
fn is_constant(default: &str) -> bool {
    let mut text = default.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        text = inner.trim();
    }
    let mut cursor = Cursor::new(Kind::Sqlite, text);
    if cursor.sees_one(&["CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"]) {
        return false;
    }
    // A cast of a literal is constant, and a blob may be two tokens.
    if cursor.sees(&["CAST"]) || cursor.sees(&["X"]) {
        return true;
    }
    cursor.eat_one(&["+", "-"]);
    cursor.step();
    cursor.is_done()
}

/// dbtool switches them on for its connections.
fn has_foreign_keys(scene: &Scene<'_>) -> bool {
    let values = scene.actions_before().filter_map(|action| match action {
        Action::Pragma { name, value: Some(value) } if name == "foreign_keys" => Some(value.as_str()),
        _ => None,
    });
    values.last().is_none_or(|value| matches!(value, "on" | "1" | "true" | "yes"))
}

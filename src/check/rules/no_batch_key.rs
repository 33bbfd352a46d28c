//! A backfill has no key by which dbtool could cut it.

use super::unbatched_change::unique_keys;
use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{ColumnDef, ConstraintKind, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "no-batch-key",
    level: Level::Warning,
    engines: ALL,
    summary: "a backfill goes over a table without a key for batches",
    why: "Batches are ranges of a key: columns without NULLs that an index begins with. dbtool takes what `key=` names, else the primary key, else \
          a unique key without NULLs, and refuses the statement where there is none. On PostgreSQL ranges of blocks serve instead, where `verify` \
          tells the rows that are still to do, since a changed row may move to another block. On SQLite the rowid serves; but without an INTEGER \
          PRIMARY KEY a VACUUM may number the rows anew, and a backfill that was begun before stops.",
    instead: "give the table a primary key first, or name NOT NULL columns that an index begins with: -- dbtool: backfill table=t key=a,b",
    sources: &[
        "https://www.postgresql.org/docs/current/ddl-system-columns.html#DDL-SYSTEM-COLUMNS-CTID",
        "https://dev.mysql.com/doc/refman/8.4/en/range-optimization.html",
        "https://www.sqlite.org/lang_vacuum.html",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "-- dbtool: backfill table=t\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;"),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "-- dbtool: backfill table=t\n-- dbtool: verify SELECT 1 FROM t WHERE a IS NULL\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t \
             */;",
        ),
        Example::postgres(
            "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);",
            "-- dbtool: backfill table=t key=a\nDELETE FROM t WHERE a = 0 /* dbtool:range t */;",
        ),
        Example::mysql(
            "CREATE TABLE t (a int UNIQUE, b int);",
            "-- dbtool: backfill table=t\nUPDATE t SET b = 0 WHERE b IS NULL /* dbtool:range t */;",
        ),
        Example::sqlite("CREATE TABLE t (a int, b int);", "-- dbtool: backfill table=t\nUPDATE t SET b = 0 WHERE b IS NULL /* dbtool:range t */;"),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (id int PRIMARY KEY, a int);",
            "-- dbtool: backfill table=t\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;",
        ),
        Example::postgres(
            "CREATE TABLE t (b int NOT NULL, a int); CREATE INDEX i ON t (b, a);",
            "-- dbtool: backfill table=t key=b\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;",
        ),
        Example::postgres("CREATE TABLE t (a int);", "UPDATE t SET a = 0 WHERE a IS NULL;"),
        Example::mysql(
            "CREATE TABLE t (b int NOT NULL, c int NOT NULL, a int, UNIQUE KEY u (b, c));",
            "-- dbtool: backfill table=t\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;",
        ),
        Example::sqlite(
            "CREATE TABLE t (id INTEGER, a int, PRIMARY KEY (id));",
            "-- dbtool: backfill table=t\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;",
        ),
        Example::sqlite(
            "CREATE TABLE t (k text PRIMARY KEY, a int) WITHOUT ROWID;",
            "-- dbtool: backfill table=t\nUPDATE t SET a = 0 WHERE a IS NULL /* dbtool:range t */;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some(backfill) = &scene.statement().backfill else { return };
    let Some((_, span)) = scene.acts().next() else { return };
    let Some(table) = Cursor::new(scene.kind, &backfill.table).name() else { return };
    // Of a table without columns something was not read.
    let Some(facts) = scene.table(&table).filter(|facts| !facts.columns.is_empty()) else { return };
    let key: Vec<String> = backfill.key.iter().filter_map(|column| Cursor::new(scene.kind, column).ident()).collect();
    if let Some(column) = key.iter().find(|column| facts.column(column).is_none()) {
        found.add(span, format!("dbtool refuses to go over {table} by {column}, which is no column of it"));
        return;
    }
    if scene.kind == Kind::Sqlite {
        if !keeps_rowids(facts) {
            found
                .add(span, format!("batches of {table} go by its rowids, which a VACUUM may change: a backfill that was begun before stops"))
                .at_most(Level::Note);
        }
        return;
    }
    let is_required = |column: &String| is_required(facts, column);
    if let Some(column) = key.iter().find(|column| !is_required(column)) {
        found.add(span, format!("dbtool refuses to go over {table} by {column}, which may be NULL: such rows would be passed over"));
    } else if !key.is_empty() && !facts.indexed().iter().any(|index| begins_with(index, &key)) {
        let text = key.join(", ");
        found
            .add(span, format!("dbtool refuses to go over {table} by {text}: no index begins with that, and every batch would read the whole table"));
    } else if key.is_empty() && !unique_keys(facts).iter().any(|key| key.iter().all(is_required)) {
        match (scene.kind, &backfill.verify) {
            (Kind::Postgres, Some(_)) => {
                found.add(span, format!("{table} has no key, so batches go by its blocks and may see a row twice")).at_most(Level::Note)
            }
            _ => found.add(span, format!("dbtool refuses to go over {table}: it has no primary key and no unique key without NULLs")),
        };
    }
}

fn begins_with(index: &[String], key: &[String]) -> bool {
    index.len() >= key.len() && index.iter().zip(key).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// True for a column in which no row can have NULL.
fn is_required(facts: &TableFacts, column: &str) -> bool {
    let is_it = |name: &String| name.eq_ignore_ascii_case(column);
    let is_said = |kind: &ConstraintKind| matches!(kind, ConstraintKind::NotNull { column } if is_it(column));
    let is_plain = facts.column(column).is_some_and(|column| column.not_null);
    is_plain || facts.primary_key().iter().any(is_it) || facts.constraints.iter().any(|it| !it.not_valid && is_said(&it.kind))
}

/// True for a SQLite table whose batches go by a key that lasts: an INTEGER PRIMARY KEY, that of a table without rowids, or one without NULLs.
fn keeps_rowids(facts: &TableFacts) -> bool {
    let key: Vec<&ColumnDef> = facts.primary_key().iter().filter_map(|column| facts.column(column)).collect();
    let is_alias = matches!(key.as_slice(), [only] if only.ty == "integer");
    facts.options.iter().any(|(option, _)| option == "ROWID") || is_alias || !key.is_empty() && key.iter().all(|column| column.not_null)
}

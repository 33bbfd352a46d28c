//! A check is added before the backfill that mends the rows which fail it.

use super::backfill_unguarded::required_by;
use crate::check::finding::Level;
use crate::check::read::{Action, Constraint, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::{ReadStatement, Scene};
use crate::model::Name;
use crate::plan::mentions;

pub const RULE: Rule = Rule {
    code: "check-before-backfill",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a check that rows still fail is added before they are mended",
    why: "NOT VALID only spares the look at the rows that are there. Whoever writes to one of them, were it another column, has to keep to the \
          check: until the backfill has come to a row every UPDATE of it fails. The same goes for NOT NULL ... NOT VALID of PostgreSQL 18.",
    instead: "run the backfill first, and add the check behind it; what is written in between a default, a trigger or a second run of the backfill \
              sees to",
    sources: &["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        // The first UPDATE is what an application does that knows nothing of b.
        Example::postgres(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "BEGIN; ALTER TABLE t ADD COLUMN b int; COMMIT; ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL) NOT VALID; UPDATE t SET a = 2; \
             UPDATE t SET b = 0;",
        )
        .seen(Seen::Fails("violates check constraint")),
        Example::postgres(
            "CREATE TABLE t (a int, price int); INSERT INTO t VALUES (1, -1);",
            "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (price > 0) NOT VALID; COMMIT; UPDATE t SET a = 2; UPDATE t SET price = 1 WHERE price <= 0;",
        )
        .seen(Seen::Fails("violates check constraint")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int, price int); INSERT INTO t VALUES (1, -1);",
            "UPDATE t SET price = 1 WHERE NOT (price > 0); BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (price > 0) NOT VALID; COMMIT; UPDATE t SET \
             price = 1 WHERE NOT (price > 0); ALTER TABLE t VALIDATE CONSTRAINT c;",
        ),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "BEGIN; ALTER TABLE t ADD COLUMN b int DEFAULT 0; COMMIT; ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL) NOT VALID; UPDATE t SET \
             b = a;",
        ),
        Example::postgres("CREATE TABLE t (a int, b int);", "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID; UPDATE t SET b = 1;"),
        Example::postgres(
            "CREATE TABLE t (a int, b int);",
            "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID; COMMIT; UPDATE t SET a = 1;",
        ),
        Example::postgres("CREATE TABLE t (a int, b int);", "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0); COMMIT; UPDATE t SET b = 1;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::AddConstraint { table, constraint } = action else { continue };
        if !constraint.not_valid || scene.is_new(table) {
            continue;
        }
        // In one transaction with it others wait for the end of both.
        let own = scene.statement().transaction;
        let later = scene.after().iter().filter(|statement| own.is_none() || statement.transaction != own);
        let mut columns = later.flat_map(|statement| set_columns(scene, statement, table)).filter(|column| reads(constraint, column));
        let Some(column) = columns.find(|column| !is_mended(scene, table, constraint, column)) else { continue };
        let message = format!("until the backfill of {table}.{column} has come to a row, every UPDATE of the row fails by this check");
        found.add(span, message).help(format!("move it behind the UPDATE that sets {table}.{column}"));
    }
}

/// The columns of the table that a statement sets in its rows.
fn set_columns<'a>(scene: &Scene<'_>, statement: &'a ReadStatement, table: &Name) -> Vec<&'a String> {
    let of_act = statement.reading.acts.iter().filter_map(|act| match &act.action {
        Action::Update(dml) if scene.catalog.is_same(&dml.table, table) => Some(&dml.columns),
        _ => None,
    });
    of_act.flatten().collect()
}

fn reads(constraint: &Constraint, column: &str) -> bool {
    match &constraint.kind {
        ConstraintKind::Check { expr } => mentions(expr, column),
        ConstraintKind::NotNull { column: required } => required == column,
        _ => false,
    }
}

/// True where the rows are mended before already, or need not be.
fn is_mended(scene: &Scene<'_>, table: &Name, constraint: &Constraint, column: &String) -> bool {
    let is_set = scene.before().iter().any(|statement| set_columns(scene, statement, table).contains(&column));
    let facts = scene.table(table).and_then(|facts| facts.column(column));
    // A column that comes with a default has it in all rows.
    let comes_with_value = |action: &Action| match action {
        Action::AddColumn { table: of, column: it, .. } => it.name == *column && it.default.is_some() && scene.catalog.is_same(of, table),
        _ => false,
    };
    is_set || required_by(constraint).is_some() && (scene.actions_before().any(comes_with_value) || facts.is_some_and(|facts| facts.not_null))
}

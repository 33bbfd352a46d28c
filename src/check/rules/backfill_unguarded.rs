//! A column is filled and then required, and nothing fills it in rows that are written in between.

use std::ops::Range;

use crate::check::catalog::TableFacts;
use crate::check::finding::Level;
use crate::check::read::{Action, Constraint, ConstraintKind, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "backfill-unguarded",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a backfilled column becomes required, and rows that are written meanwhile may lack it",
    why: "An application of before the revision goes on writing while the backfill runs, and its rows have NULL in the column. Those that come \
          behind the place to which the backfill has come stay so, and the NOT NULL or its validation fails, or worse: it succeeds in the rehearsal \
          and fails on the day. A default or a trigger that is there before the backfill begins leaves no such row.",
    instead: "before the backfill give the column a default, or the table a BEFORE INSERT OR UPDATE trigger that fills it where it is NULL; dbtool \
              does so for a column with `backfill` in schema.toml",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
        "https://www.postgresql.org/docs/current/ddl-default.html",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        // The INSERT is what another session writes meanwhile.
        Example::postgres(
            "CREATE TABLE t (a int);",
            "BEGIN; ALTER TABLE t ADD COLUMN b int; COMMIT; UPDATE t SET b = a; INSERT INTO t (a) VALUES (1); ALTER TABLE t ALTER COLUMN b SET NOT \
             NULL;",
        )
        .seen(Seen::Fails("contains null values")),
        Example::postgres(
            "CREATE TABLE t (a int, b int);",
            "-- dbtool: backfill table=t key=a\nUPDATE t SET b = 0 WHERE b IS NULL /* dbtool:range t */;\nINSERT INTO t (a) VALUES (1);\nALTER \
             TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;",
        )
        .seen(Seen::Fails("violated by some row")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int);",
            "BEGIN; ALTER TABLE t ADD COLUMN b int; ALTER TABLE t ALTER COLUMN b SET DEFAULT 0; COMMIT; UPDATE t SET b = 0 WHERE b IS NULL; ALTER \
             TABLE t ALTER COLUMN b SET NOT NULL, ALTER COLUMN b DROP DEFAULT;",
        ),
        Example::postgres(
            "CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := 0; RETURN NEW; END $$;",
            "BEGIN; CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); COMMIT; UPDATE t SET b = 0; ALTER TABLE t \
             ALTER COLUMN b SET NOT NULL;",
        ),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = a; ALTER TABLE t ALTER COLUMN b SET NOT NULL;",
        ),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;"),
        Example::postgres(
            "CREATE TABLE t (a int, b int DEFAULT 0);",
            "BEGIN; UPDATE t SET b = 0 WHERE b IS NULL; COMMIT; ALTER TABLE t ALTER COLUMN b SET NOT NULL;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Some((table, column)) = required(action) else { continue };
        let Some(at) = backfill(scene, table, &column).filter(|_| !scene.is_new(table)) else { continue };
        // A check that stands between the two keeps such rows out from there on: it was asked about itself.
        let added = scene.actions_before().filter_map(required).any(|(of, it)| it == column && scene.catalog.is_same(of, table));
        let is_known = |facts: &TableFacts| {
            facts.constraints.iter().filter_map(required_by).any(|it| it == column) || facts.column(&column).is_some_and(|it| it.not_null)
        };
        if added || scene.table(table).is_some_and(is_known) || has_default(scene, at, table, &column) != Some(false) || has_trigger(scene, at, table)
        {
            continue;
        }
        let message = format!("{table}.{column} may be NULL in rows that are written between its backfill and this, which then fails");
        let help = format!(
            "before the backfill: ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT ..., or a BEFORE INSERT OR UPDATE trigger on {table} that \
             fills {column} where it is NULL"
        );
        found.add(span, message).help(help);
    }
}

/// The column that the action makes required, of now or of new rows.
fn required(action: &Action) -> Option<(&Name, String)> {
    match action {
        Action::SetNotNull { table, column } => Some((table, column.clone())),
        Action::AddConstraint { table, constraint } => Some((table, required_by(constraint)?)),
        _ => None,
    }
}

/// The column of `CHECK (column IS NOT NULL)` or NOT NULL.
pub(super) fn required_by(constraint: &Constraint) -> Option<String> {
    match &constraint.kind {
        ConstraintKind::NotNull { column } => Some(column.clone()),
        ConstraintKind::Check { expr } => {
            let mut cursor = Cursor::new(Kind::Postgres, expr);
            let column = cursor.ident()?;
            (cursor.eat(&["IS", "NOT", "NULL"]) && cursor.is_done()).then_some(column)
        }
        _ => None,
    }
}

/// The last statement before this one that sets the column in a transaction that is over by now.
fn backfill(scene: &Scene<'_>, table: &Name, column: &str) -> Option<usize> {
    let own = scene.statement().transaction;
    let sets = |action: &Action| match action {
        Action::Update(dml) => scene.catalog.is_same(&dml.table, table) && dml.columns.iter().any(|it| it == column),
        _ => false,
    };
    let at = scene.before().iter().rposition(|statement| statement.does(sets))?;
    (own.is_none() || scene.before()[at].transaction != own).then_some(at)
}

/// Whether the column had a default when the statement at `at` ran; `None` where nobody knows.
fn has_default(scene: &Scene<'_>, at: usize, table: &Name, column: &str) -> Option<bool> {
    let change = |action: &Action| match action {
        Action::AddColumn { table: of, column: it, .. } if it.name == column && scene.catalog.is_same(of, table) => Some(it.default.is_some()),
        Action::SetDefault { table: of, column: it, .. } if it == column && scene.catalog.is_same(of, table) => Some(true),
        Action::DropDefault { table: of, column: it } if it == column && scene.catalog.is_same(of, table) => Some(false),
        _ => None,
    };
    if let Some(is_given) = actions(scene, 0..at).filter_map(change).last() {
        return Some(is_given);
    }
    // What changed it behind the backfill tells what was there before.
    match actions(scene, at..scene.at).find_map(change) {
        Some(is_given) => Some(!is_given),
        None => Some(scene.table(table)?.column(column)?.default.is_some()),
    }
}

/// True where a trigger was there when the statement at `at` ran: what it does nobody knows.
fn has_trigger(scene: &Scene<'_>, at: usize, table: &Name) -> bool {
    let made = |action: &Action| matches!(action, Action::CreateTrigger { table: of, .. } if scene.catalog.is_same(of, table));
    let is_late =
        |name: &String| actions(scene, at..scene.at).any(|action| matches!(action, Action::CreateTrigger { trigger, .. } if trigger == name));
    let known = scene.table(table).map(|facts| &facts.triggers);
    actions(scene, 0..at).any(made) || known.into_iter().flatten().any(|trigger| !is_late(trigger))
}

/// The actions of some of the statements before this one.
fn actions<'a>(scene: &Scene<'a>, statements: Range<usize>) -> impl Iterator<Item = &'a Action> {
    scene.before()[statements].iter().flat_map(|statement| statement.reading.acts.iter().map(|act| &act.action))
}

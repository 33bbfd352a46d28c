//! Rows are changed while the transaction keeps others from the table.

use super::unbatched_change::{changed, is_of_few_rows};
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "backfill-in-transaction",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "rows are changed in the transaction that has locked their table for a change of the schema",
    why: "A lock is held to the end of its transaction. ALTER TABLE mostly takes ACCESS EXCLUSIVE, which keeps even SELECT away, and by itself it \
          is over in a moment; with an UPDATE or DELETE of many rows behind it in the same transaction nobody gets at the table until that is \
          through. The same goes for the locks of CREATE INDEX, CREATE TRIGGER and foreign keys, which keep writers away.",
    instead: "end the transaction behind the change of the schema, and change the rows in one of its own, best in batches (-- dbtool: backfill)",
    sources: &[
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
        "https://www.postgresql.org/docs/current/sql-altertable.html",
    ],
    known_as: &["eugene E4"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = a;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres(
            "CREATE TABLE t (a int); CREATE TABLE u (id int PRIMARY KEY);",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u NOT VALID; DELETE FROM t WHERE a NOT IN (SELECT id FROM u);",
        )
        .seen(Seen::Locks("t", "ShareRowExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; ALTER TABLE t ADD COLUMN b int; COMMIT; UPDATE t SET b = a;"),
        Example::postgres("CREATE TABLE t (a int);", "UPDATE t SET a = 0; ALTER TABLE t ALTER COLUMN a SET DEFAULT 1;"),
        Example::postgres(
            "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (a int);",
            "ALTER TABLE t ADD COLUMN b int; UPDATE u SET a = 0; UPDATE t SET b = 1 WHERE id = 7;",
        ),
        Example::postgres(
            "CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN b int;\n-- dbtool: backfill table=t key=a\nUPDATE t SET b = a WHERE b IS NULL /* dbtool:range t */;",
        ),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = 1;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some((table, dml, span)) = changed(scene) else { return };
    if scene.is_new(&table) || is_of_few_rows(scene, &table, dml) {
        return;
    }
    let acts = scene.before_in_transaction().flat_map(|statement| statement.reading.acts.iter());
    let Some(kept) = acts.filter_map(|act| kept_away(scene, &act.action, &table)).max() else { return };
    let whom = match kept {
        Kept::Writers => "write to",
        Kept::Everybody => "read or write",
    };
    found
        .add(span, format!("nobody can {whom} {table} until its rows are changed: the transaction has locked it for a change of the schema"))
        .about(&table);
}

/// Who waits for the end of a transaction.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    Writers,
    Everybody,
}

/// Whom the action keeps from the table.
fn kept_away(scene: &Scene<'_>, action: &Action, wanted: &Name) -> Option<Kept> {
    let (table, kept) = match action {
        Action::AddConstraint { table, constraint } if matches!(constraint.kind, ConstraintKind::ForeignKey { .. }) => (table, Kept::Writers),
        Action::CreateTrigger { table, .. } => (table, Kept::Writers),
        Action::CreateIndex(index) => (&index.table, Kept::Writers),
        Action::AddColumn { table, .. }
        | Action::DropColumn { table, .. }
        | Action::RenameColumn { table, .. }
        | Action::SetType { table, .. }
        | Action::SetNotNull { table, .. }
        | Action::DropNotNull { table, .. }
        | Action::SetDefault { table, .. }
        | Action::DropDefault { table, .. }
        | Action::AddIdentity { table, .. }
        | Action::AddConstraint { table, .. }
        | Action::DropConstraint { table, .. }
        | Action::RowSecurity { table }
        | Action::RenameTable { to: table, .. } => (table, Kept::Everybody),
        _ => return None,
    };
    scene.catalog.is_same(table, wanted).then_some(kept)
}

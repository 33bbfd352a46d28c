//! Rows are looked at under a lock that a statement before took.

use super::statements_under_exclusive_lock::locked;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "validate-in-same-transaction",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a constraint is validated in a transaction that has the table locked",
    why: "VALIDATE CONSTRAINT looks at every row with a lock that lets others read and write. A statement before it in the same transaction has \
          taken a stronger one, such as that of ADD CONSTRAINT ... NOT VALID, and keeps it until COMMIT: nothing is won by NOT VALID. dbtool runs \
          a script without BEGIN and COMMIT in one transaction.",
    instead: "write BEGIN; and COMMIT; around what stands before VALIDATE CONSTRAINT, and leave that one outside",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
    ],
    known_as: &[
        "strong_migrations validate_foreign_key",
        "strong_migrations validate_check_constraint",
        "online_migrations validate_foreign_key",
        "online_migrations validate_constraint",
        "eugene E4",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT c;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p NOT VALID;",
            "BEGIN; ALTER TABLE t ADD COLUMN a int; ALTER TABLE t VALIDATE CONSTRAINT f; COMMIT;",
        ),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int);",
            "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; COMMIT; ALTER TABLE t VALIDATE CONSTRAINT c;",
        ),
        Example::postgres("CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;", "ALTER TABLE t VALIDATE CONSTRAINT c;"),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if !scene.statement().does(|action| matches!(action, Action::ValidateConstraint { .. })) {
        return;
    }
    let mut before: Vec<&Action> = scene.before_in_transaction().flat_map(|statement| &statement.reading.acts).map(|act| &act.action).collect();
    for (action, span) in scene.acts() {
        if let Action::ValidateConstraint { table, name } = action
            && !scene.is_new(table)
            && before.iter().any(|earlier| keeps_out(scene, earlier, table))
        {
            found.add(span, format!("{table} is locked by a statement before it while every row is looked at for {name}")).about(table);
        }
        before.push(action);
    }
}

/// True where others cannot write to the table behind the action, or not even read it, until the transaction ends.
fn keeps_out(scene: &Scene<'_>, action: &Action, table: &Name) -> bool {
    let is_it = |other: &Name| scene.catalog.is_same(other, table);
    match action {
        Action::AddConstraint { table: own, constraint } => match &constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => is_it(own) || is_it(&reference.table),
            _ => is_it(own),
        },
        Action::CreateTrigger { table: own, .. } => is_it(own),
        _ => locked(action).into_iter().any(is_it),
    }
}

//! A check looks at every row while nobody can use the table.

use super::foreign_key_not_valid::offer_not_valid;
use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "check-not-valid",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a check is added to an existing table without NOT VALID",
    why: "ADD CHECK takes an ACCESS EXCLUSIVE lock on the table and holds it while it looks at every row: nobody can read or write. So does NOT \
          NULL as a constraint of the table, from PostgreSQL 18 on. With NOT VALID it holds for new and changed rows at once and looks at none. \
          VALIDATE CONSTRAINT looks at the old ones later, while others read and write.",
    instead: "write ADD CONSTRAINT name CHECK (...) NOT VALID, and VALIDATE CONSTRAINT name in a transaction of its own behind it",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT",
    ],
    known_as: &[
        "squawk constraint-missing-not-valid",
        "strong_migrations add_check_constraint",
        "online_migrations add_check_constraint",
        "online_migrations add_text_limit_constraint",
        "Atlas PG305",
        "eugene E1",
        "pg-schema-diff ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CHECK (a > 0), ADD COLUMN b int;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int DEFAULT 1 CHECK (b > 0);")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        // A new column is NULL in every row, and the server looks at each all the same.
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int CHECK (b > 0);").seen(Seen::Locks("t", "AccessExclusiveLock")),
        // PostgreSQL 18.
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c NOT NULL a;").seen(Seen::Manual),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int);",
            "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; COMMIT; ALTER TABLE t VALIDATE CONSTRAINT c;",
        ),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID;").seen(Seen::Manual),
        Example::postgres(
            "",
            "CREATE TABLE t (a int CHECK (a > 0)); ALTER TABLE t ADD CHECK (a > 1); ALTER TABLE t ADD COLUMN b int DEFAULT 1 CHECK (b > 0);",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (table, constraint) = match action {
            Action::AddConstraint { table, constraint } if !constraint.not_valid => match constraint.kind {
                ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } => (table, Some(constraint)),
                _ => continue,
            },
            Action::AddColumn { table, column, .. } if column.check => (table, None),
            _ => continue,
        };
        if scene.is_new(table) {
            continue;
        }
        let draft = found.add(span, format!("nobody can read or write {table} until every row was looked at")).about(table);
        match constraint {
            Some(constraint) => offer_not_valid(scene, constraint, draft),
            None => {
                draft.help("add the column without CHECK; then ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own");
            }
        }
    }
}

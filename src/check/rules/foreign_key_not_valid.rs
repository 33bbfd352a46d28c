//! A foreign key looks at every row while nobody can write.

use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::{Action, Constraint, ConstraintKind};
use crate::check::rule::{Draft, Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "foreign-key-not-valid",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a foreign key is added between existing tables without NOT VALID",
    why: "ADD FOREIGN KEY takes a SHARE ROW EXCLUSIVE lock on both tables and holds it while it looks up every row of the first in the second: \
          nobody can write to either. With NOT VALID it holds for new rows at once and looks at none. VALIDATE CONSTRAINT looks at the old ones \
          later, while others read and write. A new column with REFERENCES and a default has values, so that its rows are looked up too.",
    instead: "write ADD CONSTRAINT name FOREIGN KEY ... NOT VALID, and VALIDATE CONSTRAINT name in a transaction of its own behind it",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT",
    ],
    known_as: &[
        "squawk adding-foreign-key-constraint",
        "squawk constraint-missing-not-valid",
        "strong_migrations add_foreign_key",
        "online_migrations add_foreign_key",
        "eugene E1",
        "pg-schema-diff ACQUIRES_SHARE_ROW_EXCLUSIVE_LOCK",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int);",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id);",
        )
        .seen(Seen::Locks("p", "ShareRowExclusiveLock")),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int);",
            "ALTER TABLE t ADD COLUMN p int DEFAULT 1 REFERENCES p (id);",
        )
        .seen(Seen::Locks("p", "ShareRowExclusiveLock")),
        // That the table it points at is new spares no look at the rows.
        Example::postgres("CREATE TABLE t (p int);", "CREATE TABLE p (id int PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p;")
            .seen(Seen::Locks("t", "ShareRowExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int);",
            "BEGIN; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p NOT VALID; COMMIT; ALTER TABLE t VALIDATE CONSTRAINT f;",
        ),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (p int); ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p;"),
        Example::postgres("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN p int REFERENCES p;"),
        // Up to PostgreSQL 17 there is no NOT VALID there.
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int) PARTITION BY LIST (p);",
            "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let (table, reference, constraint) = match action {
            Action::AddConstraint { table, constraint } if !constraint.not_valid => match &constraint.kind {
                ConstraintKind::ForeignKey { reference, .. } => (table, reference, Some(constraint)),
                _ => continue,
            },
            Action::AddColumn { table, column, .. } => match &column.references {
                Some(reference) if column.default.is_some() || column.generated.is_some() => (table, reference, None),
                _ => continue,
            },
            _ => continue,
        };
        let is_partitioned = scene.table(table).is_some_and(|table| table.is_partitioned);
        if is_partitioned || scene.is_new(table) {
            continue;
        }
        let message = format!("nobody can write to {table} or {} until every row of {table} was looked up", reference.table);
        let draft = found.add(span, message).about(table);
        match constraint {
            Some(constraint) => offer_not_valid(scene, constraint, draft),
            None => {
                draft.help(
                    "add the column without REFERENCES; then ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
                );
            }
        }
    }
}

/// Says how a constraint is added without a look at the rows, and does so where it has its statement for itself.
pub(super) fn offer_not_valid(scene: &Scene<'_>, constraint: &Constraint, draft: &mut Draft) {
    let Some(name) = &constraint.name else { return };
    // The table as it is written there, with its schema and IF EXISTS.
    let head = scene.acts().next().and_then(|(_, span)| scene.statement().text.get(..span.start)).unwrap_or_default();
    let validate = format!("{} VALIDATE CONSTRAINT {}", head.trim_end(), scene.kind.dialect().quote(name));
    draft.help(format!("write NOT VALID behind it, and in a transaction of its own {validate};"));
    if scene.acts().count() == 1 {
        draft.fix(Fix::ValidateApart { at: scene.in_script(constraint.span.end), statement: scene.statement().offset, validate });
    }
}

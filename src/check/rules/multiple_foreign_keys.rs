//! One transaction locks the tables of several foreign keys.

use crate::check::finding::Level;
use crate::check::read::{Action, Constraint, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "multiple-foreign-keys",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "one transaction adds foreign keys that point at several existing tables",
    why: "A new foreign key takes a SHARE ROW EXCLUSIVE lock on the table that it points at, and keeps it until the transaction ends: nobody can \
          write to that table. While the transaction waits for the second table, and while rows are looked up, the first stays locked. An \
          application that writes to the tables in another order can run into a deadlock with it.",
    instead: "add each foreign key in a transaction of its own",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
    ],
    known_as: &["online_migrations multiple_foreign_keys"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE t (p int, q int);",
            "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p; ALTER TABLE t ADD FOREIGN KEY (q) REFERENCES q;",
        )
        .seen(Seen::Locks("p", "ShareRowExclusiveLock")),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY);",
            "CREATE TABLE t (p int REFERENCES p, q int REFERENCES q);",
        )
        .seen(Seen::Locks("p", "ShareRowExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE t (p int, q int);",
            "BEGIN; ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p; COMMIT; BEGIN; ALTER TABLE t ADD FOREIGN KEY (q) REFERENCES q; COMMIT;",
        ),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY);",
            "CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p, o int REFERENCES p, t int REFERENCES t);",
        ),
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY);",
            "CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES p, q int REFERENCES q);",
        ),
        // dbtool puts quick statements together, gives up after a moment and tries again.
        Example::postgres(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY);",
            "BEGIN;\n-- dbtool: step \"create t\"\nCREATE TABLE t (p int REFERENCES p, q int REFERENCES q);\nCOMMIT;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if scene.acts().all(|(action, _)| pointed(scene, action).is_empty()) {
        return;
    }
    let before = scene.before_in_transaction().flat_map(|statement| &statement.reading.acts).map(|act| (&act.action, None));
    let own = scene.acts().map(|(action, span)| (action, Some(span)));
    let (mut first, mut is_slow) = (None, false);
    for (action, span) in before.chain(own) {
        for (owner, target, is_looked_up) in pointed(scene, action) {
            is_slow |= is_looked_up;
            let Some(other) = first.filter(|first| *first != target) else {
                first = Some(target);
                continue;
            };
            // Without a span it was said at a statement before this one.
            let Some(span) = span.filter(|_| is_slow || !is_generated(scene)) else { return };
            let draft = found.add(span, format!("nobody can write to {other} nor to {target} until the transaction ends")).about(owner);
            if !is_slow {
                draft.at_most(Level::Note);
            }
            return;
        }
    }
}

/// What dbtool has made is made for dbtool, which gives up a lock after a moment and tries again.
fn is_generated(scene: &Scene<'_>) -> bool {
    scene.script.source.text.contains("-- dbtool: step ")
}

/// The existing tables that new foreign keys point at: the table of the key, the one it points at, and whether rows are looked up for it.
fn pointed<'a>(scene: &Scene<'a>, action: &'a Action) -> Vec<(&'a Name, &'a Name, bool)> {
    let target = |constraint: &'a Constraint| match &constraint.kind {
        ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
        _ => None,
    };
    let (owner, targets, has_values): (&Name, Vec<&Name>, bool) = match action {
        Action::CreateTable(def) => {
            let Some(name) = &def.name else { return Vec::new() };
            let of_columns = def.columns.iter().filter_map(|column| column.references.as_ref()).map(|reference| &reference.table);
            (name, of_columns.chain(def.constraints.iter().filter_map(target)).collect(), false)
        }
        Action::AddColumn { table, column, .. } => {
            (table, column.references.iter().map(|reference| &reference.table).collect(), column.default.is_some())
        }
        Action::AddConstraint { table, constraint } => (table, target(constraint).into_iter().collect(), !constraint.not_valid),
        _ => return Vec::new(),
    };
    let is_looked_up = has_values && !scene.is_new(owner);
    let existing = targets.into_iter().filter(|target| *target != owner && !scene.is_new(target));
    existing.map(|target| (owner, target, is_looked_up)).collect()
}

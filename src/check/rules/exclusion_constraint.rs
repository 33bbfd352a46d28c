//! An exclusion constraint builds its index while nobody can use the table.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "exclusion-constraint",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "an exclusion constraint is added to an existing table",
    why: "ADD EXCLUDE builds an index over all rows, compares each with the others, and holds an ACCESS EXCLUSIVE lock on the table meanwhile: \
          nobody can read or write it. There is no other way: it can neither be added NOT VALID nor be made of an index that was built \
          concurrently.",
    instead: "run it when the table may stand still; or make a new table with the constraint, copy the rows in batches and let the application \
              change over",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
    ],
    known_as: &["strong_migrations add_exclusion_constraint", "online_migrations add_exclusion_constraint", "eugene E8"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (r int4range);", "ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (r WITH &&);")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (r int4range);", "ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&) WHERE (r IS NOT NULL);")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (r int4range, EXCLUDE USING gist (r WITH &&));"),
        Example::postgres("", "CREATE TABLE t (r int4range); ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&);"),
        Example::postgres("CREATE TABLE t (r int4range);", "CREATE INDEX CONCURRENTLY i ON t USING gist (r);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::AddConstraint { table, constraint } = action else { continue };
        if constraint.kind == ConstraintKind::Exclude && !scene.is_new(table) {
            found.add(span, format!("nobody can read or write {table} until every row was compared with the others")).about(table);
        }
    }
}

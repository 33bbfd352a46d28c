//! A partition is detached while nobody can use the partitioned table.

use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "detach-partition-not-concurrent",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "a partition is detached without CONCURRENTLY",
    why: "DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the partitioned table. It waits for every query of the table that already runs, of \
          whichever partition, and all that come after it wait behind it, reads too. With CONCURRENTLY the table is locked only against other \
          changes of the schema. That is not possible in a transaction, nor where the table has a default partition.",
    instead: "write CONCURRENTLY at the end of the statement, outside of BEGIN ... COMMIT",
    sources: &["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION"],
    known_as: &["squawk require-concurrent-partition-detach"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[Example::postgres(
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1);",
        "ALTER TABLE t DETACH PARTITION p;",
    )
    .seen(Seen::Locks("t", "AccessExclusiveLock"))],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1);",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;",
        ),
        Example::postgres(
            "",
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1); ALTER TABLE t DETACH PARTITION p;",
        ),
        Example::postgres(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE p (a int);",
            "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1);",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    for (action, span) in scene.acts() {
        let Action::DetachPartition { table, partition, concurrently: false } = action else { continue };
        if scene.is_new(table) {
            continue;
        }
        let message = format!("nobody can read or write {table} while {partition} is detached, or waits for queries that run");
        let draft = found.add(span, message).about(table);
        // In a transaction that the script writes itself it would fail.
        if !(scene.script.is_explicit && statement.transaction.is_some()) {
            draft.fix(Fix::Insert { at: scene.in_script(statement.text.len()), text: " CONCURRENTLY".to_owned() });
        }
    }
}

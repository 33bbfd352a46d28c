//! What identifies rows to subscribers of a table changes.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "replica-identity",
    level: Level::Note,
    engines: POSTGRES,
    summary: "the replica identity of a table changes",
    why: "It is what logical replication sends of the old row with every UPDATE and DELETE. With NOTHING, and with DEFAULT where there is no \
          primary key, both fail on a table whose publication sends them. With FULL the whole old row goes into the log, and a subscriber may \
          read its whole table for each row. Subscribers that find rows by another key go wrong.",
    instead: "let the subscribers be ready for it first, and use the primary key or a unique index (REPLICA IDENTITY USING INDEX) rather than FULL",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY",
        "https://www.postgresql.org/docs/current/logical-replication-publication.html",
    ],
    known_as: &["pg-schema-diff CORRECTNESS"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres(
            "CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE PUBLICATION p FOR TABLE t;",
            "ALTER TABLE t REPLICA IDENTITY NOTHING; UPDATE t SET a = 2;",
        )
        .seen(Seen::Fails("does not have a replica identity")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t REPLICA IDENTITY FULL;").seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t REPLICA IDENTITY FULL;"),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t SET LOGGED;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::ReplicaIdentity { table } = action else { continue };
        if !scene.is_new(table) {
            found.add(span, format!("what replication sends of the old rows of {table} changes"));
        }
    }
}

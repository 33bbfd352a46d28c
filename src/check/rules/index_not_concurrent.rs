//! An index is built while nobody can write.

use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "index-not-concurrent",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "an index is built without CONCURRENTLY",
    why: "CREATE INDEX takes a SHARE lock: until the index is built every INSERT, UPDATE and DELETE on the table waits, and what queues up behind them. \
          With CONCURRENTLY it takes a lock that only other changes of the schema wait for.",
    instead: "write CREATE INDEX CONCURRENTLY, outside of BEGIN ... COMMIT",
    sources: &["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
    known_as: &["squawk require-concurrent-index-creation", "strong_migrations add_index", "Atlas PG101", "eugene E6", "pg-schema-diff INDEX_BUILD"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a);").seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE TABLE t (a int) PARTITION BY LIST (a);", "CREATE INDEX i ON t (a);").seen(Seen::Locks("t", "ShareLock")),
        Example::postgres("CREATE TABLE t (a int);", "CREATE UNIQUE INDEX i ON t USING btree (lower(a::text) DESC) WHERE a > 0;"),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int) PARTITION BY LIST (a);", "CREATE INDEX i ON ONLY t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::CreateIndex(index) = action else { continue };
        if index.concurrently || scene.is_new(&index.table) {
            continue;
        }
        // On a partitioned table CONCURRENTLY is not possible, and ON ONLY builds nothing.
        if scene.table(&index.table).is_some_and(|table| table.is_partitioned) {
            if !is_only(scene) {
                let message = format!("nobody can write to any partition of {} until the index is built on all of them", index.table);
                let help = "write ON ONLY, build it on each partition with CONCURRENTLY, and ALTER INDEX ... ATTACH PARTITION each";
                found.add(span, message).help(help).about(&index.table);
            }
            continue;
        }
        let draft = found.add(span, format!("nobody can write to {} until the index is built", index.table)).about(&index.table);
        let text = &scene.statement().text;
        let word = text.to_ascii_uppercase().find("INDEX").map(|at| at + "INDEX".len());
        // In a transaction that the script writes itself it would fail.
        if let (Some(at), false) = (word, scene.script.is_explicit && scene.statement().transaction.is_some()) {
            draft.fix(Fix::Insert { at: scene.in_script(at), text: " CONCURRENTLY".to_owned() });
        }
    }
}

fn is_only(scene: &Scene<'_>) -> bool {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.until(&["ON"]);
    cursor.eat(&["ON", "ONLY"])
}

//! An index is dropped while nobody can use its table.

use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "drop-index-not-concurrent",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "an index is dropped without CONCURRENTLY",
    why: "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table of the index. It waits for every query of the table that already runs, and all \
          that come after it wait behind it, reads too. With CONCURRENTLY it waits for the queries that may use the index and keeps nobody \
          waiting.",
    instead: "write DROP INDEX CONCURRENTLY, one index in a statement, outside of BEGIN ... COMMIT",
    sources: &["https://www.postgresql.org/docs/current/sql-dropindex.html", "https://www.postgresql.org/docs/current/explicit-locking.html"],
    known_as: &[
        "squawk require-concurrent-index-deletion",
        "strong_migrations remove_index",
        "online_migrations remove_index",
        "Atlas PG102",
        "pg-schema-diff ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
    ],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "DROP INDEX i;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b);", "DROP INDEX IF EXISTS i, j CASCADE;")
            .seen(Seen::Locks("t", "AccessExclusiveLock")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "DROP INDEX CONCURRENTLY i;"),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i;"),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a); DROP INDEX i;"),
        // CONCURRENTLY is not possible there.
        Example::postgres("CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE INDEX i ON t (a);", "DROP INDEX i;"),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "DROP TABLE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let text = &scene.statement().text;
    for (action, span) in scene.acts() {
        let Action::DropIndex { index, concurrently: false, if_exists, .. } = action else { continue };
        let table = scene.catalog.index(None, &index.name).map(|(_, index)| &index.table);
        let is_partitioned = table.and_then(|table| scene.table(table)).is_some_and(|table| table.is_partitioned);
        if is_partitioned || table.is_some_and(|table| scene.is_new(table)) || is_made_before(scene, &index.name) {
            continue;
        }
        let users = table.map_or_else(|| format!("the table of {index}"), ToString::to_string);
        let draft = found.add(span, format!("nobody can read or write {users} while {index} is dropped, or waits for queries that run"));
        let named = format!("{}{}", if *if_exists { "IF EXISTS " } else { "" }, scene.kind.dialect().name(index));
        draft.help(format!("write DROP INDEX CONCURRENTLY {named}; outside of BEGIN ... COMMIT"));
        if let Some(table) = table {
            draft.about(table);
        }
        // Concurrently one index is dropped at a time, and nothing with it; in a transaction that the script writes itself it would fail.
        let mut behind = Cursor::new(scene.kind, text);
        behind.until(&["CASCADE"]);
        let is_possible = scene.acts().count() == 1 && behind.is_done() && !(scene.script.is_explicit && scene.statement().transaction.is_some());
        let word = text.to_ascii_uppercase().find("INDEX").map(|at| at + "INDEX".len());
        if let (Some(at), true) = (word, is_possible) {
            draft.fix(Fix::Insert { at: scene.in_script(at), text: " CONCURRENTLY".to_owned() });
        }
    }
}

/// True for an index that the script itself has made, so that hardly anybody uses it yet.
fn is_made_before(scene: &Scene<'_>, name: &str) -> bool {
    scene.actions_before().any(|action| matches!(action, Action::CreateIndex(index) if index.name.as_deref() == Some(name)))
}

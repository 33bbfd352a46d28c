//! An index is built anew while nobody can write, and hardly anybody read.

use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "reindex-not-concurrent",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "an index is rebuilt without CONCURRENTLY",
    why: "REINDEX takes a SHARE lock on the table, so that every INSERT, UPDATE and DELETE waits until the index is built, and an ACCESS EXCLUSIVE \
          lock on the index. The planner looks at every index of a table, so that nearly all reads of the table wait too. With CONCURRENTLY a new \
          index is built beside the old one, with a lock that only other changes of the schema wait for.",
    instead: "write CONCURRENTLY behind INDEX, TABLE, SCHEMA or DATABASE, outside of BEGIN ... COMMIT",
    sources: &["https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY"],
    known_as: &["squawk require-concurrent-reindex"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX INDEX i;").seen(Seen::Locks("i", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX (VERBOSE) TABLE t;").seen(Seen::Locks("t", "ShareLock")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX INDEX CONCURRENTLY i;"),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX (VERBOSE, CONCURRENTLY) TABLE t;"),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); REINDEX INDEX i; REINDEX TABLE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Reindex { what, concurrently: false } = action else { continue };
        let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
        cursor.eat(&["REINDEX"]);
        let options = cursor.brackets().map(|mut options| options.rest().to_ascii_uppercase()).unwrap_or_default();
        let Some(object) = cursor.advance() else { continue };
        // The catalogs of the server cannot be rebuilt concurrently.
        if options.contains("CONCURRENTLY") || object.is_word("SYSTEM") {
            continue;
        }
        let name = cursor.name();
        let table = match name {
            Some(name) if object.is_word("TABLE") => Some(name),
            Some(name) if object.is_word("INDEX") => scene.catalog.index(None, &name.name).map(|(_, index)| index.table.clone()),
            _ => None,
        };
        if table.as_ref().is_some_and(|table| scene.is_new(table)) {
            continue;
        }
        let users = table.as_ref().map_or_else(|| "the tables of its indexes".to_owned(), ToString::to_string);
        let draft = found.add(span, format!("nobody can write to {users}, and hardly anybody read, until REINDEX {what} is done"));
        if let Some(table) = &table {
            draft.about(table);
        }
        // In a transaction that the script writes itself it would fail.
        if !(scene.script.is_explicit && scene.statement().transaction.is_some()) {
            draft.fix(Fix::Insert { at: scene.in_script(object.end()), text: " CONCURRENTLY".to_owned() });
        }
    }
}

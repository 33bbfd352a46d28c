//! All rows of a table, or of the whole file, are written anew.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "vacuum-full",
    level: Level::Warning,
    engines: ALL,
    summary: "VACUUM FULL, CLUSTER, SET UNLOGGED, OPTIMIZE TABLE or SQLite's VACUUM writes all rows anew",
    why: "PostgreSQL: VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED and SET TABLESPACE hold an ACCESS EXCLUSIVE lock on the table until it is written anew: nobody can read or write it. \
          Plain VACUUM does not. SQLite: VACUUM writes the whole file anew and keeps other writers out meanwhile, needs up to twice the size of \
          the file in free space, and fails in a transaction. MySQL and MariaDB: OPTIMIZE TABLE rebuilds an InnoDB table, which lets others read \
          and write but takes space and time. None of it changes the schema, so that it need not be part of a revision.",
    instead: "run it apart from the revisions, when nobody has to wait for it",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-vacuum.html",
        "https://www.postgresql.org/docs/current/sql-cluster.html",
        "https://www.sqlite.org/lang_vacuum.html",
        "https://dev.mysql.com/doc/refman/8.4/en/optimize-table.html",
        "https://mariadb.com/kb/en/optimize-table/",
    ],
    known_as: &["squawk prefer-repack"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "VACUUM FULL t;").seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a int);", "ALTER TABLE t SET UNLOGGED;").seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a int);", "VACUUM (ANALYZE, FULL) t;").seen(Seen::Rewrites("t")),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "CLUSTER t USING i;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::sqlite("CREATE TABLE t (a blob); INSERT INTO t VALUES (zeroblob(100000)); DELETE FROM t;", "VACUUM;")
            .seen(Seen::Shows("PRAGMA freelist_count", "0")),
        Example::sqlite("", "BEGIN; VACUUM; COMMIT;").seen(Seen::Fails("transaction")),
        Example::mysql("CREATE TABLE t (a int);", "OPTIMIZE TABLE t;"),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "VACUUM (ANALYZE) t;"),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CLUSTER t USING i;"),
        Example::sqlite("CREATE TABLE t (a int);", "VACUUM INTO ':memory:';"),
        Example::mysql("CREATE TABLE t (a int);", "ANALYZE TABLE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        if let (Action::TableOther { table, what }, Kind::Postgres) = (action, scene.kind)
            && what == "SET"
            && !scene.is_new(table)
            && let Some(word) = moved(scene, span)
        {
            found.add(span, format!("nobody can read or write {table} until all its rows are written anew for SET {word}")).about(table);
            continue;
        }
        let Action::Rewrite { what, table } = action else { continue };
        let is_all =
            matches!((scene.kind, what.as_str()), (Kind::Postgres, "VACUUM FULL" | "CLUSTER") | (Kind::Sqlite, "VACUUM") | (Kind::Mysql, "OPTIMIZE"));
        if !is_all || table.as_ref().is_some_and(|table| scene.is_new(table)) || is_copy(scene) {
            continue;
        }
        let named = table.as_ref().map_or_else(|| "any table".to_owned(), ToString::to_string);
        let draft = match scene.kind {
            Kind::Postgres => found.add(span, format!("nobody can read or write {named} until all its rows are written anew")).help(
                "run it apart from the revisions, when nobody has to wait for it; plain VACUUM and the extension pg_repack let others read and write",
            ),
            Kind::Sqlite => found.add(span, "the whole file is written anew, and nobody else can write meanwhile"),
            Kind::Mysql => found.add(span, format!("all rows of {named} are written anew")).at_most(Level::Note),
        };
        if let Some(table) = table {
            draft.about(table);
        }
    }
}

/// What part of ALTER TABLE writes the rows to another place.
fn moved(scene: &Scene<'_>, span: &Range<usize>) -> Option<&'static str> {
    let mut part = Cursor::new(scene.kind, scene.statement().text.get(span.clone()).unwrap_or_default());
    part.eat(&["SET"]);
    part.eat_one(&["UNLOGGED", "LOGGED", "TABLESPACE"])
}

/// SQLite's VACUUM INTO writes another file and leaves this one alone.
fn is_copy(scene: &Scene<'_>) -> bool {
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.until(&["INTO"]);
    scene.kind == Kind::Sqlite && !cursor.is_done()
}

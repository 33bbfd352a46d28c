//! A table is emptied.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "truncate-table",
    level: Level::Warning,
    engines: SERVERS,
    summary: "a table is emptied with TRUNCATE",
    why: "All rows go at once, and no down script brings them back; triggers ON DELETE do not fire. On MySQL and MariaDB it commits at once and \
          starts AUTO_INCREMENT anew, so that a later error does not bring the rows back either. On PostgreSQL it takes an ACCESS EXCLUSIVE lock: \
          nobody can read the table until the transaction ends, and a transaction whose snapshot is older finds the table empty afterwards.",
    instead: "keep a copy of the rows, or delete only those that have to go, in batches; then say why: -- dbtool: allow truncate-table \
              reason=\"...\"",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-truncate.html",
        "https://dev.mysql.com/doc/refman/8.4/en/truncate-table.html",
        "https://mariadb.com/kb/en/truncate-table/",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "TRUNCATE t;").seen(Seen::Locks("t", "AccessExclusiveLock")),
        Example::postgres("CREATE TABLE t (a int); CREATE TABLE u (a int);", "TRUNCATE TABLE ONLY t, u RESTART IDENTITY;"),
        Example::mysql("CREATE TABLE t (a int); INSERT INTO t VALUES (1);", "BEGIN; TRUNCATE TABLE t; ROLLBACK;")
            .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
    ],
    counter_examples: &[
        Example::postgres("", "CREATE TABLE t (a int); INSERT INTO t VALUES (1); TRUNCATE t;"),
        // That one is for truncate-cascade.
        Example::postgres("CREATE TABLE t (a int);", "TRUNCATE t CASCADE;"),
        Example::mysql("CREATE TABLE t (a decimal(9, 2));", "UPDATE t SET a = TRUNCATE(a, 1) WHERE a > 0;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Truncate { tables, cascade: false } = action else { continue };
        for table in tables.iter().filter(|table| !scene.is_new(table)) {
            found.add(span, format!("all rows of {table} are gone for good"));
        }
    }
}

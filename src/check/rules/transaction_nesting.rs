//! A transaction begins inside another.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::{ReadStatement, Scene};

pub const RULE: Rule = Rule {
    code: "transaction-nesting",
    level: Level::Error,
    engines: ALL,
    summary: "BEGIN stands inside a transaction",
    why: "No engine nests transactions. SQLite refuses the second BEGIN, PostgreSQL ignores it with a warning, MySQL and MariaDB commit what stands \
          before it. So the first COMMIT ends everything, and what stands behind it runs without a transaction. `upgrade` refuses such a script \
          before anything runs.",
    instead: "write COMMIT before the second BEGIN, or take one of them away; part of a transaction can be taken back to a SAVEPOINT",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-begin.html",
        "https://www.sqlite.org/lang_transaction.html",
        "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
    ],
    known_as: &["squawk transaction-nesting"],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::sqlite("", "BEGIN; BEGIN IMMEDIATE; COMMIT;").seen(Seen::Fails("within a transaction")),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; INSERT INTO t VALUES (1); START TRANSACTION; COMMIT; ROLLBACK;")
            .seen(Seen::Shows("SELECT count(*) FROM t", "1")),
        Example::mysql("CREATE TABLE t (a int);", "BEGIN; INSERT INTO t VALUES (1); BEGIN; ROLLBACK;")
            .seen(Seen::Shows("SELECT count(*) FROM t", "1")),
    ],
    counter_examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "BEGIN; CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END; END; BEGIN; COMMIT;"),
        Example::postgres("", "BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT; BEGIN; COMMIT;"),
        Example::postgres("", "BEGIN; DO $$ BEGIN NULL; END $$; COMMIT;"),
        Example::mysql("", "START TRANSACTION; COMMIT; START TRANSACTION; COMMIT;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let mut is_open = false;
    for statement in scene.before() {
        let ends = statement.does(|action| matches!(action, Action::Commit | Action::Rollback));
        is_open = !ends && (is_open || begins(statement));
    }
    if is_open && begins(scene.statement()) {
        found.add(&(0..scene.statement().text.len()), "BEGIN inside a transaction that has begun before");
    }
}

fn begins(statement: &ReadStatement) -> bool {
    statement.does(|action| matches!(action, Action::Begin))
}

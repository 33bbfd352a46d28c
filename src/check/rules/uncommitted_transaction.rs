//! A transaction that does not end, an end without a transaction, and one that takes everything back.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::{ReadStatement, Scene};
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "uncommitted-transaction",
    level: Level::Error,
    engines: ALL,
    summary: "BEGIN without COMMIT, COMMIT without BEGIN, or a ROLLBACK",
    why: "What stands behind a BEGIN without COMMIT is lost when the connection closes. A COMMIT without BEGIN is refused by SQLite and ignored by \
          the others, and says that a BEGIN is missing: what should take effect together does not. A script that ends in ROLLBACK does nothing, and \
          yet would be recorded as applied. `upgrade` refuses all of them before anything runs.",
    instead: "write a COMMIT for each BEGIN and a BEGIN for each COMMIT, and no ROLLBACK: a script that fails is rolled back anyway",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-commit.html",
        "https://www.sqlite.org/lang_transaction.html",
        "https://dev.mysql.com/doc/refman/8.4/en/commit.html",
    ],
    known_as: &["squawk ban-uncommitted-transaction"],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "BEGIN; INSERT INTO t VALUES (1);"),
        Example::sqlite("CREATE TABLE t (a int);", "INSERT INTO t VALUES (1); COMMIT;").seen(Seen::Fails("no transaction is active")),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; INSERT INTO t VALUES (1);"),
        Example::postgres("CREATE TABLE t (a int);", "INSERT INTO t VALUES (1); END;"),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; INSERT INTO t VALUES (1); ROLLBACK;").seen(Seen::Shows("SELECT count(*) FROM t", "0")),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; COMMIT AND CHAIN; INSERT INTO t VALUES (1); COMMIT;"),
        Example::mysql("CREATE TABLE t (a int);", "START TRANSACTION; INSERT INTO t VALUES (1); ROLLBACK;")
            .seen(Seen::Shows("SELECT count(*) FROM t", "0")),
        Example::mysql("CREATE TABLE t (a int);", "INSERT INTO t VALUES (1); COMMIT;"),
    ],
    counter_examples: &[
        Example::sqlite("CREATE TABLE t (a int);", "BEGIN IMMEDIATE; CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END; COMMIT;"),
        Example::sqlite("CREATE TABLE t (a int);", "INSERT INTO t VALUES (1);"),
        Example::postgres("", "BEGIN; SAVEPOINT a; ROLLBACK TO SAVEPOINT a; COMMIT; START TRANSACTION; END;"),
        Example::mysql("CREATE TABLE t (a int);", "BEGIN; INSERT INTO t VALUES (1); SAVEPOINT a; ROLLBACK TO a; COMMIT;"),
    ],
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Begin,
    Commit,
    /// One that begins the next transaction.
    Chain,
    Rollback,
}

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let Some(own) = verb(scene.kind, scene.statement()) else { return };
    let is_open = matches!(scene.before().iter().filter_map(|it| verb(scene.kind, it)).next_back(), Some(Verb::Begin | Verb::Chain));
    let is_ended = || scene.after().iter().filter_map(|it| verb(scene.kind, it)).any(|verb| verb != Verb::Begin);
    let message = match own {
        Verb::Rollback => "ROLLBACK takes back what the script has done",
        Verb::Commit | Verb::Chain if !is_open => "COMMIT without BEGIN",
        Verb::Chain => "COMMIT AND CHAIN begins a transaction without a BEGIN",
        // A second BEGIN is another rule's.
        Verb::Begin if !is_open && !is_ended() => "BEGIN without COMMIT",
        Verb::Begin | Verb::Commit => return,
    };
    found.add(&(0..scene.statement().text.len()), message);
}

/// What it does to the transaction of the script; those that were prepared for two-phase commit are others.
fn verb(kind: Kind, statement: &ReadStatement) -> Option<Verb> {
    let mut cursor = Cursor::new(kind, &statement.text);
    if cursor.sees(&["COMMIT", "PREPARED"]) || cursor.sees(&["ROLLBACK", "PREPARED"]) {
        return None;
    }
    if statement.does(|action| matches!(action, Action::Rollback)) {
        return Some(Verb::Rollback);
    }
    if statement.does(|action| matches!(action, Action::Commit)) {
        cursor.until(&["AND"]);
        return Some(if cursor.sees(&["AND", "CHAIN"]) { Verb::Chain } else { Verb::Commit });
    }
    (cursor.sees(&["BEGIN"]) || cursor.sees(&["START", "TRANSACTION"])).then_some(Verb::Begin)
}

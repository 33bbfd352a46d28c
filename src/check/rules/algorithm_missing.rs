//! A change of a table that does not say how it is to be done.

use crate::check::asked::altered;
use crate::check::finding::Level;
use crate::check::fix::Fix;
use crate::check::read::{Action, ConstraintWord, Cursor};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "algorithm-missing",
    level: Level::Note,
    engines: MYSQL,
    summary: "a table is changed without ALGORITHM and LOCK",
    why: "Without the words the server takes the best way that it has, and where that is a copy of the table with everybody waiting it copies, \
          without a word. Which way it has differs from version to version. With the words it refuses the statement instead, before anything has \
          happened.",
    instead: "write ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE where the server refuses that",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html", "https://mariadb.com/kb/en/innodb-online-ddl-overview/"],
    known_as: &[],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a bigint;").seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a);"),
        Example::mysql("CREATE TABLE t (a int, KEY i (a));", "DROP INDEX i ON t;"),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int, ALGORITHM=INSTANT;"),
        Example::mysql("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a) LOCK=NONE;"),
        Example::mysql("CREATE TABLE t (a int, KEY i (a));", "ALTER TABLE t RENAME INDEX i TO j; RENAME TABLE t TO u; ALTER TABLE u RENAME TO v;"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4;"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t COMMENT='x', ALTER a SET DEFAULT 3;"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t MODIFY a bigint;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    let clauses = &statement.reading.clauses;
    let is_said = clauses.algorithm.is_some() || clauses.lock.is_some() || scene.has_set("alter_algorithm");
    // What is said of partitions takes no such words.
    if is_said || statement.does(|action| matches!(action, Action::Partitioning { .. })) || scene.acts().all(|(action, _)| is_quick(action)) {
        return;
    }
    let Some(table) = changed(scene).filter(|table| !scene.is_new(table)) else { return };
    let message = format!("{table} is copied without a word, and others wait, where the server has no better way");
    let draft = found.add(&(0..statement.text.len()), message).about(&table);
    // An index takes the same clauses as part of ALTER TABLE.
    if statement.text.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("ALTER")) {
        draft.fix(Fix::Gentle { statement: statement.offset });
    }
}

/// What is never more than a change of the definition.
fn is_quick(action: &Action) -> bool {
    match action {
        Action::RenameTable { .. } | Action::RenameColumn { .. } | Action::RenameIndex { .. } | Action::IndexVisibility { .. } => true,
        Action::SetDefault { .. } | Action::DropDefault { .. } => true,
        Action::DropConstraint { kind, .. } => *kind != Some(ConstraintWord::PrimaryKey),
        Action::TableOption { key, .. } => matches!(key.as_str(), "COMMENT" | "AUTO_INCREMENT" | "CHARSET" | "COLLATE"),
        _ => false,
    }
}

/// The table that is changed, unless MariaDB's ONLINE stands there: that is LOCK=NONE in other words.
fn changed(scene: &Scene<'_>) -> Option<Name> {
    let cursor = Cursor::new(scene.kind, &scene.statement().text);
    if cursor.sees(&["ALTER", "ONLINE"]) || cursor.sees(&["CREATE", "ONLINE"]) { None } else { altered(scene) }
}

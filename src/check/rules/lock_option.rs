//! LOCK=SHARED and LOCK=EXCLUSIVE on a table that is in use.

use crate::check::asked::altered;
use crate::check::finding::Level;
use crate::check::rule::{Example, Found, MYSQL, Rule};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "lock-option",
    level: Level::Warning,
    engines: MYSQL,
    summary: "LOCK=SHARED or LOCK=EXCLUSIVE: others wait until the table is changed",
    why: "LOCK=SHARED lets others read but not write until the statement is done, LOCK=EXCLUSIVE does not let them read either, whether the change \
          needs that or not. LOCK=NONE lets them do both, and the server refuses the statement where it cannot.",
    instead: "write LOCK=NONE; where the server refuses it, say that others wait: -- dbtool: slow table=NAME \"...\"",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-concurrency", "https://mariadb.com/kb/en/alter-table/#lock"],
    known_as: &["strong_migrations lock_option"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD KEY (a), ALGORITHM=INPLACE, LOCK=SHARED;"),
        Example::mysql("CREATE TABLE t (a int);", "CREATE INDEX i ON t (a) LOCK = EXCLUSIVE;"),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD KEY (a), LOCK=NONE;"),
        Example::mysql("", "CREATE TABLE t (a int); ALTER TABLE t ADD KEY (a), LOCK=SHARED;"),
        // A copy cannot do with less before MariaDB 11.2: that is what copy-algorithm is about.
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t MODIFY a bigint, ALGORITHM=COPY, LOCK=SHARED;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    let clauses = &statement.reading.clauses;
    let must_lock = clauses.algorithm.as_deref() == Some("COPY") && !(scene.is_mariadb() && scene.version >= 110_200);
    let verb = match clauses.lock.as_deref() {
        Some("SHARED") if !must_lock => "write to",
        Some("EXCLUSIVE") => "read or write",
        _ => return,
    };
    let Some(table) = altered(scene).filter(|table| !scene.is_new(table)) else { return };
    let start = statement.text.to_ascii_uppercase().rfind("LOCK").unwrap_or_default();
    let draft = found.add(&(start..statement.text.len()), format!("nobody can {verb} {table} until the statement is done")).about(&table);
    if scene.is_announced(&table) {
        draft.at_most(Level::Note);
    }
}

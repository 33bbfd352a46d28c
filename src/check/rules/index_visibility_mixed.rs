//! An index is hidden or shown together with other changes.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "index-visibility-mixed",
    level: Level::Note,
    engines: MYSQL,
    summary: "an index is hidden or shown in a statement that changes something else, too",
    why: "To hide an index from the optimizer, or to show it again, is a change of the definition that takes no time, and is meant as a trial that \
          is taken back as quickly. Together with another change it waits for that one, and may wait for a copy of the table; and who takes back \
          the one has to think of the other. A statement with ALGORITHM=INSTANT or LOCK=NONE is left alone: it keeps nobody waiting.",
    instead: "write ALTER TABLE ... ALTER INDEX ... as a statement of its own",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/invisible-indexes.html", "https://mariadb.com/kb/en/ignored-indexes/"],
    known_as: &["spirit index_visibility_mixed"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a));", "ALTER TABLE t ALTER INDEX i IGNORED, MODIFY b bigint;")
            .only(Flavor::Mariadb)
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a));", "ALTER TABLE t ALTER INDEX i INVISIBLE, MODIFY b bigint;")
            .only(Flavor::Mysql)
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE t (a int, b int, KEY i (a), KEY j (b));",
            "ALTER TABLE t ALTER INDEX i IGNORED, ALTER INDEX j NOT IGNORED, ALGORITHM=INSTANT;",
        )
        .only(Flavor::Mariadb),
        Example::mysql("CREATE TABLE t (a int, b int, KEY i (a));", "ALTER TABLE t ALTER INDEX i INVISIBLE; ALTER TABLE t MODIFY b bigint;")
            .only(Flavor::Mysql),
        Example::mysql("", "CREATE TABLE t (a int, b int, KEY i (a)); ALTER TABLE t ALTER INDEX i IGNORED, MODIFY b bigint;").only(Flavor::Mariadb),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let clauses = &scene.statement().reading.clauses;
    let is_gentle = clauses.algorithm.as_deref() == Some("INSTANT") || clauses.lock.as_deref() == Some("NONE");
    if is_gentle || scene.acts().all(|(action, _)| matches!(action, Action::IndexVisibility { .. })) {
        return;
    }
    for (action, span) in scene.acts() {
        let Action::IndexVisibility { table, index, visible } = action else { continue };
        if !scene.is_new(table) {
            let verb = if *visible { "shown" } else { "hidden" };
            found.add(span, format!("the index {index} of {table} is {verb} when all other parts of the statement are done"));
        }
    }
}

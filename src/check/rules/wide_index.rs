//! An index with many columns.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, IndexDef};
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;

/// More columns than this are seldom of use.
const MOST: usize = 3;

pub const RULE: Rule = Rule {
    code: "wide-index",
    level: Level::Note,
    engines: ALL,
    summary: "an index that is not unique has more than three columns",
    why: "A query uses the first columns of an index as far as it compares them, and of those behind the first that it does not compare with `=` \
          mostly nothing. Every further column makes the index larger and is one more reason to write to it: on PostgreSQL an UPDATE of any column \
          of any index cannot be done in place (HOT).",
    instead: "keep to the columns by which rows are really looked up, those that are compared with `=` first; on PostgreSQL INCLUDE holds what is \
              only read",
    sources: &[
        "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
        "https://dev.mysql.com/doc/refman/8.4/en/multiple-column-indexes.html",
        "https://www.sqlite.org/queryplanner.html#multi_column_indices",
    ],
    known_as: &["strong_migrations add_index_columns"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("CREATE TABLE t (a int, b int, c int, d int);", "CREATE INDEX i ON t (a, b, c, d);"),
        Example::postgres("CREATE TABLE t (a int, b int, c int, d text);", "CREATE INDEX CONCURRENTLY i ON t USING btree (a, b, c, lower(d));"),
        Example::mysql("", "CREATE TABLE t (a int PRIMARY KEY, b int, c int, d int, KEY i (a, b, c, d));").seen(Seen::Shows(
            "SELECT count(*) FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' AND index_name = 'i'",
            "4",
        )),
        Example::mysql("CREATE TABLE t (a int, b int, c int, d int);", "ALTER TABLE t ADD INDEX i (a, b, c, d);"),
    ],
    counter_examples: &[
        Example::postgres(
            "CREATE TABLE t (a int, b int, c int, d int);",
            "CREATE UNIQUE INDEX i ON t (a, b, c, d); CREATE INDEX j ON t (a, b, c) INCLUDE (d);",
        ),
        Example::postgres("CREATE TABLE t (a int, b int, c int, d int);", "CREATE INDEX i ON t USING brin (a, b, c, d);"),
        Example::mysql("CREATE TABLE t (a text, b text, c text, d text);", "CREATE FULLTEXT INDEX i ON t (a, b, c, d);"),
        Example::sqlite(
            "CREATE TABLE t (a int, b int, c int, d int); CREATE INDEX i ON t (a, b, c, d);",
            "CREATE TABLE n (a int, b int, c int, d text); INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE INDEX i \
             ON t (a, b, c, d);",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::CreateIndex(index) => judge_index(scene, index, span, found),
            Action::CreateTable(def) => def.indexes.iter().for_each(|index| judge_index(scene, index, span, found)),
            _ => {}
        }
    }
}

fn judge_index(scene: &Scene<'_>, index: &IndexDef, span: &Range<usize>, found: &mut Found<'_>) {
    // In others the order of the columns does not matter.
    let is_ordered = index.special.is_none() && index.method.as_deref().is_none_or(|method| method == "btree");
    let was_there = scene.dropped(&index.table).is_some_and(|old| old.indexes.iter().any(|it| it.name == index.name));
    if is_ordered && !index.unique && !was_there && index.columns.len() > MOST {
        let name = index.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        found.add(span, format!("the index{name} of {} has {} columns", index.table, index.columns.len()));
    }
}

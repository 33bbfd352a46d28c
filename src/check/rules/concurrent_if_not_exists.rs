//! A broken index passes for one that is there.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

/// What a build that was broken off leaves behind.
const INVALID: &str = "CREATE TABLE t (a int); CREATE INDEX i ON t (a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass;";

pub const RULE: Rule = Rule {
    code: "concurrent-if-not-exists",
    level: Level::Warning,
    engines: POSTGRES,
    summary: "CREATE INDEX CONCURRENTLY IF NOT EXISTS accepts an index that a failed build left behind",
    why: "Where CREATE INDEX CONCURRENTLY fails or is broken off, an invalid index of that name stays: it is kept up to date and no query uses it, \
          and a unique one need not hold for the rows that are there. IF NOT EXISTS asks for the name alone, so that the second run says that all \
          is well and the index stays invalid. dbtool drops what it has left behind itself, before it tries again; another runner does not.",
    instead: "drop what may be left of it first: DROP INDEX CONCURRENTLY IF EXISTS name;",
    sources: &["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[Example::postgres(INVALID, "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);")
        .seen(Seen::Shows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass", "f"))],
    counter_examples: &[
        Example::postgres(INVALID, "DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX IF NOT EXISTS i ON t (a);"),
        Example::postgres("", "CREATE TABLE t (a int); CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::CreateIndex(index) = action else { continue };
        let Some(name) = &index.name else { continue };
        if !index.concurrently || !index.if_not_exists || scene.is_new(&index.table) {
            continue;
        }
        let drops = |action: &Action| matches!(action, Action::DropIndex { index: dropped, .. } if dropped.name == *name);
        if !scene.actions_before().any(drops) {
            let dropped = scene.kind.dialect().name(&index.table.sibling(name));
            found
                .add(span, format!("an invalid {name} that a failed build left behind is taken for the index"))
                .help(format!("write before it: DROP INDEX CONCURRENTLY IF EXISTS {dropped};"));
        }
    }
}

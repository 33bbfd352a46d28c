//! What the server does concurrently stands in a transaction.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "concurrent-in-transaction",
    level: Level::Error,
    engines: POSTGRES,
    summary: "a CONCURRENTLY statement stands between BEGIN and COMMIT",
    why: "CREATE INDEX, DROP INDEX, REINDEX and DETACH PARTITION with CONCURRENTLY use several transactions of their own, and the server refuses \
          them inside another. In a script without BEGIN and COMMIT dbtool runs such a statement by itself.",
    instead: "move the statement behind COMMIT or before BEGIN",
    sources: &[
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        "https://www.postgresql.org/docs/current/sql-dropindex.html",
        "https://www.postgresql.org/docs/current/sql-reindex.html",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION",
    ],
    known_as: &["squawk ban-concurrent-index-creation-in-transaction", "Atlas PG103"],
    is_about_size: false,
    judges_down: true,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT;").seen(Seen::Fails("transaction block")),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "BEGIN; DROP INDEX CONCURRENTLY IF EXISTS i; COMMIT;")
            .seen(Seen::Fails("transaction block")),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; REINDEX (CONCURRENTLY) TABLE t; COMMIT;").seen(Seen::Fails("transaction block")),
        Example::postgres(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF t FOR VALUES IN (1);",
            "BEGIN; ALTER TABLE t DETACH PARTITION p CONCURRENTLY; COMMIT;",
        )
        .seen(Seen::Fails("transaction block")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int);", "BEGIN; ALTER TABLE t ADD COLUMN b int; COMMIT; CREATE INDEX CONCURRENTLY i ON t (b);"),
        Example::postgres(
            "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a);",
            "BEGIN; REFRESH MATERIALIZED VIEW CONCURRENTLY m; COMMIT;",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let statement = scene.statement();
    if !scene.script.is_explicit || statement.transaction.is_none() {
        return;
    }
    let is_concurrent = || scene.kind.dialect().lexemes(&statement.text).iter().any(|token| token.is_word("CONCURRENTLY"));
    let said = scene.acts().find_map(|(action, span)| match action {
        Action::CreateIndex(_) => Some(("CREATE INDEX", span)),
        Action::DropIndex { .. } => Some(("DROP INDEX", span)),
        Action::Reindex { .. } => Some(("REINDEX", span)),
        Action::DetachPartition { .. } => Some(("DETACH PARTITION", span)),
        _ => None,
    });
    if let Some((what, span)) = said.filter(|_| is_concurrent()) {
        found.add(span, format!("{what} with CONCURRENTLY cannot run in a transaction, and the server refuses it"));
    }
}

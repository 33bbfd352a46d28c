//! A server that builds indexes wrong while others write.

use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{Example, Found, POSTGRES, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "index-corruption",
    level: Level::Error,
    engines: POSTGRES,
    summary: "an index is built concurrently by PostgreSQL 14.0 to 14.3, which may leave rows out of it",
    why: "Up to 14.3 an optimization of PostgreSQL 14 makes CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY miss rows that others update \
          meanwhile. Queries that use the index do not find these rows, and a unique index lets them in twice. PostgreSQL 14.4 took the \
          optimization back.",
    instead: "update the server to 14.4 or later first, and rebuild there what it has built concurrently before",
    sources: &["https://www.postgresql.org/docs/release/14.4/"],
    known_as: &["strong_migrations add_index_corruption", "online_migrations add_index_corruption"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);").on_version(140_003).seen(Seen::Manual),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX INDEX CONCURRENTLY i;").on_version(140_000).seen(Seen::Manual),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        Example::postgres("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "REINDEX INDEX CONCURRENTLY i;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if !is_affected(scene.version) {
        return;
    }
    for (action, span) in scene.acts() {
        let what = match action {
            Action::CreateIndex(index) if index.concurrently && !scene.is_new(&index.table) => format!("an index of {}", index.table),
            Action::Reindex { what, concurrently: true } => what.clone(),
            _ => continue,
        };
        let minor = scene.version % 10_000;
        found.add(span, format!("PostgreSQL 14.{minor} builds {what} concurrently and may leave out rows that others update meanwhile"));
    }
}

/// True for a server that has the fault. Unknown is 0.
fn is_affected(version: u32) -> bool {
    (140_000..=140_003).contains(&version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_four_releases_of_14_are_affected() {
        assert!(is_affected(140_000) && is_affected(140_003));
        assert!(!is_affected(0) && !is_affected(130_007) && !is_affected(140_004) && !is_affected(150_000));
    }
}

//! A table is made without a primary key.

use super::foreign_key_without_index::at_end;
use crate::check::finding::Level;
use crate::check::read::Action;
use crate::check::rule::{ALL, Example, Found, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "missing-primary-key",
    level: Level::Note,
    engines: ALL,
    summary: "a table is made without a primary key",
    why: "Nothing keeps a row from being there twice, and nothing names one of two that are equal. dbtool finds no key by which to cut a backfill. \
          PostgreSQL refuses to UPDATE or DELETE in such a table once it is published, unless whole rows are compared (REPLICA IDENTITY FULL); a \
          replica of MySQL may read the whole table for each change, and group replication does not take a table without a key. SQLite's own rowid \
          is no substitute: a VACUUM may change it.",
    instead: "give it a primary key: a number of its own, or the columns that name a row",
    sources: &[
        "https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY",
        "https://dev.mysql.com/doc/refman/8.4/en/group-replication-requirements.html",
        "https://www.sqlite.org/lang_vacuum.html",
    ],
    known_as: &["spirit primary_key"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::sqlite("", "CREATE TABLE t (a int UNIQUE);").seen(Seen::Shows("SELECT count(*) FROM pragma_table_info('t') WHERE pk > 0", "0")),
        Example::postgres("", "CREATE TABLE t (a int NOT NULL);")
            .seen(Seen::Shows("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass", "0")),
        Example::mysql("", "CREATE TABLE t (a int, KEY i (a));"),
    ],
    counter_examples: &[
        Example::sqlite(
            "",
            "CREATE TABLE t (a integer PRIMARY KEY); CREATE TEMP TABLE u (a int); CREATE TABLE w AS SELECT * FROM t; CREATE TABLE temp.x (a int);",
        ),
        Example::sqlite("", "CREATE VIRTUAL TABLE t USING fts5(a);"),
        Example::sqlite(
            "CREATE TABLE t (a int);",
            "CREATE TABLE n (a text); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        ),
        Example::sqlite(
            "CREATE TABLE t (a int PRIMARY KEY);",
            "CREATE TABLE passing (a int); INSERT INTO passing SELECT a FROM t; DELETE FROM t; DROP TABLE passing;",
        ),
        Example::postgres(
            "",
            "CREATE TABLE t (a int, CONSTRAINT k PRIMARY KEY (a)) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE TABLE u \
             (LIKE t INCLUDING ALL);",
        ),
        Example::postgres("", "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; ALTER TABLE u ADD PRIMARY KEY (a);"),
        Example::postgres("", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int) INHERITS (t);"),
        Example::mysql("", "CREATE TABLE t (a int, PRIMARY KEY (a)); CREATE TABLE u LIKE t;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::CreateTable(def) = action else { continue };
        let Some(name) = &def.name else { continue };
        let is_passing = def.temporary || name.schema.as_deref() == Some("temp");
        if is_passing || def.from_query || def.parent.is_some() || def.like.is_some() {
            continue;
        }
        // A rebuild is not asked for what the table lacked before.
        let lacked = |own| scene.table(own).is_none_or(|facts| facts.primary_key().is_empty());
        if scene.rebuild_of(name).is_some_and(lacked) {
            continue;
        }
        if at_end(scene, name).is_some_and(|facts| facts.primary_key().is_empty()) {
            found.add(span, format!("the table {name} has no primary key"));
        }
    }
}

//! An index that is to be a hash.

use crate::check::finding::Level;
use crate::check::read::{Action, IndexDef};
use crate::check::rule::{Example, Found, Rule, SERVERS, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "hash-index",
    level: Level::Note,
    engines: SERVERS,
    summary: "an index is made with USING HASH",
    why: "PostgreSQL: a hash index answers `=` alone: no range, no order, no uniqueness, no second column; before version 10 it was not safe after \
          a crash. A btree does all of that, and `=` about as fast. MySQL and MariaDB: InnoDB has no hash indexes that one could make. It makes a \
          BTREE without a word, and SHOW CREATE TABLE goes on to say HASH.",
    instead: "leave USING out: a btree serves every kind of comparison",
    sources: &[
        "https://www.postgresql.org/docs/current/indexes-types.html#INDEXES-TYPES-HASH",
        "https://dev.mysql.com/doc/refman/8.4/en/create-index.html",
        "https://mariadb.com/kb/en/storage-engine-index-types/",
    ],
    known_as: &["online_migrations hash indexes"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::postgres("CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t USING hash (a);").seen(Seen::Shows(
            "SELECT pg_indexam_has_property(relam, 'can_unique'), pg_indexam_has_property(relam, 'can_multi_col'), \
             pg_indexam_has_property(relam, 'can_order') \
             FROM pg_class WHERE relname = 'i'",
            "f|f|f",
        )),
        Example::mysql("CREATE TABLE t (a int);", "CREATE INDEX i USING HASH ON t (a);")
            .below(110_000)
            .seen(Seen::Shows("SELECT index_type FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'i'", "BTREE")),
        Example::mysql("", "CREATE TABLE t (a int, KEY i (a) USING HASH) ENGINE=InnoDB;")
            .below(110_000)
            .seen(Seen::Shows("SELECT index_type FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'i'", "BTREE")),
    ],
    counter_examples: &[
        Example::postgres("CREATE TABLE t (a int[], hash int);", "CREATE INDEX i ON t USING gin (a); CREATE INDEX j ON t (hash);"),
        Example::mysql("CREATE TABLE t (a int) ENGINE=MEMORY;", "CREATE INDEX i USING HASH ON t (a);"),
        Example::mysql("", "CREATE TABLE t (a int, KEY i USING BTREE (a));"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        match action {
            Action::CreateIndex(index) if is_hash(index) => {
                let facts = scene.table(&index.table).filter(|facts| !facts.columns.is_empty());
                if scene.kind == Kind::Postgres {
                    found.add(span, format!("the index {} answers = and nothing else", name(index)));
                } else if facts.is_some_and(|facts| is_innodb(&facts.options)) {
                    found.add(span, message(index));
                }
            }
            Action::CreateTable(def) if is_innodb(&def.options) => {
                for index in def.indexes.iter().filter(|index| is_hash(index)) {
                    found.add(span, message(index));
                }
            }
            _ => {}
        }
    }
}

fn is_hash(index: &IndexDef) -> bool {
    index.method.as_deref() == Some("hash")
}

fn message(index: &IndexDef) -> String {
    format!("the index {} becomes a BTREE: InnoDB makes no hash indexes", name(index))
}

fn name(index: &IndexDef) -> String {
    index.name.clone().unwrap_or_else(|| format!("of {}", index.table))
}

/// InnoDB is what a table has that does not say.
fn is_innodb(options: &[(String, String)]) -> bool {
    let engine = options.iter().find(|(key, _)| key == "ENGINE");
    engine.is_none_or(|(_, engine)| engine.trim_matches(['\'', '"', '`']).eq_ignore_ascii_case("innodb"))
}

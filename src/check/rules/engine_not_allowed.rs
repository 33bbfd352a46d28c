//! A table is kept by a storage engine that the project does not want.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "engine-not-allowed",
    level: Level::Warning,
    engines: MYSQL,
    summary: "a storage engine that is not among those that `[check] engines` allows",
    why: "InnoDB is the engine with transactions, foreign keys and recovery after a crash; it alone is allowed unless dbtool.toml names others. A \
          table of MyISAM keeps what a transaction that is rolled back has written, ignores foreign keys, and is locked as a whole by each write; \
          one of MEMORY is empty after a restart.",
    instead: "write ENGINE=InnoDB, or leave it out; an engine that is meant: engines = [\"innodb\", \"...\"] under [check] in dbtool.toml",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/storage-engines.html", "https://mariadb.com/kb/en/choosing-the-right-storage-engine/"],
    known_as: &["spirit allow_engine"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("", "CREATE TABLE t (a int) ENGINE=MyISAM; BEGIN; INSERT INTO t VALUES (1); ROLLBACK;")
            .seen(Seen::Shows("SELECT count(*) FROM t", "1")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ENGINE = MEMORY;"),
    ],
    counter_examples: &[
        Example::mysql("", "CREATE TABLE t (a int) ENGINE=InnoDB; ALTER TABLE t ENGINE='innodb';"),
        Example::mysql("", "CREATE TABLE t (engine int);"),
        Example::mysql("", "CREATE TEMPORARY TABLE t (a int) ENGINE=MEMORY;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, _) in scene.acts() {
        match action {
            // A temporary table is nobody else's.
            Action::CreateTable(def) if !def.temporary => {
                let Some(table) = &def.name else { continue };
                let engines = def.options.iter().filter(|(key, _)| key == "ENGINE");
                engines.for_each(|(_, engine)| judge_engine(scene, table, engine, found));
            }
            Action::TableOption { table, key, value } if key == "ENGINE" => judge_engine(scene, table, value, found),
            _ => {}
        }
    }
}

fn judge_engine(scene: &Scene<'_>, table: &Name, engine: &str, found: &mut Found<'_>) {
    let engine = engine.trim_matches(['\'', '"', '`']);
    let allowed = &scene.settings.engines;
    if engine.is_empty() || allowed.iter().any(|it| it.eq_ignore_ascii_case(engine)) {
        return;
    }
    found.add(&place(scene), format!("{table} is kept by {engine}; allowed is {}", allowed.join(", ")));
}

/// Where the engine is said: outside of the brackets of the columns.
fn place(scene: &Scene<'_>) -> Range<usize> {
    let text = &scene.statement().text;
    let mut cursor = Cursor::new(scene.kind, text);
    cursor.until(&["ENGINE"]);
    let start = cursor.peek().map_or(0, |token| token.start);
    cursor.eat(&["ENGINE"]);
    cursor.eat(&["="]);
    start..cursor.peek().map_or(text.len(), |token| token.end())
}

//! The values of an enumeration change in a way for which the table is copied.

use crate::check::finding::Level;
use crate::check::read::{Action, Cursor};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::dialect::Kind;

pub const RULE: Rule = Rule {
    code: "enum-list-change",
    level: Level::Warning,
    engines: MYSQL,
    summary: "the values of an ENUM or SET column are not only appended to",
    why: "A row holds the number of its value. Where values are appended the numbers stay, and the change is one of the table's definition alone. \
          Where one is taken out, moved or put in between, every row is copied into a new table, and so it is where the number needs another byte: \
          with more than 255 values of an ENUM, and with each eight of a SET. While it is copied nobody can write, except on MariaDB from 11.2 on. \
          A row with a value that is gone fails the statement in strict mode; in another mode it gets an empty text.",
    instead: "put new values behind those that are there; before a value goes, give the rows that have it another one",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
        "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/",
    ],
    known_as: &["Atlas MY110", "Atlas MY111", "Atlas MY112", "Atlas MY113", "Atlas MY120", "Atlas MY121", "Atlas MY122", "Atlas MY123"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (e enum('a','c') NOT NULL);", "ALTER TABLE t MODIFY e enum('a','b','c') NOT NULL;")
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE t (e enum('a','b'));", "ALTER TABLE t CHANGE e f enum('a');").seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql(
            "CREATE TABLE t (e enum('a','b')); INSERT INTO t VALUES ('b');",
            "SET SESSION sql_mode = ''; ALTER TABLE t MODIFY e enum('a');",
        )
        .only(Flavor::Mariadb)
        .seen(Seen::Shows("SELECT e = '' FROM t", "1")),
        Example::mysql(
            "CREATE TABLE t (s set('a','b','c','d','e','f','g','h'));",
            "ALTER TABLE t MODIFY s set('a','b','c','d','e','f','g','h','i');",
        )
        .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (e enum('a','b'));", "ALTER TABLE t MODIFY e enum('a','b','c') NULL DEFAULT 'c';"),
        Example::mysql("CREATE TABLE t (s set('a','b','c','d','e','f','g'));", "ALTER TABLE t MODIFY s set('a','b','c','d','e','f','g','h');"),
        Example::mysql("CREATE TABLE t (e enum('a','b'));", "ALTER TABLE t MODIFY e varchar(10);"),
        Example::mysql("", "CREATE TABLE t (e enum('a','b')); ALTER TABLE t MODIFY e enum('b');"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Redefine { table, from, column } = action else { continue };
        let known = scene.table(table).and_then(|facts| facts.column(from));
        let (Some((word, old)), Some((new_word, new))) = (known.and_then(|known| values(&known.ty)), values(&column.ty)) else { continue };
        if word != new_word || scene.is_new(table) {
            continue;
        }
        let lost: Vec<&str> = old.iter().filter(|value| !new.contains(value)).map(String::as_str).collect();
        let wait = if scene.is_mariadb() && scene.version >= 110_200 { "" } else { ", and nobody can write meanwhile" };
        let message = if !lost.is_empty() {
            format!("{table}.{from} loses {}: rows that have it fail the statement, and every row is copied{wait}", lost.join(", "))
        } else if !new.starts_with(&old) {
            format!("values of {table}.{from} get other numbers: every row is copied{wait}")
        } else if bytes(word, new.len()) > bytes(word, old.len()) {
            format!("with {} values {table}.{from} needs another byte: every row is copied{wait}", new.len())
        } else {
            continue;
        };
        let draft = found.add(span, message).about(table);
        if scene.is_announced(table) && (lost.is_empty() || scene.looks_at(table)) {
            draft.at_most(Level::Note);
        }
    }
}

/// ENUM or SET, and the values of the list.
fn values(ty: &str) -> Option<(&'static str, Vec<String>)> {
    let mut cursor = Cursor::new(Kind::Mysql, ty);
    let word = cursor.eat_one(&["ENUM", "SET"])?;
    let values = cursor.brackets()?.parts().into_iter().map(|mut value| value.rest().replace('"', "'"));
    Some((word, values.collect()))
}

/// How many bytes the server keeps a value in.
fn bytes(word: &str, values: usize) -> usize {
    match (word, values.div_ceil(8)) {
        ("ENUM", _) => 1 + usize::from(values > 255),
        (_, bytes @ 0..=4) => bytes,
        _ => 8,
    }
}

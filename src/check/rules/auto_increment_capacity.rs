//! AUTO_INCREMENT with few numbers.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "auto-increment-capacity",
    level: Level::Note,
    engines: MYSQL,
    summary: "AUTO_INCREMENT on a small type, or one whose numbers begin near their end",
    why: "When the numbers of the type are used up every INSERT fails, and a wider type has to be given to the column and to all that point at it. \
          Rows that are deleted and inserts that fail use up numbers, too. A TINYINT ends at 127, a SMALLINT at 32767, a MEDIUMINT at 8388607; \
          twice as high where it is UNSIGNED.",
    instead: "write BIGINT",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/integer-types.html", "https://mariadb.com/kb/en/auto_increment/"],
    known_as: &["spirit auto_inc_capacity"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql(
            "",
            "CREATE TABLE t (id tinyint AUTO_INCREMENT PRIMARY KEY, a int); INSERT INTO t VALUES (127, 1); INSERT INTO t (a) VALUES (2);",
        )
        .only(Flavor::Mariadb)
        .seen(Seen::Fails("out of range value")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY;"),
        Example::mysql("", "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=2000000000; INSERT INTO t VALUES (NULL);")
            .seen(Seen::Shows("SELECT id FROM t", "2000000000")),
        Example::mysql("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);", "ALTER TABLE t AUTO_INCREMENT = 2000000000;"),
    ],
    counter_examples: &[
        Example::mysql("", "CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, kind tinyint) AUTO_INCREMENT=2000000000;"),
        Example::mysql("", "CREATE TABLE t (id int unsigned AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=2000000000;"),
        Example::mysql("CREATE TABLE t (id mediumint AUTO_INCREMENT PRIMARY KEY);", "ALTER TABLE t MODIFY id mediumint AUTO_INCREMENT COMMENT 'x';"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let message = match action {
            Action::CreateTable(def) if !def.temporary => {
                let (Some(table), Some(column)) = (&def.name, def.columns.iter().find(|column| column.identity)) else { continue };
                let start = def.options.iter().find(|(key, _)| key == "AUTO_INCREMENT").map(|(_, value)| value.as_str());
                small(table, column).or_else(|| late(table, column, start?))
            }
            Action::AddColumn { table, column, .. } => small(table, column),
            Action::Redefine { table, from, column } => {
                let known = scene.table(table).and_then(|facts| facts.column(from));
                let is_as_before = known.is_some_and(|known| known.identity && known.ty == column.ty);
                small(table, column).filter(|_| !is_as_before)
            }
            Action::TableOption { table, key, value } if key == "AUTO_INCREMENT" => {
                let column = scene.table(table).and_then(|facts| facts.columns.iter().find(|column| column.identity));
                column.and_then(|column| late(table, column, value))
            }
            _ => None,
        };
        if let Some(message) = message {
            found.add(span, message);
        }
    }
}

fn small(table: &Name, column: &ColumnDef) -> Option<String> {
    let is_small = ["tinyint", "smallint", "mediumint"].iter().any(|ty| column.ty.starts_with(ty));
    let message = format!("{table}.{} has numbers up to {} only", column.name, last(&column.ty)?);
    (column.identity && is_small).then_some(message)
}

/// More than four fifths of the numbers are left out.
fn late(table: &Name, column: &ColumnDef, start: &str) -> Option<String> {
    let (start, last) = (start.parse::<u64>().ok()?, last(&column.ty)?);
    let message = format!("the numbers of {table}.{} begin at {start}, and end at {last}", column.name);
    (start > last / 5 * 4).then_some(message)
}

/// The last number of a type.
fn last(ty: &str) -> Option<u64> {
    let bits = match ty.split(['(', ' ']).next()? {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" | "integer" => 32,
        "bigint" => 64,
        _ => return None,
    };
    let signed = (1_u64 << (bits - 1)) - 1;
    Some(if ty.contains("unsigned") { signed * 2 + 1 } else { signed })
}

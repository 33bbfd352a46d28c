//! MODIFY and CHANGE that leave something out which the column has.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "modify-drops-attributes",
    level: Level::Warning,
    engines: MYSQL,
    summary: "MODIFY or CHANGE leaves out a default, a comment or the like that the column has",
    why: "MODIFY and CHANGE say anew what a column is. What they do not say is gone, without a warning: the default, the comment, the collation, \
          AUTO_INCREMENT, ON UPDATE, the expression it is generated from. A statement that drops one of them and does nothing else is taken as \
          meant so.",
    instead: "write the whole definition of the column; SHOW CREATE TABLE tells it",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-redefine-column",
        "https://mariadb.com/kb/en/alter-table/#modify-column",
    ],
    known_as: &[],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int NOT NULL DEFAULT 3 COMMENT 'x');", "ALTER TABLE t MODIFY a bigint NOT NULL;").seen(Seen::Shows(
            "SELECT column_default IS NULL, column_comment = '' FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't'",
            "1|1",
        )),
        Example::mysql("CREATE TABLE t (s varchar(10) COLLATE utf8mb4_bin) DEFAULT CHARSET=utf8mb4;", "ALTER TABLE t CHANGE s s varchar(20);").seen(
            Seen::Shows(
                "SELECT collation_name = 'utf8mb4_bin' FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't'",
                "0",
            ),
        ),
        Example::mysql("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);", "ALTER TABLE t MODIFY id bigint;")
            .seen(Seen::Shows("SELECT extra = '' FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't'", "1")),
        Example::mysql("CREATE TABLE t (a int, g int AS (a + 1) STORED);", "ALTER TABLE t MODIFY g bigint;").only(Flavor::Mariadb).seen(Seen::Shows(
            "SELECT is_generated FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'g'",
            "NEVER",
        )),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE t (a int NOT NULL DEFAULT 3 COMMENT 'x');", "ALTER TABLE t MODIFY a bigint NOT NULL DEFAULT 4 COMMENT 'y';"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD b int NOT NULL DEFAULT 0; ALTER TABLE t MODIFY b bigint NOT NULL;"),
        Example::mysql("CREATE TABLE t (a int NOT NULL DEFAULT 3 COMMENT 'x');", "ALTER TABLE t MODIFY a int NOT NULL COMMENT 'x';"),
        Example::mysql("CREATE TABLE t (s varchar(10) COLLATE utf8mb4_bin) DEFAULT CHARSET=utf8mb4;", "ALTER TABLE t MODIFY s int;"),
        Example::mysql("CREATE TABLE t (s varchar(10) CHARSET utf8mb4) DEFAULT CHARSET=utf8mb4;", "ALTER TABLE t MODIFY s varchar(20);"),
        Example::mysql("CREATE TABLE t (a int NOT NULL);", "ALTER TABLE t MODIFY a int;"),
    ],
};

/// Something that a column can have: what it is called, what it was, and what it is.
type Attribute<'a> = (&'static str, Option<&'a str>, Option<&'a str>);

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    for (action, span) in scene.acts() {
        let Action::Redefine { table, from, column } = action else { continue };
        let Some(facts) = scene.table(table) else { continue };
        let Some(known) = facts.column(from) else { continue };
        // Who has written all of the column in this script knows what it has.
        let is_own = scene.actions_before().any(|before| match before {
            Action::AddColumn { table: other, column, .. } | Action::Redefine { table: other, column, .. } => {
                scene.catalog.is_same(other, table) && column.name.eq_ignore_ascii_case(from)
            }
            _ => false,
        });
        if is_own || scene.is_new(table) {
            continue;
        }
        let of_table = |key: &str| facts.options.iter().find(|(option, _)| option == key).map(|(_, value)| value.as_str());
        let attributes = attributes(known, column, of_table("COLLATE"), of_table("CHARSET"));
        let lost: Vec<&str> = attributes.iter().filter(|(_, was, is)| was.is_some() && is.is_none()).map(|(name, ..)| *name).collect();
        let changes = |(_, was, is): &Attribute<'_>| is.is_some() && was != is;
        let is_same =
            known.ty == column.ty && known.not_null == column.not_null && known.name.eq_ignore_ascii_case(&column.name) && !column.is_placed;
        let is_meant = lost.len() == 1 && is_same && !attributes.iter().any(changes);
        if !lost.is_empty() && !is_meant {
            found.add(span, format!("{table}.{from} loses its {}: the statement does not say it again", lost.join(", ")));
        }
    }
}

fn attributes<'a>(known: &'a ColumnDef, column: &'a ColumnDef, collation: Option<&str>, charset: Option<&str>) -> Vec<Attribute<'a>> {
    let yes = |is: bool| is.then_some("");
    let is_date = column.ty.starts_with("datetime") || column.ty.starts_with("timestamp");
    let is_text = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"].iter().any(|word| column.ty.starts_with(word));
    // What the table has is what the column gets.
    let other = |own: Option<&'a str>, of_table: Option<&str>| own.filter(|own| of_table.is_none_or(|it| !own.eq_ignore_ascii_case(it)));
    let moves = column.charset.as_deref().is_some_and(|charset| known.collation.as_deref().is_some_and(|collation| !collation.starts_with(charset)));
    let mut found = vec![("comment", known.comment.as_deref(), column.comment.as_deref())];
    if is_text && !moves {
        found.push(("collation", other(known.collation.as_deref(), collation), column.collation.as_deref()));
    }
    if is_text && column.collation.is_none() {
        found.push(("character set", other(known.charset.as_deref(), charset), column.charset.as_deref()));
    }
    found.push(("generating expression", yes(known.generated.is_some()), yes(column.generated.is_some())));
    // What is generated can have none of these.
    if column.generated.is_none() {
        found.push(("AUTO_INCREMENT", yes(known.identity), yes(column.identity)));
        if !column.identity {
            found.push(("default", known.default.as_deref(), column.default.as_deref()));
        }
        if is_date {
            found.push(("ON UPDATE", known.on_update.as_deref(), column.on_update.as_deref()));
        }
    }
    found
}

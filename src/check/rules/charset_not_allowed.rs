//! A table or a column has a character set that the project does not want.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "charset-not-allowed",
    level: Level::Warning,
    engines: MYSQL,
    summary: "a character set that is not among those that `[check] charsets` allows",
    why: "utf8mb4 holds every character; it alone is allowed unless dbtool.toml names others (and `binary`, which is none). `utf8` is utf8mb3: \
          three bytes to a character, so an emoji and rare Chinese characters are refused in strict mode and damaged otherwise. Where two columns \
          of different character sets are compared one is converted, and its index may be of no use.",
    instead: "write utf8mb4, or leave it out; one that is meant: charsets = [\"utf8mb4\", \"...\"] under [check] in dbtool.toml",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/charset-unicode-utf8mb3.html", "https://mariadb.com/kb/en/unicode/"],
    known_as: &["spirit allow_charset"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("", "CREATE TABLE t (a varchar(10)) DEFAULT CHARSET=utf8; INSERT INTO t VALUES (_utf8mb4 x'F09F9880');")
            .only(Flavor::Mariadb)
            .seen(Seen::Fails("incorrect string value")),
        Example::mysql("", "CREATE TABLE t (a varchar(10) CHARACTER SET latin1);").seen(Seen::Shows(
            "SELECT character_set_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't'",
            "latin1",
        )),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b text COLLATE latin1_bin;"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t CONVERT TO CHARACTER SET latin1;"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t DEFAULT CHARACTER SET = latin1, COLLATE = latin1_bin;"),
    ],
    counter_examples: &[
        Example::mysql(
            "",
            "CREATE TABLE t (a varchar(10) CHARACTER SET binary, b char(4) COLLATE utf8mb4_bin) DEFAULT CHARSET=UTF8MB4 COLLATE=utf8mb4_general_ci;",
        ),
        Example::mysql("CREATE TABLE t (a varchar(9));", "ALTER TABLE t CONVERT TO CHARACTER SET 'utf8mb4'; ALTER TABLE t MODIFY a varchar(20);"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    // The two options of an ALTER TABLE say the same thing once.
    let mut said: Option<String> = None;
    for (action, span) in scene.acts() {
        match action {
            Action::CreateTable(def) => {
                let Some(table) = &def.name else { continue };
                let option = |key: &str| def.options.iter().find(|(option, _)| option == key).map(|(_, value)| value.as_str());
                judge_charset(scene, &table.to_string(), charset(option("CHARSET"), option("COLLATE")), &head(scene, def.columns.first()), found);
                def.columns.iter().for_each(|column| judge_column(scene, &table.to_string(), column, found));
            }
            Action::AddColumn { table, column, .. } | Action::Redefine { table, column, .. } => {
                judge_column(scene, &table.to_string(), column, found)
            }
            Action::ConvertCharset { table, charset: name } => judge_charset(scene, &table.to_string(), charset(Some(name), None), span, found),
            Action::TableOption { table, key, value } => {
                let name = match key.as_str() {
                    "CHARSET" => charset(Some(value), None),
                    "COLLATE" => charset(None, Some(value)),
                    _ => continue,
                };
                if name != said {
                    said.clone_from(&name);
                    judge_charset(scene, &table.to_string(), name, span, found);
                }
            }
            _ => {}
        }
    }
}

/// The statement up to its first column: the option itself stands somewhere behind the last.
fn head(scene: &Scene<'_>, first: Option<&ColumnDef>) -> Range<usize> {
    0..first.map_or(scene.statement().text.len(), |column| column.span.start)
}

fn judge_column(scene: &Scene<'_>, table: &str, column: &ColumnDef, found: &mut Found<'_>) {
    let name = charset(column.charset.as_deref(), column.collation.as_deref());
    judge_charset(scene, &format!("{table}.{}", column.name), name, &column.span, found);
}

fn judge_charset(scene: &Scene<'_>, what: &str, name: Option<String>, span: &Range<usize>, found: &mut Found<'_>) {
    let allowed = &scene.settings.charsets;
    let Some(name) = name.filter(|name| name != "binary" && name != "default" && !allowed.contains(name)) else { return };
    let is = if name == "utf8" { "utf8, which is utf8mb3 with three bytes to a character".to_owned() } else { name };
    found.add(span, format!("{what} has the character set {is}; allowed is {}", allowed.join(", ")));
}

/// The character set that is named, or that of the collation. MariaDB's `uca1400_ai_ci` is one of whatever character set the text has.
fn charset(charset: Option<&str>, collation: Option<&str>) -> Option<String> {
    let name = |text: &str| text.trim_matches(['\'', '"', '`']).to_lowercase();
    let of_collation = || name(collation?).split('_').next().filter(|prefix| !prefix.starts_with("uca")).map(str::to_owned);
    charset.map(name).filter(|name| !name.is_empty()).or_else(of_collation)
}

//! REFERENCES behind a column that the server reads and forgets.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "inline-references-ignored",
    level: Level::Error,
    engines: MYSQL,
    summary: "REFERENCES behind a column, which this server ignores",
    why: "MySQL before 9.0 and MariaDB before 10.5 read REFERENCES in the definition of a column and do nothing: no foreign key is made, no warning \
          is given, and rows that point nowhere are taken. Newer servers make the key, so the same script gives two schemas.",
    instead: "write the key as a part of its own: FOREIGN KEY (column) REFERENCES parent (id)",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html", "https://mariadb.com/kb/en/foreign-keys/"],
    known_as: &["Atlas MY102"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN p_id int REFERENCES p (id);")
            .only(Flavor::Mysql)
            .seen(Seen::Manual),
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (a int, p_id int REFERENCES p (id) ON DELETE CASCADE);")
            .only(Flavor::Mysql)
            .seen(Seen::Manual),
    ],
    counter_examples: &[
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (p_id int REFERENCES p (id));").only(Flavor::Mariadb),
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (p_id int, FOREIGN KEY (p_id) REFERENCES p (id));")
            .only(Flavor::Mysql),
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int);", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);")
            .only(Flavor::Mysql),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    // Where the version is not known nothing is said.
    let ignores = scene.is_mysql() && (1..90_000).contains(&scene.version) || scene.is_mariadb() && scene.version < 100_500;
    if !ignores {
        return;
    }
    for (action, _) in scene.acts() {
        match action {
            Action::AddColumn { table, column, .. } => judge_column(table, column, "ADD ", found),
            Action::CreateTable(def) => {
                let Some(table) = &def.name else { continue };
                def.columns.iter().for_each(|column| judge_column(table, column, "", found));
            }
            _ => {}
        }
    }
}

fn judge_column(table: &Name, column: &ColumnDef, verb: &str, found: &mut Found<'_>) {
    let Some(reference) = &column.references else { return };
    let parent = &reference.table;
    let columns = if reference.columns.is_empty() { "its key".to_owned() } else { reference.columns.join(", ") };
    found
        .add(&column.span, format!("{table}.{} gets no foreign key: the server ignores REFERENCES here", column.name))
        .help(format!("write the key as a part of its own: {verb}FOREIGN KEY ({}) REFERENCES {parent} ({columns})", column.name));
}

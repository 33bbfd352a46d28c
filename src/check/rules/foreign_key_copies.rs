//! A foreign key for which the table is copied.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "foreign-key-copies",
    level: Level::Warning,
    engines: MYSQL,
    summary: "a foreign key is added and the table copied for it",
    why: "With `foreign_key_checks` on the server knows only one way to add a foreign key to a table that is there: it copies every row into a new \
          table and checks it on the way. Nobody can write to the table meanwhile, except on MariaDB from 11.2 on. With `foreign_key_checks` off it \
          adds the key in place while others write, but then no row that is there is checked.",
    instead: "on a large table look for rows that point nowhere, add it with foreign_key_checks = 0, ALGORITHM=INPLACE, LOCK=NONE, and look again",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-foreign-key-operations",
        "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/",
    ],
    known_as: &["strong_migrations add_foreign_key_mysql", "online_migrations add_foreign_key"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a));",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id);",
        )
        .seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN p_id int REFERENCES p (id);")
            .seen(Seen::Refuses("ALGORITHM=INPLACE"))
            .only(Flavor::Mariadb),
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a));",
            "SET foreign_key_checks = 0; SET foreign_key_checks = 1; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);",
        )
        .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::mysql(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a));",
            "SET SESSION foreign_key_checks = OFF; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id), LOCK=NONE; SET foreign_key_checks = ON;",
        ),
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);"),
        Example::mysql("CREATE TABLE p (id int PRIMARY KEY);", "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id));"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    // The server refuses the statement where it names a way without a copy.
    let refuses = matches!(scene.statement().reading.clauses.algorithm.as_deref(), Some("INPLACE" | "NOCOPY" | "INSTANT"));
    if refuses || checks_are_off(scene) {
        return;
    }
    let reads_inline = scene.is_mariadb() && scene.version >= 100_500 || scene.is_mysql() && scene.version >= 90_000;
    for (action, span) in scene.acts() {
        let table = match action {
            Action::AddConstraint { table, constraint } if matches!(constraint.kind, ConstraintKind::ForeignKey { .. }) => table,
            Action::AddColumn { table, column, .. } if reads_inline && column.references.is_some() => table,
            _ => continue,
        };
        if scene.is_new(table) {
            continue;
        }
        let wait = if scene.is_mariadb() && scene.version >= 110_200 { "" } else { ", and nobody can write meanwhile" };
        let draft = found.add(span, format!("every row of {table} is copied for the foreign key{wait}")).about(table);
        if scene.is_announced(table) {
            draft.at_most(Level::Note);
        }
    }
}

/// True where the last SET of `foreign_key_checks` before the statement switches them off.
fn checks_are_off(scene: &Scene<'_>) -> bool {
    let set = scene.actions_before().filter_map(|action| match action {
        Action::Set { variable, value, global: false, .. } if variable == "foreign_key_checks" => Some(value.to_lowercase()),
        _ => None,
    });
    set.last().is_some_and(|value| matches!(value.as_str(), "0" | "off" | "false"))
}

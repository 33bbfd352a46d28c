//! A check for which the table is copied.

use crate::check::finding::Level;
use crate::check::read::{Action, ConstraintKind};
use crate::check::rule::{Example, Flavor, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;

pub const RULE: Rule = Rule {
    code: "check-copies",
    level: Level::Warning,
    engines: MYSQL,
    summary: "a CHECK is added and the table copied for it",
    why: "Both servers know only one way to add a check that holds to a table that is there: every row is copied into a new table and checked on \
          the way. Nobody can write to the table meanwhile, except on MariaDB from 11.2 on. MySQL does so for a new column with a check, too; \
          MariaDB adds such a column at once. A check that is NOT ENFORCED (MySQL) is copied for when it is made to hold.",
    instead: "run it while few people write, and say that it is slow: -- dbtool: slow table=NAME \"copies every row into a new table\"",
    sources: &[
        "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html",
        "https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/",
    ],
    known_as: &["strong_migrations add_check_constraint_mysql"],
    is_about_size: true,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);").seen(Seen::Refuses("ALGORITHM=INPLACE")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int CHECK (b > 0);")
            .only(Flavor::Mysql)
            .seen(Seen::Refuses("ALGORITHM=INPLACE")),
    ],
    counter_examples: &[
        Example::mysql("", "CREATE TABLE t (a int, CHECK (a > 0)); ALTER TABLE t ADD CONSTRAINT c CHECK (a < 9);"),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN b int CHECK (b > 0), ALGORITHM=INSTANT;").only(Flavor::Mariadb),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED;").only(Flavor::Mysql),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    // The server refuses the statement where it names a way without a copy.
    if matches!(scene.statement().reading.clauses.algorithm.as_deref(), Some("INPLACE" | "NOCOPY" | "INSTANT")) {
        return;
    }
    for (action, span) in scene.acts() {
        let table = match action {
            Action::AddConstraint { table, constraint } if matches!(constraint.kind, ConstraintKind::Check { .. }) && !constraint.not_enforced => {
                table
            }
            Action::AddColumn { table, column, .. } if column.check && scene.is_mysql() && scene.version > 0 => table,
            _ => continue,
        };
        if scene.is_new(table) {
            continue;
        }
        let wait = if scene.is_mariadb() && scene.version >= 110_200 { "" } else { ", and nobody can write meanwhile" };
        let draft = found.add(span, format!("every row of {table} is copied for the check{wait}")).about(table);
        draft.help(format!(
            "run it while few people write, and say that it is slow: -- dbtool: slow table={table} \"copies every row into a new table{}\"",
            wait.replace("nobody can", "nobody else can")
        ));
        if scene.is_announced(table) {
            draft.at_most(Level::Note);
        }
    }
}

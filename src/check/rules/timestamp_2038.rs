//! A column whose time ends in 2038.

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "timestamp-2038",
    level: Level::Note,
    engines: MYSQL,
    summary: "a TIMESTAMP column, which ends on 19 January 2038",
    why: "A TIMESTAMP is kept as seconds in four bytes, and the last that it can hold is 2038-01-19 03:14:07 UTC. A date beyond it, such as the end \
          of a contract, is refused in strict mode. MariaDB from 11.5 on reaches to 2106 on 64-bit systems. A DATETIME reaches to 9999, and says \
          nothing of a time zone.",
    instead: "write DATETIME, and keep UTC in it",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/datetime.html", "https://mariadb.com/kb/en/timestamp/"],
    known_as: &["spirit has_timestamp"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql("", "CREATE TABLE t (seen timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP); INSERT INTO t VALUES ('2038-01-20 00:00:00');")
            .below(110_500)
            .seen(Seen::Fails("incorrect datetime value")),
        Example::mysql("CREATE TABLE t (a int);", "ALTER TABLE t ADD COLUMN seen timestamp(6) NULL;"),
    ],
    counter_examples: &[
        Example::mysql("", "CREATE TABLE t (seen datetime NOT NULL DEFAULT CURRENT_TIMESTAMP);"),
        Example::mysql("CREATE TABLE t (seen timestamp NULL);", "ALTER TABLE t MODIFY seen timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP;"),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    if scene.is_mariadb() && scene.version >= 110_500 {
        return;
    }
    for (action, _) in scene.acts() {
        match action {
            Action::CreateTable(def) => {
                let Some(table) = &def.name else { continue };
                def.columns.iter().for_each(|column| judge_column(table, column, found));
            }
            Action::AddColumn { table, column, .. } => judge_column(table, column, found),
            Action::Redefine { table, from, column } => {
                let known = scene.table(table).and_then(|facts| facts.column(from));
                if !known.is_some_and(is_timestamp) {
                    judge_column(table, column, found);
                }
            }
            _ => {}
        }
    }
}

fn judge_column(table: &Name, column: &ColumnDef, found: &mut Found<'_>) {
    if is_timestamp(column) {
        found.add(&column.span, format!("{table}.{} cannot hold a time behind 2038-01-19", column.name));
    }
}

/// MariaDB's columns of a system versioned table are generated, and of no other type.
fn is_timestamp(column: &ColumnDef) -> bool {
    column.ty.starts_with("timestamp") && column.generated.is_none()
}

//! A default that is no date.

use std::ops::Range;

use crate::check::finding::Level;
use crate::check::read::{Action, ColumnDef};
use crate::check::rule::{Example, Found, MYSQL, Rule, Seen};
use crate::check::scene::Scene;
use crate::model::Name;

pub const RULE: Rule = Rule {
    code: "zero-date",
    level: Level::Warning,
    engines: MYSQL,
    summary: "the default of a date is '0000-00-00'",
    why: "A server in strict mode with NO_ZERO_DATE, as MySQL has it by default, refuses the statement. Where it is taken, each later statement \
          that copies the table is refused by such a server, and a dump cannot be read there. Many drivers cannot read the value.",
    instead: "leave the column nullable without a default, or write DEFAULT CURRENT_TIMESTAMP",
    sources: &["https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sqlmode_no_zero_date", "https://mariadb.com/kb/en/sql-mode/"],
    known_as: &["spirit zero_date"],
    is_about_size: false,
    judges_down: false,
    judge,
    examples: &[
        Example::mysql(
            "",
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE'; CREATE TABLE t (d datetime NOT NULL DEFAULT '0000-00-00 00:00:00');",
        )
        .seen(Seen::Fails("invalid default value")),
        Example::mysql(
            "CREATE TABLE t (a int);",
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE'; ALTER TABLE t ADD COLUMN d date DEFAULT 0;",
        )
        .seen(Seen::Fails("invalid default value")),
        Example::mysql(
            "CREATE TABLE t (d date);",
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE'; ALTER TABLE t ALTER d SET DEFAULT '0000-00-00';",
        )
        .seen(Seen::Fails("invalid default value")),
    ],
    counter_examples: &[
        Example::mysql(
            "",
            "CREATE TABLE t (d datetime NOT NULL DEFAULT '2000-01-01 00:00:00', s varchar(20) DEFAULT '0000-00-00', n int DEFAULT 0);",
        ),
        // The script has taken care that the server does not mind.
        Example::mysql(
            "",
            "SET @dbtool_sql_mode = @@sql_mode, SESSION sql_mode = REPLACE(REPLACE(@@sql_mode, 'NO_ZERO_IN_DATE', ''), 'NO_ZERO_DATE', ''); \
             CREATE TABLE t (d datetime NOT NULL DEFAULT '0000-00-00 00:00:00'); SET SESSION sql_mode = @dbtool_sql_mode;",
        ),
        Example::mysql(
            "SET SESSION sql_mode = ''; CREATE TABLE t (d date NOT NULL DEFAULT '0000-00-00');",
            "SET SESSION sql_mode = ''; ALTER TABLE t MODIFY d date NOT NULL DEFAULT '0000-00-00' COMMENT 'x';",
        ),
    ],
};

fn judge(scene: &Scene<'_>, found: &mut Found<'_>) {
    let modes = scene.actions_before().filter_map(|action| match action {
        Action::Set { variable, value, global: false, .. } if variable == "sql_mode" => Some(value.to_uppercase()),
        _ => None,
    });
    if modes.last().is_some_and(|mode| mode.contains("REPLACE") && mode.contains("NO_ZERO_DATE")) {
        return;
    }
    for (action, span) in scene.acts() {
        match action {
            Action::CreateTable(def) => {
                let Some(table) = &def.name else { continue };
                def.columns.iter().for_each(|column| judge_column(table, column, &column.span, found));
            }
            Action::AddColumn { table, column, .. } => judge_column(table, column, span, found),
            Action::Redefine { table, from, column } => {
                let known = scene.table(table).and_then(|facts| facts.column(from));
                // MODIFY says again what is there.
                if known.is_none_or(|known| known.default != column.default) {
                    judge_column(table, column, span, found);
                }
            }
            Action::SetDefault { table, column, expr } => {
                let known = scene.table(table).and_then(|facts| facts.column(column));
                let column = ColumnDef { default: Some(expr.clone()), ..known.cloned().unwrap_or_default() };
                judge_column(table, &column, span, found);
            }
            _ => {}
        }
    }
}

fn judge_column(table: &Name, column: &ColumnDef, span: &Range<usize>, found: &mut Found<'_>) {
    let Some(default) = &column.default else { return };
    let is_date = column.ty.starts_with("date") || column.ty.starts_with("timestamp");
    let text = default.trim_matches(['\'', '"']);
    if is_date && (text.starts_with("0000-00-00") || text == "0") {
        found.add(span, format!("the default of {table}.{} is no date, and a strict server refuses the statement", column.name));
    }
}

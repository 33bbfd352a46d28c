//! Defaults that are no dates ('0000-00-00 00:00:00'), as applications of long ago have them. A server with NO_ZERO_DATE or NO_ZERO_IN_DATE in
//! its `sql_mode` refuses each statement that makes or copies such a table, whatever else it is about:
//! <https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sqlmode_no_zero_date>. What is there, or is declared so, is meant so.

use crate::dialect::{Context, Dialect as _};
use crate::model::{Column, Fill, Name, Table};
use crate::plan::{Statement, Step};

use super::super::{Mysql, render};

/// Lets the statements about such tables be made without the two modes.
pub(super) fn allow(steps: &mut [Step], context: &Context<'_>) {
    let starts: Vec<String> = [context.from, context.to]
        .into_iter()
        .flat_map(|schema| &schema.tables)
        .filter(|(_, table)| has_zero_date(table))
        .flat_map(|(name, _)| starts_of(name))
        .collect();
    for step in steps.iter_mut().filter(|_| !starts.is_empty()) {
        for statement in std::mem::take(&mut step.statements) {
            let is_about = |start: &String| statement.sql.strip_prefix(start.as_str()).is_some_and(|rest| rest.starts_with([' ', '\n']));
            if starts.iter().any(is_about) {
                let [before, behind] = render::around(ALLOWED);
                step.statements.extend([Statement::new(before), statement, Statement::new(behind)]);
            } else {
                step.statements.push(statement);
            }
        }
    }
}

const ALLOWED: &str = "REPLACE(REPLACE(@@sql_mode, 'NO_ZERO_IN_DATE', ''), 'NO_ZERO_DATE', '')";

fn starts_of(name: &Name) -> [String; 2] {
    ["CREATE", "ALTER"].map(|verb| format!("{verb} TABLE {}", Mysql.name(name)))
}

fn has_zero_date(table: &Table) -> bool {
    table.columns.values().any(is_zero_date)
}

/// True for a date without a month or a day, as the text of a default.
fn is_zero_date(column: &Column) -> bool {
    let is_date = ["date", "datetime", "timestamp"].iter().any(|ty| column.ty.text.to_lowercase().starts_with(ty));
    let Fill::Default(default) = &column.fill else { return false };
    let month_and_day = default.text.strip_prefix('\'').and_then(|text| text.get(4..10));
    is_date && month_and_day.is_some_and(|text| text.starts_with("-00") || text.ends_with("-00"))
}

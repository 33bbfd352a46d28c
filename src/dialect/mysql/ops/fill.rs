//! Values for the rows that are there, and for those that are written meanwhile.
//!
//! A constant comes with the column, as its default for a moment. Everything else is an UPDATE that the runner cuts into batches, while
//! triggers fill what an application leaves out that does not know of the column yet.

use super::Planner;
use super::column::{Fills, passing_name};
use crate::dialect::Dialect as _;
use crate::dialect::mysql::lexer::{self, Kind};
use crate::dialect::mysql::{Mysql, quote};
use crate::diff::{TableAlter, TableChange};
use crate::model::{Backfill, Fill, Name};
use crate::plan::{BackfillOf, Direction, Refusal, Statement, Step};

/// How a column gets its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FillOf {
    /// A new column, the same value in every row.
    Constant(String),
    /// A new column, computed for each row.
    Computed(Backfill),
    /// A column that is there and holds NULL in some rows.
    Nulls(Backfill),
    /// A column of a new type, computed from the old one.
    Convert(Backfill),
}

/// Before which statement a trigger fires.
const EVENTS: [(&str, &str); 2] = [("INSERT", "insert"), ("UPDATE", "update")];

impl Planner<'_> {
    /// How the columns of a table get values. The way back has nobody to say it.
    pub(super) fn fills(&self, name: &Name, alter: &TableAlter) -> Result<Fills, Refusal> {
        let mut fills = kept_values(alter);
        if self.context.direction == Direction::Down {
            return Ok(fills);
        }
        for change in &alter.changes {
            match change {
                TableChange::AddColumn(column) => {
                    let shape = &alter.to.columns[column];
                    let Some(fill) = &shape.hints.backfill else { continue };
                    let how = if fill.constant { FillOf::Constant(fill.sql.clone()) } else { FillOf::Computed(fill.clone()) };
                    fills.insert(column.clone(), how);
                }
                TableChange::AlterColumn(column, delta) => {
                    let shape = &alter.to.columns[column];
                    let is_computed = matches!(shape.fill, Fill::Generated { .. }) || fills.contains_key(column);
                    if let (true, Some(using), false) = (delta.ty, &shape.hints.using, is_computed) {
                        let filled = shape.hints.backfill.as_ref().map_or_else(|| using.clone(), |fill| format!("COALESCE({using}, {})", fill.sql));
                        let batch = shape.hints.backfill.as_ref().and_then(|fill| fill.batch);
                        fills.insert(column.clone(), FillOf::Convert(Backfill { sql: filled, constant: false, batch }));
                    } else if let (true, Some(fill), false) = (delta.nullable && !shape.nullable, &shape.hints.backfill, is_computed) {
                        fills.insert(column.clone(), FillOf::Nulls(fill.clone()));
                    }
                }
                _ => {}
            }
        }
        for (column, fill) in fills.iter().filter(|(_, fill)| matches!(fill, FillOf::Convert(_))) {
            let held = alter.to.columns.iter().find(|(other, shape)| {
                *other != column && matches!(&shape.fill, Fill::Generated { expr, .. } if crate::plan::mentions(&expr.key, column))
            });
            if let (Some((other, _)), FillOf::Convert(_)) = (held, fill) {
                return Err(Refusal {
                    message: format!("{name}.{column} changes its type by an expression, and {other} is generated from it"),
                    help: format!("drop {other} in a revision before, and make it again in one behind"),
                });
            }
        }
        Ok(fills)
    }

    /// The UPDATEs, with the triggers that go on where they have passed.
    pub(super) fn fill_columns(&mut self, name: &Name, alter: &TableAlter, fills: &Fills) {
        for (column, how) in fills {
            let (target, fill) = match how {
                FillOf::Constant(_) => continue,
                FillOf::Computed(fill) | FillOf::Nulls(fill) => (column.clone(), fill),
                FillOf::Convert(fill) => (passing_name(column), fill),
            };
            let covered = self.start_filling(name, alter, column, how);
            let (table, quoted) = (Mysql.name(name), Mysql.quote(&target));
            let condition = if matches!(how, FillOf::Convert(_)) { "1 = 1".to_owned() } else { format!("{quoted} IS NULL") };
            let kept = self.kept_times(name, &[column]);
            let sql = format!("UPDATE {table} SET {quoted} = {}{kept} WHERE {condition} /* dbtool:range {table} */", fill.sql);
            let key = alter.from.key_columns();
            let key = if key == alter.to.key_columns() { key.iter().map(|column| Mysql.quote(column)).collect() } else { Vec::new() };
            let verify = (!covered && !matches!(how, FillOf::Convert(_))).then(|| format!("SELECT 1 FROM {table} WHERE {quoted} IS NULL"));
            let of = BackfillOf { table, key, batch: fill.batch, verify: verify.filter(|_| self.is_online(name)) };
            let title = format!("fill {name}.{column}");
            if super::fixup::row_key(alter).is_none() || !self.context.style.online {
                // Without a key there is nothing that batches could go by.
                self.rows(title, Statement::new(sql));
                continue;
            }
            self.steps.push(Step::new(title, vec![Statement::backfill(sql, of)]).alone());
        }
    }

    /// Columns that the server sets to now whenever their row changes keep what they have: a fix-up is no change of the application's.
    /// <https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html>
    pub(super) fn kept_times(&self, name: &Name, set: &[&String]) -> String {
        let Some(table) = self.context.from.tables.get(name) else { return String::new() };
        let times = table.columns.iter().filter(|(column, shape)| shape.options.on_update.is_some() && !set.contains(column));
        times.map(|(column, _)| format!(", {0} = {0}", Mysql.quote(column))).collect()
    }

    /// Makes the triggers; false where none can compute the value, or nobody else writes.
    fn start_filling(&mut self, name: &Name, alter: &TableAlter, column: &str, how: &FillOf) -> bool {
        let Some(bodies) = self.trigger_bodies(name, alter, column, how) else { return false };
        for ((event, word), body) in EVENTS.iter().zip(bodies) {
            let trigger = trigger_name(name, column, word);
            let sql = format!("CREATE TRIGGER {} BEFORE {event} ON {} FOR EACH ROW {body}", quote::quote(&trigger), Mysql.name(name));
            self.alone(format!("fill {name}.{column} in rows that others {word}"), sql);
        }
        true
    }

    fn trigger_bodies(&self, name: &Name, alter: &TableAlter, column: &str, how: &FillOf) -> Option<[String; 2]> {
        if !self.is_online(name) {
            return None;
        }
        let (target, fill, always) = match how {
            FillOf::Constant(_) => return None,
            FillOf::Computed(fill) | FillOf::Nulls(fill) => (column.to_owned(), fill, false),
            FillOf::Convert(fill) => (passing_name(column), fill, true),
        };
        let value = of_new_row(&fill.sql, alter)?;
        let new = format!("NEW.{}", Mysql.quote(&target));
        let body = if always { format!("SET {new} = {value}") } else { format!("SET {new} = COALESCE({new}, {value})") };
        Some([body.clone(), body])
    }

    /// Takes the triggers away: whoever still leaves the column out notices that.
    pub(super) fn stop_filling(&mut self, name: &Name, fills: &Fills) {
        let Some(alter) = self.changes.altered(name) else { return };
        for (column, how) in fills {
            if self.trigger_bodies(name, alter, column, how).is_none() {
                continue;
            }
            for (_, word) in EVENTS {
                let sql = format!("DROP TRIGGER {}", quote::quote(&trigger_name(name, column, word)));
                let title = format!("fill {name}.{column} no more in rows that others {word}");
                // A trigger that names a column which is gone would keep everybody from writing.
                if matches!(how, FillOf::Convert(_)) { self.alone(title, sql) } else { self.contract(title, sql) }
            }
        }
    }
}

/// Columns that are no longer generated keep the values that they have: no server changes such a column in place.
fn kept_values(alter: &TableAlter) -> Fills {
    let generated = |shape: &crate::model::Column| matches!(shape.fill, Fill::Generated { .. });
    let changed = alter.changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn(column, delta) if delta.fill => Some(column),
        _ => None,
    });
    let plain = changed.filter(|column| generated(&alter.from.columns[*column]) && !generated(&alter.to.columns[*column]));
    plain.map(|column| (column.clone(), FillOf::Convert(Backfill { sql: Mysql.quote(column), constant: false, batch: None }))).collect()
}

/// A name of at most 64 characters.
fn trigger_name(table: &Name, column: &str, word: &str) -> String {
    let mut stem = format!("dbtool_fill_{}_{column}", table.name);
    while stem.chars().count() + word.len() > 63 {
        stem.pop();
    }
    format!("{stem}_{word}")
}

/// An expression over the columns of a table as one over the row that is written. `None` where a trigger cannot compute it: it looks at
/// other rows, or at what the server gives the row only later.
fn of_new_row(sql: &str, alter: &TableAlter) -> Option<String> {
    let tokens: Vec<lexer::Token<'_>> = lexer::tokens(sql).collect();
    let code: Vec<usize> = (0..tokens.len()).filter(|index| tokens[*index].is_significant()).collect();
    let mut out = String::with_capacity(sql.len());
    let mut at = 0;
    for (place, &index) in code.iter().enumerate() {
        let token = tokens[index];
        if token.is_word("select") || token.kind == Kind::Conditional {
            return None;
        }
        let neighbour = |offset: isize| place.checked_add_signed(offset).and_then(|place| code.get(place)).map(|index| tokens[*index]);
        let is_name = matches!(token.kind, Kind::Word | Kind::Quoted);
        let qualified = neighbour(-1).is_some_and(|token| token.is_symbol("."));
        let calls = neighbour(1).is_some_and(|token| token.is_symbol("(") || token.is_symbol("."));
        if !is_name || qualified || calls {
            if is_name && qualified {
                // `t.a`: the table's name goes with it.
                return None;
            }
            continue;
        }
        let name = token.unquoted();
        let known = [&alter.to, &alter.from].iter().find_map(|table| table.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(&name)));
        let Some((column, shape)) = known else { continue };
        if matches!(shape.fill, Fill::Identity(_) | Fill::Generated { .. }) {
            return None;
        }
        out.push_str(&sql[at..token.start]);
        out.push_str(&format!("NEW.{}", Mysql.quote(column)));
        at = token.end();
    }
    out.push_str(&sql[at..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Identity, Table};

    fn alter() -> TableAlter {
        let mut id = Column::new("int");
        id.fill = Fill::Identity(Identity::default());
        let columns = [("id".to_owned(), id), ("email".to_owned(), Column::new("text")), ("order".to_owned(), Column::new("int"))];
        let table = Table { columns: columns.into(), ..Table::default() };
        TableAlter { from: table.clone(), to: table, changes: Vec::new() }
    }

    #[test]
    fn expressions_are_put_to_the_new_row() {
        let alter = alter();
        assert_eq!(of_new_row("lower(email)", &alter).as_deref(), Some("lower(NEW.email)"));
        assert_eq!(of_new_row("concat(Email, 'email', `order`)", &alter).as_deref(), Some("concat(NEW.email, 'email', NEW.`order`)"));
        assert_eq!(of_new_row("now()", &alter).as_deref(), Some("now()"));
        for no in ["id + 1", "(SELECT max(x) FROM u)", "t.email"] {
            assert_eq!(of_new_row(no, &alter), None, "{no}");
        }
    }

    #[test]
    fn names_of_triggers_fit() {
        let name = trigger_name(&Name::new("t".repeat(60)), "column", "update");
        assert!(name.chars().count() <= 64 && name.ends_with("_update"));
    }
}

//! Values for the rows that are there, and for those that are written meanwhile.
//!
//! A constant comes with the column, as its default for a moment. Everything else is an UPDATE that the runner cuts into batches, while
//! triggers fill what an application leaves out that does not know of the column yet.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::Planner;
use super::column::{Fills, generated_together, passing_name};
use crate::dialect::Dialect as _;
use crate::dialect::mysql::lexer::{self, Kind};
use crate::dialect::mysql::{Mysql, quote, render};
use crate::diff::{TableAlter, TableChange};
use crate::model::{Backfill, Fill, Name, Object, Table};
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
        let computed = fills.iter().find(|(_, fill)| !matches!(fill, FillOf::Constant(_)));
        if let (true, Some((column, _))) = (alter.from.options.system_versioning, computed) {
            return Err(Refusal {
                message: format!("{name}.{column} is to be filled, and {name} keeps what its rows were: those would stay without a value"),
                help: "give the column a constant default, or take system_versioning away in a revision before".to_owned(),
            });
        }
        let together = generated_together(alter);
        for (column, _) in fills.iter().filter(|(_, fill)| matches!(fill, FillOf::Convert(_))) {
            let held = alter.to.columns.iter().find(|(other, shape)| {
                let reads = matches!(&shape.fill, Fill::Generated { expr, .. } if crate::plan::mentions(&expr.key, column));
                *other != column && reads && !alter.adds_column(other) && !together.contains(other)
            });
            if let Some((other, _)) = held {
                return Err(Refusal {
                    message: format!("{name}.{column} changes its type by an expression, and {other} is generated from it"),
                    help: format!("drop {other} in a revision before, and make it again in one behind"),
                });
            }
        }
        sort(&mut fills);
        Ok(fills)
    }

    /// The UPDATEs, with the triggers that go on where they have passed.
    pub(super) fn fill_columns(&mut self, name: &Name, alter: &TableAlter, fills: &Fills) {
        if fills.values().any(|how| !matches!(how, FillOf::Constant(_))) {
            self.note_triggers(name);
        }
        for (column, how) in fills {
            let (target, fill) = match how {
                FillOf::Constant(_) => continue,
                FillOf::Computed(fill) | FillOf::Nulls(fill) => (column.clone(), fill),
                FillOf::Convert(fill) => (passing_name(column, alter), fill),
            };
            let covered = self.start_filling(name, alter, column, how);
            let (table, quoted) = (Mysql.name(name), Mysql.quote(&target));
            let condition = if matches!(how, FillOf::Convert(_)) { "1 = 1".to_owned() } else { format!("{quoted} IS NULL") };
            let kept = self.keep_times(name, &[column], false);
            let sql = format!("UPDATE {table} SET {quoted} = {}{kept} WHERE {condition} /* dbtool:range {table} */", fill.sql);
            let key = alter.from.key_columns();
            let key = if key == alter.to.key_columns() { key.iter().map(|column| Mysql.quote(column)).collect() } else { Vec::new() };
            let verify = (!covered && !matches!(how, FillOf::Convert(_))).then(|| format!("SELECT 1 FROM {table} WHERE {quoted} IS NULL"));
            let of = BackfillOf { table, key, batch: fill.batch, verify: verify.filter(|_| self.is_online(name)) };
            let title = format!("fill {name}.{column}");
            let is_cut = super::fixup::row_key(alter).is_some() && has_transactions(alter) && !name.name.contains("*/");
            if !is_cut || !self.context.style.online {
                // There is nothing that batches could go by, or their place could not be noted with them.
                self.rows(title, Statement::new(sql));
                continue;
            }
            self.steps.push(Step::new(title, vec![Statement::backfill(sql, of)]).alone());
        }
    }

    /// Columns that the server sets to now whenever their row changes keep what they have: a fix-up is no change of the application's.
    /// <https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html>
    ///
    /// `settled` is true where the columns have their last shape already.
    pub(super) fn kept_times(&self, name: &Name, set: &[&String], settled: bool) -> Vec<String> {
        let (from, to) = (self.context.from.tables.get(name), self.context.to.tables.get(name));
        let moves = |table: Option<&Table>, column: &str| {
            table.and_then(|table| table.columns.get(column)).is_some_and(|shape| shape.options.on_update.is_some())
        };
        let is_new = |column: &str| from.is_none_or(|table| !table.columns.contains_key(column));
        let columns = from.into_iter().chain(to).flat_map(|table| table.columns.keys());
        let moving: BTreeSet<&String> = columns
            .filter(|column| !set.contains(column) && if settled || is_new(column) { moves(to, column) } else { moves(from, column) })
            .collect();
        moving.into_iter().cloned().collect()
    }

    /// The same as the end of a list of assignments.
    pub(super) fn keep_times(&self, name: &Name, set: &[&String], settled: bool) -> String {
        self.kept_times(name, set, settled).iter().map(|column| format!(", {0} = {0}", Mysql.quote(column))).collect()
    }

    /// Triggers of the user's own see a fix-up as any other change of a row.
    fn note_triggers(&mut self, name: &Name) {
        let fires = |trigger: &Object| crate::plan::words(&trigger.definition.text).contains("update");
        let own: Vec<String> =
            self.context.from.triggers().filter(|(id, it)| id.table() == Some(name) && fires(it)).map(|(id, _)| id.name.name.clone()).collect();
        if !own.is_empty() {
            self.notes.push(format!("The rows of {name} that get values fire its own triggers ({}), as every UPDATE does.", own.join(", ")));
        }
    }

    /// Makes the triggers; false where none can compute the value, or nobody else writes.
    fn start_filling(&mut self, name: &Name, alter: &TableAlter, column: &str, how: &FillOf) -> bool {
        let Some(body) = self.trigger_body(name, alter, column, how) else { return false };
        for (event, word) in EVENTS {
            let trigger = trigger_name(name, column, word);
            let sql = format!("CREATE TRIGGER {} BEFORE {event} ON {} FOR EACH ROW {body}", quote::quote(&trigger), Mysql.name(name));
            self.alone(format!("fill {name}.{column} in rows that others {word}"), sql);
        }
        true
    }

    /// True where triggers go on with what the UPDATE does.
    pub(super) fn fills_by_trigger(&self, name: &Name, alter: &TableAlter, column: &str, how: &FillOf) -> bool {
        self.trigger_body(name, alter, column, how).is_some()
    }

    fn trigger_body(&self, name: &Name, alter: &TableAlter, column: &str, how: &FillOf) -> Option<String> {
        if !self.is_online(name) {
            return None;
        }
        let (target, fill, always) = match how {
            FillOf::Constant(_) => return None,
            FillOf::Computed(fill) | FillOf::Nulls(fill) => (column.to_owned(), fill, false),
            FillOf::Convert(fill) => (passing_name(column, alter), fill, true),
        };
        let value = of_new_row(&fill.sql, alter)?;
        let new = format!("NEW.{}", Mysql.quote(&target));
        Some(if always { format!("SET {new} = {value}") } else { format!("SET {new} = COALESCE({new}, {value})") })
    }

    /// Takes away what fills the columns for whoever leaves them out: he notices that.
    pub(super) fn stop_filling(&mut self, name: &Name, alter: &TableAlter, fills: &Fills) {
        for (column, how) in fills {
            if matches!(how, FillOf::Constant(_)) {
                let shape = render::column(column, &alter.to.columns[column], &alter.to, self.version());
                let sql = format!("ALTER TABLE {} MODIFY COLUMN {shape}", Mysql.name(name));
                self.contract(format!("{name}.{column} has the backfill as its default no more"), sql);
            }
            if !self.fills_by_trigger(name, alter, column, how) {
                continue;
            }
            for (_, word) in EVENTS {
                let sql = format!("DROP TRIGGER {}", quote::quote(&trigger_name(name, column, word)));
                let title = format!("fill {name}.{column} no more in rows that others {word}");
                if matches!(how, FillOf::Convert(_)) { self.alone(title, sql) } else { self.contract(title, sql) }
            }
            if let FillOf::Convert(_) = how {
                let passing = Mysql.quote(&passing_name(column, alter));
                let sql = format!("ALTER TABLE {} DROP COLUMN {passing}", Mysql.name(name));
                self.alone(format!("no column for new values of {name}.{column} any more"), sql);
            }
        }
    }
}

/// Each column behind those that its value is computed from, and otherwise by name. Triggers fire in the order in which they are made.
fn sort(fills: &mut Fills) {
    fills.sort_keys();
    let reads = |how: &FillOf, other: &str| match how {
        FillOf::Constant(_) => false,
        FillOf::Computed(fill) | FillOf::Nulls(fill) | FillOf::Convert(fill) => crate::plan::mentions(&fill.sql, other),
    };
    let mut sorted = Fills::new();
    while !fills.is_empty() {
        let free = fills.iter().position(|(column, how)| !fills.keys().any(|other| other != column && reads(how, other)));
        if let Some((column, how)) = fills.shift_remove_index(free.unwrap_or(0)) {
            sorted.insert(column, how);
        }
    }
    *fills = sorted;
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

/// Engines without transactions: a batch and its place could not be noted together.
fn has_transactions(alter: &TableAlter) -> bool {
    let engine = alter.from.options.engine.as_deref().unwrap_or("InnoDB").to_ascii_lowercase();
    ["innodb", "rocksdb", "ndbcluster", "tokudb"].contains(&engine.as_str())
}

/// A name of at most 64 characters. One that has to be cut tells by a few figures what it was.
fn trigger_name(table: &Name, column: &str, word: &str) -> String {
    let whole = format!("dbtool_fill_{}_{column}", table.name);
    if whole.chars().count() + word.len() <= 63 {
        return format!("{whole}_{word}");
    }
    let figures: String = Sha256::digest(&whole).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let stem: String = whole.chars().take(63 - word.len() - 9).collect();
    format!("{stem}_{figures}_{word}")
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
        let name = |column: &str| trigger_name(&Name::new("t".repeat(60)), column, "update");
        assert!(name("one").chars().count() <= 64 && name("one").ends_with("_update"));
        assert_ne!(name("one"), name("two"));
    }
}

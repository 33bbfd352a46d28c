//! A table made anew with its rows, for changes that ALTER TABLE cannot make.
//!
//! The numbered procedure of <https://www.sqlite.org/lang_altertable.html#otheralter>, in the order that keeps foreign keys, views and
//! triggers of other tables pointing at the table: the new one is made under another name, filled, and takes the old one's name.

use super::{Sqlite, fixup, render};
use crate::dialect::{Context, Dialect};
use crate::diff::{Part, TableAlter};
use crate::model::{Check, Fill, Identity, Name, Object, ObjectId, Table};
use crate::plan::{Direction, Statement, Step, mentions};

/// All changes of one table in one step. `triggers` are those of the table that go with it and are not made later anyway.
pub fn rebuild(name: &Name, alter: &TableAlter, context: &Context<'_>, triggers: &[(&ObjectId, &Object)]) -> Step {
    let up = context.direction == Direction::Up;
    let staged = if up { staged_columns(alter) } else { Vec::new() };
    let mut statements = stage(name, alter, &staged);
    statements.extend(fixup::added_parts(alter).filter_map(|(_, part)| fixup::deduplicate(name, alter, part, context)));
    let new = Name::new(format!("dbtool_new_{}", name.name));
    statements.push(Statement::new(create_as(name, &new, &alter.to)));
    statements.push(Statement::new(copy(name, &new, alter, &staged, up)));
    if autoincrements(&alter.from) && autoincrements(&alter.to) {
        // Without the counter, ids of rows that were deleted would be given out again.
        let (old_text, new_text) = (Sqlite.literal(&name.name), Sqlite.literal(&new.name));
        statements.push(Statement::new(format!("DELETE FROM sqlite_sequence WHERE name = {new_text}")));
        statements.push(Statement::new(format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {new_text}, seq FROM sqlite_sequence WHERE name = {old_text}"
        )));
    }
    // In the old manner RENAME leaves the SQL of views, triggers and foreign keys alone: it already names the table as it will be.
    statements.extend(
        [
            "PRAGMA legacy_alter_table = ON".to_owned(),
            format!("DROP TABLE {}", Sqlite.name(name)),
            format!("ALTER TABLE {} RENAME TO {}", Sqlite.name(&new), Sqlite.name(name)),
            "PRAGMA legacy_alter_table = OFF".to_owned(),
        ]
        .map(Statement::new),
    );
    statements.extend(alter.to.indexes.iter().map(|(index_name, index)| Statement::new(render::create_index(name, index_name, index))));
    statements.extend(fixup::added_parts(alter).filter_map(|(_, part)| match part {
        Part::ForeignKey(key) => fixup::adopt_orphans(name, key, context),
        _ => None,
    }));
    statements.extend(triggers.iter().map(|(id, trigger)| Statement::new(render::create_trigger(&id.name, trigger))));
    Step::new(format!("rebuild {name}"), statements)
}

/// CREATE TABLE for the new shape under the passing name. Rendered for the final name first, so that default names stay what they are.
fn create_as(name: &Name, new: &Name, table: &Table) -> String {
    let sql = render::create_table(name, table);
    let head = format!("CREATE TABLE {}", Sqlite.name(name));
    match sql.strip_prefix(&head) {
        Some(rest) => format!("CREATE TABLE {}{rest}", Sqlite.name(new)),
        None => render::create_table(new, table),
    }
}

pub fn autoincrements(table: &Table) -> bool {
    table.columns.values().any(|column| matches!(column.fill, Fill::Identity(Identity { autoincrement: true, .. })))
}

/// New columns whose backfill reads another new column: they have to be filled one after the other before the copy.
pub fn staged_columns(alter: &TableAlter) -> Vec<String> {
    let added: Vec<(&String, &str)> = alter
        .to
        .columns
        .iter()
        .filter(|(column, _)| alter.adds_column(column))
        .filter_map(|(column, shape)| shape.hints.backfill.as_ref().map(|fill| (column, fill.sql.as_str())))
        .collect();
    let chained = added.iter().any(|(column, sql)| added.iter().any(|(other, _)| other != column && mentions(sql, other)));
    if chained { added.into_iter().map(|(column, _)| column.clone()).collect() } else { Vec::new() }
}

fn stage(name: &Name, alter: &TableAlter, staged: &[String]) -> Vec<Statement> {
    let table = Sqlite.name(name);
    let mut statements = Vec::new();
    for column in staged {
        let shape = &alter.to.columns[column];
        let Some(fill) = &shape.hints.backfill else { continue };
        let quoted = Sqlite.quote(column);
        statements.push(Statement::new(format!("ALTER TABLE {table} ADD COLUMN {quoted} {}", shape.ty.text).trim_end()));
        statements.push(Statement::new(format!("UPDATE {table} SET {quoted} = {} WHERE {quoted} IS NULL", fill.sql)));
    }
    statements
}

/// INSERT ... SELECT, with the fix-ups folded into the expressions. Columns that nothing is said of get their default.
fn copy(name: &Name, new: &Name, alter: &TableAlter, staged: &[String], up: bool) -> String {
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    if let Some(rowid) = hidden_rowid(alter) {
        columns.push(rowid.to_owned());
        values.push(rowid.to_owned());
    }
    for (column, shape) in &alter.to.columns {
        if matches!(shape.fill, Fill::Generated { .. }) {
            continue;
        }
        let quoted = Sqlite.quote(column);
        let fill = shape.hints.backfill.as_ref().filter(|_| up).map(|fill| fill.sql.as_str());
        let value = if alter.from.columns.contains_key(column) {
            kept(column, &quoted, alter, fill, up)
        } else if staged.contains(column) {
            quoted.clone()
        } else if let Some(fill) = fill {
            fill.to_owned()
        } else {
            continue;
        };
        columns.push(quoted);
        values.push(value);
    }
    if columns.is_empty() {
        // Nothing of the old rows is kept but that they are there.
        let first = alter.to.columns.iter().find(|(_, shape)| !matches!(shape.fill, Fill::Generated { .. }));
        let Some((column, shape)) = first else { return format!("SELECT 1 FROM {} WHERE 0", Sqlite.name(name)) };
        columns.push(Sqlite.quote(column));
        values.push(if let Fill::Default(text) = &shape.fill { format!("({})", text.text) } else { "NULL".to_owned() });
    }
    format!("INSERT INTO {} ({})\nSELECT {}\nFROM {}", Sqlite.name(new), columns.join(", "), values.join(", "), Sqlite.name(name))
}

/// The name of the rowid where both shapes have one that is no column of theirs: full-text indexes and programs may hold on to it.
fn hidden_rowid(alter: &TableAlter) -> Option<&'static str> {
    let hidden = |table: &Table| !table.options.without_rowid && render::rowid_column(table).is_none();
    fixup::hidden_rowid([&alter.from, &alter.to]).filter(|_| hidden(&alter.from) && hidden(&alter.to))
}

/// The value of a column that stays: converted, given a value where it became required, replaced where a new check forbids it.
fn kept(column: &str, quoted: &str, alter: &TableAlter, fill: Option<&str>, up: bool) -> String {
    let (from, to) = (&alter.from.columns[column], &alter.to.columns[column]);
    let mut value = match to.hints.using.as_ref().filter(|_| up && from.ty != to.ty) {
        Some(using) => using.clone(),
        None => quoted.to_owned(),
    };
    let Some(fill) = fill else { return value };
    if from.nullable && !to.nullable {
        value = format!("coalesce({value}, {fill})");
    }
    let checks: Vec<&Check> = fixup::added_parts(alter)
        .filter_map(|(_, part)| match part {
            Part::Check(check) if mentions(&check.expr.key, column) => Some(check),
            _ => None,
        })
        .collect();
    if checks.is_empty() {
        return value;
    }
    let fails = checks.iter().map(|check| format!("NOT ({})", check.expr.text)).collect::<Vec<_>>().join(" OR ");
    format!("CASE WHEN {fails} THEN {fill} ELSE {value} END")
}

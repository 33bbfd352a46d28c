//! The changes in words: `added column todo.completed`.

use super::{Changes, ColumnDelta, Edit, PartEdit, TableAlter, TableChange, TableEdit};
use crate::model::Name;

/// One line for each change, in the order of [`Changes`], without a leading "Detected".
pub fn describe(changes: &Changes) -> Vec<String> {
    let mut lines = Vec::new();
    for (from, to) in &changes.renames.tables {
        lines.push(format!("renamed table {from} to {}", to.name));
    }
    for (table, from, to) in &changes.renames.columns {
        lines.push(format!("renamed column {table}.{from} to {to}"));
    }
    for (from, to) in &changes.renames.enums {
        lines.push(format!("renamed enum {from} to {}", to.name));
    }
    for (from, to) in &changes.renames.domains {
        lines.push(format!("renamed domain {from} to {}", to.name));
    }
    for (from, to) in &changes.renames.composites {
        lines.push(format!("renamed type {from} to {}", to.name));
    }
    for (from, to) in &changes.renames.objects {
        lines.push(format!("renamed {from} to {}", to.name.name));
    }
    for (from, to) in &changes.renames.sequences {
        lines.push(format!("renamed sequence {from} to {}", to.name));
    }
    lines.extend(changes.namespaces.iter().map(|(name, edit)| format!("{} schema {name}", verb(edit))));
    lines.extend(changes.extensions.iter().map(|(name, edit)| format!("{} extension {name}", verb(edit))));
    lines.extend(changes.enums.iter().map(|(name, edit)| format!("{} enum {name}", verb(edit))));
    lines.extend(changes.domains.iter().map(|(name, edit)| format!("{} domain {name}", verb(edit))));
    lines.extend(changes.composites.iter().map(|(name, edit)| format!("{} type {name}", verb(edit))));
    lines.extend(changes.sequences.iter().map(|(name, edit)| format!("{} sequence {name}", verb(edit))));
    for (name, edit) in &changes.tables {
        match edit {
            TableEdit::Create(_) => lines.push(format!("added table {name}")),
            TableEdit::Drop(_) => lines.push(format!("removed table {name}")),
            TableEdit::Alter(alter) => lines.extend(alter.changes.iter().map(|change| table_change(name, alter, change))),
        }
    }
    lines.extend(changes.objects.iter().map(|(id, edit)| format!("{} {id}", verb(edit))));
    lines.extend(changes.raws.iter().map(|(name, edit)| format!("{} raw object {name}", verb(edit))));
    lines
}

fn verb<T>(edit: &Edit<T>) -> &'static str {
    match edit {
        Edit::Create(_) => "added",
        Edit::Drop(_) => "removed",
        Edit::Alter { .. } => "changed",
    }
}

fn table_change(table: &Name, alter: &TableAlter, change: &TableChange) -> String {
    match change {
        TableChange::AddColumn(column) => format!("added column {table}.{column}"),
        TableChange::DropColumn(column) => format!("removed column {table}.{column}"),
        TableChange::AlterColumn(column, delta) => column_change(table, column, alter, *delta),
        TableChange::Comment => format!("changed comment of table {table}"),
        TableChange::Options => format!("changed options of table {table}"),
        TableChange::Grants => format!("changed privileges on table {table}"),
        TableChange::Part(name, edit) => match edit {
            PartEdit::Add(part) => format!("added {} {name} on {table}", part.kind().word()),
            PartEdit::Drop(part) => format!("removed {} {name} on {table}", part.kind().word()),
            PartEdit::Replace { to, .. } => format!("changed {} {name} on {table}", to.kind().word()),
            PartEdit::Rename { from, part } => format!("renamed {} {from} on {table} to {name}", part.kind().word()),
            PartEdit::Comment { to, .. } => format!("changed comment of {} {name} on {table}", to.kind().word()),
        },
    }
}

fn column_change(table: &Name, column: &str, alter: &TableAlter, delta: ColumnDelta) -> String {
    if delta == (ColumnDelta { ty: true, ..ColumnDelta::default() }) {
        return format!("changed type of {table}.{column} from {} to {}", alter.from.columns[column].ty, alter.to.columns[column].ty);
    }
    if delta == (ColumnDelta { nullable: true, ..ColumnDelta::default() }) {
        let now = if alter.to.columns[column].nullable { "may be NULL" } else { "is required" };
        return format!("changed column {table}.{column}: {now}");
    }
    format!("changed {} of {table}.{column}", delta.words())
}

//! Statements as people write them by hand, and what the reader makes of them.

mod columns;
mod corners;
mod forms;
mod rows;
mod tables;

use crate::check::read::{Action, ColumnDef, Constraint, ConstraintKind, Dml, Generated, IndexDef, Reference, TableDef, read};
use crate::dialect::Kind;

/// Reads each statement and compares it with the short form of what it does: the actions with `; ` between them.
fn check(kind: Kind, cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (sql, expected) in cases {
        let read = shown(kind, sql);
        if read != *expected {
            wrong.push(format!("{sql}\n  is read as  {read}\n  and not as  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn shown(kind: Kind, sql: &str) -> String {
    let reading = read(kind, sql);
    let mut parts: Vec<String> = reading.acts.iter().map(|act| action(&act.action)).collect();
    let clauses = [("ALGORITHM", reading.clauses.algorithm), ("LOCK", reading.clauses.lock)];
    parts.extend(clauses.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?))));
    parts.extend(reading.unread.map(|unread| format!("unread: {}", &sql[unread.span])));
    parts.join("; ")
}

/// The words for what is true.
fn flags(flags: &[(bool, &str)]) -> String {
    flags.iter().filter(|(is_set, _)| *is_set).map(|(_, word)| format!(" {word}")).collect()
}

fn valued(values: &[(&str, &Option<String>)]) -> String {
    values.iter().filter_map(|(word, value)| Some(format!(" {word} {}", value.as_ref()?))).collect()
}

fn action(action: &Action) -> String {
    match action {
        Action::CreateTable(def) => format!("create {}", table(def)),
        Action::DropTable { table, if_exists, cascade } => {
            format!("drop table {table}{}", flags(&[(*if_exists, "if exists"), (*cascade, "cascade")]))
        }
        Action::RenameTable { from, to } => format!("rename table {from} to {to}"),
        Action::MoveTable { table, schema } => format!("move {table} to {schema}"),
        Action::AddColumn { table, column: it, if_not_exists } => {
            format!("add {table}.{}{}", column(it), flags(&[(*if_not_exists, "if not exists")]))
        }
        Action::DropColumn { table, column, cascade } => format!("drop column {table}.{column}{}", flags(&[(*cascade, "cascade")])),
        Action::RenameColumn { table, from, to } => format!("rename column {table}.{from} to {to}"),
        Action::SetType { table, column, ty, using } => format!("type of {table}.{column} is {ty}{}", valued(&[("using", using)])),
        Action::Redefine { table, from, column: it } => format!("redefine {table}.{from} as {}", column(it)),
        Action::SetNotNull { table, column } => format!("set not null {table}.{column}"),
        Action::DropNotNull { table, column } => format!("drop not null {table}.{column}"),
        Action::SetDefault { table, column, expr } => format!("set default {table}.{column} = {expr}"),
        Action::DropDefault { table, column } => format!("drop default {table}.{column}"),
        Action::AddIdentity { table, column } => format!("add identity {table}.{column}"),
        Action::ColumnOption { table, column, what } => format!("option of {table}.{column}: {what}"),
        Action::AddConstraint { table, constraint: it } => format!("add to {table} {}", constraint(it)),
        Action::DropConstraint { table, name, kind, cascade } => {
            let kind = kind.map(|kind| format!("{kind:?}"));
            format!("drop constraint of {table}{}{}", valued(&[("named", name), ("kind", &kind)]), flags(&[(*cascade, "cascade")]))
        }
        Action::ValidateConstraint { table, name } => format!("validate {table} {name}"),
        Action::CreateIndex(it) => index(it),
        Action::DropIndex { table, index, concurrently, if_exists } => {
            let table = table.as_ref().map(ToString::to_string);
            format!("drop index {index}{}{}", valued(&[("of", &table)]), flags(&[(*concurrently, "concurrently"), (*if_exists, "if exists")]))
        }
        Action::RenameIndex { index, to } => format!("rename index {index} to {to}"),
        Action::IndexVisibility { table, index, visible } => format!("index {index} of {table} visible {visible}"),
        Action::Reindex { what, concurrently } => format!("reindex {what}{}", flags(&[(*concurrently, "concurrently")])),
        Action::DetachPartition { table, partition, concurrently } => {
            format!("detach {partition} of {table}{}", flags(&[(*concurrently, "concurrently")]))
        }
        Action::AttachPartition { table, partition } => format!("attach {partition} to {table}"),
        Action::TableOption { table, key, value } => format!("option of {table}: {key}={value}"),
        Action::ConvertCharset { table, charset } => format!("convert {table} to {charset}"),
        Action::Truncate { tables, cascade } => {
            let tables: Vec<String> = tables.iter().map(ToString::to_string).collect();
            format!("truncate {}{}", tables.join(", "), flags(&[(*cascade, "cascade")]))
        }
        Action::Update(it) => format!("update {}", dml(it)),
        Action::Delete(it) => format!("delete {}", dml(it)),
        Action::Insert { table, from_query } => format!("insert {table}{}", flags(&[(*from_query, "from query")])),
        Action::Set { variable, value, local, global } => {
            format!("set {variable} = {value}{}", flags(&[(*local, "local"), (*global, "global")]))
        }
        Action::Pragma { name, value } => format!("pragma {name}{}", valued(&[("=", value)])),
        Action::CreateTrigger { trigger, table } => format!("create trigger {trigger} on {table}"),
        Action::DropTrigger { trigger, table } => format!("drop trigger {trigger}{}", valued(&[("on", &table.as_ref().map(ToString::to_string))])),
        Action::CreateEnum { name, values } => format!("create enum {name} ({})", values.join(", ")),
        Action::AddEnumValue { name, value, is_placed } => format!("add {value} to {name}{}", flags(&[(*is_placed, "placed")])),
        Action::CreateDomain { name, is_constrained } => format!("create domain {name}{}", flags(&[(*is_constrained, "constrained")])),
        Action::Partitioning { what, .. } | Action::Opaque { what } | Action::Other { what } | Action::Authorize { what } => what.clone(),
        Action::TableOther { table, what } => format!("{table}: {what}"),
        Action::Rewrite { what, table } => format!("rewrite {what}{}", valued(&[("of", &table.as_ref().map(ToString::to_string))])),
        other => format!("{other:?}"),
    }
}

fn dml(dml: &Dml) -> String {
    format!("{} [{}]{}", dml.table, dml.columns.join(", "), valued(&[("where", &dml.filter)]))
}

fn table(def: &TableDef) -> String {
    let name = def.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let parts = def.columns.iter().map(column).chain(def.constraints.iter().map(constraint)).chain(def.indexes.iter().map(index));
    let options: String = def.options.iter().map(|(key, value)| format!(" {key}={value}")).collect();
    let [parent, like] = [&def.parent, &def.like].map(|name| name.as_ref().map(ToString::to_string));
    let set =
        flags(&[(def.or_replace, "or replace"), (def.temporary, "temporary"), (def.if_not_exists, "if not exists"), (def.from_query, "from query")]);
    format!("{name} ({}){set}{}{options}", parts.collect::<Vec<_>>().join(", "), valued(&[("parent", &parent), ("like", &like)]))
}

fn column(it: &ColumnDef) -> String {
    let set = flags(&[
        (it.not_null, "not null"),
        (it.identity, "identity"),
        (it.primary_key, "primary key"),
        (it.unique, "unique"),
        (it.check, "check"),
        (it.generated == Some(Generated::Stored), "stored"),
        (it.generated == Some(Generated::Virtual), "virtual"),
        (it.is_placed, "placed"),
    ]);
    let values = [
        ("=", &it.default),
        ("references", &it.references.as_ref().map(reference)),
        ("comment", &it.comment),
        ("collate", &it.collation),
        ("charset", &it.charset),
        ("on update", &it.on_update),
    ];
    format!("{} {}{set}{}", it.name, it.ty, valued(&values))
}

fn reference(it: &Reference) -> String {
    format!("{}({}){}", it.table, it.columns.join(", "), valued(&[("on delete", &it.on_delete)]))
}

fn constraint(it: &Constraint) -> String {
    let kind = match &it.kind {
        ConstraintKind::PrimaryKey { columns, using_index } => format!("primary key ({}){}", columns.join(", "), valued(&[("using", using_index)])),
        ConstraintKind::Unique { columns, using_index } => format!("unique ({}){}", columns.join(", "), valued(&[("using", using_index)])),
        ConstraintKind::ForeignKey { columns, reference: to } => format!("foreign key ({}) to {}", columns.join(", "), reference(to)),
        ConstraintKind::Check { expr } => format!("check ({expr})"),
        ConstraintKind::NotNull { column } => format!("not null {column}"),
        ConstraintKind::Exclude => "exclude".to_owned(),
    };
    let name = it.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    format!("{name}{kind}{}", flags(&[(it.not_valid, "not valid"), (it.not_enforced, "not enforced")]))
}

/// An expression is a `?`.
fn index(it: &IndexDef) -> String {
    let columns: Vec<&str> = it.columns.iter().map(|column| column.as_deref().unwrap_or("?")).collect();
    let set = flags(&[(it.unique, "unique"), (it.concurrently, "concurrently"), (it.if_not_exists, "if not exists"), (it.is_partial, "partial")]);
    let name = it.name.as_deref().unwrap_or("-");
    format!("index {name} on {} ({}){set}{}", it.table, columns.join(", "), valued(&[("using", &it.method), ("kind", &it.special)]))
}

//! ALTER TABLE, part by part.

use super::action::{Act, Action, ConstraintWord};
use super::column::{column, type_text};
use super::constraint::{constraint, inline_index};
use super::create::option;
use super::cursor::Cursor;
use super::{Clauses, Unread};
use crate::dialect::Kind;
use crate::model::Name;

/// All parts of an ALTER TABLE; the cursor stands behind the word TABLE.
pub fn alter_table(cursor: &mut Cursor<'_>, acts: &mut Vec<Act>, clauses: &mut Clauses) -> Result<(), Unread> {
    let whole = cursor.span();
    cursor.eat(&["IF", "EXISTS"]);
    cursor.eat(&["ONLY"]);
    let Some(table) = cursor.name() else { return Err(Unread::new(whole, "the table has no name that can be read")) };
    cursor.eat(&["*"]);
    if cursor.eat(&["WAIT"]) {
        cursor.step();
    }
    cursor.eat(&["NOWAIT"]);
    for part in behind(cursor).parts() {
        if part.is_done() {
            return Err(Unread::new(whole.clone(), "a part of the statement is missing"));
        }
        let span = part.span();
        if clause(&mut part.clone(), clauses) {
            continue;
        }
        let mut part = part;
        let read = action(&mut part, &table).ok_or_else(|| Unread::new(span.clone(), "this part of ALTER TABLE cannot be read"))?;
        acts.extend(read.into_iter().map(|action| Act { action, span: span.clone() }));
    }
    Ok(())
}

/// What is left, as a cursor of its own.
fn behind<'a>(cursor: &Cursor<'a>) -> Cursor<'a> {
    cursor.clone()
}

/// MySQL's ALGORITHM and LOCK.
fn clause(part: &mut Cursor<'_>, clauses: &mut Clauses) -> bool {
    let Some(word) = part.eat_one(&["ALGORITHM", "LOCK"]) else { return false };
    part.eat(&["="]);
    let value = part.word();
    if word == "ALGORITHM" {
        clauses.algorithm = value
    } else {
        clauses.lock = value
    }
    true
}

fn action(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let one = |action: Action| Some(vec![action]);
    let other = |what: &str| Some(vec![Action::TableOther { table: table.clone(), what: what.to_owned() }]);
    if part.eat(&["ADD"]) {
        return add(part, table);
    }
    if part.eat(&["DROP"]) {
        return drop(part, table).map(|action| vec![action]);
    }
    if part.eat(&["RENAME"]) {
        return rename(part, table).map(|action| vec![action]);
    }
    if part.eat(&["MODIFY"]) || part.sees(&["CHANGE"]) {
        return redefine(part, table).map(|action| vec![action]);
    }
    if part.eat(&["ALTER"]) {
        return alter(part, table).map(|action| vec![action]);
    }
    if part.eat(&["VALIDATE", "CONSTRAINT"]) {
        return one(Action::ValidateConstraint { table: table.clone(), name: part.ident()? });
    }
    if part.eat(&["ATTACH", "PARTITION"]) {
        return one(Action::AttachPartition { table: table.clone(), partition: part.name()? });
    }
    if part.eat(&["DETACH", "PARTITION"]) {
        let partition = part.name()?;
        return one(Action::DetachPartition { table: table.clone(), partition, concurrently: part.sees_one(&["CONCURRENTLY", "FINALIZE"]) });
    }
    if part.eat(&["REPLICA", "IDENTITY"]) {
        return one(Action::ReplicaIdentity { table: table.clone() });
    }
    if part.eat(&["SET", "SCHEMA"]) {
        return one(Action::MoveTable { table: table.clone(), schema: part.ident()? });
    }
    if part.sees_one(&["ENABLE", "DISABLE", "FORCE", "NO"]) {
        let security = part.clone().until(&["ROW"]);
        part.until(&["ROW"]);
        if part.eat(&["ROW", "LEVEL", "SECURITY"]) {
            return one(Action::RowSecurity { table: table.clone() });
        }
        return other(security);
    }
    if part.eat(&["CONVERT", "TO"]) {
        let _ = part.eat(&["CHARACTER", "SET"]) || part.eat(&["CHARSET"]);
        return one(Action::ConvertCharset { table: table.clone(), charset: part.advance()?.text.to_owned() });
    }
    let partitioning = [
        "TRUNCATE",
        "REORGANIZE",
        "COALESCE",
        "EXCHANGE",
        "ANALYZE",
        "CHECK",
        "OPTIMIZE",
        "REBUILD",
        "REPAIR",
        "REMOVE",
        "PARTITION",
        "DISCARD",
        "IMPORT",
    ];
    if part.kind == Kind::Mysql && part.sees_one(&partitioning) {
        return one(Action::Partitioning { table: table.clone(), what: part.rest().to_owned() });
    }
    if part.kind == Kind::Mysql && part.sees(&["ORDER"]) {
        return other("ORDER BY");
    }
    if part.sees_one(&["OWNER", "SET", "RESET", "INHERIT", "CLUSTER", "OF", "NOT", "WITHOUT", "OPTIONS", "MERGE", "SPLIT"]) {
        let word = part.word().unwrap_or_default();
        return other(&word);
    }
    if part.kind == Kind::Mysql && part.word().is_some() {
        return options(part, table);
    }
    None
}

/// MySQL takes options of a table with and without commas between them.
fn options(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let mut found = Vec::new();
    while !part.is_done() {
        if part.sees(&["PARTITION"]) {
            found.push(Action::Partitioning { table: table.clone(), what: part.rest().to_owned() });
            break;
        }
        let (key, value) = option(part)?;
        found.push(Action::TableOption { table: table.clone(), key, value });
    }
    Some(found)
}

fn add(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let table = table.clone();
    if part.kind == Kind::Mysql && part.sees(&["PARTITION"]) {
        return Some(vec![Action::Partitioning { table, what: format!("ADD {}", part.rest()) }]);
    }
    if part.sees(&["SYSTEM"]) || part.sees(&["PERIOD"]) {
        return Some(vec![Action::TableOther { table, what: part.rest().to_owned() }]);
    }
    if let Some(constraint) = constraint(&mut part.clone()) {
        return Some(vec![Action::AddConstraint { table, constraint }]);
    }
    if part.kind == Kind::Mysql
        && let Some(index) = inline_index(&mut part.clone(), &table)
    {
        return Some(vec![Action::CreateIndex(index)]);
    }
    part.eat(&["COLUMN"]);
    let if_not_exists = part.eat(&["IF", "NOT", "EXISTS"]);
    if let Some(list) = part.brackets() {
        let columns = list.parts().into_iter().map(|mut part| column(&mut part)).collect::<Option<Vec<_>>>()?;
        return Some(columns.into_iter().map(|column| Action::AddColumn { table: table.clone(), column, if_not_exists }).collect());
    }
    Some(vec![Action::AddColumn { table, column: column(part)?, if_not_exists }])
}

fn drop(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let table = table.clone();
    let dropped = |name, kind| Action::DropConstraint { table: table.clone(), name, kind, cascade: false };
    if part.eat(&["PRIMARY", "KEY"]) {
        return Some(dropped(None, Some(ConstraintWord::PrimaryKey)));
    }
    if part.eat(&["FOREIGN", "KEY"]) {
        part.eat(&["IF", "EXISTS"]);
        return Some(dropped(Some(part.ident()?), Some(ConstraintWord::ForeignKey)));
    }
    if part.kind == Kind::Mysql && part.eat(&["CHECK"]) {
        return Some(dropped(Some(part.ident()?), Some(ConstraintWord::Check)));
    }
    if part.eat(&["CONSTRAINT"]) {
        part.eat(&["IF", "EXISTS"]);
        let name = part.ident()?;
        return Some(Action::DropConstraint { table, name: Some(name), kind: None, cascade: part.sees(&["CASCADE"]) });
    }
    if part.kind == Kind::Mysql && part.eat_one(&["KEY", "INDEX"]).is_some() {
        let if_exists = part.eat(&["IF", "EXISTS"]);
        return Some(Action::DropIndex { table: Some(table), index: Name::new(part.ident()?), concurrently: false, if_exists });
    }
    if part.kind == Kind::Mysql && part.sees(&["PARTITION"]) {
        return Some(Action::Partitioning { table, what: format!("DROP {}", part.rest()) });
    }
    if part.sees(&["SYSTEM"]) || part.sees(&["PERIOD"]) {
        return Some(Action::TableOther { table, what: format!("DROP {}", part.rest()) });
    }
    part.eat(&["COLUMN"]);
    part.eat(&["IF", "EXISTS"]);
    let column = part.ident()?;
    Some(Action::DropColumn { table, column, cascade: part.sees(&["CASCADE"]) })
}

fn rename(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let table = table.clone();
    if part.eat(&["CONSTRAINT"]) {
        return Some(Action::TableOther { table, what: "RENAME CONSTRAINT".to_owned() });
    }
    if part.kind == Kind::Mysql && part.eat_one(&["INDEX", "KEY"]).is_some() {
        let index = Name::new(part.ident()?);
        part.eat(&["TO"]).then_some(())?;
        return Some(Action::RenameIndex { index, to: part.ident()? });
    }
    if part.eat_one(&["TO", "AS"]).is_some() {
        let to = part.name()?;
        let to = Name { schema: to.schema.or_else(|| table.schema.clone()), name: to.name };
        return Some(Action::RenameTable { from: table, to });
    }
    part.eat(&["COLUMN"]);
    let from = part.ident()?;
    if part.is_done() {
        // MySQL: RENAME new_name, without TO.
        return Some(Action::RenameTable { to: table.sibling(from), from: table });
    }
    part.eat(&["TO"]).then_some(())?;
    Some(Action::RenameColumn { table, from, to: part.ident()? })
}

fn redefine(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let changes = part.eat(&["CHANGE"]);
    part.eat(&["COLUMN"]);
    part.eat(&["IF", "EXISTS"]);
    let from = changes.then(|| part.ident()).flatten();
    let column = column(part)?;
    Some(Action::Redefine { table: table.clone(), from: from.unwrap_or_else(|| column.name.clone()), column })
}

/// Behind ALTER: a column, or one of MySQL's indexes and checks.
fn alter(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let table = table.clone();
    if part.kind == Kind::Mysql && part.eat_one(&["INDEX", "KEY"]).is_some() {
        let index = part.ident()?;
        let visible = part.eat(&["VISIBLE"]) || part.eat(&["NOT", "IGNORED"]);
        return Some(Action::IndexVisibility { table, index, visible });
    }
    if part.eat_one(&["CONSTRAINT", "CHECK"]).is_some() {
        return Some(Action::TableOther { table, what: "ALTER CONSTRAINT".to_owned() });
    }
    part.eat(&["COLUMN"]);
    let column = part.ident()?;
    if part.eat(&["SET", "NOT", "NULL"]) {
        Some(Action::SetNotNull { table, column })
    } else if part.eat(&["DROP", "NOT", "NULL"]) {
        Some(Action::DropNotNull { table, column })
    } else if part.eat(&["SET", "DEFAULT"]) {
        Some(Action::SetDefault { table, column, expr: part.rest().to_owned() })
    } else if part.eat(&["DROP", "DEFAULT"]) {
        Some(Action::DropDefault { table, column })
    } else if part.eat(&["SET", "DATA", "TYPE"]) || part.eat(&["TYPE"]) {
        let ty = type_text(part);
        part.until(&["USING"]);
        let using = part.eat(&["USING"]).then(|| part.rest().to_owned());
        Some(Action::SetType { table, column, ty, using })
    } else if part.eat(&["ADD", "GENERATED"]) {
        Some(Action::AddIdentity { table, column })
    } else {
        Some(Action::ColumnOption { table, column, what: part.rest().to_owned() })
    }
}

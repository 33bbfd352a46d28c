//! What ADD, DROP, RENAME, MODIFY, CHANGE and ALTER do inside an ALTER TABLE; the cursor stands behind the word.

use super::action::{Action, ConstraintWord};
use super::column::{column, type_text};
use super::constraint::{constraints, inline_index, is_constraint, is_index};
use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::model::Name;

pub fn add(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let table = table.clone();
    if part.kind == Kind::Mysql && part.sees(&["PARTITION"]) {
        return Some(vec![Action::Partitioning { table, what: format!("ADD {}", part.rest()) }]);
    }
    if is_versioning(part) {
        return Some(vec![Action::TableOther { table, what: part.rest().to_owned() }]);
    }
    if is_constraint(part) || is_index(part) {
        return element(part, &table, false);
    }
    part.eat(&["COLUMN"]);
    let if_not_exists = part.eat(&["IF", "NOT", "EXISTS"]);
    let Some(list) = part.brackets() else { return element(part, &table, if_not_exists) };
    let added: Option<Vec<_>> = list.parts().iter_mut().map(|part| element(part, &table, if_not_exists)).collect();
    Some(added?.concat())
}

/// What CREATE TABLE takes, too: a constraint, an index or a column.
fn element(part: &mut Cursor<'_>, table: &Name, if_not_exists: bool) -> Option<Vec<Action>> {
    let table = table.clone();
    if is_constraint(part) {
        let added = constraints(part)?.into_iter().map(|constraint| Action::AddConstraint { table: table.clone(), constraint });
        return Some(added.collect());
    }
    if is_index(part) {
        return Some(vec![Action::CreateIndex(inline_index(part, &table)?)]);
    }
    Some(vec![Action::AddColumn { table, column: column(part)?, if_not_exists }])
}

/// What MariaDB says of the versions of rows. Both words are names of columns, too.
fn is_versioning(part: &Cursor<'_>) -> bool {
    part.kind == Kind::Mysql && (part.sees(&["SYSTEM", "VERSIONING"]) || part.sees(&["PERIOD", "FOR"]))
}

pub fn drop(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
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
    if is_versioning(part) {
        return Some(Action::TableOther { table, what: format!("DROP {}", part.rest()) });
    }
    part.eat(&["COLUMN"]);
    part.eat(&["IF", "EXISTS"]);
    let column = part.ident()?;
    Some(Action::DropColumn { table, column, cascade: part.sees(&["CASCADE"]) })
}

pub fn rename(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let table = table.clone();
    if part.eat(&["CONSTRAINT"]) {
        return Some(Action::TableOther { table, what: "RENAME CONSTRAINT".to_owned() });
    }
    if part.kind == Kind::Mysql && part.eat_one(&["INDEX", "KEY"]).is_some() {
        let index = Name::new(part.ident()?);
        part.eat(&["TO"]).then_some(())?;
        return Some(Action::RenameIndex { index, to: part.ident()? });
    }
    if part.eat_one(&["TO", "AS", "="]).is_some() {
        let to = part.name()?;
        let to = Name { schema: to.schema.or_else(|| table.schema.clone()), name: to.name };
        return Some(Action::RenameTable { from: table, to });
    }
    part.eat(&["COLUMN"]);
    part.eat(&["IF", "EXISTS"]);
    let from = part.ident()?;
    if part.is_done() {
        // MySQL: RENAME new_name, without TO.
        return Some(Action::RenameTable { to: table.sibling(from), from: table });
    }
    part.eat(&["TO"]).then_some(())?;
    Some(Action::RenameColumn { table, from, to: part.ident()? })
}

/// MySQL's MODIFY, or CHANGE: then the word comes next.
pub fn redefine(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let changes = part.eat(&["CHANGE"]);
    part.eat(&["COLUMN"]);
    part.eat(&["IF", "EXISTS"]);
    let from = changes.then(|| part.ident()).flatten();
    let column = column(part)?;
    Some(Action::Redefine { table: table.clone(), from: from.unwrap_or_else(|| column.name.clone()), column })
}

/// A column, or one of MySQL's indexes and checks.
pub fn alter(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let table = table.clone();
    if part.kind == Kind::Mysql && part.eat_one(&["INDEX", "KEY"]).is_some() {
        part.eat(&["IF", "EXISTS"]);
        let index = part.ident()?;
        let visible = part.eat(&["VISIBLE"]) || part.eat(&["NOT", "IGNORED"]);
        return Some(Action::IndexVisibility { table, index, visible });
    }
    if part.eat_one(&["CONSTRAINT", "CHECK"]).is_some() {
        return Some(Action::TableOther { table, what: "ALTER CONSTRAINT".to_owned() });
    }
    part.eat(&["COLUMN"]);
    part.eat(&["IF", "EXISTS"]);
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
        Some(Action::ColumnOption { table, column, what: part.spaced() })
    }
}

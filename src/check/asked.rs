//! What several rules ask of a statement.

use std::ops::Range;

use super::read::{Action, ColumnDef, Cursor, TableDef};
use super::scene::Scene;
use crate::model::Name;

/// A column that a statement gives a type.
pub struct Typed<'a> {
    pub action: &'a Action,
    pub table: &'a Name,
    pub name: &'a str,
    pub ty: &'a str,
    /// Where the type is written, in bytes of the statement.
    pub place: &'a Range<usize>,
    /// The column as it was before, under whatever name, where that is known.
    pub was: Option<&'a ColumnDef>,
}

/// The columns that a statement gives a type: of new tables that stay, new columns, and columns that get another type.
pub fn typed<'a>(scene: &Scene<'a>) -> Vec<Typed<'a>> {
    let mut found = Vec::new();
    for (action, span) in scene.acts() {
        let mut add = |table: &'a Name, from: &str, name: &'a str, ty: &'a str, place: &'a Range<usize>| {
            let was = scene.table(scene.rebuild_of(table).unwrap_or(table)).and_then(|it| it.column(from));
            found.push(Typed { action, table, name, ty, place, was });
        };
        match action {
            Action::CreateTable(TableDef { name: Some(table), temporary: false, columns, .. }) => {
                columns.iter().for_each(|it| add(table, &it.name, &it.name, &it.ty, &it.span));
            }
            Action::AddColumn { table, column, .. } => add(table, &column.name, &column.name, &column.ty, &column.span),
            Action::Redefine { table, from, column } => add(table, from, &column.name, &column.ty, &column.span),
            Action::SetType { table, column, ty, .. } => add(table, column, column, ty, span),
            _ => {}
        }
    }
    found
}

/// The table of an ALTER TABLE, CREATE INDEX or DROP INDEX.
pub fn altered(scene: &Scene<'_>) -> Option<Name> {
    let of_index = scene.acts().find_map(|(action, _)| match action {
        Action::CreateIndex(index) => Some(index.table.clone()),
        Action::DropIndex { table, .. } => table.clone(),
        _ => None,
    });
    let mut cursor = Cursor::new(scene.kind, &scene.statement().text);
    cursor.eat(&["ALTER"]);
    while cursor.eat_one(&["ONLINE", "IGNORE"]).is_some() {}
    let is_table = cursor.eat(&["TABLE"]);
    cursor.eat(&["IF", "EXISTS"]);
    of_index.or_else(|| if is_table { cursor.name() } else { None })
}

/// A table or a column that gets a name which it did not have.
pub struct Made<'a> {
    pub is_table: bool,
    pub name: &'a str,
    /// Where it is written, in bytes of the statement.
    pub place: &'a Range<usize>,
}

/// The tables and columns to which an action gives names that stay. What takes the place of something of that name has it already.
pub fn made<'a>(scene: &Scene<'a>, action: &'a Action, span: &'a Range<usize>) -> Vec<Made<'a>> {
    let is_new =
        |table: &Name| scene.table(table).is_none() && scene.dropped(table).is_none() && !scene.is_rebuilt(table) && !goes(scene, table, None);
    let is_new_column = |table: &Name, name: &str| scene.table(table).is_none_or(|it| it.column(name).is_none()) && !goes(scene, table, Some(name));
    let of_table = |name: &'a Name| vec![Made { is_table: true, name: &name.name, place: span }];
    let of_column = |name: &'a str| vec![Made { is_table: false, name, place: span }];
    match action {
        Action::CreateTable(TableDef { name: Some(table), temporary: false, columns, .. }) => {
            // The columns of a table that takes the place of another are not new where that has them, and where nothing is known of it.
            let own = scene.rebuild_of(table);
            let was = own.map_or_else(|| scene.dropped(table), |own| scene.table(own));
            let is_new_here = |name: &str| was.map_or(own.is_none(), |was| was.column(name).is_none());
            let columns = columns.iter().filter(|it| is_new_here(&it.name) && is_new_column(table, &it.name));
            let columns = columns.map(|it| Made { is_table: false, name: &it.name, place: &it.span });
            let table = if is_new(table) { of_table(table) } else { Vec::new() };
            table.into_iter().chain(columns).collect()
        }
        Action::RenameTable { to, .. } if is_new(to) => of_table(to),
        Action::AddColumn { table, column: ColumnDef { name, .. }, .. } if is_new_column(table, name) => of_column(name),
        Action::RenameColumn { table, to, .. } if is_new_column(table, to) => of_column(to),
        Action::Redefine { table, from, column: ColumnDef { name, .. } } if name != from && is_new_column(table, name) => of_column(name),
        _ => Vec::new(),
    }
}

/// True for a name that the script takes away, of a table or of one of its columns: it was there before, or is so only for a while.
fn goes(scene: &Scene<'_>, table: &Name, column: Option<&str>) -> bool {
    scene.script.actions().any(|(_, action)| match (action, column) {
        (Action::DropTable { table: from, .. } | Action::RenameTable { from, .. }, None) => from == table,
        (Action::DropColumn { table: of, column: from, .. } | Action::RenameColumn { table: of, from, .. }, Some(column)) => {
            of == table && from == column
        }
        (Action::Redefine { table: of, from, column: now }, Some(column)) => of == table && from == column && now.name != column,
        _ => false,
    })
}

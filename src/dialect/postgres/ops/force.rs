//! What has to be made anew although it does not change itself, because something it stands on does.

use std::collections::{BTreeMap, BTreeSet};

use super::defined::needs_remake;
use crate::dialect::postgres::Postgres;
use crate::dialect::{Context, Dialect, TypeChange};
use crate::diff::{Changes, Edit, Part, PartEdit, PartKind, TableChange, TableEdit, parts};
use crate::model::{Fill, Key, Name, ObjectId, Schema, Table};
use crate::plan::mentions;

/// Columns and parts that are dropped before and made again after. Every one of them is in both schemas.
#[derive(Debug, Default)]
pub struct Forced {
    /// Generated columns: their values are computed, so nothing is lost.
    pub columns: BTreeSet<(Name, String)>,
    pub parts: BTreeSet<(Name, PartKind, String)>,
    pub objects: BTreeSet<ObjectId>,
    /// What each of them stands on that does not stay as it is.
    pub reasons: BTreeMap<ObjectId, Key>,
    /// Columns whose default is taken away and given back.
    pub defaults: BTreeSet<(Name, String)>,
    /// Domains whose default and checks are.
    pub domains: BTreeSet<Name>,
}

impl Forced {
    pub fn find(changes: &Changes, context: &Context<'_>) -> Self {
        let mut forced = Self::default();
        forced.generated(changes, context);
        forced.retyped_enums(changes, context);
        forced.on_forced_columns(context);
        forced.foreign_keys(changes, context);
        forced.over_retyped_columns(changes, context);
        forced.dependents(changes, context);
        forced.on_forced_columns(context);
        forced.foreign_keys(changes, context);
        forced
    }

    /// A generated column cannot change its expression in place before PostgreSQL 17, nor can a column under it change its type.
    fn generated(&mut self, changes: &Changes, context: &Context<'_>) {
        for (name, edit) in &changes.tables {
            let TableEdit::Alter(alter) = edit else { continue };
            for change in &alter.changes {
                let TableChange::AlterColumn(column, delta) = change else { continue };
                let (before, after) = (&alter.from.columns[column].fill, &alter.to.columns[column].fill);
                let computed = matches!(after, Fill::Generated { .. });
                if computed && (delta.fill || delta.ty || delta.collation) || delta.ty && matches!(before, Fill::Generated { .. }) {
                    self.columns.insert((name.clone(), column.clone()));
                }
                if delta.ty || delta.collation {
                    self.columns.extend(generated_from(&alter.to, column).filter(|c| alter.from.columns.contains_key(c)).map(|c| (name.clone(), c)));
                }
            }
        }
        self.columns.retain(|(table, column)| context.from.tables.get(table).is_some_and(|t| t.columns.contains_key(column)));
    }

    /// Expressions over a column whose enumeration loses values are bound to the old type.
    fn retyped_enums(&mut self, changes: &Changes, context: &Context<'_>) {
        let rebuilt = changes.enums.iter().filter_map(|(name, edit)| match edit {
            Edit::Alter { from, to } if super::enums::needs_new_type(from, to) => Some(name),
            _ => None,
        });
        for ty in rebuilt {
            for (table, shape) in &context.from.tables {
                let columns: Vec<&String> = shape.columns.iter().filter(|(_, c)| mentions(&c.ty.key, &ty.name)).map(|(name, _)| name).collect();
                for (name, key) in &shape.foreign_keys {
                    let target = context.from.tables.get(&key.target);
                    let of_type = |column: &String| target.and_then(|t| t.columns.get(column)).is_some_and(|c| mentions(&c.ty.key, &ty.name));
                    if key.columns.iter().any(|column| columns.contains(&column)) || key.target_columns.iter().any(of_type) {
                        self.parts.insert((table.clone(), PartKind::ForeignKey, name.clone()));
                    }
                }
                for (name, part) in parts(shape) {
                    let touched = part.expressions().iter().any(|sql| mentions(sql, &ty.name) || columns.iter().any(|column| mentions(sql, column)));
                    if touched {
                        self.parts.insert((table.clone(), part.kind(), name));
                    }
                }
                for column in columns {
                    self.columns.extend(generated_from(shape, column).map(|generated| (table.clone(), generated)));
                }
            }
        }
    }

    /// What stands on a thing that is made anew, or on a column that gets another type, by what the server says: objects of all kinds, and
    /// defaults, checks and indexes over a routine.
    fn dependents(&mut self, changes: &Changes, context: &Context<'_>) {
        let mut on: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
        context.from.dependencies.pairs().for_each(|(thing, under)| on.entry(under).or_default().push(thing));
        let remade = changes.objects.iter().filter(|(id, edit)| matches!(edit, Edit::Alter { from, to } if needs_remake(id, from, to)));
        self.objects.extend(remade.map(|(id, _)| id.clone()));
        let mut todo = disturbed(changes, self);
        let mut seen: BTreeSet<Key> = todo.iter().map(|(key, _)| key.clone()).collect();
        while let Some((key, why)) = todo.pop() {
            for &thing in on.get(&key).into_iter().flatten() {
                if self.force(thing, &key, why, changes, context) && seen.insert(thing.clone()) {
                    todo.push((thing.clone(), Why::MadeAnew));
                    if let Key::Default(table, column) = thing {
                        todo.push((Key::Column(table.clone(), column.clone()), Why::MadeAnew));
                    }
                }
            }
        }
    }

    /// Marks `thing`, which stands on `under`. False where it can stay as it is.
    fn force(&mut self, thing: &Key, under: &Key, why: Why, changes: &Changes, context: &Context<'_>) -> bool {
        let (from, to) = (context.from, context.to);
        match thing {
            Key::Object(id) => {
                let edit = changes.objects.iter().find(|(changed, _)| changed == id).map(|(_, edit)| edit);
                // What lets go of a thing that goes does so by itself, before; but what called a routine may find another of that name.
                let routine = matches!(under, Key::Object(_));
                if why == Why::Gone && !routine && matches!(edit, Some(Edit::Alter { from, to }) if !needs_remake(id, from, to))
                    || !to.objects.contains_key(id)
                {
                    return false;
                }
                self.reasons.entry(id.clone()).or_insert_with(|| under.clone());
                self.objects.insert(id.clone())
            }
            Key::Part(table, kind, name) => {
                let over_object = matches!(under, Key::Object(_));
                let stays = to.tables.get(table).is_some_and(|shape| parts(shape).iter().any(|(n, part)| n == name && part.kind() == *kind));
                over_object && stays && self.parts.insert((table.clone(), *kind, name.clone()))
            }
            Key::Default(table, column) if matches!(under, Key::Object(_)) => {
                let fill = |schema: &Schema| schema.tables.get(table).and_then(|shape| shape.columns.get(column)).map(|column| column.fill.clone());
                match (fill(from), fill(to)) {
                    (Some(Fill::Generated { .. }), Some(Fill::Generated { .. })) => self.columns.insert((table.clone(), column.clone())),
                    (Some(Fill::Default(_)), Some(_)) => self.defaults.insert((table.clone(), column.clone())),
                    _ => false,
                }
            }
            Key::Domain(name) if matches!(under, Key::Object(_)) && to.domains.contains_key(name) => self.domains.insert(name.clone()),
            _ => false,
        }
    }

    /// A column that is made anew takes its keys and indexes with it.
    fn on_forced_columns(&mut self, context: &Context<'_>) {
        for (table, column) in &self.columns {
            let Some(shape) = context.from.tables.get(table) else { continue };
            for (name, part) in parts(shape) {
                if part.columns().contains(&column.as_str()) || part.expressions().iter().any(|sql| mentions(sql, column)) {
                    self.parts.insert((table.clone(), part.kind(), name));
                }
            }
        }
    }

    /// A foreign key between columns of which one becomes another kind of value cannot stand while only one side has changed.
    fn over_retyped_columns(&mut self, changes: &Changes, context: &Context<'_>) {
        let mut retyped: BTreeSet<(&Name, &str)> = BTreeSet::new();
        for (name, edit) in &changes.tables {
            let TableEdit::Alter(alter) = edit else { continue };
            retyped.extend(alter.changes.iter().filter_map(|change| match change {
                TableChange::AlterColumn(column, delta) if delta.ty => {
                    let change = Postgres.type_change(&alter.from.columns[column].ty.key, &alter.to.columns[column].ty.key);
                    (change != TypeChange::Fits || !alter.to.columns[column].ty.key.contains("int")).then_some((name, column.as_str()))
                }
                _ => None,
            }));
        }
        for (table, shape) in &context.from.tables {
            for (name, key) in &shape.foreign_keys {
                let own = key.columns.iter().any(|column| retyped.contains(&(table, column.as_str())));
                if own || key.target_columns.iter().any(|column| retyped.contains(&(&key.target, column.as_str()))) {
                    self.parts.insert((table.clone(), PartKind::ForeignKey, name.clone()));
                }
            }
        }
    }

    /// A foreign key stands on a unique key of its target: where that goes or is made anew, so is the foreign key.
    fn foreign_keys(&mut self, changes: &Changes, context: &Context<'_>) {
        let dropped = changes.tables.iter().filter_map(|(name, edit)| match edit {
            TableEdit::Alter(alter) => Some((name, alter)),
            TableEdit::Create(_) | TableEdit::Drop(_) => None,
        });
        let mut gone: Vec<(Name, Part)> = Vec::new();
        for (table, alter) in dropped {
            gone.extend(alter.changes.iter().filter_map(|change| match change {
                TableChange::Part(_, PartEdit::Drop(part) | PartEdit::Replace { from: part, .. }) => Some((table.clone(), part.clone())),
                _ => None,
            }));
        }
        for (table, kind, name) in &self.parts {
            let found = context.from.tables.get(table).and_then(|shape| parts(shape).into_iter().find(|(n, p)| n == name && p.kind() == *kind));
            gone.extend(found.map(|(_, part)| (table.clone(), part)));
        }
        for (target, part) in gone {
            for (table, shape) in &context.from.tables {
                let standing = shape.foreign_keys.iter().filter(|(_, key)| key.target == target && part.is_key_of(&key.target_columns, false));
                self.parts.extend(standing.map(|(name, _)| (table.clone(), PartKind::ForeignKey, name.clone())));
            }
        }
    }
}

/// The generated columns of a table whose expression mentions `column`.
fn generated_from<'a>(table: &'a Table, column: &'a str) -> impl Iterator<Item = String> + 'a {
    table.columns.iter().filter_map(move |(name, shape)| match &shape.fill {
        Fill::Generated { expr, .. } if mentions(&expr.key, column) => Some(name.clone()),
        _ => None,
    })
}

/// Why what stands on a thing cannot stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    MadeAnew,
    /// A column gets another type.
    Retyped,
    /// It goes for good.
    Gone,
}

/// The things that do not stay as they are.
fn disturbed(changes: &Changes, forced: &Forced) -> Vec<(Key, Why)> {
    let mut found = Vec::new();
    found.extend(forced.objects.iter().map(|id| (Key::Object(id.clone()), Why::MadeAnew)));
    let gone = changes.objects.iter().filter(|(_, edit)| matches!(edit, Edit::Drop(_)));
    found.extend(gone.map(|(id, _)| (Key::Object(id.clone()), Why::Gone)));
    for (name, edit) in &changes.enums {
        if matches!(edit, Edit::Alter { from, to } if super::enums::needs_new_type(from, to)) {
            found.push((Key::Enum(name.clone()), Why::MadeAnew));
        }
    }
    for (name, edit) in &changes.tables {
        match edit {
            TableEdit::Create(_) => {}
            TableEdit::Drop(table) => {
                found.push((Key::Table(name.clone()), Why::Gone));
                found.extend(table.columns.keys().map(|column| (Key::Column(name.clone(), column.clone()), Why::Gone)));
            }
            TableEdit::Alter(alter) => found.extend(alter.changes.iter().filter_map(|change| {
                let column = |column: &String| Key::Column(name.clone(), column.clone());
                match change {
                    TableChange::DropColumn(it) => Some((column(it), Why::Gone)),
                    TableChange::AlterColumn(it, delta) if delta.ty || delta.collation => Some((column(it), Why::Retyped)),
                    // What groups by a primary key cannot stay while another takes its place.
                    TableChange::Part(part, PartEdit::Drop(it)) if it.kind() == PartKind::PrimaryKey => {
                        Some((Key::Part(name.clone(), it.kind(), part.clone()), Why::MadeAnew))
                    }
                    TableChange::Part(part, PartEdit::Drop(it)) => Some((Key::Part(name.clone(), it.kind(), part.clone()), Why::Gone)),
                    TableChange::Part(part, PartEdit::Replace { from: it, .. }) => {
                        Some((Key::Part(name.clone(), it.kind(), part.clone()), Why::MadeAnew))
                    }
                    _ => None,
                }
            })),
        }
    }
    found.extend(forced.columns.iter().map(|(table, column)| (Key::Column(table.clone(), column.clone()), Why::MadeAnew)));
    found.extend(forced.parts.iter().map(|(table, kind, part)| (Key::Part(table.clone(), *kind, part.clone()), Why::MadeAnew)));
    found
}

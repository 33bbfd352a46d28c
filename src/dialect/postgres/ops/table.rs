//! Tables: made, dropped, and their own attributes.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::Planner;
use crate::dialect::Dialect;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::{Part, PartKind, TableAlter, TableChange, TableEdit};
use crate::model::{Column, ColumnOptions, Fill, Grants, Index, Name, Table, TableOptions};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step};

impl Planner<'_> {
    /// CREATE TABLE with its keys and checks; foreign keys and indexes are operations of their own, so tables may point at each other.
    pub(super) fn create_table(&mut self, name: &Name, table: &Table) {
        let serial = |column: &str| self.is_serial_column(name, column);
        let parents = self.parents(self.to(), table);
        let above: Vec<&Table> = parents.iter().map(|(_, parent)| *parent).collect();
        let mut statements = vec![Statement::new(render::create_table(name, table, &above, &serial))];
        statements.extend(self.own_columns(name, table).into_iter().map(Statement::new));
        statements.extend(comments(name, table).into_iter().map(Statement::new));
        statements.extend(first_options(name, table, &above).into_iter().map(Statement::new));
        statements
            .extend(table_grants(name, &self.granted_by_default("tables", name.schema.as_deref()), &table.grants).into_iter().map(Statement::new));
        statements.extend(self.default_grants_of_serials(name, table).into_iter().map(Statement::new));
        let mut uses: Vec<Key> = self.home(name).chain(parents.iter().map(|(parent, _)| Key::Table(parent.clone()))).collect();
        for (column, shape) in &table.columns {
            uses.extend(self.mentioned(&shape.ty.key));
            if let (Fill::Default(text) | Fill::Generated { expr: text, .. }, false) = (&shape.fill, self.is_serial_column(name, column)) {
                uses.extend(self.mentioned(&text.key));
            }
        }
        let inline = crate::diff::parts(table).into_iter().filter(|(_, part)| !matches!(part, Part::ForeignKey(_) | Part::Index(_)));
        uses.extend(inline.flat_map(|(_, part)| part.expressions().into_iter().flat_map(|sql| self.mentioned(sql)).collect::<Vec<_>>()));
        self.push(Op::new(Verb::Create, Key::Table(name.clone()), Step::new(format!("create {name}"), statements)).using(uses));
        for (part_name, part) in crate::diff::parts(table) {
            if is_made_apart(name, &part) {
                self.create_part(name, &part_name, &part);
            }
        }
        self.index_options(name, &Table::default(), table);
    }

    /// A sequence that comes with its column gets what is granted by default, of which schema.toml knows nothing.
    fn default_grants_of_serials(&self, name: &Name, table: &Table) -> Vec<String> {
        let granted = self.granted_by_default("sequences", name.schema.as_deref());
        let numbered = |(column, shape): &(&String, &Column)| matches!(shape.fill, Fill::Identity(_)) || self.is_serial_column(name, column);
        let serials = table.columns.iter().filter(|it| !granted.is_empty() && numbered(it)).map(|(column, _)| column);
        let sequence = |column: &String| name.sibling(crate::model::default_name(&name.name, &[column], "seq"));
        serials.flat_map(|column| super::sequence::sequence_grants(&sequence(column), &granted, &Grants::default())).collect()
    }

    pub(super) fn drop_table(&mut self, name: &Name, table: &Table) {
        let mut uses: Vec<Key> = self.home(name).collect();
        for (key_name, key) in &table.foreign_keys {
            // Tables that point at each other let go of each other before any of them goes.
            uses.extend(self.partitions_of(&key.target).map(Key::Table));
            if key.target != *name && self.dropped_reaches(&key.target, name) {
                self.drop_part(name, key_name, &Part::ForeignKey(key.clone()));
            } else {
                uses.push(Key::Table(key.target.clone()));
            }
        }
        for shape in table.columns.values() {
            uses.extend(self.mentioned(&shape.ty.key));
            if let Fill::Default(text) = &shape.fill {
                uses.extend(self.mentioned(&text.key));
            }
        }
        // Its own sequences go with it, so it must not wait for them.
        let own = |sequence: &Name| self.from().sequences.get(sequence).is_some_and(|s| s.owned_by.as_ref().is_some_and(|(owner, _)| owner == name));
        uses.retain(|key| !matches!(key, Key::Sequence(sequence) if own(sequence)));
        uses.extend(self.parents(self.from(), table).into_iter().map(|(parent, _)| Key::Table(parent)));
        let mut statements = vec![format!("DROP {} {}", table_word(table), Postgres.name(name))];
        if let Some(partition) = table.options.partition.as_ref().filter(|partition| !self.goes(&partition.of)) {
            // While it is attached, a foreign key to its table would hold it.
            statements.insert(0, format!("ALTER TABLE {} DETACH PARTITION {}", Postgres.name(&partition.of), Postgres.name(name)));
        }
        for (part, it) in crate::diff::parts(table) {
            if self.is_in_a_ring(&Key::Part(name.clone(), it.kind(), part.clone()), name) {
                self.drop_part(name, &part, &it);
            }
        }
        let step = Step::of(format!("drop {name}"), statements);
        self.push(Op::new(Verb::Drop, Key::Table(name.clone()), step).using(uses));
    }

    /// The partitions of a table, as it was.
    pub(super) fn partitions_of(&self, table: &Name) -> impl Iterator<Item = Name> + use<> {
        let table = table.clone();
        let of = move |it: &Table| it.options.partition.as_ref().is_some_and(|partition| partition.of == table);
        let names: Vec<Name> = self.from().tables.iter().filter(|(_, it)| of(it)).map(|(name, _)| name.clone()).collect();
        names.into_iter()
    }

    /// True where, among the tables that are dropped, foreign keys lead from `start` to `goal`.
    fn dropped_reaches(&self, start: &Name, goal: &Name) -> bool {
        let dropped = |name: &Name| {
            self.changes.tables.iter().find_map(|(n, edit)| match edit {
                TableEdit::Drop(table) if n == name => Some(table),
                _ => None,
            })
        };
        let (mut seen, mut todo) = (BTreeSet::new(), vec![start.clone()]);
        while let Some(name) = todo.pop() {
            if name == *goal {
                return true;
            }
            if let (true, Some(table)) = (seen.insert(name.clone()), dropped(&name)) {
                todo.extend(table.foreign_keys.values().map(|key| key.target.clone()));
            }
        }
        false
    }

    pub(super) fn alter_table(&mut self, name: &Name, alter: &TableAlter) {
        for change in &alter.changes {
            match change {
                TableChange::AddColumn(column) if self.comes_with_parent(self.to(), name, column) => {}
                TableChange::AddColumn(column) => self.add_column(name, alter, column),
                TableChange::DropColumn(column) if self.comes_with_parent(self.from(), name, column) => {}
                TableChange::DropColumn(column) => self.drop_column(name, column, &alter.from.columns[column]),
                TableChange::AlterColumn(column, delta) => self.alter_column(name, alter, column, self.own_delta(name, column, *delta)),
                TableChange::Part(part, edit) => self.part(name, part, edit),
                TableChange::Comment => {
                    let sql = render::comment(table_word(&alter.to), &Postgres.name(name), alter.to.comment.as_deref());
                    self.push(Op::new(Verb::Settle, Key::Table(name.clone()), Step::of(format!("comment on {name}"), [sql])));
                }
                TableChange::Options => {
                    self.table_options(name, alter);
                    self.descent(name, alter);
                }
                TableChange::Grants => {
                    let statements = table_grants(name, &alter.from.grants, &still_there(&alter.to.grants, &alter.from.grants, &alter.to));
                    let columns = render::columns_of(&alter.to.grants).into_iter().map(|column| Key::Column(name.clone(), column));
                    let step = Step::of(format!("privileges on {name}"), statements);
                    self.push(Op::new(Verb::Settle, Key::Table(name.clone()), step).using(columns));
                }
            }
        }
    }

    fn table_options(&mut self, name: &Name, alter: &TableAlter) {
        let (from, to) = (&alter.from.options, &alter.to.options);
        let table = format!("ALTER TABLE {}", Postgres.name(name));
        let mut statements = Vec::new();
        if from.unlogged != to.unlogged {
            statements.push(format!("{table} SET {}", if to.unlogged { "UNLOGGED" } else { "LOGGED" }));
        }
        if from.access_method != to.access_method {
            statements
                .push(format!("{table} SET ACCESS METHOD {}", to.access_method.as_deref().map_or("heap".into(), |method| Postgres.quote(method))));
        }
        if from.tablespace != to.tablespace {
            statements
                .push(format!("{table} SET TABLESPACE {}", to.tablespace.as_deref().map_or("pg_default".into(), |space| Postgres.quote(space))));
        }
        statements.extend(storage_changes(&table, &from.storage, &to.storage));
        if let (Some(from), Some(to)) = (&from.foreign, &to.foreign) {
            let changes = render::option_changes(&from.options, &to.options);
            statements.extend((!changes.is_empty()).then(|| format!("{table} OPTIONS ({changes})")));
        }
        if from.row_security != to.row_security {
            statements.push(format!("{table} {} ROW LEVEL SECURITY", if to.row_security { "ENABLE" } else { "DISABLE" }));
        }
        if from.force_row_security != to.force_row_security {
            statements.push(format!("{table} {} ROW LEVEL SECURITY", if to.force_row_security { "FORCE" } else { "NO FORCE" }));
        }
        if !statements.is_empty() {
            self.push(Op::new(Verb::Settle, Key::Table(name.clone()), Step::of(format!("options of {name}"), statements)));
        }
        self.index_options(name, &alter.from, &alter.to);
    }

    /// The table's options that name an index which is made anew have to be said again.
    pub(super) fn index_options_again(&mut self) {
        for (name, to) in &self.to().tables {
            let named = [&to.options.replica_identity, &to.options.clustered_on].into_iter().flatten();
            let named: Vec<&String> = named.filter(|index| *index != "full" && *index != "nothing").collect();
            let Some(from) = self.from().tables.get(name).filter(|_| !named.is_empty()) else { continue };
            let made = |index: &&String| {
                let replaced = self
                    .changes
                    .altered(name)
                    .into_iter()
                    .flat_map(|alter| &alter.changes)
                    .any(|change| matches!(change, TableChange::Part(part, crate::diff::PartEdit::Replace { .. }) if part == *index));
                replaced || self.forced.parts.iter().any(|(table, _, part)| table == name && part == *index)
            };
            if from.options == to.options && named.iter().any(made) {
                let without = TableOptions { replica_identity: None, clustered_on: None, ..from.options.clone() };
                self.index_options(name, &Table { options: without, ..from.clone() }, to);
            }
        }
    }

    /// What names an index of the table, which has to be there. The old ones let go of theirs when they go.
    pub(super) fn index_options(&mut self, name: &Name, from: &Table, to: &Table) {
        let table = format!("ALTER TABLE {}", Postgres.name(name));
        let mut statements = Vec::new();
        if from.options.replica_identity != to.options.replica_identity {
            let identity = match to.options.replica_identity.as_deref() {
                None => "DEFAULT".to_owned(),
                Some("full") => "FULL".to_owned(),
                Some("nothing") => "NOTHING".to_owned(),
                Some(index) => format!("USING INDEX {}", Postgres.quote(index)),
            };
            statements.push(format!("{table} REPLICA IDENTITY {identity}"));
        }
        if from.options.clustered_on != to.options.clustered_on {
            let order = to
                .options
                .clustered_on
                .as_ref()
                .map_or_else(|| "SET WITHOUT CLUSTER".to_owned(), |index| format!("CLUSTER ON {}", Postgres.quote(index)));
            statements.push(format!("{table} {order}"));
        }
        if statements.is_empty() {
            return;
        }
        let named = [&to.options.replica_identity, &to.options.clustered_on];
        let parts = crate::diff::parts(to).into_iter().filter(|(part, _)| named.iter().any(|index| index.as_ref() == Some(part)));
        let uses: Vec<Key> = parts.map(|(part, it)| Key::Part(name.clone(), it.kind(), part)).chain([Key::Table(name.clone())]).collect();
        let step = Step::of(format!("index options of {name}"), statements);
        // A key of its own: the parts that it waits for wait for the table.
        self.push(Op::new(Verb::Settle, Key::Default(name.clone(), String::new()), step).using(uses));
    }
}

/// What CREATE TABLE has no words for.
fn first_options(name: &Name, table: &Table, parents: &[&Table]) -> Vec<String> {
    let altered = format!("ALTER TABLE {}", Postgres.name(name));
    let mut statements = Vec::new();
    for (column, shape) in &table.columns {
        if !parents.iter().any(|parent| parent.columns.contains_key(column)) {
            let alter = format!("{altered} ALTER COLUMN {}", Postgres.quote(column));
            statements.extend(render::column_options(&alter, &shape.ty.key, &ColumnOptions::default(), &shape.options));
        }
    }
    statements.extend(table.options.row_security.then(|| format!("{altered} ENABLE ROW LEVEL SECURITY")));
    statements.extend(table.options.force_row_security.then(|| format!("{altered} FORCE ROW LEVEL SECURITY")));
    statements
}

fn table_word(table: &Table) -> &'static str {
    if table.options.foreign.is_some() { "FOREIGN TABLE" } else { "TABLE" }
}

fn table_grants(name: &Name, from: &Grants, to: &Grants) -> Vec<String> {
    render::grants(&format!("TABLE {}", Postgres.name(name)), None, from, to)
}

/// `to` with the privileges of `from` on columns that are gone: nothing is left to be revoked.
fn still_there(to: &Grants, from: &Grants, table: &Table) -> Grants {
    let mut all = to.clone();
    for (role, privileges) in from {
        let on_gone = |it: &&String| render::column_of(it).is_some_and(|column| !table.columns.contains_key(&column));
        let gone: Vec<String> = privileges.iter().filter(on_gone).cloned().collect();
        if !gone.is_empty() {
            all.entry(role.clone()).or_default().extend(gone);
        }
    }
    all
}

/// ALTER ... SET (...) and RESET (...) for storage parameters that differ.
pub(super) fn storage_changes(alter: &str, from: &IndexMap<String, String>, to: &IndexMap<String, String>) -> Vec<String> {
    let set: Vec<String> = to.iter().filter(|(key, value)| from.get(*key) != Some(*value)).map(|(key, value)| format!("{key} = {value}")).collect();
    let reset: Vec<&str> = from.keys().filter(|key| !to.contains_key(*key)).map(String::as_str).collect();
    let set = (!set.is_empty()).then(|| format!("{alter} SET ({})", set.join(", ")));
    let reset = (!reset.is_empty()).then(|| format!("{alter} RESET ({})", reset.join(", ")));
    set.into_iter().chain(reset).collect()
}

/// True for a part that is an operation of its own when its table is made: tables may point at each other.
pub(super) fn is_made_apart(name: &Name, part: &Part) -> bool {
    match part {
        Part::ForeignKey(_) | Part::Index(_) => true,
        Part::Check(check) => check.comes_after_table(&name.name),
        Part::PrimaryKey(_) | Part::Unique(_) | Part::Exclusion(_) => false,
    }
}

/// The comments of a table that is made: its own, its columns' and its constraints'.
fn comments(name: &Name, table: &Table) -> Vec<String> {
    let quoted = Postgres.name(name);
    let own = table.comment.as_deref().map(|text| render::comment(table_word(table), &quoted, Some(text)));
    let columns = table.columns.iter().filter_map(|(column, shape)| {
        shape.comment.as_deref().map(|text| render::comment("COLUMN", &format!("{quoted}.{}", Postgres.quote(column)), Some(text)))
    });
    let parts = crate::diff::parts(table).into_iter().filter(|(_, part)| !is_made_apart(name, part));
    let parts = parts.filter_map(|(part_name, part)| part_comment(name, &part_name, part.kind(), part.comment()));
    own.into_iter().chain(columns).chain(parts).collect()
}

/// COMMENT ON CONSTRAINT or INDEX; nothing where there is no text.
pub(super) fn part_comment(table: &Name, name: &str, kind: PartKind, text: Option<&str>) -> Option<String> {
    text.map(|text| set_part_comment(table, name, kind, Some(text)))
}

/// COMMENT ON CONSTRAINT or INDEX, NULL included.
pub(super) fn set_part_comment(table: &Name, name: &str, kind: PartKind, text: Option<&str>) -> String {
    match kind {
        PartKind::Index => render::comment("INDEX", &Postgres.name(&table.sibling(name)), text),
        _ => render::comment("CONSTRAINT", &format!("{} ON {}", Postgres.quote(name), Postgres.name(table)), text),
    }
}

/// True where two indexes differ in nothing but storage parameters.
pub(super) fn only_storage_differs(from: &Index, to: &Index) -> bool {
    let plain = |index: &Index| Index { storage: IndexMap::new(), comment: None, ..index.clone() };
    plain(from) == plain(to)
}

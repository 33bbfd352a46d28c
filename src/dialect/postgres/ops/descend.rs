//! Partitions, tables that inherit, and foreign tables: what a child has from its parent comes and goes with that.

use super::Planner;
use crate::dialect::Dialect as _;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::{ColumnDelta, TableAlter, TableEdit};
use crate::model::{Column, Fill, Key, Name, Schema, Table};
use crate::plan::order::{Op, Verb};
use crate::plan::{Refusal, Step};

impl Planner<'_> {
    /// A table cannot become a partitioned or a foreign one, nor the other way round: its rows would have to be copied.
    pub(super) fn refuse_other_tables(&self) -> Result<(), Refusal> {
        for (name, edit) in &self.changes.tables {
            let TableEdit::Alter(alter) = edit else { continue };
            let (from, to) = (&alter.from.options, &alter.to.options);
            let what = if from.partition_by != to.partition_by {
                "another way of partitioning"
            } else if from.foreign.as_ref().map(|it| &it.server) != to.foreign.as_ref().map(|it| &it.server) {
                "another foreign server"
            } else if from.inherits != to.inherits {
                "other tables to inherit from"
            } else if from.partition.is_some() != to.partition.is_some() && self.has_keys(&alter.from, &alter.to) {
                "a place among partitions, or lose it, with keys and indexes of its own"
            } else {
                continue;
            };
            return Err(Refusal {
                message: format!("table {name} is to have {what}, which cannot be given to a table with rows by a plan that is proven"),
                help: "write it into a revision of your own (dbtool revision -m ...), or declare a table of another name, copy the rows, and drop the old one"
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// True where the keys and indexes of a table, or of that which it is a partition of, would have to be matched with each other.
    fn has_keys(&self, from: &Table, to: &Table) -> bool {
        let parent =
            from.parents().into_iter().chain(to.parents()).find_map(|name| self.from().tables.get(&name).or_else(|| self.to().tables.get(&name)));
        let keys = |table: &Table| crate::diff::parts(table).iter().any(|(_, part)| part.kind() != crate::diff::PartKind::Check);
        keys(from) || keys(to) || parent.is_some_and(keys)
    }

    /// The table as it stands behind FROM, where what holds for it does not hold for the tables that inherit from it.
    pub(super) fn own_rows(&self, table: &Name) -> String {
        let is_parent = self.from().tables.values().any(|other| other.options.inherits.contains(table));
        format!("{}{}", if is_parent { "ONLY " } else { "" }, Postgres.name(table))
    }

    /// The tables whose columns the table has as well, as `schema` has them.
    pub(super) fn parents<'s>(&self, schema: &'s Schema, table: &Table) -> Vec<(Name, &'s Table)> {
        table.parents().into_iter().filter_map(|name| schema.tables.get(&name).map(|parent| (name, parent))).collect()
    }

    /// True where the column of a child comes or goes with that of its parent.
    pub(super) fn comes_with_parent(&self, schema: &Schema, table: &Name, column: &str) -> bool {
        let Some(shape) = schema.tables.get(table) else { return false };
        self.parents(schema, shape).iter().any(|(_, parent)| parent.columns.contains_key(column))
    }

    /// What is left to do to a child's column once its parent's has changed.
    pub(super) fn own_delta(&self, table: &Name, column: &str, delta: ColumnDelta) -> ColumnDelta {
        let Some(parent) = self.to().tables.get(table).and_then(|shape| shape.parents().first().cloned()) else { return delta };
        let change = |schema: &Schema| schema.tables.get(&parent).and_then(|table| table.columns.get(column)).cloned();
        let own = self.to().tables.get(table).and_then(|shape| shape.columns.get(column));
        let (Some(before), Some(after), Some(own)) = (change(self.from()), change(self.to()), own) else { return delta };
        ColumnDelta {
            ty: delta.ty && before.ty == after.ty,
            collation: delta.collation && before.collation == after.collation,
            nullable: delta.nullable && !(before.nullable != after.nullable && own.nullable == after.nullable),
            fill: delta.fill && !(before.fill != after.fill && own.fill == after.fill),
            ..delta
        }
    }

    /// The columns of a new child that differ from its parent's.
    pub(super) fn own_columns(&mut self, name: &Name, table: &Table) -> Vec<String> {
        let parents = self.parents(self.to(), table);
        let mut statements = Vec::new();
        for (column, shape) in &table.columns {
            let Some(parent) = parents.iter().find_map(|(_, parent)| parent.columns.get(column)) else { continue };
            let fill = if matches!(parent.fill, Fill::Identity(_)) { Fill::None } else { parent.fill.clone() };
            let base = Column { fill, ..parent.clone() };
            let altered = format!("ALTER TABLE {}", Postgres.name(name));
            statements.extend(super::column::settle_statements(&altered, &Postgres.quote(column), &base, shape));
            let alter = format!("{altered} ALTER COLUMN {}", Postgres.quote(column));
            statements.extend(render::column_options(&alter, &shape.ty.key, &base.options, &shape.options));
        }
        statements
    }

    /// A table becomes a partition, stops to be one, or gets other rows. Other tables to inherit from were refused before.
    pub(super) fn descent(&mut self, name: &Name, alter: &TableAlter) {
        let (from, to) = (&alter.from.options, &alter.to.options);
        let quoted = Postgres.name(name);
        let key = Key::Table(name.clone());
        if from.partition != to.partition {
            if let Some(partition) = &from.partition {
                let sql = format!("ALTER TABLE {} DETACH PARTITION {quoted}", Postgres.name(&partition.of));
                let uses = [Key::Table(partition.of.clone())];
                self.push(Op::new(Verb::Retype, key.clone(), Step::of(format!("detach {name}"), [sql])).using(uses));
            }
            if let Some(partition) = &to.partition {
                let bound = render::bound(&partition.bound.text);
                let sql = format!("ALTER TABLE {} ATTACH PARTITION {quoted} {bound}", Postgres.name(&partition.of));
                let uses = [Key::Table(partition.of.clone())];
                self.push(Op::new(Verb::Settle, key.clone(), Step::of(format!("attach {name}"), [sql])).using(uses));
            }
        }
    }
}

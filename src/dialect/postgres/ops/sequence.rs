//! Sequences and what they belong to; a serial column makes its own.

use super::Planner;
use crate::dialect::Dialect;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::Edit;
use crate::model::{Fill, Grants, Name, Sequence, SequenceOptions, default_name};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step};

impl Planner<'_> {
    pub(super) fn sequences(&mut self) {
        for (name, edit) in &self.changes.sequences {
            match edit {
                Edit::Create(sequence) if self.is_serial(name, sequence) => {}
                Edit::Create(sequence) | Edit::Drop(sequence) if self.goes_with_identity(sequence, edit) => {}
                Edit::Create(sequence) => self.create_sequence(name, sequence),
                Edit::Drop(sequence) => self.drop_sequence(name, sequence),
                Edit::Alter { from, to } => self.alter_sequence(name, from, to),
            }
        }
    }

    /// True where `serial` in a column that is made now says all there is to the sequence.
    pub(super) fn is_serial(&self, name: &Name, sequence: &Sequence) -> bool {
        let Some((table, column)) = &sequence.owned_by else { return false };
        let made = self.new.contains(table) || self.changes.altered(table).is_some_and(|alter| alter.adds_column(column));
        let created = self.new.contains(name);
        let plain = sequence.options == SequenceOptions::default() && !sequence.unlogged && sequence.comment.is_none() && sequence.grants.is_empty();
        let Some(shape) = self.to().tables.get(table).and_then(|table| table.columns.get(column)) else { return false };
        let reads =
            matches!(&shape.fill, Fill::Default(text) if text.key == format!("nextval({}::regclass)", Postgres.literal(&Postgres.name(name))));
        let named = name == &table.sibling(default_name(&table.name, &[column], "seq"));
        made && created && plain && reads && named && !shape.nullable && shape.ty.key == sequence.ty
    }

    /// True where the column is to be printed as `serial`.
    pub(super) fn is_serial_column(&self, table: &Name, column: &str) -> bool {
        let name = table.sibling(default_name(&table.name, &[column], "seq"));
        let owner = Some((table.clone(), column.to_owned()));
        self.to().sequences.get(&name).is_some_and(|sequence| sequence.owned_by == owner && self.is_serial(&name, sequence))
    }

    fn create_sequence(&mut self, name: &Name, sequence: &Sequence) {
        let quoted = Postgres.name(name);
        let mut statements = vec![Statement::new(render::create_sequence(name, sequence))];
        statements.extend(sequence.comment.as_deref().map(|text| Statement::new(render::comment("SEQUENCE", &quoted, Some(text)))));
        statements.extend(
            sequence_grants(name, &self.granted_by_default("sequences", name.schema.as_deref()), &sequence.grants).into_iter().map(Statement::new),
        );
        let home = self.home(name);
        self.push(Op::new(Verb::Create, Key::Sequence(name.clone()), Step::new(format!("create sequence {name}"), statements)).using(home));
        if sequence.owned_by.is_some() {
            self.own(name, None, sequence);
        }
    }

    /// A sequence goes with the column it belongs to; one that outlives its column, or belongs to none, is dropped by name.
    fn drop_sequence(&mut self, name: &Name, sequence: &Sequence) {
        let goes_along = sequence.owned_by.as_ref().is_some_and(|(table, column)| {
            let kept = self.to().tables.get(table).is_some_and(|t| t.columns.contains_key(column));
            !kept || self.forced.columns.contains(&(table.clone(), column.clone()))
        });
        if !goes_along {
            let step = Step::of(format!("drop sequence {name}"), [format!("DROP SEQUENCE {}", Postgres.name(name))]);
            let home = self.home(name);
            self.push(Op::new(Verb::Drop, Key::Sequence(name.clone()), step).using(home));
        }
    }

    fn alter_sequence(&mut self, name: &Name, from: &Sequence, to: &Sequence) {
        let quoted = Postgres.name(name);
        let mut statements = Vec::new();
        if from.ty != to.ty || from.options != to.options {
            statements.push(format!("ALTER SEQUENCE {quoted}{}", render::sequence_changes(from, to)));
        }
        if from.unlogged != to.unlogged {
            statements.push(format!("ALTER SEQUENCE {quoted} SET {}", if to.unlogged { "UNLOGGED" } else { "LOGGED" }));
        }
        if from.comment != to.comment {
            statements.push(render::comment("SEQUENCE", &quoted, to.comment.as_deref()));
        }
        statements.extend(sequence_grants(name, &from.grants, &to.grants));
        if !statements.is_empty() {
            self.push(Op::new(Verb::Settle, Key::Sequence(name.clone()), Step::of(format!("sequence {name}"), statements)));
        }
        if from.owned_by != to.owned_by {
            self.own(name, Some(from), to);
        }
    }

    /// ALTER SEQUENCE ... OWNED BY: it lets go of its old owner before that goes, and belongs to the new one once that has come.
    fn own(&mut self, name: &Name, from: Option<&Sequence>, to: &Sequence) {
        let both = |(table, column): &(Name, String)| [Key::Table(table.clone()), Key::Column(table.clone(), column.clone())];
        let alter = format!("ALTER SEQUENCE {} OWNED BY", Postgres.name(name));
        let own = Key::Sequence(name.clone());
        if let Some(old) = from.and_then(|from| from.owned_by.as_ref()) {
            let step = Step::of(format!("sequence {name} without an owner"), [format!("{alter} NONE")]);
            self.push(Op::new(Verb::Retype, Key::Ownership(name.clone()), step).using(both(old)).using([own.clone()]));
        }
        if let Some((table, column)) = &to.owned_by {
            let step = Step::of(format!("owner of sequence {name}"), [format!("{alter} {}.{}", Postgres.name(table), Postgres.quote(column))]);
            let uses = both(&(table.clone(), column.clone()));
            self.push(Op::new(Verb::Settle, Key::Ownership(name.clone()), step).using(uses).using([own]));
        }
    }
}

pub(super) fn sequence_grants(name: &Name, from: &Grants, to: &Grants) -> Vec<String> {
    render::grants(&format!("SEQUENCE {}", Postgres.name(name)), None, from, to)
}

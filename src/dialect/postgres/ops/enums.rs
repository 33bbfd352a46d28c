//! Enumerations: made, given values in place, or made anew where values go or change places.

use super::Planner;
use super::types::type_grants;
use crate::dialect::Dialect;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::Edit;
use crate::model::{EnumType, Fill, Grants, Name};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step, mentions};

/// True where the values of `from` are not, in their order, among those of `to`: ADD VALUE cannot make the change.
pub fn needs_new_type(from: &EnumType, to: &EnumType) -> bool {
    let mut rest = to.values.iter();
    !from.values.iter().all(|value| rest.any(|other| other == value))
}

impl Planner<'_> {
    pub(super) fn enums(&mut self) {
        for (name, edit) in &self.changes.enums {
            let key = Key::Enum(name.clone());
            let quoted = Postgres.name(name);
            match edit {
                Edit::Create(ty) => {
                    let mut statements = vec![Statement::new(render::create_enum(name, ty))];
                    statements.extend(ty.comment.as_deref().map(|text| Statement::new(render::comment("TYPE", &quoted, Some(text)))));
                    statements.extend(
                        type_grants(name, &self.granted_by_default("types", name.schema.as_deref()), &ty.grants).into_iter().map(Statement::new),
                    );
                    let home = self.home(name);
                    self.push(Op::new(Verb::Create, key, Step::new(format!("create type {name}"), statements)).using(home));
                }
                Edit::Drop(_) => {
                    let home = self.home(name);
                    self.push(Op::new(Verb::Drop, key, Step::of(format!("drop type {name}"), [format!("DROP TYPE {quoted}")])).using(home));
                }
                Edit::Alter { from, to } => self.alter_enum(name, from, to),
            }
        }
    }

    fn alter_enum(&mut self, name: &Name, from: &EnumType, to: &EnumType) {
        let key = Key::Enum(name.clone());
        if from.comment != to.comment {
            let sql = render::comment("TYPE", &Postgres.name(name), to.comment.as_deref());
            self.push(Op::new(Verb::Settle, key.clone(), Step::of(format!("comment on type {name}"), [sql])));
        }
        if from.grants != to.grants {
            let step = Step::of(format!("privileges on type {name}"), type_grants(name, &from.grants, &to.grants));
            self.push(Op::new(Verb::Settle, key.clone(), step));
        }
        if from.values == to.values {
            return;
        }
        if needs_new_type(from, to) {
            let statements = self.new_type(name, to);
            self.push(Op::new(Verb::Retype, key, Step::new(format!("values of type {name}"), statements)));
            return;
        }
        // A value that was added cannot be used before it is committed (sql-altertype.html, Notes). Where the same revision uses it, the
        // addition is committed first; IF NOT EXISTS lets a run that stopped afterwards be taken up again.
        let added: Vec<&String> = to.values.iter().filter(|value| !from.values.contains(value)).collect();
        let alone = added.iter().any(|value| self.uses_literal(value));
        let mut step = Step::new(format!("values of type {name}"), add_values(name, from, to, alone));
        step.alone = alone;
        self.push(Op::new(Verb::Retype, key, step));
    }

    /// True where an expression of the new schema holds the literal: it may be the new value.
    fn uses_literal(&self, value: &str) -> bool {
        let literal = Postgres.literal(value);
        let tables = self.to().tables.values();
        tables.into_iter().any(|table| {
            let fills = table.columns.values().any(|column| {
                let fill = match &column.fill {
                    Fill::Default(text) | Fill::Generated { expr: text, .. } => text.text.contains(&literal),
                    Fill::None | Fill::Identity(_) => false,
                };
                let hint = |sql: &String| sql.contains(&literal);
                fill || column.hints.backfill.as_ref().is_some_and(|b| hint(&b.sql)) || column.hints.using.as_ref().is_some_and(hint)
            });
            let bound = table.options.partition.as_ref().is_some_and(|partition| partition.bound.text.contains(&literal));
            fills || bound || crate::diff::parts(table).iter().any(|(_, part)| part.expressions().iter().any(|sql| sql.contains(&literal)))
        }) || self.to().domains.values().any(|domain| {
            let checks = domain.checks.values().any(|check| check.expr.text.contains(&literal));
            checks || domain.default.as_ref().is_some_and(|default| default.text.contains(&literal))
        }) || self.to().objects.values().any(|object| object.definition.text.contains(&literal))
    }

    /// PostgreSQL can neither remove nor move a value: a new type takes the name, and every column is cast to it.
    fn new_type(&self, name: &Name, to: &EnumType) -> Vec<Statement> {
        let old = name.sibling(crate::model::default_name("dbtool_old", &[&name.name], "type"));
        let quoted = Postgres.name(name);
        let mut statements = vec![format!("ALTER TYPE {quoted} RENAME TO {}", Postgres.quote(&old.name)), render::create_enum(name, to)];
        if let Some(text) = &to.comment {
            statements.push(render::comment("TYPE", &quoted, Some(text)));
        }
        statements.extend(type_grants(name, &Grants::default(), &to.grants));
        for (table, shape) in &self.from().tables {
            let Some(after) = self.to().tables.get(table) else { continue };
            for (column, before) in &shape.columns {
                let kept = after.columns.get(column).filter(|_| mentions(&before.ty.key, &name.name));
                // A partition's column changes with that of its table.
                let kept = kept.filter(|_| !self.comes_with_parent(self.from(), table, column));
                let Some(kept) = kept.filter(|_| !self.forced.columns.contains(&(table.clone(), column.clone()))) else { continue };
                let alter = format!("ALTER TABLE {} ALTER COLUMN {}", Postgres.name(table), Postgres.quote(column));
                let array = before.ty.key.strip_prefix(&quoted).filter(|rest| rest.starts_with('[')).unwrap_or_default();
                let using = match kept.hints.using.as_ref().filter(|_| kept.ty == before.ty) {
                    Some(expression) => format!("({expression})::{quoted}{array}"),
                    None => format!("{}::text{array}::{quoted}{array}", Postgres.quote(column)),
                };
                let had_default = matches!(before.fill, Fill::Default(_));
                statements.extend(had_default.then(|| format!("{alter} DROP DEFAULT")));
                statements.push(format!("{alter} TYPE {quoted}{array} USING {using}"));
                if let (Fill::Default(default), true) = (&kept.fill, kept.ty == before.ty) {
                    statements.push(format!("{alter} SET DEFAULT {}", default.text));
                }
            }
        }
        statements.push(format!("DROP TYPE {}", Postgres.name(&old)));
        statements.into_iter().map(Statement::new).collect()
    }
}

/// ALTER TYPE ... ADD VALUE for each new value, at its place.
fn add_values(name: &Name, from: &EnumType, to: &EnumType, again: bool) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (index, value) in to.values.iter().enumerate() {
        if from.values.contains(value) {
            continue;
        }
        let place = match index.checked_sub(1) {
            Some(before) => format!("AFTER {}", Postgres.literal(&to.values[before])),
            None => from.values.first().map(|first| format!("BEFORE {}", Postgres.literal(first))).unwrap_or_default(),
        };
        let guard = if again { "IF NOT EXISTS " } else { "" };
        statements
            .push(Statement::new(format!("ALTER TYPE {} ADD VALUE {guard}{} {place}", Postgres.name(name), Postgres.literal(value)).trim_end()));
    }
    statements
}

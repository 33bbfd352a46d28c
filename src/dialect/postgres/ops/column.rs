//! Columns: added with what their rows get, changed facet by facet, dropped.

use super::{Planner, identity};
use crate::dialect::postgres::{Postgres, render, types};
use crate::dialect::{Dialect, TypeChange};
use crate::diff::{ColumnDelta, TableAlter};
use crate::model::{Column, ColumnOptions, Fill, Name};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step, mentions};
use crate::source::LexemeKind;

impl Planner<'_> {
    pub(super) fn add_column(&mut self, table: &Name, alter: &TableAlter, column: &str) {
        let shape = &alter.to.columns[column];
        let key = Key::Column(table.clone(), column.to_owned());
        let backfill = shape.hints.backfill.as_ref().filter(|_| self.is_up());
        let title = format!("add {table}.{column}");
        let altered = format!("ALTER TABLE {}", Postgres.name(table));
        let quoted = Postgres.quote(column);
        let uses = self.column_uses(table, alter, column, shape);
        match backfill {
            // The server keeps a constant for the rows that are there in its catalog: no row is touched (ddl-alter.html).
            Some(fill) if fill.constant && !shape.fills_itself() => {
                let clause = render::column_clause(column, &Column { fill: Fill::Default(crate::model::Text::new(&fill.sql)), ..shape.clone() });
                let (added, dropped) = (format!("{altered} ADD COLUMN {clause}"), format!("{altered} ALTER COLUMN {quoted} DROP DEFAULT"));
                if self.is_online(table) && !shape.nullable {
                    // Until then an application that leaves the column out gets the value.
                    self.push(Op::new(Verb::Create, key.clone(), Step::new(title, with_comment([added], table, column, shape))).using(uses));
                    let step = Step { contract: true, ..Step::of(format!("{table}.{column} has no default any more"), [dropped]) };
                    let mut op = Op::new(Verb::Settle, Key::FillTrigger(self.fill_trigger(table, column)), step);
                    op.after.push((Verb::Create, key));
                    self.push(op);
                } else {
                    let statements = [added, dropped];
                    self.push(Op::new(Verb::Create, key, Step::new(title, with_comment(statements, table, column, shape))).using(uses));
                }
            }
            Some(fill) => {
                let plain = Column { nullable: true, fill: Fill::None, ..shape.clone() };
                let clause = render::column_clause(column, &plain);
                let statements = [format!("{altered} ADD COLUMN {clause}")];
                self.push(Op::new(Verb::Create, key.clone(), Step::new(title, with_comment(statements, table, column, shape))).using(uses));
                self.fill_column(table, column, None);
                let (title, settle) = (settle_title(table, column, &plain, shape), settle_statements(&altered, &quoted, &plain, shape));
                if !shape.nullable && self.can_fill_by_trigger(table, &fill.sql) {
                    self.add_fill_trigger(table, column, &fill.sql);
                    self.require_online(table, column, title, settle, Vec::new(), true);
                } else if !settle.is_empty() {
                    self.push(Op::new(Verb::Settle, key, Step::of(title, settle)));
                }
            }
            None if self.is_online(table) && self.volatile_default(table, column).is_some() => self.add_defaulted(table, alter, column, uses),
            None => {
                let serial = self.is_serial_column(table, column);
                let is_written = matches!(shape.fill, Fill::Identity(_) | Fill::Generated { stored: true, .. });
                if serial || is_written || self.volatile_default(table, column).is_some() {
                    self.slow(table, format!("writes every row anew for {column}, and nobody can read or write the table meanwhile"));
                }
                let spelled = if serial {
                    Column { ty: crate::model::Text::new(types::serial_of(&shape.ty.key)), fill: Fill::None, ..shape.clone() }
                } else {
                    shape.clone()
                };
                let statements = [format!("{altered} ADD COLUMN {}", render::column_clause(column, &spelled))];
                self.push(Op::new(Verb::Create, key, Step::new(title, with_comment(statements, table, column, shape))).using(uses));
            }
        }
    }

    /// A default that is another value for each row would have the server write all rows at once; so new rows get it first, and those that are
    /// there in batches.
    fn add_defaulted(&mut self, table: &Name, alter: &TableAlter, column: &str, uses: Vec<Key>) {
        let shape = &alter.to.columns[column];
        let plain = Column { nullable: true, fill: Fill::None, ..shape.clone() };
        let defaulted = Column { nullable: true, ..shape.clone() };
        let (altered, quoted) = (format!("ALTER TABLE {}", Postgres.name(table)), Postgres.quote(column));
        let mut statements = vec![format!("{altered} ADD COLUMN {}", render::column_clause(column, &plain))];
        statements.extend(settle_statements(&altered, &quoted, &plain, &defaulted));
        let step = Step::new(format!("add {table}.{column}"), with_comment(statements, table, column, shape));
        self.push(Op::new(Verb::Create, Key::Column(table.clone(), column.to_owned()), step).using(uses));
        self.fill_column(table, column, None);
        if !shape.nullable {
            let settle = settle_statements(&altered, &quoted, &defaulted, shape);
            self.require_online(table, column, settle_title(table, column, &defaulted, shape), settle, Vec::new(), false);
        }
    }

    /// The default of a new column where it calls functions: those of the transaction's time are the same for all rows.
    fn volatile_default(&self, table: &Name, column: &str) -> Option<String> {
        let Fill::Default(text) = &self.to().tables.get(table)?.columns.get(column)?.fill else { return None };
        let is_new = self.from().tables.get(table).is_some_and(|before| !before.columns.contains_key(column));
        let lexemes = Postgres.lexemes(&text.key);
        let calls = lexemes.windows(2).enumerate().any(|(index, pair)| {
            let is_type = index > 0 && lexemes[index - 1].text == ":";
            pair[1].text == "(" && pair[0].kind == LexemeKind::Word && !is_type && !SAME_FOR_ALL.iter().any(|name| pair[0].is_word(name))
        });
        (is_new && calls && !self.is_serial_column(table, column)).then(|| text.text.clone())
    }

    /// What must be there before a column: its namespace's types and sequences, and the columns that a generated one reads.
    fn column_uses(&self, table: &Name, alter: &TableAlter, column: &str, shape: &Column) -> Vec<Key> {
        let mut uses = self.mentioned(&shape.ty.key);
        if self.is_serial_column(table, column) {
            return uses;
        }
        if let Fill::Default(text) | Fill::Generated { expr: text, .. } = &shape.fill {
            uses.extend(self.mentioned(&text.key));
        }
        if let Fill::Generated { expr, .. } = &shape.fill {
            for (other, read) in alter.to.columns.iter().filter(|(other, _)| *other != column && mentions(&expr.key, other)) {
                uses.push(Key::Column(table.clone(), other.clone()));
                uses.extend(self.mentioned(&read.ty.key));
            }
        }
        uses
    }

    /// The UPDATE that gives rows a value: those without one, or those that `condition` picks.
    pub(super) fn fill_column(&mut self, table: &Name, column: &str, condition: Option<&str>) {
        let Some((fill, _)) = self.filling(table, column) else { return };
        // Before a check holds for new rows, others may go on writing such as fail it: the run behind it sees to those.
        let strict = condition.is_none();
        let Some(statement) = self.fill_statement(table, column, condition, strict) else { return };
        let uses = self.fill_uses(table, column, &fill);
        // In batches there is no transaction around it, and each batch's deferred constraints are checked with it.
        let online = self.is_online(table);
        let statements = std::iter::once(statement).chain(self.settle_deferred().filter(|_| !online)).collect();
        let step = Step { alone: online, ..Step::new(format!("fill {table}.{column}"), statements) };
        let mut op = Op::new(Verb::Fill, Key::Column(table.clone(), column.to_owned()), step).using(uses);
        op.after.push((Verb::Create, Key::FillTrigger(self.fill_trigger(table, column))));
        self.push(op);
    }

    /// What rows without a value get, and how many rows are a batch.
    fn filling(&self, table: &Name, column: &str) -> Option<(String, Option<u64>)> {
        let said = self.to().tables.get(table)?.columns.get(column)?.hints.backfill.as_ref();
        said.map(|fill| (fill.sql.clone(), fill.batch)).or_else(|| Some((self.volatile_default(table, column)?, None)))
    }

    /// The statement alone. `strict` asks that no row is left to do; rows that stay NULL are that only where the column is to be required.
    pub(super) fn fill_statement(&self, table: &Name, column: &str, condition: Option<&str>, strict: bool) -> Option<Statement> {
        let shape = self.to().tables.get(table)?.columns.get(column)?;
        let (fill, batch) = self.filling(table, column)?;
        let (name, quoted) = (Postgres.name(table), Postgres.quote(column));
        let rows = condition.map_or_else(|| format!("{quoted} IS NULL"), str::to_owned);
        let mut of = self.backfill_of(table, batch);
        if strict && (condition.is_some() || !shape.nullable) {
            let shown: Vec<&str> =
                of.key.iter().map(String::as_str).chain(Some(quoted.as_str()).filter(|quoted| !of.key.iter().any(|key| key == quoted))).collect();
            of.verify = Some(format!("SELECT {} FROM {name} WHERE {rows}", shown.join(", ")));
        }
        let sql = format!("UPDATE {name} SET {quoted} = {fill} WHERE {rows}");
        let in_key = self.to().tables.get(table).is_some_and(|shape| shape.key_columns().iter().any(|key| key == column));
        if in_key || of.key.is_empty() && of.verify.is_none() {
            // No key to cut by that stays, nor a way to tell what is done: one statement.
            return Some(Statement::new(sql));
        }
        Some(Statement::backfill(format!("{sql} /* dbtool:range {name} */"), of))
    }

    /// What the expression of a backfill reads.
    pub(super) fn fill_uses(&self, table: &Name, column: &str, sql: &str) -> Vec<Key> {
        let mut uses: Vec<Key> = self.mentioned(sql);
        if let Some(shape) = self.to().tables.get(table).and_then(|shape| shape.columns.get(column)) {
            // A value of the type has to be there before it is given.
            uses.extend(self.mentioned(&shape.ty.key));
            if shape.hints.backfill.as_ref().is_some_and(|fill| fill.constant) {
                return uses;
            }
        }
        for schema in [self.to(), self.from()] {
            let own = schema.tables.get(table).into_iter().flat_map(|shape| shape.columns.keys());
            uses.extend(own.filter(|other| *other != column && mentions(sql, other)).map(|other| Key::Column(table.clone(), other.clone())));
            for (other, shape) in schema.tables.iter().filter(|(other, _)| *other != table && mentions(sql, &other.name)) {
                uses.push(Key::Table(other.clone()));
                uses.extend(shape.columns.keys().filter(|read| mentions(sql, read)).map(|read| Key::Column(other.clone(), read.clone())));
            }
        }
        uses
    }

    pub(super) fn drop_column(&mut self, table: &Name, column: &str, shape: &Column) {
        let step =
            Step::of(format!("drop {table}.{column}"), [format!("ALTER TABLE {} DROP COLUMN {}", Postgres.name(table), Postgres.quote(column))]);
        let mut uses = self.mentioned(&shape.ty.key);
        let own = |name: &Name| self.from().sequences.get(name).is_some_and(|s| s.owned_by == Some((table.clone(), column.to_owned())));
        if let Fill::Default(text) = &shape.fill {
            uses.extend(self.mentioned(&text.key).into_iter().filter(|key| !matches!(key, Key::Sequence(name) if own(name))));
        }
        if let (Fill::Generated { expr, .. }, Some(before)) = (&shape.fill, self.from().tables.get(table)) {
            for (other, read) in before.columns.iter().filter(|(other, _)| *other != column && mentions(&expr.key, other)) {
                uses.push(Key::Column(table.clone(), other.clone()));
                uses.extend(self.mentioned(&read.ty.key));
            }
        }
        self.push(Op::new(Verb::Drop, Key::Column(table.clone(), column.to_owned()), step).using(uses));
    }

    pub(super) fn alter_column(&mut self, table: &Name, alter: &TableAlter, column: &str, delta: ColumnDelta) {
        let (from, to) = (&alter.from.columns[column], &alter.to.columns[column]);
        let key = Key::Column(table.clone(), column.to_owned());
        if self.forced.columns.contains(&(table.clone(), column.to_owned())) {
            if !matches!(from.fill, Fill::Generated { .. }) {
                self.notes.push(format!("Replaces the values of {table}.{column} by its expression: what it held is lost."));
            }
            return;
        }
        let quoted = Postgres.quote(column);
        if delta.ty || delta.collation {
            self.retype_column(table, column, from, to);
        }
        if delta.nullable && !to.nullable && self.is_up() {
            self.fill_column(table, column, None);
        }
        let kept = Column {
            nullable: if delta.nullable { from.nullable } else { to.nullable },
            fill: if delta.fill { from.fill.clone() } else { to.fill.clone() },
            ..from.clone()
        };
        let from = &kept;
        // Retyping has already given the column its new default.
        let base = if delta.ty || delta.collation { Column { fill: after_retyping(from, to), ..from.clone() } } else { from.clone() };
        let mut statements = match self.serial_to_identity(table, column, &base, to).or_else(|| self.identity_to_serial(table, column, &base, to)) {
            Some(statements) => statements,
            None => self.settle(table, column, &base, to),
        };
        if delta.options || delta.ty {
            let alter = format!("ALTER TABLE {} ALTER COLUMN {quoted}", Postgres.name(table));
            // With another type a column has the storage of that.
            let left = ColumnOptions { storage: None, compression: None, ..from.options.clone() };
            let before = if delta.ty { &left } else { &from.options };
            statements.extend(render::column_options(&alter, &to.ty.key, before, &to.options));
        }
        if delta.comment {
            statements.push(render::comment("COLUMN", &format!("{}.{quoted}", Postgres.name(table)), to.comment.as_deref()));
        }
        if !statements.is_empty() {
            let mut uses = Vec::new();
            for fill in [&from.fill, &to.fill] {
                if let Fill::Default(text) = fill {
                    uses.extend(self.mentioned(&text.key));
                }
            }
            if from.nullable && !to.nullable && self.is_online(table) {
                let fill = to.hints.backfill.as_ref().filter(|fill| self.is_up() && self.can_fill_by_trigger(table, &fill.sql)).cloned();
                if let Some(fill) = &fill {
                    self.add_fill_trigger(table, column, &fill.sql);
                }
                return self.require_online(table, column, settle_title(table, column, from, to), statements, uses, fill.is_some());
            }
            self.push(Op::new(Verb::Settle, key, Step::of(settle_title(table, column, from, to), statements)).using(uses));
        }
    }

    /// The facets of a column that stays, and where the numbers of a new identity go on.
    fn settle(&self, table: &Name, column: &str, from: &Column, to: &Column) -> Vec<String> {
        if let (Fill::Identity(old), Fill::Identity(new)) = (&from.fill, &to.fill) {
            return self.identity_options(table, column, old, new);
        }
        let mut statements = settle_statements(&format!("ALTER TABLE {}", Postgres.name(table)), &Postgres.quote(column), from, to);
        let is_kept = self.from().tables.get(table).is_some_and(|shape| shape.columns.contains_key(column));
        match &to.fill {
            Fill::Identity(identity) if is_kept => statements.push(identity::go_on_behind_rows(table, column, &identity.options)),
            Fill::Default(default) if is_kept && from.fill != to.fill => statements.extend(self.new_sequence_goes_on(table, column, &default.key)),
            Fill::Identity(_) | Fill::Default(_) | Fill::None | Fill::Generated { .. } => {}
        }
        statements
    }

    fn retype_column(&mut self, table: &Name, column: &str, from: &Column, to: &Column) {
        let (name, quoted) = (Postgres.name(table), Postgres.quote(column));
        let alter = format!("ALTER TABLE {name} ALTER COLUMN {quoted}");
        let mut statements = Vec::new();
        if matches!(from.fill, Fill::Default(_)) {
            statements.push(format!("{alter} DROP DEFAULT"));
        }
        let collation = to.collation.as_deref().map(|collation| format!(" COLLATE {}", render::collation(collation))).unwrap_or_default();
        let using = match (&to.hints.using, Postgres.type_change(&from.ty.key, &to.ty.key)) {
            (Some(expression), _) if self.is_up() && from.ty != to.ty => Some(expression.clone()),
            (_, TypeChange::NeedsUsing) if from.ty != to.ty => Some(types::cast(&quoted, &to.ty.text, &from.ty.key)),
            (_, TypeChange::Checked { using: Some(using), .. }) => Some(using.replace("{}", &quoted)),
            _ => None,
        };
        if using.is_some() || super::super::type_change::rewrites(&from.ty.key, &to.ty.key) {
            self.slow(table, format!("writes every row anew for the type of {column}, and nobody can read or write the table meanwhile"));
        }
        let using = using.map(|expression| format!(" USING {expression}")).unwrap_or_default();
        statements.push(format!("{alter} TYPE {}{collation}{using}", to.ty.text));
        if let (Fill::Default(default), Fill::Default(_)) = (&to.fill, &from.fill) {
            statements.push(format!("{alter} SET DEFAULT {}", default.text));
        }
        let mut uses = self.mentioned(&from.ty.key);
        uses.extend(self.mentioned(&to.ty.key));
        let step = Step::of(format!("type of {table}.{column}"), statements);
        self.push(Op::new(Verb::Retype, Key::Column(table.clone(), column.to_owned()), step).using(uses));
    }
}

/// Words before a parenthesis that give all rows of a statement the same: functions that are not volatile, and types with a length.
const SAME_FOR_ALL: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "timezone",
    "date_trunc",
    "make_interval",
    "make_date",
    "to_timestamp",
    "to_date",
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "json_build_array",
    "to_jsonb",
    "to_tsvector",
    "coalesce",
    "lower",
    "upper",
    "concat",
    "current_setting",
    "varying",
    "character",
    "varchar",
    "char",
    "numeric",
    "decimal",
    "timestamp",
    "timestamptz",
    "time",
    "interval",
    "bit",
    "localtimestamp",
    "localtime",
    "current_timestamp",
    "current_time",
];

/// What fills the column once `retype_column` has run.
fn after_retyping(from: &Column, to: &Column) -> Fill {
    match (&from.fill, &to.fill) {
        (Fill::Default(_), Fill::Default(_)) => to.fill.clone(),
        (Fill::Default(_), _) => Fill::None,
        _ => from.fill.clone(),
    }
}

/// The facets that stay the column's own: default, identity, generation, nullability; each in the order that the server asks for.
pub(super) fn settle_statements(altered: &str, quoted: &str, from: &Column, to: &Column) -> Vec<String> {
    let alter = format!("{altered} ALTER COLUMN {quoted}");
    let mut statements = Vec::new();
    if from.fill != to.fill {
        match &from.fill {
            Fill::Identity(_) if !matches!(to.fill, Fill::Identity(_)) => statements.push(format!("{alter} DROP IDENTITY")),
            Fill::Generated { .. } => statements.push(format!("{alter} DROP EXPRESSION")),
            Fill::Default(_) if !matches!(to.fill, Fill::Default(_)) => statements.push(format!("{alter} DROP DEFAULT")),
            Fill::None | Fill::Identity(_) | Fill::Default(_) => {}
        }
    }
    // An identity column has to be NOT NULL before it becomes one, and stays so as long as it is one.
    if from.nullable && !to.nullable {
        statements.push(format!("{alter} SET NOT NULL"));
    }
    if from.fill != to.fill {
        match (&from.fill, &to.fill) {
            (_, Fill::Default(text)) => statements.push(format!("{alter} SET DEFAULT {}", text.text)),
            (_, Fill::Identity(identity)) => statements.push(format!("{alter} ADD {}", render::identity_clause(identity))),
            (_, Fill::None | Fill::Generated { .. }) => {}
        }
    }
    if !from.nullable && to.nullable {
        statements.push(format!("{alter} DROP NOT NULL"));
    }
    statements
}

fn settle_title(table: &Name, column: &str, from: &Column, to: &Column) -> String {
    if to.nullable || !from.nullable { format!("{table}.{column}") } else { format!("{table}.{column} is required") }
}

fn with_comment(statements: impl IntoIterator<Item = String>, table: &Name, column: &str, shape: &Column) -> Vec<Statement> {
    let comment =
        shape.comment.as_deref().map(|text| render::comment("COLUMN", &format!("{}.{}", Postgres.name(table), Postgres.quote(column)), Some(text)));
    let alter = format!("ALTER TABLE {} ALTER COLUMN {}", Postgres.name(table), Postgres.quote(column));
    let options = render::column_options(&alter, &shape.ty.key, &ColumnOptions::default(), &shape.options);
    statements.into_iter().chain(comment).chain(options).map(Statement::new).collect()
}

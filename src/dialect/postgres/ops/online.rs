//! Plans that let an application go on reading and writing: what scans or builds holds no lock that others wait for.
//!
//! Indexes are built concurrently and keys attached to them, foreign keys and checks are added NOT VALID and validated in a transaction of
//! their own, a column becomes required by way of a validated check. Source of the rules:
//! <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>,
//! <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>.

use super::Planner;
use super::part::part_key;
use super::table::part_comment;
use crate::dialect::Dialect;
use crate::dialect::postgres::quote::shortened;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::{Part, PartKind, parts};
use crate::model::{Check, ForeignKey, Name, OnOrphan, Table};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Slow, Statement, Step, mentions};

impl Planner<'_> {
    /// True where others may be using the table while the revision is applied.
    pub(super) fn is_online(&self, table: &Name) -> bool {
        // A partitioned table knows neither CONCURRENTLY nor constraints that are NOT VALID, and what a parent does its children do.
        let alone = |table: &Table| table.options.partition_by.is_none() && table.options.foreign.is_none() && table.parents().is_empty();
        let is_parent = |name: &Name| self.from().tables.values().any(|other| other.parents().contains(name));
        self.context.style.online && self.from().tables.get(table).is_some_and(alone) && !is_parent(table)
    }

    /// Says that a table that is there will be kept busy.
    pub(super) fn slow(&mut self, table: &Name, what: impl Into<String>) {
        if self.from().tables.contains_key(table) {
            let old = self.changes.renames.old_table(table);
            self.slow.push(Slow { table: Postgres.name(old), what: what.into() });
        }
    }

    /// Makes a part under `name`. False where the server has no such way for it.
    pub(super) fn create_online(&mut self, table: &Name, name: &str, part: &Part) -> bool {
        if !self.is_online(table) {
            return false;
        }
        match part {
            Part::Index(index) => {
                self.build_index(table, name, part, render::create_index(table, name, index, true));
                self.comment_part(table, name, part);
            }
            Part::PrimaryKey(_) | Part::Unique(_)
                if self.old_part(table, part.kind(), name).is_some_and(|old| self.holds_foreign_keys(table, &old)) =>
            {
                return false;
            }
            Part::Unique(unique) => {
                let built = render::unique_index(table, name, &unique.columns, &unique.include, unique.nulls_not_distinct);
                self.build_index(table, name, part, built);
                self.attach(table, name, part, None);
            }
            Part::PrimaryKey(key) => {
                self.build_index(table, name, part, render::unique_index(table, name, &key.columns, &key.include, false));
                self.attach(table, name, part, None);
            }
            Part::Check(check) if !check.not_valid => self.check_online(table, name, part, check),
            // Rows that point at each other have to go together, and those that are partly NULL are no orphans.
            Part::ForeignKey(key) if key.target == *table && *key.on_orphan == OnOrphan::Delete || key.match_full && key.columns.len() > 1 => {
                return false;
            }
            Part::ForeignKey(_) if self.is_forced(table, PartKind::ForeignKey, name) => return false,
            Part::ForeignKey(key) if !key.not_valid => self.foreign_key_online(table, name, part, key),
            Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => return false,
        }
        true
    }

    /// The rows that repeat the key go first; then the index is built while others write.
    fn build_index(&mut self, table: &Name, name: &str, part: &Part, sql: String) {
        let key = part_key(table, part.kind(), name);
        let uses = self.part_uses(self.to(), table, part);
        let rows = part_key(table, part.kind(), &format!("rows of {name}"));
        let repeated = self.make_way(table, part);
        if !repeated.is_empty() {
            let step = Step::new(format!("rows that repeat {name}"), repeated).alone();
            self.push(Op::new(Verb::Fill, rows.clone(), step).using(uses.clone()));
        }
        let step = Step::of(format!("build {} {name}", if part.kind() == PartKind::Index { "index" } else { "the index of" }), [sql]).alone();
        let mut op = Op::new(Verb::Create, key, step).using(uses);
        op.after.push((Verb::Fill, rows));
        self.push(op);
    }

    /// A key takes over the index that was built for it under `name`; it replaces the key `old` where there is one.
    fn attach(&mut self, table: &Name, name: &str, part: &Part, old: Option<&str>) {
        let (word, deferrable) = match part {
            Part::PrimaryKey(key) => ("PRIMARY KEY", key.deferrable),
            Part::Unique(unique) => ("UNIQUE", unique.deferrable),
            Part::Index(_) | Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => return,
        };
        let to = old.unwrap_or(name);
        let dropped = old.map(|old| format!("DROP CONSTRAINT {}, ", Postgres.quote(old))).unwrap_or_default();
        let sql = format!("ALTER TABLE {} {dropped}ADD {}", Postgres.name(table), render::using_index(to, word, name, deferrable));
        let mut statements = vec![Statement::new(sql)];
        statements.extend(part_comment(table, to, part.kind(), part.comment()).map(Statement::new));
        let mut op = Op::new(Verb::Settle, part_key(table, part.kind(), to), Step::new(format!("{} {to}", part.kind().word()), statements));
        op.after.push((Verb::Create, part_key(table, part.kind(), name)));
        self.push(op);
    }

    fn comment_part(&mut self, table: &Name, name: &str, part: &Part) {
        if let Some(sql) = part_comment(table, name, part.kind(), part.comment()) {
            let step = Step::of(format!("comment on {} {name}", part.kind().word()), [sql]);
            self.push(Op::new(Verb::Settle, part_key(table, part.kind(), name), step));
        }
    }

    /// New rows have to keep to it at once, old ones are looked at without a lock that others wait for. Rows that were written between the
    /// backfill and the constraint are mended by a second run of it.
    fn check_online(&mut self, table: &Name, name: &str, part: &Part, check: &Check) {
        let unvalidated = Check { not_valid: true, ..check.clone() };
        let sql = format!("ALTER TABLE {} ADD {}", Postgres.name(table), render::check_clause(name, &unvalidated));
        self.add_unvalidated(table, name, part, sql);
        let again = self
            .mended_column(table, check)
            .and_then(|column| self.fill_statement(table, &column, Some(&format!("NOT ({})", check.expr.text)), true));
        if let Some(statement) = again {
            let step = Step::new(format!("rows of {table} that fail {name} by now"), vec![statement]).alone();
            self.push(Op::new(Verb::Fill, part_key(table, PartKind::Check, name), step));
        }
        self.validate(table, name, PartKind::Check);
    }

    fn foreign_key_online(&mut self, table: &Name, name: &str, part: &Part, key: &ForeignKey) {
        let unvalidated = ForeignKey { not_valid: true, ..key.clone() };
        let sql = format!("ALTER TABLE {} ADD {}", Postgres.name(table), render::foreign_key_clause(name, &unvalidated));
        self.add_unvalidated(table, name, part, sql);
        if let Some(statement) = self.orphans_in_batches(table, key) {
            let step = Step::new(format!("rows of {table} that point nowhere by {name}"), vec![statement]).alone();
            self.push(Op::new(Verb::Fill, part_key(table, PartKind::ForeignKey, name), step));
        }
        self.validate(table, name, PartKind::ForeignKey);
    }

    fn add_unvalidated(&mut self, table: &Name, name: &str, part: &Part, sql: String) {
        let mut statements = vec![Statement::new(sql)];
        statements.extend(part_comment(table, name, part.kind(), part.comment()).map(Statement::new));
        let uses = self.part_uses(self.to(), table, part);
        let step = Step::new(format!("{} {name}", part.kind().word()), statements);
        let mut op = Op::new(Verb::Create, part_key(table, part.kind(), name), step).using(uses);
        op.after = self.before_unvalidated(table, part);
        self.push(op);
    }

    /// A check that is not valid yet holds for every row that is written, so other backfills of the table go first. A foreign key waits for
    /// the keys of its target that change, lest the server choose one that is about to go.
    fn before_unvalidated(&self, table: &Name, part: &Part) -> Vec<(Verb, Key)> {
        match part {
            Part::Check(_) => {
                let columns = self.to().tables.get(table).into_iter().flat_map(|shape| shape.columns.keys());
                columns.map(|column| (Verb::Fill, Key::Column(table.clone(), column.clone()))).collect()
            }
            Part::ForeignKey(key) => {
                let old = self.from().tables.get(&key.target).map(parts).unwrap_or_default();
                let keys = old.into_iter().filter(|(_, part)| part.is_key_of(&key.target_columns, false));
                keys.flat_map(|(name, part)| [Verb::Drop, Verb::Settle].map(|verb| (verb, part_key(&key.target, part.kind(), &name)))).collect()
            }
            Part::Index(_) | Part::Unique(_) | Part::PrimaryKey(_) | Part::Exclusion(_) => Vec::new(),
        }
    }

    fn old_part(&self, table: &Name, kind: PartKind, name: &str) -> Option<Part> {
        let found = self.from().tables.get(table).map(parts)?;
        found.into_iter().find(|(old, part)| old == name && part.kind() == kind).map(|(_, part)| part)
    }

    /// Makes the new part beside the old one and changes them over in one transaction, so that there is no moment without either. False
    /// where the old one has to go first.
    pub(super) fn replace_online(&mut self, table: &Name, name: &str, from: &Part, to: &Part) -> bool {
        let kind = to.kind();
        let has_way = match to {
            Part::Check(check) => !check.not_valid,
            Part::ForeignKey(key) => !key.not_valid,
            Part::Index(_) | Part::Unique(_) | Part::PrimaryKey(_) => true,
            Part::Exclusion(_) => false,
        };
        // A column cannot become nullable as long as it is in a primary key.
        let shape = self.to().tables.get(table);
        let loosens = kind == PartKind::PrimaryKey
            && from.columns().iter().any(|column| shape.and_then(|shape| shape.columns.get(*column)).is_some_and(|column| column.nullable));
        // The old one holds until the change-over, and what a backfill writes may contradict it.
        let filled = self.to().tables.get(table).is_some_and(|shape| {
            let reads = |column: &str| from.columns().contains(&column) || from.expressions().iter().any(|sql| mentions(sql, column));
            shape.columns.iter().any(|(name, column)| column.hints.backfill.is_some() && reads(name))
        });
        if (filled && self.is_up() && matches!(kind, PartKind::Check | PartKind::ForeignKey)) || self.holds_foreign_keys(table, from) {
            return false;
        }
        if loosens || !self.is_online(table) || !has_way || from.kind() != kind || self.is_forced(table, kind, name) || self.is_retyped(table, from) {
            return false;
        }
        let passing = shortened(&format!("dbtool_new_{name}"));
        if let Part::Unique(_) | Part::PrimaryKey(_) = to {
            let (columns, include, nulls) = match to {
                Part::Unique(it) => (&it.columns, &it.include, it.nulls_not_distinct),
                Part::PrimaryKey(it) => (&it.columns, &it.include, false),
                Part::Index(_) | Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => return false,
            };
            self.build_index(table, &passing, to, render::unique_index(table, &passing, columns, include, nulls));
            self.attach(table, &passing, to, Some(name));
        } else {
            self.create_online(table, &passing, &uncommented(to));
            self.change_over(table, &passing, name, to);
        }
        // What the old one stands on is used until the change-over.
        let uses = self.part_uses(self.from(), table, from);
        if let Some(op) = self.ops.iter_mut().rev().find(|op| op.verb == Verb::Settle && op.key == part_key(table, kind, name)) {
            op.uses.extend(uses.into_iter().filter(|key| matches!(key, Key::Column(..))));
        }
        true
    }

    fn change_over(&mut self, table: &Name, passing: &str, name: &str, part: &Part) {
        let (old, new) = (Postgres.quote(name), Postgres.quote(passing));
        let mut statements = match part.kind() {
            PartKind::Index => vec![
                format!("DROP INDEX {}", Postgres.name(&table.sibling(name))),
                format!("ALTER INDEX {} RENAME TO {old}", Postgres.name(&table.sibling(passing))),
            ],
            _ => {
                let alter = format!("ALTER TABLE {}", Postgres.name(table));
                vec![format!("{alter} DROP CONSTRAINT {old}"), format!("{alter} RENAME CONSTRAINT {new} TO {old}")]
            }
        };
        statements.extend(part_comment(table, name, part.kind(), part.comment()));
        let step = Step::of(format!("{} {name}", part.kind().word()), statements);
        let mut op = Op::new(Verb::Settle, part_key(table, part.kind(), name), step);
        op.after.extend([Verb::Create, Verb::Fill, Verb::Settle].map(|verb| (verb, part_key(table, part.kind(), passing))));
        self.push(op);
    }

    /// True where foreign keys stand on the key and go with it: then all of them change in one transaction, so that no row can be without its
    /// parent in between.
    pub(super) fn holds_foreign_keys(&self, table: &Name, part: &Part) -> bool {
        let stands = |key: &ForeignKey| key.target == *table && part.is_key_of(&key.target_columns, false);
        self.from()
            .tables
            .iter()
            .any(|(child, shape)| shape.foreign_keys.iter().any(|(name, key)| stands(key) && self.is_forced(child, PartKind::ForeignKey, name)))
    }

    /// True where a column of the part gets another type: what stands on it has to go before.
    fn is_retyped(&self, table: &Name, part: &Part) -> bool {
        let taken = self.taken_away();
        let reads = |column: &str| part.columns().contains(&column) || part.expressions().iter().any(|sql| mentions(sql, column));
        taken.iter().any(|(name, column)| name == table && column.as_deref().is_some_and(reads))
    }
}

/// The part without its comment, which is set once it has its own name.
fn uncommented(part: &Part) -> Part {
    let mut part = part.clone();
    match &mut part {
        Part::PrimaryKey(it) => it.comment = None,
        Part::Unique(it) => it.comment = None,
        Part::Check(it) => it.comment = None,
        Part::ForeignKey(it) => it.comment = None,
        Part::Exclusion(it) => it.comment = None,
        Part::Index(it) => it.comment = None,
    }
    part
}

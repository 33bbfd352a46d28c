//! Keys, checks, foreign keys, exclusions and indexes: added with what becomes of rows in their way, dropped, renamed, made anew.

use super::Planner;
use super::table::{only_storage_differs, part_comment, set_part_comment, storage_changes};
use crate::dialect::Dialect;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::{Part, PartEdit, PartKind, TableAlter, TableChange, parts};
use crate::model::{Check, Column, Fill, ForeignKey, Grants, Index, Name, OnDuplicate, OnOrphan, Schema};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step, mentions};

impl Planner<'_> {
    pub(super) fn part(&mut self, table: &Name, name: &str, edit: &PartEdit) {
        match edit {
            PartEdit::Add(part) => {
                self.fill_for_check(table, part);
                self.create_part(table, name, part);
            }
            PartEdit::Drop(part) => self.drop_part(table, name, part),
            PartEdit::Replace { from: Part::Index(from), to: Part::Index(to) }
                if only_storage_differs(from, to) && !self.is_forced(table, PartKind::Index, name) =>
            {
                let statements = storage_changes(&format!("ALTER INDEX {}", Postgres.name(&table.sibling(name))), &from.storage, &to.storage);
                self.push(Op::new(Verb::Settle, part_key(table, PartKind::Index, name), Step::of(format!("options of index {name}"), statements)));
            }
            PartEdit::Replace { from: Part::Check(from), to: Part::Check(to) } if from.not_valid && !to.not_valid && from.expr == to.expr => {
                self.validate(table, name, PartKind::Check)
            }
            PartEdit::Replace { from, to } => {
                self.fill_for_check(table, to);
                if self.replace_online(table, name, from, to) {
                    return;
                }
                self.drop_part(table, name, from);
                self.create_part(table, name, to);
            }
            // One that is made anew for another reason is made under its new name.
            PartEdit::Rename { from, part } if self.is_forced(table, part.kind(), from) => {}
            PartEdit::Rename { from, part } => self.rename_part(table, from, name, part),
            PartEdit::Comment { to, .. } => {
                let sql = set_part_comment(table, name, to.kind(), to.comment());
                let step = Step::of(format!("comment on {} {name}", to.kind().word()), [sql]);
                self.push(Op::new(Verb::Settle, part_key(table, to.kind(), name), step));
            }
        }
    }

    /// Parts that do not change but stand on something that does: dropped before, made again after. Those that the difference drops or
    /// replaces anyway are not touched twice.
    pub(super) fn forced_parts(&mut self) {
        for (table, column) in self.forced.columns.clone() {
            let (Some(before), Some(after)) = (self.from().tables.get(&table), self.to().tables.get(&table)) else { continue };
            if let (Some(from), Some(_)) = (before.columns.get(&column), after.columns.get(&column)) {
                self.drop_column(&table, &column, from);
                let alter = TableAlter { from: before.clone(), to: after.clone(), changes: Vec::new() };
                self.add_column(&table, &alter, &column);
                self.grant_on_column(&table, &column, &after.grants);
            }
        }
        for (table, kind, name) in self.forced.parts.clone() {
            let find = |schema: &Schema, name: &str| {
                let found = schema.tables.get(&table).map(parts);
                found.and_then(|parts| parts.into_iter().find(|(n, p)| n == name && p.kind() == kind)).map(|(_, part)| part)
            };
            let has = |verb: Verb, name: &str, ops: &[Op]| ops.iter().any(|op| op.verb == verb && op.key == part_key(&table, kind, name));
            if let Some(from) = find(self.from(), &name).filter(|_| !has(Verb::Drop, &name, &self.ops)) {
                self.drop_part(&table, &name, &from);
            }
            let new = self.new_name(&table, kind, &name);
            if let Some(to) = find(self.to(), &new).filter(|_| !has(Verb::Create, &new, &self.ops)) {
                self.create_part(&table, &new, &to);
            }
        }
    }

    /// Privileges on a column go with it.
    fn grant_on_column(&mut self, table: &Name, column: &str, grants: &Grants) {
        let mut own = Grants::new();
        for (role, privileges) in grants {
            let names = |it: &&String| render::column_of(it).as_deref() == Some(column);
            let on_column: std::collections::BTreeSet<String> = privileges.iter().filter(names).cloned().collect();
            if !on_column.is_empty() {
                own.insert(role.clone(), on_column);
            }
        }
        let statements = render::grants(&format!("TABLE {}", Postgres.name(table)), None, &Grants::new(), &own);
        if !statements.is_empty() {
            let step = Step::of(format!("privileges on {table}.{column}"), statements);
            let uses = [Key::Column(table.clone(), column.to_owned())];
            self.push(Op::new(Verb::Settle, Key::Default(table.clone(), format!("{column} ")), step).using(uses));
        }
    }

    /// Defaults that call something which is made anew.
    pub(super) fn forced_defaults(&mut self) {
        for (table, column) in self.forced.defaults.clone() {
            let shape = |schema: &Schema| schema.tables.get(&table).and_then(|shape| shape.columns.get(&column)).cloned();
            let (Some(_), Some(to)) = (shape(self.from()), shape(self.to())) else { continue };
            let alter = format!("ALTER TABLE {} ALTER COLUMN {}", Postgres.name(&table), Postgres.quote(&column));
            let key = Key::Default(table.clone(), column.clone());
            let step = Step::of(format!("default of {table}.{column}"), [format!("{alter} DROP DEFAULT")]);
            self.push(Op::new(Verb::Drop, key.clone(), step));
            if let Fill::Default(text) = &to.fill {
                let step = Step::of(format!("default of {table}.{column}, again"), [format!("{alter} SET DEFAULT {}", text.text)]);
                self.push(Op::new(Verb::Create, key, step));
            }
        }
    }

    /// What a part is called once the change is made.
    fn new_name(&self, table: &Name, kind: PartKind, name: &str) -> String {
        let renamed = self.changes.altered(table).into_iter().flat_map(|alter| &alter.changes).find_map(|change| match change {
            TableChange::Part(new, PartEdit::Rename { from, part }) if from == name && part.kind() == kind => Some(new.clone()),
            _ => None,
        });
        renamed.unwrap_or_else(|| name.to_owned())
    }

    pub(super) fn is_forced(&self, table: &Name, kind: PartKind, name: &str) -> bool {
        self.forced.parts.contains(&(table.clone(), kind, name.to_owned()))
    }

    /// Rows that fail a new check get the backfill of the column that the check reads.
    fn fill_for_check(&mut self, table: &Name, part: &Part) {
        let Part::Check(check) = part else { return };
        if !self.is_up() || check.not_valid {
            return;
        }
        let Some(column) = self.mended_column(table, check) else { return };
        self.fill_column(table, &column, Some(&format!("NOT ({})", check.expr.text)));
    }

    /// The column whose backfill mends the rows that fail a check: one that was there before.
    pub(super) fn mended_column(&self, table: &Name, check: &Check) -> Option<String> {
        let (before, after) = (self.from().tables.get(table)?, self.to().tables.get(table)?);
        let mends =
            |name: &str, column: &Column| column.hints.backfill.is_some() && before.columns.contains_key(name) && mentions(&check.expr.key, name);
        after.columns.iter().find(|(name, column)| self.is_up() && mends(name, column)).map(|(name, _)| name.clone())
    }

    pub(super) fn create_part(&mut self, table: &Name, name: &str, part: &Part) {
        if self.create_online(table, name, part) {
            return;
        }
        self.slow_part(table, name, part);
        let quoted = Postgres.name(table);
        let mut statements: Vec<Statement> = self.make_way(table, part);
        if !statements.is_empty() {
            statements.extend(self.settle_deferred());
        }
        let sql = match part {
            Part::PrimaryKey(key) => format!("ALTER TABLE {quoted} ADD {}", render::primary_key_clause(key)),
            Part::Unique(unique) => format!("ALTER TABLE {quoted} ADD {}", render::unique_clause(name, unique)),
            Part::Check(check) => format!("ALTER TABLE {quoted} ADD {}", render::check_clause(name, check)),
            Part::Exclusion(exclusion) => format!("ALTER TABLE {quoted} ADD {}", render::exclusion_clause(name, exclusion)),
            Part::ForeignKey(key) => format!("ALTER TABLE {quoted} ADD {}", render::foreign_key_clause(name, key)),
            Part::Index(index) => render::create_index(table, name, index, false),
        };
        statements.push(Statement::new(sql));
        statements.extend(part_comment(table, name, part.kind(), part.comment()).map(Statement::new));
        let step = Step::new(format!("{} {name}", part.kind().word()), statements);
        let uses = self.part_uses(self.to(), table, part);
        self.push(Op::new(Verb::Create, part_key(table, part.kind(), name), step).using(uses));
    }

    /// Who has to wait while a part is made in one go.
    fn slow_part(&mut self, table: &Name, name: &str, part: &Part) {
        match part {
            Part::Index(_) | Part::Exclusion(_) => self.slow(table, format!("builds {name}, and nobody can write the table meanwhile")),
            Part::PrimaryKey(_) | Part::Unique(_) => self.slow(table, format!("builds {name}, and nobody can read or write the table meanwhile")),
            Part::Check(check) if !check.not_valid => {
                self.slow(table, format!("looks at every row for {name}, and nobody can read or write the table meanwhile"));
            }
            Part::ForeignKey(key) if !key.not_valid => {
                self.slow(table, format!("looks at every row for {name}, and nobody can write this table or {} meanwhile", key.target));
            }
            Part::Check(_) | Part::ForeignKey(_) => {}
        }
    }

    pub(super) fn drop_part(&mut self, table: &Name, name: &str, part: &Part) {
        let key = part_key(table, part.kind(), name);
        if self.ops.iter().any(|op| op.verb == Verb::Drop && op.key == key) {
            return;
        }
        let online = part.kind() == PartKind::Index && self.is_online(table);
        let sql = match part.kind() {
            PartKind::Index => format!("DROP INDEX {}{}", if online { "CONCURRENTLY " } else { "" }, Postgres.name(&table.sibling(name))),
            _ => format!("ALTER TABLE {} DROP CONSTRAINT {}", Postgres.name(table), Postgres.quote(name)),
        };
        let uses = self.part_uses(self.from(), table, part);
        let step = Step { alone: online, ..Step::of(format!("drop {} {name}", part.kind().word()), [sql]) };
        let mut op = Op::new(Verb::Drop, key, step).using(uses);
        if let (Part::Index(index), true) = (part, online) {
            op.wishes = self.successors(table, name, index);
        }
        self.push(op);
    }

    /// The indexes that serve the queries of this one once it is gone: while they are built it is still there.
    fn successors(&self, table: &Name, name: &str, index: &Index) -> Vec<Key> {
        let Some(to) = self.to().tables.get(table) else { return Vec::new() };
        let first = |index: &Index| index.parts.first().map(|part| part.key.what.clone());
        let serves = to.indexes.iter().filter(|(other, it)| other.as_str() != name && first(it) == first(index));
        serves.map(|(other, _)| part_key(table, PartKind::Index, other)).collect()
    }

    fn rename_part(&mut self, table: &Name, from: &str, name: &str, part: &Part) {
        let sql = match part.kind() {
            PartKind::Index => format!("ALTER INDEX {} RENAME TO {}", Postgres.name(&table.sibling(from)), Postgres.quote(name)),
            _ => format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", Postgres.name(table), Postgres.quote(from), Postgres.quote(name)),
        };
        let step = Step::of(format!("rename {} {from} to {name}", part.kind().word()), [sql]);
        self.push(Op::new(Verb::Create, part_key(table, part.kind(), name), step));
    }

    pub(super) fn validate(&mut self, table: &Name, name: &str, kind: PartKind) {
        let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", Postgres.name(table), Postgres.quote(name));
        let step = Step { alone: self.is_online(table), ..Step::of(format!("validate {name}"), [sql]) };
        self.push(Op::new(Verb::Settle, part_key(table, kind, name), step));
    }

    /// What must be there for a part, or must not go before it does: as `schema` has it, the new one for a part that is made and the old one
    /// for a part that goes.
    pub(super) fn part_uses(&self, schema: &Schema, table: &Name, part: &Part) -> Vec<Key> {
        let mut uses = vec![Key::Table(table.clone())];
        let (own, sql) = (part.columns(), part.expressions());
        for (column, shape) in schema.tables.get(table).iter().flat_map(|shape| &shape.columns) {
            if own.contains(&column.as_str()) || sql.iter().any(|sql| mentions(sql, column)) {
                uses.push(Key::Column(table.clone(), column.clone()));
                // An expression over a column is bound to the column's type.
                uses.extend(self.mentioned(&shape.ty.key));
            }
        }
        uses.extend(sql.iter().flat_map(|sql| self.mentioned(sql)));
        if let Part::ForeignKey(key) = part {
            uses.extend(self.partitions_of(&key.target).map(Key::Table));
            uses.extend(target_uses(schema, key));
        }
        uses
    }

    /// What `on_duplicate` and `on_orphan` say becomes of rows that stand in the way. Nothing on the way down: nobody said so.
    pub(super) fn make_way(&self, table: &Name, part: &Part) -> Vec<Statement> {
        if !self.is_up() || !self.from().tables.contains_key(table) {
            return Vec::new();
        }
        match part {
            Part::PrimaryKey(it) => self.deduplicate(table, &it.columns, None, false, *it.on_duplicate),
            Part::Unique(it) => self.deduplicate(table, &it.columns, None, it.nulls_not_distinct, *it.on_duplicate),
            Part::Index(it) if it.unique => {
                let keys: Vec<String> =
                    it.parts.iter().filter_map(|part| part.key.column_name().or(part.key.expression()).map(str::to_owned)).collect();
                self.deduplicate(table, &keys, it.predicate.as_ref().map(|p| p.text.as_str()), it.nulls_not_distinct, *it.on_duplicate)
            }
            Part::ForeignKey(key) => {
                self.orphans(table, key).map(|(change, orphan)| Statement::new(format!("{change} WHERE {orphan}"))).into_iter().collect()
            }
            Part::Index(_) | Part::Check(_) | Part::Exclusion(_) => Vec::new(),
        }
    }

    /// Keeps the first or the last row (by primary key, else by place on disk) of those that repeat the key.
    fn deduplicate(&self, table: &Name, keys: &[String], predicate: Option<&str>, nulls: bool, on_duplicate: OnDuplicate) -> Vec<Statement> {
        let direction = match on_duplicate {
            OnDuplicate::KeepFirst => "ASC",
            OnDuplicate::KeepLast => "DESC",
            OnDuplicate::Unsaid | OnDuplicate::Error => return Vec::new(),
        };
        let columns = &self.to().tables[table].columns;
        let keys: Vec<String> = keys.iter().map(|key| if columns.contains_key(key) { Postgres.quote(key) } else { format!("({key})") }).collect();
        let order = self.from().tables.get(table).map(|t| t.key_columns().to_vec()).filter(|key| !key.is_empty());
        let order: Vec<String> = order.map_or_else(|| vec!["ctid".to_owned()], |key| key.iter().map(|column| Postgres.quote(column)).collect());
        let order = order.iter().map(|column| format!("{column} {direction}")).collect::<Vec<_>>().join(", ");
        let mut conditions: Vec<String> = if nulls { Vec::new() } else { keys.iter().map(|key| format!("{key} IS NOT NULL")).collect() };
        conditions.extend(predicate.map(|predicate| format!("({predicate})")));
        let filter = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        // A place on disk is that of one partition.
        let row = if self.partitions_of(table).next().is_some() { "(tableoid, ctid)" } else { "ctid" };
        let place = row.trim_matches(['(', ')']);
        let name = self.own_rows(table);
        vec![Statement::new(format!(
            "DELETE FROM {name} WHERE {row} IN (\n  SELECT {place} FROM (SELECT {place}, row_number() OVER (PARTITION BY {} ORDER BY {order}) AS place FROM {name}{filter}) AS ranked\n  WHERE place > 1\n)",
            keys.join(", ")
        ))]
    }

    /// The same in batches, for a foreign key that already holds for new rows.
    pub(super) fn orphans_in_batches(&self, table: &Name, key: &ForeignKey) -> Option<Statement> {
        let (change, orphan) = self.orphans(table, key)?;
        let child = Postgres.name(table);
        let mut of = self.backfill_of(table, None);
        of.verify = Some(format!("SELECT * FROM {child} WHERE {orphan}"));
        Some(Statement::backfill(format!("{change} WHERE {orphan} /* dbtool:range {child} */"), of))
    }

    /// What becomes of the rows that point nowhere, and the condition that holds for them.
    fn orphans(&self, table: &Name, key: &ForeignKey) -> Option<(String, String)> {
        let (child, parent) = (Postgres.name(table), self.own_rows(&key.target));
        let columns: Vec<String> = key.columns.iter().map(|column| Postgres.quote(column)).collect();
        let change = match *key.on_orphan {
            _ if !self.is_up() || !self.from().tables.contains_key(table) => return None,
            OnOrphan::Delete => format!("DELETE FROM {}", self.own_rows(table)),
            OnOrphan::SetNull => {
                let nulls = columns.iter().map(|column| format!("{column} = NULL")).collect::<Vec<_>>().join(", ");
                format!("UPDATE {} SET {nulls}", self.own_rows(table))
            }
            OnOrphan::Unsaid | OnOrphan::Error => return None,
        };
        let set = columns.iter().map(|column| format!("{child}.{column} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
        let pairs =
            columns.iter().zip(&key.target_columns).map(|(column, target)| format!("dbtool_parent.{} = {child}.{column}", Postgres.quote(target)));
        let parents = format!("SELECT 1 FROM {parent} AS dbtool_parent WHERE {}", pairs.collect::<Vec<_>>().join(" AND "));
        Some((change, format!("{set} AND NOT EXISTS ({parents})")))
    }
}

pub(super) fn part_key(table: &Name, kind: PartKind, name: &str) -> Key {
    Key::Part(table.clone(), kind, name.to_owned())
}

/// The target of a foreign key: its table, columns, and the keys that make them unique.
fn target_uses(schema: &Schema, key: &ForeignKey) -> Vec<Key> {
    let mut uses = vec![Key::Table(key.target.clone())];
    uses.extend(key.target_columns.iter().map(|column| Key::Column(key.target.clone(), column.clone())));
    let keys = schema.tables.get(&key.target).map(parts).unwrap_or_default();
    let keys = keys.iter().filter(|(_, part)| part.is_key_of(&key.target_columns, false));
    uses.extend(keys.map(|(name, part)| part_key(&key.target, part.kind(), name)));
    uses
}

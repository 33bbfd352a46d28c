//! Keys, foreign keys and checks that rows may contradict.

use super::{Finder, column_path, table_path};
use crate::diff::{Part, PartEdit, PartKind, TableAlter};
use crate::model::{Check, Fill, ForeignKey, IndexPart, KeyAction, Name, OnDuplicate, OnOrphan};
use crate::plan::{Direction, Look, mentions};

impl Finder<'_> {
    pub(super) fn part(&mut self, table: &Name, alter: &TableAlter, name: &str, edit: &PartEdit) {
        let (from, to) = match edit {
            PartEdit::Add(to) => (None, to),
            PartEdit::Replace { from, to } => (Some(from), to),
            PartEdit::Drop(_) | PartEdit::Rename { .. } | PartEdit::Comment { .. } => return,
        };
        match to {
            Part::ForeignKey(key) => self.foreign_key(table, alter, name, from, key),
            Part::Check(check) => self.check(table, alter, name, check),
            Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_) => self.unique(table, alter, name, to),
            Part::Exclusion(_) => {}
        }
    }

    fn unique(&mut self, table: &Name, alter: &TableAlter, name: &str, part: &Part) {
        let (on_duplicate, nulls_not_distinct, predicate, keys) = match part {
            Part::PrimaryKey(it) => (*it.on_duplicate, true, None, it.columns.clone()),
            Part::Unique(it) => (*it.on_duplicate, it.nulls_not_distinct, None, it.columns.clone()),
            Part::Index(it) if it.unique => {
                let text = |part: &IndexPart| {
                    let key = part.key.column_name().or(part.key.expression())?;
                    // Of a prefix nothing else is compared.
                    Some(part.length.map_or_else(|| key.to_owned(), |length| format!("left({}, {length})", self.dialect.quote(key))))
                };
                let keys = it.parts.iter().filter_map(text).collect();
                (*it.on_duplicate, it.nulls_not_distinct, it.predicate.as_ref(), keys)
            }
            Part::Index(_) | Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => return,
        };
        let is_column = |key: &String| alter.to.columns.contains_key(key);
        let empty = |key: &String| {
            alter.adds_column(key) && alter.to.columns.get(key).is_some_and(|c| c.nullable && !c.fills_itself() && c.hints.backfill.is_none())
        };
        if already_unique(alter, part) || (!nulls_not_distinct && keys.iter().any(empty)) {
            return;
        }
        if matches!(on_duplicate, OnDuplicate::KeepFirst | OnDuplicate::KeepLast) {
            self.found.notes.push(format!("Deletes the rows of {table} that repeat {}.", keys.join(", ")));
            self.note_cascade(table);
            return;
        }
        let problem = format!("{name} forbids rows of {table} to repeat {}", keys.join(", "));
        let path = table_path(table, &part_path(part.kind(), name));
        let line = "on_duplicate = \"error\", \"keep_first\" or \"keep_last\"".to_owned();
        // What is new in this revision, or written in names that are, cannot be looked at beforehand: the server itself will.
        let unseen =
            keys.iter().any(|key| alter.adds_column(key)) || (self.is_renamed(table) && (predicate.is_some() || !keys.iter().all(is_column)));
        let names: Vec<String> = keys.iter().map(|key| if is_column(key) { self.old_column(table, key) } else { format!("({key})") }).collect();
        let mut conditions: Vec<String> =
            if nulls_not_distinct { Vec::new() } else { names.iter().map(|key| format!("{key} IS NOT NULL")).collect() };
        conditions.extend(predicate.map(|predicate| format!("({})", predicate.key)));
        let filter = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let list = names.join(", ");
        let query = format!("SELECT {list}, count(*) AS row_count FROM {}{filter} GROUP BY {list} HAVING count(*) > 1", self.old_table(table));
        if self.ask && on_duplicate == OnDuplicate::Unsaid {
            let query = if unseen { self.rows(table, &[], "") } else { query };
            self.found.missing.push(super::Missing { path, problem, line, query, only_with_rows: false });
        } else if !unseen {
            self.found.looks.push(Look { message: problem, query, silent: false });
        }
    }

    fn foreign_key(&mut self, table: &Name, alter: &TableAlter, name: &str, from: Option<&Part>, key: &ForeignKey) {
        let same_reference = |old: &Part| match old {
            Part::ForeignKey(old) => {
                old.columns == key.columns && old.target == key.target && old.target_columns == key.target_columns && !old.not_valid
            }
            _ => false,
        };
        let all: Vec<&Part> = from.into_iter().collect();
        let dropped = alter.changes.iter().filter_map(|change| match change {
            crate::diff::TableChange::Part(_, PartEdit::Drop(part)) => Some(part),
            _ => None,
        });
        let known = all.into_iter().chain(dropped).any(same_reference);
        let new_column = key.columns.iter().any(|column| alter.adds_column(column));
        let changed = key.columns.iter().any(|c| alter.to.columns.get(c).is_some_and(|c| c.hints.using.is_some() || c.hints.backfill.is_some()));
        if key.not_valid || known || new_column {
            return;
        }
        let problem = format!("{name} requires every row of {table} to point at a row of {}", key.target);
        let query = self.orphans(table, key);
        match *key.on_orphan {
            OnOrphan::Unsaid if self.ask => {
                let line = "on_orphan = \"error\", \"delete\" or \"set_null\"".to_owned();
                let path = table_path(table, &["foreign_keys", name]);
                self.found.missing.push(super::Missing { path, problem, line, query, only_with_rows: false });
            }
            OnOrphan::Unsaid | OnOrphan::Error if !changed => self.found.looks.push(Look { message: problem, query, silent: false }),
            OnOrphan::Unsaid | OnOrphan::Error => {}
            OnOrphan::Delete => {
                self.found.notes.push(format!("Deletes the rows of {table} that point at no row of {}.", key.target));
                self.note_cascade(table);
            }
            OnOrphan::SetNull => {
                self.found.notes.push(format!("Sets {} to NULL where it points at no row of {}.", key.columns.join(", "), key.target))
            }
        }
    }

    /// Names the tables whose rows go, or lose their value, with rows of `table`.
    fn note_cascade(&mut self, table: &Name) {
        let (mut seen, mut todo) = (vec![table.clone()], vec![table.clone()]);
        while let Some(parent) = todo.pop() {
            for (child, shape) in &self.context.from.tables {
                for key in shape.foreign_keys.values().filter(|key| key.target == parent) {
                    match key.on_delete {
                        KeyAction::Cascade if !seen.contains(child) => {
                            self.found.notes.push(format!("With them go the rows of {child} that point at them (ON DELETE CASCADE)."));
                            seen.push(child.clone());
                            todo.push(child.clone());
                        }
                        KeyAction::SetNull | KeyAction::SetDefault => {
                            self.found.notes.push(format!("Rows of {child} that point at them lose {}.", key.columns.join(", ")));
                        }
                        KeyAction::Cascade | KeyAction::NoAction | KeyAction::Restrict => {}
                    }
                }
            }
        }
    }

    /// The rows whose key points nowhere; all that point anywhere where the target is yet to be made.
    fn orphans(&self, table: &Name, key: &ForeignKey) -> String {
        let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
        let child: Vec<String> = columns.iter().map(|column| format!("dbtool_child.{}", self.old_column(table, column))).collect();
        let mut condition: Vec<String> = child.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        if self.context.from.table(&key.target, self.dialect.folds_case()).is_some() {
            let parent = key.target_columns.iter().map(|column| format!("dbtool_parent.{}", self.old_column(&key.target, column)));
            let pairs: Vec<String> = parent.zip(&child).map(|(parent, child)| format!("{parent} = {child}")).collect();
            condition.push(format!("NOT EXISTS (SELECT 1 FROM {} AS dbtool_parent WHERE {})", self.old_table(&key.target), pairs.join(" AND ")));
        }
        format!("SELECT {} FROM {} AS dbtool_child WHERE {}", child.join(", "), self.old_table(table), condition.join(" AND "))
    }

    fn check(&mut self, table: &Name, alter: &TableAlter, name: &str, check: &Check) {
        let involved: Vec<&String> = alter.to.columns.keys().filter(|column| mentions(&check.expr.key, column)).collect();
        let filled = involved.iter().find(|column| alter.to.columns[**column].hints.backfill.is_some());
        if let (Some(column), Direction::Up) = (filled, self.context.direction) {
            self.found.notes.push(format!("Gives {table}.{column} its backfill in the rows that fail {name}: what they held is lost."));
        }
        let converted = involved.iter().any(|column| alter.to.columns[*column].hints.using.is_some());
        if check.not_valid || filled.is_some() || converted || self.is_renamed(table) || involved.iter().any(|column| alter.adds_column(column)) {
            return;
        }
        let columns: Vec<&str> = involved.iter().map(|column| column.as_str()).collect();
        let query = self.rows(table, &columns, &format!("NOT ({})", check.expr.key));
        let problem = format!("{name} requires {}", check.expr.text);
        let path = involved.first().map_or_else(|| table_path(table, &["checks", name]), |column| column_path(table, column));
        self.missing_or_look(path, problem, "backfill = VALUE for the rows that fail it".to_owned(), query, true);
    }
}

/// True where the rows cannot repeat the columns: another key has seen to it, or the server hands out the numbers.
fn already_unique(alter: &TableAlter, part: &Part) -> bool {
    let Some(wanted) = part.unique_columns() else { return false };
    let numbered = |column: &str| alter.adds_column(column) && matches!(alter.to.columns.get(column).map(|c| &c.fill), Some(Fill::Identity(_)));
    if wanted.iter().any(|column| numbered(column)) {
        return true;
    }
    let required = |column: &str| alter.from.columns.get(column).is_some_and(|shape| !shape.nullable);
    let parts = crate::diff::parts(&alter.from);
    parts.iter().any(|(_, old)| {
        let Some(columns) = old.unique_columns().filter(|columns| columns.iter().all(|column| wanted.contains(column))) else { return false };
        // A unique key lets NULLs repeat unless it says otherwise; where the new one minds no more than the old, the old has seen to it.
        columns.iter().all(|column| required(column)) || columns.len() == wanted.len() && minds_nulls(old) >= minds_nulls(part)
    })
}

/// True where two NULLs count as a repetition.
fn minds_nulls(part: &Part) -> bool {
    match part {
        Part::PrimaryKey(_) => true,
        Part::Unique(unique) => unique.nulls_not_distinct,
        Part::Index(index) => index.nulls_not_distinct,
        Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => false,
    }
}

fn part_path(kind: PartKind, name: &str) -> Vec<&str> {
    match kind {
        PartKind::PrimaryKey => vec!["primary_key"],
        PartKind::Unique => vec!["uniques", name],
        PartKind::Check => vec!["checks", name],
        PartKind::Exclusion => vec!["exclusions", name],
        PartKind::ForeignKey => vec!["foreign_keys", name],
        PartKind::Index => vec!["indexes", name],
    }
}

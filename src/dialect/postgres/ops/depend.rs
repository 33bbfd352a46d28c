//! What the server says stands on what, as the uses of operations.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Planner;
use crate::dialect::postgres::lexer::{self, Kind};
use crate::diff::{Part, PartKind, TableEdit, parts};
use crate::model::{Dependencies, Key, Name, ObjectKind, Schema};
use crate::plan::order::{Op, Verb};

impl Planner<'_> {
    /// Lets every operation use what the things that it makes, changes or takes away stand on.
    pub(super) fn depend(&mut self) {
        let (from, to) = (self.from(), self.to());
        let dropped: BTreeSet<&Name> =
            self.changes.tables.iter().filter(|(_, edit)| matches!(edit, TableEdit::Drop(_))).map(|(name, _)| name).collect();
        let mut attached: BTreeMap<&Name, Vec<Key>> = BTreeMap::new();
        for id in from.objects.keys() {
            if let Some(table) = id.table().filter(|table| !self.is_in_a_ring(&Key::Object(id.clone()), table)) {
                attached.entry(table).or_default().push(Key::Object(id.clone()));
            }
        }
        let in_a_ring: BTreeSet<Key> = self.ops.iter().filter(|op| op.verb == Verb::Drop).flat_map(|op| self.parts_in_a_ring(&op.key)).collect();
        for op in &mut self.ops {
            let mut uses = Vec::new();
            if op.verb != Verb::Create {
                let with = if op.verb == Verb::Drop { attached_to(&op.key, &attached) } else { Vec::new() };
                let subjects = subjects(&op.key, from, op.verb).into_iter().filter(|key| *key == op.key || !in_a_ring.contains(key)).chain(with);
                uses.extend(subjects.flat_map(|key| uses_of(&from.dependencies, &key, &dropped, from)));
            }
            if op.verb != Verb::Drop {
                uses.extend(subjects(&op.key, to, op.verb).into_iter().flat_map(|key| uses_of(&to.dependencies, &key, &BTreeSet::new(), to)));
            }
            uses.retain(|used| !is_within(used, &op.key));
            op.uses.extend(uses);
            // A child's column comes, changes and goes with its parent's.
            let above: Vec<Key> = op.uses.iter().flat_map(|used| [from, to].into_iter().flat_map(|schema| inherited_from(schema, used))).collect();
            op.uses.extend(above.into_iter().filter(|used| !is_within(used, &op.key)));
            op.uses.sort();
            op.uses.dedup();
        }
    }

    /// The parts of a table that have to let go of something before it goes.
    fn parts_in_a_ring(&self, key: &Key) -> Vec<Key> {
        let Key::Table(name) = key else { return Vec::new() };
        let parts = self.from().tables.get(name).map(parts).unwrap_or_default();
        let keys = parts.into_iter().map(|(part, it)| Key::Part(name.clone(), it.kind(), part));
        keys.filter(|part| self.is_in_a_ring(part, name)).collect()
    }

    /// What a text mentions but the catalog does not know: an operation waits for what makes it, if nothing stands against that.
    pub(super) fn mention(&mut self) {
        let mut made: HashMap<String, Vec<Key>> = HashMap::new();
        for op in self.ops.iter().filter(|op| op.verb == Verb::Create) {
            if let Some(name) = name_of(&op.key) {
                made.entry(name.to_owned()).or_default().push(op.key.clone());
            }
        }
        if made.is_empty() {
            return;
        }
        let depends_on = |key: &Key| match key {
            Key::Object(id) => self.context.to.objects.get(id).map(|object| object.hints.depends_on.clone()).unwrap_or_default(),
            Key::Raw(name) => self.context.to.raws.get(name).map(|raw| raw.depends_on.0.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        let hinted: Vec<Vec<String>> = self.ops.iter().map(|op| if op.verb == Verb::Drop { Vec::new() } else { depends_on(&op.key) }).collect();
        for (op, hinted) in self.ops.iter_mut().zip(hinted) {
            if op.verb == Verb::Drop {
                continue;
            }
            let mut words = BTreeSet::new();
            op.step.statements.iter().for_each(|statement| collect(&statement.sql, &mut words, 0));
            let bare = |name: &String| {
                let name = name.split('(').next().unwrap_or(name).trim().to_owned();
                name.rsplit('.').next().map_or(name.clone(), str::to_owned)
            };
            words.extend(hinted.iter().map(bare));
            let wishes = words.iter().filter_map(|word| made.get(word)).flatten();
            op.wishes.extend(wishes.filter(|key| **key != op.key && !op.uses.contains(key)).cloned());
        }
    }
}

/// What an operation on `key` is about: a table that is made or dropped is its columns and inline parts as well.
fn subjects(key: &Key, schema: &Schema, verb: Verb) -> Vec<Key> {
    match key {
        Key::Table(name) if matches!(verb, Verb::Create | Verb::Drop) => {
            let Some(table) = schema.tables.get(name) else { return vec![key.clone()] };
            let columns =
                table.columns.keys().flat_map(|column| [Key::Column(name.clone(), column.clone()), Key::Default(name.clone(), column.clone())]);
            // Foreign keys may make a ring, and are let go of apart.
            let along = |part: &Part| if verb == Verb::Drop { part.kind() != PartKind::ForeignKey } else { !super::table::is_made_apart(name, part) };
            let inline = parts(table).into_iter().filter(|(_, part)| along(part));
            let inline = inline.map(|(part, it)| Key::Part(name.clone(), it.kind(), part));
            std::iter::once(key.clone()).chain(columns).chain(inline).collect()
        }
        Key::Column(table, column) => vec![key.clone(), Key::Default(table.clone(), column.clone())],
        _ => vec![key.clone()],
    }
}

fn attached_to(key: &Key, attached: &BTreeMap<&Name, Vec<Key>>) -> Vec<Key> {
    let name = match key {
        Key::Table(name) => name,
        Key::Object(id) if id.kind.is_relation() => &id.name,
        _ => return Vec::new(),
    };
    attached.get(name).cloned().unwrap_or_default()
}

/// What `key` stands on, without what says who owns a sequence: that has operations of its own.
fn uses_of(dependencies: &Dependencies, key: &Key, dropped: &BTreeSet<&Name>, schema: &Schema) -> Vec<Key> {
    if matches!(key, Key::Sequence(_)) {
        return Vec::new();
    }
    let goes_along = |on: &Key| match on {
        Key::Sequence(name) => schema.sequences.get(name).and_then(|it| it.owned_by.as_ref()).is_some_and(|(owner, _)| dropped.contains(owner)),
        _ => false,
    };
    let with_table = |on: &Key| match on {
        Key::Column(table, _) | Key::Default(table, _) | Key::Part(table, ..) => vec![on.clone(), Key::Table(table.clone())],
        _ => vec![on.clone()],
    };
    dependencies.of(key).filter(|on| !goes_along(on)).flat_map(with_table).collect()
}

/// The columns of all ancestors that a child's column comes from.
fn inherited_from(schema: &Schema, used: &Key) -> Vec<Key> {
    let Key::Column(table, column) = used else { return Vec::new() };
    let mut found = Vec::new();
    let mut todo = vec![table.clone()];
    while let Some(name) = todo.pop() {
        let parents = schema.tables.get(&name).map(crate::model::Table::parents).unwrap_or_default();
        for parent in parents.into_iter().filter(|parent| schema.tables.get(parent).is_some_and(|shape| shape.columns.contains_key(column))) {
            found.push(Key::Column(parent.clone(), column.clone()));
            todo.push(parent);
        }
    }
    found
}

/// True where `used` is the thing that the operation is about, or a part of it.
fn is_within(used: &Key, key: &Key) -> bool {
    used == key
        || match (used, key) {
            (Key::Column(table, _) | Key::Default(table, _) | Key::Part(table, ..), Key::Table(own)) => table == own,
            // A column does not wait for what is done to its table: that may be about the column.
            (Key::Table(table), Key::Column(own, _) | Key::Default(own, _)) => table == own,
            (Key::Default(table, column), Key::Column(own, other)) => table == own && column == other,
            _ => false,
        }
}

/// The word by which other texts name a thing.
pub(super) fn name_of(key: &Key) -> Option<&str> {
    match key {
        Key::Table(name) | Key::Sequence(name) | Key::Enum(name) | Key::Domain(name) | Key::Composite(name) => Some(&name.name),
        Key::Raw(name) | Key::Column(_, name) => Some(name),
        Key::Object(id) if !id.kind.belongs_to_table() && id.kind != ObjectKind::Cast => Some(&id.name.name),
        _ => None,
    }
}

/// The words of a text in lower case, so that what was written in another case is found as well.
pub(super) fn words_of(sql: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    collect(sql, &mut words, 0);
    words.into_iter().map(|word| word.to_lowercase()).collect()
}

/// The names in a text; those in quotes and in the bodies of routines too.
fn collect(sql: &str, words: &mut BTreeSet<String>, depth: usize) {
    for token in lexer::tokens(sql) {
        match token.kind {
            Kind::Word => _ = words.insert(token.text.to_lowercase()),
            Kind::Quoted => _ = words.insert(token.text.trim_matches('"').replace("\"\"", "\"")),
            // A body is a string that holds SQL, maybe with strings of SQL in it.
            Kind::String if depth < 3 => {
                let dollars = token.text.strip_prefix('$').and_then(|rest| rest.split_once('$'));
                let inside = dollars.map_or(token.text.trim_matches('\''), |(tag, body)| body.strip_suffix(&format!("${tag}$")).unwrap_or(body));
                collect(inside, words, depth + 1);
            }
            Kind::Symbol if !token.text.is_empty() => _ = words.insert(token.text.to_owned()),
            _ => {}
        }
    }
}

/// Lets what stands in the middle of a ring of wishes go first; the server looks at a routine's body only when it is called, if told so.
pub(super) fn unchecked(op: &mut Op) {
    let is_routine = matches!(&op.key, Key::Object(id) if matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure));
    if op.early && is_routine {
        let statements = std::mem::take(&mut op.step.statements);
        let set = |value: &str| crate::plan::Statement::new(format!("SET LOCAL check_function_bodies = {value}"));
        op.step.statements = std::iter::once(set("off")).chain(statements).chain([set("on")]).collect();
    }
}

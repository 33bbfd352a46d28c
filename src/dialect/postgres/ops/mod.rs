//! Changes into PostgreSQL's statements. Each change becomes operations that say what they make, use or take away; `plan::order` sorts them.

mod column;
mod defined;
mod depend;
mod descend;
mod enums;
mod force;
mod identity;
mod online;
mod part;
mod required;
mod sequence;
mod table;
mod types;
mod wait;

use std::collections::{HashMap, HashSet};

use force::Forced;

use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, Edit, Part, PartEdit, PartKind, TableChange, TableEdit, parts};
use crate::model::{Deferrable, Name, Namespace, ObjectKind, Schema, Unmodelled};
use crate::plan::order::{Key, Op, Verb, order};
use crate::plan::{BackfillOf, Direction, Plan, Refusal, Slow, Statement, Step, mentions, raw_steps, statements_of};

use super::{Postgres, render};

/// The statements that make `changes`, in an order that the server takes.
pub fn plan(changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal> {
    let mut planner = Planner::new(changes, context);
    planner.refuse_dependents()?;
    planner.refuse_made_anew()?;
    planner.refuse_moved_extensions()?;
    planner.refuse_retyped_domains()?;
    planner.refuse_other_tables()?;
    planner.refuse_types_of_lost_enums()?;
    planner.refuse_retyped_attributes()?;
    planner.raws();
    planner.enums();
    planner.domains();
    planner.composites();
    planner.namespaces();
    planner.extensions();
    planner.sequences();
    planner.objects(|kind| kind < ObjectKind::VirtualTable);
    planner.tables();
    planner.objects(|kind| kind >= ObjectKind::VirtualTable);
    planner.forced_parts();
    planner.forced_defaults();
    planner.index_options_again();
    planner.depend();
    planner.mention();
    planner.wait_for_names();
    planner.extensions_go_last();
    planner.default_privileges_last();
    planner.event_triggers_last();
    planner.raws_go_last();
    // What goes, goes last where nothing waits for it: a hand-written step can still read from it.
    planner.ops.sort_by_key(|op| op.verb == Verb::Drop && !matches!(op.key, Key::Part(..)));
    let mut sorted = order(planner.ops)?;
    sorted.iter_mut().for_each(depend::unchecked);
    let mut steps = rename_steps(changes);
    steps.extend(sorted.into_iter().map(|op| op.step));
    Ok(Plan { steps, notes: planner.notes, slow: planner.slow, ..Plan::default() })
}

struct Planner<'a> {
    changes: &'a Changes,
    context: &'a Context<'a>,
    forced: Forced,
    /// The enumerations and sequences of both sides, by the word that names them.
    names: HashMap<String, Vec<Key>>,
    /// The tables and sequences that the changes make.
    new: HashSet<&'a Name>,
    ops: Vec<Op>,
    notes: Vec<String>,
    slow: Vec<Slow>,
}

impl<'a> Planner<'a> {
    fn new(changes: &'a Changes, context: &'a Context<'a>) -> Self {
        let mut names: HashMap<String, Vec<Key>> = HashMap::new();
        for schema in [context.from, context.to] {
            let enums = schema.enums.keys().map(|name| (&name.name, Key::Enum(name.clone())));
            for (name, key) in enums.chain(schema.sequences.keys().map(|name| (&name.name, Key::Sequence(name.clone())))) {
                let known = names.entry(name.to_lowercase()).or_default();
                if !known.contains(&key) {
                    known.push(key);
                }
            }
        }
        let tables = changes.tables.iter().filter(|(_, edit)| matches!(edit, TableEdit::Create(_))).map(|(name, _)| name);
        let sequences = changes.sequences.iter().filter(|(_, edit)| matches!(edit, Edit::Create(_))).map(|(name, _)| name);
        let new = tables.chain(sequences).collect();
        Self { changes, context, forced: Forced::find(changes, context), names, new, ops: Vec::new(), notes: Vec::new(), slow: Vec::new() }
    }

    fn push(&mut self, op: Op) {
        self.ops.push(op);
    }

    fn from(&self) -> &'a Schema {
        self.context.from
    }

    fn to(&self) -> &'a Schema {
        self.context.to
    }

    fn namespaces(&mut self) {
        for (name, edit) in &self.changes.namespaces {
            let quoted = Postgres.quote(name);
            let settings = |from: &Namespace, to: &Namespace| {
                let comment = (from.comment != to.comment).then(|| render::comment("SCHEMA", &quoted, to.comment.as_deref()));
                let grants = render::grants(&format!("SCHEMA {quoted}"), None, &from.grants, &to.grants);
                comment.into_iter().chain(grants)
            };
            let new = Namespace { comment: None, grants: self.granted_by_default("schemas", None) };
            let key = Key::Namespace(name.clone());
            let op = match edit {
                Edit::Create(namespace) => {
                    let statements = std::iter::once(format!("CREATE SCHEMA {quoted}")).chain(settings(&new, namespace));
                    Op::new(Verb::Create, key, Step::of(format!("create schema {name}"), statements))
                }
                Edit::Drop(_) => Op::new(Verb::Drop, key, Step::of(format!("drop schema {name}"), [format!("DROP SCHEMA {quoted}")])),
                Edit::Alter { from, to } => Op::new(Verb::Settle, key, Step::of(format!("settings of schema {name}"), settings(from, to))),
            };
            self.push(op);
        }
    }

    /// The user's own statements: they come first and go last, unless `depends_on` says otherwise.
    fn raws(&mut self) {
        let (gone, new) = raw_steps(self.changes, |text| statements_of(text, &Postgres));
        gone.into_iter().for_each(|(name, step)| self.push(Op::new(Verb::Drop, Key::Raw(name), step)));
        new.into_iter().for_each(|(name, step)| self.push(Op::new(Verb::Create, Key::Raw(name), step)));
    }

    /// Not every extension can be moved, and the default schema has no name here.
    fn refuse_moved_extensions(&self) -> Result<(), Refusal> {
        let moved = self.changes.extensions.iter().find(|(_, edit)| matches!(edit, Edit::Alter { .. }));
        let Some((name, _)) = moved else { return Ok(()) };
        Err(Refusal {
            message: format!("extension {name} is to move to another schema, which dbtool does not do"),
            help: format!("write ALTER EXTENSION {} SET SCHEMA ... into a revision of its own: dbtool revision -m ...", Postgres.quote(name)),
        })
    }

    /// Extensions stand before everything else: any type, function or operator class may be one's.
    fn extensions(&mut self) {
        for (name, edit) in &self.changes.extensions {
            let (quoted, key) = (Postgres.quote(name), Key::Extension(name.clone()));
            let within =
                |schema: &Option<String>| schema.as_ref().map(|schema| format!(" WITH SCHEMA {}", Postgres.quote(schema))).unwrap_or_default();
            let home = |schema: &Option<String>| schema.clone().into_iter().map(Key::Namespace);
            let op = match edit {
                Edit::Create(schema) => {
                    let sql = format!("CREATE EXTENSION IF NOT EXISTS {quoted}{}", within(schema));
                    Op::new(Verb::Create, key, Step::of(format!("create extension {name}"), [sql])).using(home(schema))
                }
                Edit::Drop(schema) => {
                    Op::new(Verb::Drop, key, Step::of(format!("drop extension {name}"), [format!("DROP EXTENSION {quoted}")])).using(home(schema))
                }
                // Refused before planning began.
                Edit::Alter { .. } => continue,
            };
            self.push(op);
        }
    }

    fn tables(&mut self) {
        for (name, edit) in &self.changes.tables {
            match edit {
                TableEdit::Create(table) => self.create_table(name, table),
                TableEdit::Drop(table) => self.drop_table(name, table),
                TableEdit::Alter(alter) => self.alter_table(name, alter),
            }
        }
    }

    /// What an object of `name`'s namespace needs.
    fn home(&self, name: &Name) -> impl Iterator<Item = Key> + use<> {
        name.schema.clone().into_iter().map(Key::Namespace)
    }

    /// The types and sequences that SQL text mentions, on either side.
    fn mentioned(&self, sql: &str) -> Vec<Key> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let mut keys: Vec<Key> = depend::words_of(sql).iter().filter_map(|word| self.names.get(word)).flatten().cloned().collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// What the runner has to know of a table whose rows a statement changes.
    fn backfill_of(&self, table: &Name, batch: Option<u64>) -> BackfillOf {
        // A key that the revision itself makes is not there yet; without one the runner looks for another.
        let columns = |schema: &'a Schema| schema.tables.get(table).map(crate::model::Table::key_columns).unwrap_or_default();
        let key: &[String] = if columns(self.from()) == columns(self.to()) { columns(self.to()) } else { &[] };
        let key = key.iter().map(|column| Postgres.quote(column)).collect();
        BackfillOf { table: Postgres.name(table), key, batch, verify: None }
    }

    /// Refuses to drop or retype what an object stands on that dbtool has no word for, and to make anew a part that has more to it than
    /// the model knows.
    fn refuse_dependents(&self) -> Result<(), Refusal> {
        for (table, column) in self.taken_away() {
            let stands = |object: &&Unmodelled| object.stands_on.iter().any(|(t, c)| *t == table && (column.is_none() || *c == column));
            let mut names: Vec<String> =
                self.from().unmodelled.iter().chain(self.from().ignored.iter()).filter(stands).map(ToString::to_string).collect();
            names.extend(self.own_words(&table).filter(|words| column.as_ref().is_none_or(|column| mentions(words, column))).cloned());
            if !names.is_empty() {
                let what = column.as_ref().map_or_else(|| format!("table {table}"), |column| format!("column {table}.{column}"));
                return Err(refusal(&what, &names));
            }
        }
        for (table, kind, name) in self.parts_taken_away() {
            let holds_replica = kind.is_constraint() || kind == PartKind::Index;
            let about = |words: &&String| mentions(words, &name) || holds_replica && words.contains("replica identity");
            let names: Vec<String> = self.own_words(&table).filter(about).cloned().collect();
            if !names.is_empty() {
                return Err(refusal(&format!("{} {name} on {table}", kind.word()), &names));
            }
        }
        Ok(())
    }

    /// Refuses to make anew what somebody else has made, or what has more to it than its definition says.
    fn refuse_made_anew(&self) -> Result<(), Refusal> {
        for id in &self.forced.objects {
            let Some(object) = self.from().objects.get(id) else { continue };
            if self.from().unmanaged.contains(&Key::Object(id.clone())) {
                let under = self.forced.reasons.get(id).map_or_else(|| "what it stands on".to_owned(), |key| self.words(key));
                return Err(Refusal {
                    message: format!(
                        "{under} cannot be dropped, retyped or made anew: {id} stands on it, which neither schema.toml nor the revisions know"
                    ),
                    help: "declare it in schema.toml as `dbtool inspect` shows it, or drop it by hand first".to_owned(),
                });
            }
            if let Some(what) = object.hints.unmodelled.first() {
                return Err(Refusal {
                    message: format!("{id} would have to be dropped and made again for this change, and would lose {what}"),
                    help: "make this change by hand: dbtool revision -m ...".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// A thing in words; a column of a table that goes is the table.
    fn words(&self, key: &Key) -> String {
        match key {
            Key::Column(table, _) | Key::Part(table, ..) if self.goes(table) => format!("table {table}"),
            Key::Column(table, column) => format!("column {table}.{column}"),
            Key::Part(table, kind, name) => format!("{} {name} on {table}", kind.word()),
            Key::Table(name) => format!("table {name}"),
            Key::Object(id) => id.to_string(),
            Key::Enum(name) | Key::Domain(name) | Key::Composite(name) => format!("type {name}"),
            other => format!("{other:?}"),
        }
    }

    /// What a table has that the model cannot tell, in words.
    fn own_words(&self, table: &Name) -> impl Iterator<Item = &'a String> + use<'a> {
        self.from().tables.get(table).into_iter().flat_map(|shape| shape.unmodelled.iter())
    }

    /// The parts that the changes drop, or drop and make anew.
    fn parts_taken_away(&self) -> Vec<(Name, PartKind, String)> {
        let mut taken: Vec<(Name, PartKind, String)> = self.forced.parts.iter().cloned().collect();
        for (table, edit) in &self.changes.tables {
            let TableEdit::Alter(alter) = edit else { continue };
            taken.extend(alter.changes.iter().filter_map(|change| match change {
                TableChange::Part(name, PartEdit::Drop(part) | PartEdit::Replace { from: part, .. }) => {
                    Some((table.clone(), part.kind(), name.clone()))
                }
                _ => None,
            }));
        }
        taken
    }

    /// The tables and columns that the changes drop, retype or make anew, in the names that hold after the renames.
    fn taken_away(&self) -> Vec<(Name, Option<String>)> {
        let mut taken = Vec::new();
        for (name, edit) in &self.changes.tables {
            match edit {
                TableEdit::Create(_) => {}
                TableEdit::Drop(_) => taken.push((name.clone(), None)),
                TableEdit::Alter(alter) => taken.extend(alter.changes.iter().filter_map(|change| match change {
                    TableChange::DropColumn(column) => Some((name.clone(), Some(column.clone()))),
                    TableChange::AlterColumn(column, delta) if delta.ty || delta.collation => Some((name.clone(), Some(column.clone()))),
                    _ => None,
                })),
            }
        }
        taken.extend(self.forced.columns.iter().map(|(table, column)| (table.clone(), Some(column.clone()))));
        taken
    }

    /// Changed rows whose constraints are checked only at the commit keep their table from being altered before that ("pending trigger
    /// events"), so they are checked at once: <https://www.postgresql.org/docs/current/sql-set-constraints.html>.
    fn settle_deferred(&self) -> Option<Statement> {
        let deferred = |part: &Part| match part {
            Part::PrimaryKey(it) => it.deferrable,
            Part::Unique(it) => it.deferrable,
            Part::ForeignKey(it) => it.deferrable,
            Part::Exclusion(it) => it.deferrable,
            Part::Check(_) | Part::Index(_) => Deferrable::No,
        };
        let any = self.from().tables.values().flat_map(parts).any(|(_, part)| deferred(&part) == Deferrable::InitiallyDeferred);
        any.then(|| Statement::new("SET CONSTRAINTS ALL IMMEDIATE"))
    }

    fn is_up(&self) -> bool {
        self.context.direction == Direction::Up
    }
}

/// The renames, each a step, before everything else: all other changes are said in the new names.
fn rename_steps(changes: &Changes) -> Vec<Step> {
    let renames = &changes.renames;
    let tables = renames.tables.iter().map(|(from, to)| {
        Step::of(format!("rename {from} to {to}"), [format!("ALTER TABLE {} RENAME TO {}", Postgres.name(from), Postgres.quote(&to.name))])
    });
    let columns = renames.columns.iter().map(|(table, from, to)| {
        let sql = format!("ALTER TABLE {} RENAME COLUMN {} TO {}", Postgres.name(table), Postgres.quote(from), Postgres.quote(to));
        Step::of(format!("rename {table}.{from} to {to}"), [sql])
    });
    let named = |word: &'static str, title: &'static str, pairs: &[(Name, Name)]| -> Vec<Step> {
        let rename = |(from, to): &(Name, Name)| {
            let sql = format!("ALTER {word} {} RENAME TO {}", Postgres.name(from), Postgres.quote(&to.name));
            Step::of(format!("rename {title} {from} to {to}"), [sql])
        };
        pairs.iter().map(rename).collect()
    };
    let types = [
        named("TYPE", "type", &renames.enums),
        named("DOMAIN", "domain", &renames.domains),
        named("TYPE", "type", &renames.composites),
        named("SEQUENCE", "sequence", &renames.sequences),
    ];
    let objects = renames.objects.iter().map(|(from, to)| {
        let sql = format!("ALTER {} RENAME TO {}", render::target(from), Postgres.quote(&to.name.name));
        Step::of(format!("rename {from} to {}", to.name.name), [sql])
    });
    tables.chain(columns).chain(types.into_iter().flatten()).chain(objects).collect()
}

fn refusal(what: &str, names: &[String]) -> Refusal {
    Refusal {
        message: format!("{what} cannot be dropped, retyped or made anew: {} stands on it, which dbtool does not manage", names.join(", ")),
        help: "drop it in a revision of your own (dbtool revision -m ...), run `dbtool upgrade`, migrate, and make it again afterwards".to_owned(),
    }
}

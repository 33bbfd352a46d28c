//! What tells one thing of a schema from all others, and which things stand on which.

use std::collections::{BTreeMap, BTreeSet};

use super::name::Name;
use super::object::ObjectId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartKind {
    PrimaryKey,
    Unique,
    Check,
    Exclusion,
    ForeignKey,
    Index,
}

impl PartKind {
    /// The word for it in messages.
    pub fn word(self) -> &'static str {
        match self {
            PartKind::PrimaryKey => "primary key",
            PartKind::Unique => "unique constraint",
            PartKind::Check => "check",
            PartKind::Exclusion => "exclusion constraint",
            PartKind::ForeignKey => "foreign key",
            PartKind::Index => "index",
        }
    }

    /// True where the part is a constraint rather than an index.
    pub fn is_constraint(self) -> bool {
        self != PartKind::Index
    }
}

/// A thing that an operation makes, changes, uses or takes away.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Namespace(String),
    Extension(String),
    Enum(Name),
    Domain(Name),
    Composite(Name),
    Sequence(Name),
    /// Which column a sequence belongs to.
    Ownership(Name),
    Table(Name),
    Column(Name, String),
    /// What fills a column: its default or the expression that generates it.
    Default(Name, String),
    Part(Name, PartKind, String),
    Object(ObjectId),
    Raw(String),
    /// A trigger that fills a column while a migration goes on.
    FillTrigger(Name),
}

/// What stands on what, as the server's catalog knows it. What a routine's text mentions is not in it.
#[derive(Debug, Clone, Default)]
pub struct Dependencies {
    on: BTreeMap<Key, BTreeSet<Key>>,
}

impl Dependencies {
    pub fn add(&mut self, thing: Key, on: Key) {
        if thing != on {
            self.on.entry(thing).or_default().insert(on);
        }
    }

    /// What `thing` stands on.
    pub fn of(&self, thing: &Key) -> impl Iterator<Item = &Key> {
        self.on.get(thing).into_iter().flatten()
    }

    /// Every pair of a thing and one that it stands on.
    pub fn pairs(&self) -> impl Iterator<Item = (&Key, &Key)> {
        self.on.iter().flat_map(|(thing, on)| on.iter().map(move |on| (thing, on)))
    }

    pub fn is_empty(&self) -> bool {
        self.on.is_empty()
    }
}

//! What a database holds, as plain data: no I/O, no SQL, no TOML.
//!
//! The same types describe the *declared* schema (what `schema.toml` says) and the *live* one (what the server reports).
//! Whatever a server may spell in more than one way is a [`Text`], which is compared by its canonical key and shown as written.

mod column;
mod constraint;
mod key;
mod name;
mod object;
mod table;
mod text;

pub use column::{Backfill, Column, ColumnHints, Fill, Identity, SequenceOptions};
pub use constraint::{Check, Deferrable, Exclusion, ForeignKey, KeyAction, OnDuplicate, OnOrphan, PrimaryKey, Unique};
pub use key::{Dependencies, Key, PartKind};
pub use name::{Name, default_name};
pub use object::{
    Attribute, Composite, Domain, Enabled, EnumType, Grants, Namespace, Object, ObjectHints, ObjectId, ObjectKind, Of, Raw, Sequence, Unmodelled,
};
pub use table::{ColumnOptions, Defaults, Foreign, Index, IndexKey, IndexPart, KeyOf, NullsOrder, Order, Partition, Table, TableOptions};
pub use text::{Hint, Text};

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

/// Everything a database holds that dbtool manages, in the order in which it was declared or reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// Namespaces (PostgreSQL schemas) besides the default one.
    pub namespaces: IndexMap<String, Namespace>,
    /// PostgreSQL extensions, each with its namespace where that is not the default one.
    pub extensions: IndexMap<String, Option<String>>,
    pub enums: IndexMap<Name, EnumType>,
    pub domains: IndexMap<Name, Domain>,
    pub composites: IndexMap<Name, Composite>,
    pub sequences: IndexMap<Name, Sequence>,
    pub tables: IndexMap<Name, Table>,
    pub objects: IndexMap<ObjectId, Object>,
    /// What stands in schema.toml as statements of the user's own.
    pub raws: IndexMap<String, Raw>,
    /// Objects that exist but have no place in the language: they are named to the user and never touched.
    pub unmodelled: Hint<Vec<Unmodelled>>,
    /// What dbtool.toml, or common sense, leaves to others, with what it stands on.
    pub ignored: Hint<Vec<Unmodelled>>,
    /// What the server says stands on what; empty for a schema that no server has read.
    pub dependencies: Hint<Dependencies>,
    /// The owners of things that do not belong to the user who read them.
    pub owners: Hint<BTreeMap<Key, String>>,
    /// The user who read the schema, and who makes what is new.
    pub user: Hint<String>,
    /// What a table of this database gets where nothing is said.
    pub defaults: Hint<Defaults>,
    /// What is there but neither declared nor made by a revision: somebody else's.
    pub unmanaged: Hint<BTreeSet<Key>>,
}

impl Schema {
    /// The table of this name; `fold_case` also takes a name that differs in nothing but case, as SQLite does.
    pub fn table(&self, name: &Name, fold_case: bool) -> Option<&Table> {
        let folded = || self.tables.iter().find(|(other, _)| fold_case && other.name.eq_ignore_ascii_case(&name.name)).map(|(_, table)| table);
        self.tables.get(name).or_else(folded)
    }

    /// The objects of one kind, in their order.
    pub fn of_kind(&self, kind: ObjectKind) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.objects.iter().filter(move |(id, _)| id.kind == kind)
    }

    /// The views, in their order.
    pub fn views(&self) -> impl Iterator<Item = (&Name, &Object)> {
        self.of_kind(ObjectKind::View).map(|(id, view)| (&id.name, view))
    }

    /// The triggers, in their order.
    pub fn triggers(&self) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.of_kind(ObjectKind::Trigger)
    }

    /// True where the schema holds nothing that dbtool manages.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

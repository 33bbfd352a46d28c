//! What a database holds, as plain data: no I/O, no SQL, no TOML.
//!
//! The same types describe the *declared* schema (what `schema.toml` says) and the *live* one (what the server reports).
//! Whatever a server may spell in more than one way is a [`Text`], which is compared by its canonical key and shown as written.

mod column;
mod constraint;
mod name;
mod object;
mod table;
mod text;

pub use column::{Backfill, Column, ColumnHints, Fill, Identity, SequenceOptions};
pub use constraint::{Check, Deferrable, Exclusion, ForeignKey, KeyAction, OnDuplicate, OnOrphan, PrimaryKey, Unique};
pub use name::{Name, default_name};
pub use object::{EnumType, Sequence, Trigger, Unmodelled, View};
pub use table::{Index, IndexKey, IndexPart, KeyOf, NullsOrder, Order, Table, TableOptions};
pub use text::{Hint, Text};

use indexmap::IndexMap;

/// Everything a database holds that dbtool manages, in the order in which it was declared or reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// Namespaces (PostgreSQL schemas) besides the default one, with their comment.
    pub namespaces: IndexMap<String, Option<String>>,
    /// PostgreSQL extensions, each with its namespace where that is not the default one.
    pub extensions: IndexMap<String, Option<String>>,
    pub enums: IndexMap<Name, EnumType>,
    pub sequences: IndexMap<Name, Sequence>,
    pub tables: IndexMap<Name, Table>,
    pub views: IndexMap<Name, View>,
    pub triggers: IndexMap<Name, Trigger>,
    /// Objects that exist but have no place in the language: they are named to the user and never touched.
    pub unmodelled: Hint<Vec<Unmodelled>>,
}

impl Schema {
    /// The table of this name; `fold_case` also takes a name that differs in nothing but case, as SQLite does.
    pub fn table(&self, name: &Name, fold_case: bool) -> Option<&Table> {
        let folded = || self.tables.iter().find(|(other, _)| fold_case && other.name.eq_ignore_ascii_case(&name.name)).map(|(_, table)| table);
        self.tables.get(name).or_else(folded)
    }

    /// True where the schema holds nothing that dbtool manages.
    pub fn is_empty(&self) -> bool {
        self.namespaces.is_empty()
            && self.extensions.is_empty()
            && self.enums.is_empty()
            && self.sequences.is_empty()
            && self.tables.is_empty()
            && self.views.is_empty()
            && self.triggers.is_empty()
    }
}

//! What differs between two canonical schemas, as data. Says *what*, never *how*: the dialects' planners turn it into statements.

mod describe;
mod parts;
mod rename;
mod table;

pub use crate::model::PartKind;
pub use describe::describe;
pub use parts::{Part, PartEdit, parts};
pub use rename::{Contradiction, RenameError, Renames};
pub use table::{ColumnDelta, TableAlter, TableChange};

use indexmap::IndexMap;

use crate::model::{Composite, Domain, EnumType, Name, Namespace, Object, ObjectId, ObjectKind, Raw, Schema, Sequence, Table};

/// One object that appears, goes or becomes another.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit<T> {
    Create(T),
    Drop(T),
    Alter { from: T, to: T },
}

/// A table that appears, goes or changes part by part.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a difference holds few of them, and planners match into their parts")]
pub enum TableEdit {
    Create(Table),
    Drop(Table),
    Alter(TableAlter),
}

/// The difference of two schemas. The renames come first: everything else is said in the names that hold after them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    pub renames: Renames,
    pub namespaces: Vec<(String, Edit<Namespace>)>,
    /// Extensions with their namespace.
    pub extensions: Vec<(String, Edit<Option<String>>)>,
    pub enums: Vec<(Name, Edit<EnumType>)>,
    pub domains: Vec<(Name, Edit<Domain>)>,
    pub composites: Vec<(Name, Edit<Composite>)>,
    pub sequences: Vec<(Name, Edit<Sequence>)>,
    pub tables: Vec<(Name, TableEdit)>,
    pub objects: Vec<(ObjectId, Edit<Object>)>,
    pub raws: Vec<(String, Edit<Raw>)>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty()
            && self.namespaces.is_empty()
            && self.extensions.is_empty()
            && self.enums.is_empty()
            && self.sequences.is_empty()
            && self.tables.is_empty()
            && self.domains.is_empty()
            && self.composites.is_empty()
            && self.objects.is_empty()
            && self.raws.is_empty()
    }

    /// The edits of one kind of objects.
    pub fn of_kind(&self, kind: ObjectKind) -> impl Iterator<Item = (&ObjectId, &Edit<Object>)> {
        self.objects.iter().filter(move |(id, _)| id.kind == kind).map(|(id, edit)| (id, edit))
    }

    /// The edits that leave `table` in place, changed.
    pub fn altered(&self, table: &Name) -> Option<&TableAlter> {
        self.tables.iter().find_map(|(name, edit)| match edit {
            TableEdit::Alter(alter) if name == table => Some(alter),
            _ => None,
        })
    }
}

/// The difference that leads from one schema to the other. Both must be canonical, and `from` must already carry the names of `to`
/// (the server itself applied the renames to it in scratch).
pub fn diff(from: &Schema, to: &Schema) -> Changes {
    Changes {
        renames: Renames::default(),
        namespaces: edits(&from.namespaces, &to.namespaces),
        extensions: edits(&from.extensions, &to.extensions),
        enums: edits(&from.enums, &to.enums),
        sequences: edits(&from.sequences, &to.sequences),
        tables: tables(from, to),
        domains: edits(&from.domains, &to.domains),
        composites: edits(&from.composites, &to.composites),
        objects: edits(&from.objects, &to.objects),
        raws: edits(&from.raws, &to.raws),
    }
}

/// Pairs two maps by name: what went (in the order of `from`), then what came or changed (in the order of `to`).
fn edits<K: Clone + Eq + std::hash::Hash, T: Clone + PartialEq>(from: &IndexMap<K, T>, to: &IndexMap<K, T>) -> Vec<(K, Edit<T>)> {
    let gone = from.iter().filter(|(name, _)| !to.contains_key(*name)).map(|(name, value)| (name.clone(), Edit::Drop(value.clone())));
    let come = to.iter().filter_map(|(name, value)| {
        let edit = match from.get(name) {
            None => Edit::Create(value.clone()),
            Some(before) if before != value => Edit::Alter { from: before.clone(), to: value.clone() },
            Some(_) => return None,
        };
        Some((name.clone(), edit))
    });
    gone.chain(come).collect()
}

fn tables(from: &Schema, to: &Schema) -> Vec<(Name, TableEdit)> {
    let gone = from.tables.iter().filter(|(name, _)| !to.tables.contains_key(*name)).map(|(n, table)| (n.clone(), TableEdit::Drop(table.clone())));
    let come = to.tables.iter().filter_map(|(name, table)| {
        let edit = match from.tables.get(name) {
            None => TableEdit::Create(table.clone()),
            Some(before) => TableEdit::Alter(TableAlter::between(before, table)?),
        };
        Some((name.clone(), edit))
    });
    gone.chain(come).collect()
}

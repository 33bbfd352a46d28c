//! The server's numbers for things, and what it says of things by their number: privileges, owners, what stands on what.

use std::collections::{BTreeMap, HashMap};

use super::rows;
use crate::model::{Dependencies, Grants, Key, ObjectId, Schema, Unmodelled};

pub const CLASS: &str = "pg_class";
pub const TYPE: &str = "pg_type";
pub const NAMESPACE: &str = "pg_namespace";
pub const EXTENSION: &str = "pg_extension";
pub const CONSTRAINT: &str = "pg_constraint";
pub const DEFAULT: &str = "pg_attrdef";

/// Every catalog that a thing of the model may stand in.
const CATALOGS: [&str; 21] = [
    CLASS,
    TYPE,
    NAMESPACE,
    EXTENSION,
    CONSTRAINT,
    DEFAULT,
    "pg_proc",
    "pg_operator",
    "pg_cast",
    "pg_collation",
    "pg_ts_dict",
    "pg_ts_config",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_statistic_ext",
    "pg_trigger",
    "pg_rewrite",
    "pg_policy",
    "pg_event_trigger",
    "pg_publication",
    "pg_default_acl",
];

/// The things of the model by the server's number for them.
#[derive(Default)]
pub struct Catalog {
    keys: HashMap<(&'static str, u32), Key>,
    /// The names of columns by the number of their table and their own. There are many of them, and few are ever asked for.
    columns: HashMap<(u32, i32), Box<str>>,
}

impl Catalog {
    pub fn add(&mut self, catalog: &'static str, id: u32, key: Key) {
        self.keys.insert((catalog, id), key);
    }

    pub fn add_column(&mut self, relation: u32, number: i32, name: &str) {
        self.columns.insert((relation, number), name.into());
    }

    /// The thing; what no column of the model is known for stands for its relation (the columns of a view).
    fn get(&self, catalog: &str, id: u32, sub: i32) -> Option<Key> {
        let catalog = CATALOGS.into_iter().find(|known| *known == catalog)?;
        let column = self.columns.get(&(id, sub)).map(|name| name.to_string());
        if catalog == DEFAULT {
            let Key::Table(table) = self.keys.get(&(CLASS, id))? else { return None };
            return Some(Key::Default(table.clone(), column?));
        }
        match (self.keys.get(&(catalog, id))?, column) {
            (Key::Table(table), Some(column)) if catalog == CLASS => Some(Key::Column(table.clone(), column)),
            (key, _) => Some(key.clone()),
        }
    }

    pub fn dependencies(&self, rows: &[rows::Dependency]) -> Dependencies {
        let mut found = Dependencies::default();
        for row in rows {
            let thing = self.get(&row.class, row.id, row.sub);
            if let (Some(thing), Some(on)) = (thing, self.get(&row.on_class, row.on_id, row.on_sub)) {
                found.add(thing, on);
            }
        }
        found
    }

    pub fn owners(&self, rows: Vec<rows::Owner>) -> BTreeMap<Key, String> {
        rows.into_iter().filter_map(|row| Some((self.get(&row.catalog, row.id, 0)?, row.owner))).collect()
    }

    /// Gives the things their privileges. What has no place for them, or has more to it than the model tells, is named.
    pub fn grant(&self, schema: &mut Schema, rows: Vec<rows::Granted>) {
        for row in rows {
            let Some(key) = self.get(&row.catalog, row.id, 0) else {
                if row.catalog == NAMESPACE {
                    schema.unmodelled.push(unmodelled("grants on schema", "public"));
                }
                continue;
            };
            let remarks = row.unmodelled.iter().map(|what| unmodelled(what, &key_words(&key)));
            schema.unmodelled.extend(remarks);
            match place(schema, &key) {
                Some(grants) => *grants = row.grants,
                None => schema.unmodelled.push(unmodelled("grants", &key_words(&key))),
            }
        }
    }
}

fn unmodelled(kind: &str, name: &str) -> Unmodelled {
    Unmodelled { kind: kind.to_owned(), name: name.to_owned(), stands_on: Vec::new() }
}

fn key_words(key: &Key) -> String {
    match key {
        Key::Table(name) | Key::Sequence(name) | Key::Enum(name) | Key::Domain(name) | Key::Composite(name) => format!("on {name}"),
        Key::Namespace(name) => format!("on schema {name}"),
        Key::Object(id) => format!("on {id}"),
        Key::Column(table, column) => format!("on the sequence of identity column {table}.{column}"),
        other => format!("on {other:?}"),
    }
}

/// Where a thing keeps its privileges.
fn place<'s>(schema: &'s mut Schema, key: &Key) -> Option<&'s mut Grants> {
    match key {
        Key::Namespace(name) => schema.namespaces.get_mut(name).map(|it| &mut it.grants),
        Key::Table(name) => schema.tables.get_mut(name).map(|it| &mut it.grants),
        Key::Sequence(name) => schema.sequences.get_mut(name).map(|it| &mut it.grants),
        Key::Enum(name) => schema.enums.get_mut(name).map(|it| &mut it.grants),
        Key::Domain(name) => schema.domains.get_mut(name).map(|it| &mut it.grants),
        Key::Composite(name) => schema.composites.get_mut(name).map(|it| &mut it.grants),
        Key::Object(id) => schema.objects.get_mut(id).map(|it| &mut it.grants),
        _ => None,
    }
}

/// The catalog that an object of this kind stands in.
pub fn catalog_of(id: &ObjectId) -> &'static str {
    use crate::model::ObjectKind as Kind;
    match id.kind {
        Kind::View | Kind::MaterializedView | Kind::VirtualTable => CLASS,
        Kind::RangeType => TYPE,
        Kind::Function | Kind::Procedure | Kind::Aggregate => "pg_proc",
        Kind::Operator => "pg_operator",
        Kind::Cast => "pg_cast",
        Kind::Collation => "pg_collation",
        Kind::TextSearchDictionary => "pg_ts_dict",
        Kind::TextSearchConfiguration => "pg_ts_config",
        Kind::ForeignDataWrapper => "pg_foreign_data_wrapper",
        Kind::ForeignServer => "pg_foreign_server",
        Kind::Statistics => "pg_statistic_ext",
        Kind::Trigger => "pg_trigger",
        Kind::Rule => "pg_rewrite",
        Kind::Policy => "pg_policy",
        Kind::EventTrigger => "pg_event_trigger",
        Kind::Publication => "pg_publication",
        Kind::DefaultPrivileges | Kind::Event => "pg_default_acl",
    }
}

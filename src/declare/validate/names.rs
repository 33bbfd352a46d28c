//! Names: none taken twice, none too long.

use indexmap::IndexMap;

use super::Check;
use crate::declare::lower::{below, path_of};
use crate::declare::sections::path_of_object;
use crate::dialect::Kind;
use crate::model::{Name, ObjectId, ObjectKind, Table};

/// The longest name PostgreSQL keeps, in bytes. It cuts longer ones off with a notice, so that two names can become one.
const LONGEST: usize = 63;

/// A name in use: what has it, and where that was written.
type Taken = (&'static str, Vec<String>);

impl Check<'_> {
    pub fn names(&mut self) {
        self.relations();
        for (name, table) in &self.schema.tables {
            self.columns_once(name, table);
            if self.dialect.kind() == Kind::Postgres {
                self.constraints_once(name, table);
            }
        }
        if self.dialect.kind() == Kind::Postgres {
            self.lengths();
        }
    }

    /// Tables, views, sequences and indexes share the names of a schema: in SQLite's file format and in PostgreSQL's `pg_class` alike.
    /// There an enumeration is in the way of a table or view as well, whose row type has the same name (`pg_type`).
    fn relations(&mut self) {
        let mut taken: IndexMap<Name, Taken> = IndexMap::new();
        let postgres = self.dialect.kind() == Kind::Postgres;
        let schema = self.schema;
        for name in schema.enums.keys() {
            self.take(&mut taken, name.clone(), "enumeration", path_of("enums", name));
        }
        for name in schema.tables.keys() {
            self.take(&mut taken, name.clone(), "table", path_of("tables", name));
        }
        for name in schema.domains.keys() {
            self.take(&mut taken, name.clone(), "domain", path_of("domains", name));
        }
        for name in schema.composites.keys() {
            self.take(&mut taken, name.clone(), "composite type", path_of("types", name));
        }
        for id in schema.objects.keys().filter(|id| id.kind.is_relation()) {
            self.take(&mut taken, id.name.clone(), id.kind.word(), path_of_object(schema, id));
        }
        taken.retain(|_, (what, _)| !["enumeration", "domain"].contains(what));
        for name in schema.sequences.keys() {
            self.take(&mut taken, name.clone(), "sequence", path_of("sequences", name));
        }
        for (name, table) in &schema.tables {
            let path = path_of("tables", name);
            if postgres {
                self.backing_indexes(&mut taken, name, table, &path);
            }
            // MySQL's index names belong to their table.
            let indexes = table.indexes.keys().filter(|_| self.dialect.kind() != Kind::Mysql);
            for index in indexes {
                self.take(&mut taken, name.sibling(index), "index", below(&path, &["indexes", index]));
            }
        }
    }

    /// PostgreSQL keeps a primary key, a unique and an exclusion constraint as an index of the same name.
    fn backing_indexes(&mut self, taken: &mut IndexMap<Name, Taken>, name: &Name, table: &Table, path: &[String]) {
        if let Some(key) = &table.primary_key {
            self.take(taken, name.sibling(&key.name), "primary key", below(path, &["primary_key"]));
        }
        for unique in table.uniques.keys() {
            self.take(taken, name.sibling(unique), "unique constraint", below(path, &["uniques", unique]));
        }
        for exclusion in table.exclusions.keys() {
            self.take(taken, name.sibling(exclusion), "exclusion constraint", below(path, &["exclusions", exclusion]));
        }
    }

    fn take(&mut self, taken: &mut IndexMap<Name, Taken>, name: Name, what: &'static str, path: Vec<String>) {
        let key = if self.dialect.folds_case() { Name::within(name.schema.as_deref(), name.name.to_ascii_lowercase()) } else { name.clone() };
        if let Some((other, _)) = taken.get(&key) {
            let message = format!("the name '{name}' is taken twice: by {} {other} and by {} {what}", article(other), article(what));
            self.say(&path, message, "give one of them another name");
        } else {
            taken.insert(key, (what, path));
        }
    }

    /// Columns that differ in case only are one column where the engine folds case.
    fn columns_once(&mut self, name: &Name, table: &Table) {
        let columns: Vec<&String> = table.columns.keys().collect();
        for (index, column) in columns.iter().enumerate() {
            if let Some(other) = columns[..index].iter().find(|other| self.same_name(other, column)) {
                let message = format!("the columns '{other}' and '{column}' differ in case only, which {} does not see", self.dialect.title());
                self.say(&below(&path_of("tables", name), &["columns", column]), message, "give one of them another name");
            }
        }
    }

    /// The constraints of a table share one list of names on PostgreSQL, whatever their kind. Those with an index are told apart from each
    /// other by the name of that. SQLite looks at no constraint's name.
    fn constraints_once(&mut self, name: &Name, table: &Table) {
        let path = path_of("tables", name);
        let mut taken: IndexMap<Name, Taken> = IndexMap::new();
        for check in table.checks.keys() {
            self.take(&mut taken, Name::new(check), "check", below(&path, &["checks", check]));
        }
        for foreign_key in table.foreign_keys.keys() {
            self.take(&mut taken, Name::new(foreign_key), "foreign key", below(&path, &["foreign_keys", foreign_key]));
        }
        let plain: Vec<Name> = taken.keys().cloned().collect();
        let key = table.primary_key.iter().map(|key| (&key.name, "primary key", below(&path, &["primary_key"])));
        let uniques = table.uniques.keys().map(|unique| (unique, "unique constraint", below(&path, &["uniques", unique])));
        let exclusions = table.exclusions.keys().map(|name| (name, "exclusion constraint", below(&path, &["exclusions", name])));
        for (name, what, path) in key.chain(uniques).chain(exclusions) {
            if plain.contains(&Name::new(name)) {
                self.take(&mut taken, Name::new(name), what, path);
            }
        }
    }

    fn lengths(&mut self) {
        let schema = self.schema;
        for name in schema.namespaces.keys() {
            self.length(name, &["schemas".to_owned(), name.clone()]);
        }
        for (name, enumeration) in &schema.enums {
            let path = path_of("enums", name);
            self.length(&name.name, &path);
            enumeration.values.iter().for_each(|value| self.length(value, &path));
        }
        schema.sequences.keys().for_each(|name| self.length(&name.name, &path_of("sequences", name)));
        schema.domains.keys().for_each(|name| self.length(&name.name, &path_of("domains", name)));
        schema.composites.keys().for_each(|name| self.length(&name.name, &path_of("types", name)));
        let unnamed = |id: &&ObjectId| !matches!(id.kind, ObjectKind::DefaultPrivileges | ObjectKind::Cast);
        schema.objects.keys().filter(unnamed).for_each(|id| self.length(&id.name.name, &path_of_object(schema, id)));
        for (name, table) in &schema.tables {
            let path = path_of("tables", name);
            self.length(&name.name, &path);
            if let Some(key) = &table.primary_key {
                self.length(&key.name, &below(&path, &["primary_key"]));
            }
            let parts = table.columns.keys().map(|name| ("columns", name));
            let parts = parts.chain(table.uniques.keys().map(|name| ("uniques", name)));
            let parts = parts.chain(table.checks.keys().map(|name| ("checks", name)));
            let parts = parts.chain(table.foreign_keys.keys().map(|name| ("foreign_keys", name)));
            let parts = parts.chain(table.exclusions.keys().map(|name| ("exclusions", name)));
            for (section, part) in parts.chain(table.indexes.keys().map(|name| ("indexes", name))) {
                self.length(part, &below(&path, &[section, part]));
            }
        }
    }

    fn length(&mut self, name: &str, path: &[String]) {
        if name.len() > LONGEST {
            let cut = &name[..name.floor_char_boundary(LONGEST)];
            let message = format!("the name '{name}' is {} bytes long, and PostgreSQL keeps {LONGEST}", name.len());
            self.say(path, message, format!("choose a shorter one, for example '{cut}'"));
        }
    }
}

fn article(what: &str) -> &'static str {
    if what.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

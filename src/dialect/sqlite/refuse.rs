//! What SQLite cannot hold, found before anything is planned. Comments are not refused: the same schema.toml may serve an engine that has
//! them, and here they simply do not arrive.

use super::render::rowid_column;
use crate::model::{Deferrable, Enabled, Fill, ForeignKey, Index, Name, ObjectKind, Schema, SequenceOptions, Table};

/// The things in the way: where they stand in schema.toml, and a sentence that names the way out.
pub(super) fn refuse(schema: &Schema) -> Vec<(Vec<String>, String)> {
    let mut found = Found(Vec::new());
    for namespace in schema.namespaces.keys() {
        found.add(&["schemas", namespace], "SQLite has one namespace: declare the objects at the top of schema.toml, with a prefix in their names");
    }
    for name in schema.sequences.keys() {
        found.add(&path(name, "sequences"), "SQLite has no sequences: use `identity = true` on an integer primary key");
    }
    for name in schema.domains.keys() {
        found.add(&path(name, "domains"), "SQLite has no domains: write the check at the column");
    }
    for name in schema.composites.keys() {
        found.add(&path(name, "types"), "SQLite has no composite types: make a table of it, or keep it as json");
    }
    for (id, object) in &schema.objects {
        let path = match id.table() {
            Some(table) => [path(table, "tables"), vec![id.kind.section(), &id.name.name]].concat(),
            None => path(&id.name, id.kind.section()),
        };
        if !matches!(id.kind, ObjectKind::View | ObjectKind::Trigger | ObjectKind::VirtualTable) {
            found.add(&path, &format!("SQLite has no {}: take it out", id.kind.plural()));
        }
        found.check(!object.options.is_empty(), &path, "with", "SQLite's views have no options: take it out");
        found.check(object.is_constraint, &path, "constraint", "SQLite's triggers fire at once: take it out");
        found.check(object.enabled != Enabled::Yes, &path, "enabled", "SQLite's triggers always fire: take it out");
    }
    for (name, table) in &schema.tables {
        let at = path(name, "tables");
        if table.columns.is_empty() {
            found.add(&at, "SQLite has no table without columns: declare at least one");
        }
        options(&mut found, &at, table);
        columns(&mut found, &at, table);
        constraints(&mut found, &at, table);
        for (key, it) in &table.foreign_keys {
            foreign_key(&mut found, &below(&at, &["foreign_keys", key]), it);
        }
        for (key, it) in &table.indexes {
            index(&mut found, &below(&at, &["indexes", key]), it);
        }
    }
    found.0
}

struct Found(Vec<(Vec<String>, String)>);

impl Found {
    fn add(&mut self, path: &[&str], message: &str) {
        self.0.push((path.iter().map(|&part| part.to_owned()).collect(), message.to_owned()));
    }

    /// Adds a finding for a key of the thing at `path`, where it is there.
    fn check(&mut self, is_there: bool, path: &[&str], key: &str, message: &str) {
        if is_there {
            self.add(&below(path, &[key]), message);
        }
    }
}

fn path<'a>(name: &'a Name, kind: &'a str) -> Vec<&'a str> {
    match &name.schema {
        Some(schema) => vec!["schemas", schema, kind, &name.name],
        None => vec![kind, &name.name],
    }
}

fn below<'a>(path: &[&'a str], keys: &[&'a str]) -> Vec<&'a str> {
    path.iter().chain(keys).copied().collect()
}

fn options(found: &mut Found, at: &[&str], table: &Table) {
    let options = &table.options;
    let only = "only PostgreSQL has this option of a table: take it out";
    found.check(options.unlogged, at, "unlogged", only);
    found.check(!options.storage.is_empty(), at, "with", only);
    found.check(options.access_method.is_some(), at, "access_method", only);
    found.check(options.tablespace.is_some(), at, "tablespace", only);
    found.check(options.row_security, at, "row_security", only);
    found.check(options.force_row_security, at, "force_row_security", only);
    found.check(options.replica_identity.is_some(), at, "replica_identity", only);
    found.check(options.clustered_on.is_some(), at, "clustered_on", only);
    found.check(options.partition_by.is_some(), at, "partition_by", only);
    found.check(options.partition.is_some(), at, "partition", only);
    found.check(!options.inherits.is_empty(), at, "inherits", only);
    found.check(options.foreign.is_some(), at, "foreign", only);
}

fn columns(found: &mut Found, at: &[&str], table: &Table) {
    let rowid = rowid_column(table);
    for (name, column) in &table.columns {
        let at = below(at, &["columns", name]);
        match &column.fill {
            Fill::Identity(identity) if rowid != Some(name.as_str()) => {
                let key = if identity.autoincrement { "autoincrement" } else { "identity" };
                let message = "SQLite hands out numbers for the rowid alone: the column must be the only primary key column, its type must be \
                               exactly `integer`, and the table must not be `without_rowid`";
                found.add(&below(&at, &[key]), message);
            }
            Fill::Identity(identity) => {
                let plain = !identity.always && identity.options == SequenceOptions::default();
                found.check(!plain, &at, "identity", "SQLite's rowid takes no options: write `identity = true`");
            }
            Fill::Generated { .. } => {
                let in_key = table.key_columns().contains(name);
                found.check(in_key, &at, "generated", "SQLite takes no generated column into a primary key: use a unique index on it");
            }
            Fill::None | Fill::Default(_) => {}
        }
    }
}

fn constraints(found: &mut Found, at: &[&str], table: &Table) {
    const INCLUDE: &str = "SQLite has no INCLUDE: take it out, or make an index of its own on the columns";
    const DEFERRABLE: &str = "SQLite defers only foreign keys: take it out";
    if let Some(key) = &table.primary_key {
        let at = below(at, &["primary_key"]);
        found.check(!key.include.is_empty(), &at, "include", INCLUDE);
        found.check(key.deferrable != Deferrable::No, &at, "deferrable", DEFERRABLE);
    }
    for (name, unique) in &table.uniques {
        let at = below(at, &["uniques", name]);
        found.check(!unique.include.is_empty(), &at, "include", INCLUDE);
        found.check(unique.deferrable != Deferrable::No, &at, "deferrable", DEFERRABLE);
        let message = "in SQLite NULLs are always distinct: take it out, or index an expression such as `coalesce(x, '')`";
        found.check(unique.nulls_not_distinct, &at, "nulls_not_distinct", message);
    }
    for (name, check) in &table.checks {
        let at = below(at, &["checks", name]);
        found.check(check.no_inherit, &at, "no_inherit", "SQLite has no inheritance: take it out");
        found.check(check.not_valid, &at, "not_valid", "SQLite has no constraint that spares existing rows: take it out");
    }
    for name in table.exclusions.keys() {
        found.add(&below(at, &["exclusions", name]), "SQLite has no exclusion constraints: use a unique index or a trigger");
    }
}

fn foreign_key(found: &mut Found, at: &[&str], key: &ForeignKey) {
    found.check(key.match_full, at, "match", "SQLite treats every MATCH as SIMPLE: take it out, or add a check that all columns are NULL or none is");
    found.check(!key.on_delete_columns.is_empty(), at, "on_delete_columns", "in SQLite ON DELETE sets all columns of the key: take it out");
    found.check(key.not_valid, at, "not_valid", "SQLite has no constraint that spares existing rows: take it out");
}

fn index(found: &mut Found, at: &[&str], index: &Index) {
    found.check(!index.method.eq_ignore_ascii_case("btree"), at, "using", "every index of SQLite is a btree: take it out");
    found.check(!index.include.is_empty(), at, "include", "SQLite has no INCLUDE: put the columns behind the key columns");
    let message = "in SQLite NULLs are always distinct: take it out, or index an expression such as `coalesce(x, '')`";
    found.check(index.nulls_not_distinct, at, "nulls_not_distinct", message);
    found.check(!index.storage.is_empty(), at, "with", "SQLite's indexes have no options: take it out");
    found.check(index.tablespace.is_some(), at, "tablespace", "SQLite has no tablespaces: take it out");
    let opclass = index.parts.iter().any(|part| part.key.opclass.is_some());
    found.check(opclass, at, "columns", "SQLite has no operator classes: take `opclass` out");
    let nulls = index.parts.iter().any(|part| part.nulls.is_some());
    found.check(nulls, at, "columns", "SQLite's indexes hold NULLs where they fall, first in ascending order: take `nulls` out");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Hint, Identity, IndexPart, NullsOrder, OnDuplicate, PrimaryKey};

    fn paths(schema: &Schema) -> Vec<String> {
        refuse(schema).into_iter().map(|(path, _)| path.join(".")).collect()
    }

    fn table(ty: &str) -> Table {
        let mut id = Column::new(ty);
        id.fill = Fill::Identity(Identity::default());
        let primary_key = PrimaryKey {
            name: "t_pkey".to_owned(),
            unnamed: Hint(false),
            columns: vec!["id".to_owned()],
            include: Vec::new(),
            deferrable: Deferrable::No,
            comment: None,
            using: None,
            parts: Vec::new(),
            on_duplicate: Hint(OnDuplicate::default()),
        };
        Table { columns: [("id".to_owned(), id)].into(), primary_key: Some(primary_key), ..Table::default() }
    }

    #[test]
    fn only_the_rowid_is_an_identity_and_only_without_options() {
        let schema = |table| Schema { tables: [(Name::new("t"), table)].into(), ..Schema::default() };
        assert_eq!(paths(&schema(table("integer"))), [""; 0]);
        assert_eq!(paths(&schema(table("bigint"))), ["tables.t.columns.id.identity"]);
        let mut always = table("integer");
        always.columns["id"].fill = Fill::Identity(Identity { always: true, ..Identity::default() });
        assert_eq!(paths(&schema(always)), ["tables.t.columns.id.identity"]);
        let mut deferred = table("integer");
        deferred.primary_key.as_mut().expect("a key").deferrable = Deferrable::InitiallyDeferred;
        assert_eq!(paths(&schema(deferred)), ["tables.t.primary_key.deferrable"]);
    }

    #[test]
    fn the_order_of_nulls_in_an_index_is_refused() {
        let mut indexed = table("integer");
        let mut part = IndexPart::column("id");
        part.nulls = Some(NullsOrder::Last);
        let sql = "CREATE INDEX i ON t (id)";
        let (name, _, index) = super::super::ddl::create_index(sql, ["id"].into_iter()).expect(sql);
        indexed.indexes.insert(name, Index { parts: vec![part], method: "hash".to_owned(), ..index });
        let schema = Schema { tables: [(Name::within(Some("app"), "t"), indexed)].into(), ..Schema::default() };
        assert_eq!(paths(&schema), ["schemas.app.tables.t.indexes.i.using", "schemas.app.tables.t.indexes.i.columns"]);
    }
}

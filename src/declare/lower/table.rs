//! Tables: what is said of them as a whole, and the order in which their parts are read.

use indexmap::IndexMap;

use super::keys::words;
use super::{Lowering, Path, below, path_of};
use crate::declare::document::Node;
use crate::declare::path;
use crate::declare::spans::Place;
use crate::model::{
    Column, ColumnOptions, Deferrable, Fill, Foreign, Hint, IndexPart, KeyOf, Name, Order, Partition, PrimaryKey, Table, TableOptions, Text,
    default_name,
};

/// The table whose parts are being read.
pub(super) struct Site {
    pub name: Name,
    pub path: Path,
    /// The columns of its primary key.
    pub key: Vec<String>,
    /// A STRICT table of SQLite has its own types.
    pub strict: bool,
    /// The columns that have an enumeration as their type, with its values, on an engine without such types.
    pub enum_checks: Vec<(String, Vec<String>)>,
}

impl Lowering {
    pub fn table(&mut self, name: Name, place: Place, node: Node<'_>) {
        let mut table = Table { comment: node.text_at("comment"), renamed_from: Hint(node.text_at("renamed_from")), ..Table::default() };
        table.options = self.options(&name, node);
        if node.get("columns").is_none() && node.is_table() && table.parents().is_empty() && table.options.partition.is_none() {
            let message = format!("'{}' is a table without 'columns'", name.name);
            self.say(place, message, "add it, for example: [tables.users.columns]");
        }
        let path = path_of("tables", &name);
        let strict = table.options.strict;
        let mut site = Site { name, path, key: Vec::new(), strict, enum_checks: Vec::new() };
        table.primary_key = self.primary_key(&site, node);
        site.key = table.key_columns().to_vec();
        if let Some(columns) = node.get("columns") {
            for (column, place, node) in columns.entries() {
                self.column(&mut site, &mut table, column, place, node);
            }
        }
        self.named_keys(&site, &mut table, node);
        self.named_indexes(&site, &mut table, node);
        self.enum_checks(&site, &mut table);
        self.of_table(&site.name, &site.path, node);
        table.grants = self.grants(node);
        self.spans.record(&site.path, place);
        self.schema.tables.insert(site.name, table);
    }

    fn options(&mut self, name: &Name, node: Node<'_>) -> TableOptions {
        let scope = name.schema.as_deref();
        let table_at = |lowering: &mut Self, node: Node<'_>| {
            let parts = path::parse(node.text()?).filter(|parts| matches!(parts.len(), 1 | 2));
            if parts.is_none() {
                lowering.say(node.place(), format!("'{}' names no table", node.text().unwrap_or_default()), "write \"table\" or \"schema.table\"");
            }
            Some(lowering.table_name(scope, &parts?))
        };
        let partition = node.get("partition").and_then(|node| {
            let of = table_at(self, node.get("of")?)?;
            let bound = self.sql(node.get("values")?)?;
            Some(Partition { of, bound: Text::new(bound.trim()) })
        });
        let inherits = node.get("inherits").iter().flat_map(Node::items).filter_map(|node| table_at(self, node)).collect();
        let foreign = node.get("foreign").and_then(|node| Some(Foreign { server: node.text_at("server")?, options: Self::foreign_options(node) }));
        TableOptions {
            strict: node.flag_at("strict"),
            without_rowid: node.flag_at("without_rowid"),
            unlogged: node.flag_at("unlogged"),
            storage: self.storage(node),
            access_method: node.text_at("access_method"),
            tablespace: node.text_at("tablespace"),
            row_security: node.flag_at("row_security"),
            force_row_security: node.flag_at("force_row_security"),
            replica_identity: node.text_at("replica_identity"),
            clustered_on: node.text_at("clustered_on"),
            partition_by: node.get("partition_by").and_then(|node| self.sql(node)).map(|text| Text::new(text.trim())),
            partition,
            inherits,
            foreign,
            engine: node.text_at("engine"),
            charset: node.text_at("charset"),
            collation: node.text_at("collation"),
            row_format: node.text_at("row_format").map(|format| format.to_uppercase()),
            system_versioning: node.flag_at("system_versioning"),
            auto_increment: Hint(node.integer_at("auto_increment")),
        }
    }

    /// What the engine keeps for a column besides its values.
    pub fn column_options(&mut self, node: Node<'_>) -> ColumnOptions {
        let mut settings = IndexMap::new();
        for (name, _, value) in node.get("settings").iter().flat_map(Node::entries) {
            settings.extend(self.parameter(value).map(|value| (name.to_owned(), value)));
        }
        settings.sort_keys();
        ColumnOptions {
            storage: node.text_at("storage"),
            compression: node.text_at("compression"),
            statistics: node.integer_at("statistics"),
            settings,
            foreign: Self::foreign_options(node),
            charset: node.text_at("charset"),
            on_update: node.get("on_update").and_then(|node| self.sql(node)).map(Text::new),
            invisible: node.flag_at("invisible"),
            check: node.get("check").filter(|check| check.flag_at("inline")).and_then(|check| self.sql_or(check, "sql")),
            srid: node.integer_at("srid"),
        }
    }

    /// Gives partitions and inheriting tables the columns of their parents, in front of their own. What they say of such a column themselves
    /// goes before what the parent says.
    pub fn inherit_columns(&mut self) {
        let mut waiting: Vec<Name> =
            self.schema.tables.iter().filter(|(_, table)| !table.parents().is_empty()).map(|(name, _)| name.clone()).collect();
        while !waiting.is_empty() {
            let (ready, later): (Vec<Name>, Vec<Name>) =
                waiting.iter().cloned().partition(|name| !self.schema.tables[name].parents().iter().any(|parent| waiting.contains(parent)));
            if ready.is_empty() {
                let place = self.spans.nearest(&path_of("tables", &later[0])).unwrap_or_default();
                return self.say(place, format!("the table '{}' descends from itself", later[0]), "take one of the parents out");
            }
            for name in ready {
                let parents = self.schema.tables[&name].parents();
                let mut columns = IndexMap::new();
                for parent in parents.iter().filter_map(|parent| self.schema.tables.get(parent)) {
                    for (column, shape) in &parent.columns {
                        columns.entry(column.clone()).or_insert_with(|| inherited(shape));
                    }
                }
                let table = &mut self.schema.tables[&name];
                columns.extend(std::mem::take(&mut table.columns));
                table.columns = columns;
            }
            waiting = later;
        }
    }

    /// The parameters of WITH (...), sorted by name as the model wants them.
    pub fn storage(&mut self, node: Node<'_>) -> IndexMap<String, String> {
        let mut storage = IndexMap::new();
        for (name, _, value) in node.get("with").iter().flat_map(Node::entries) {
            if let Some(value) = self.parameter(value) {
                storage.insert(name.to_owned(), value);
            }
        }
        storage
    }

    /// The primary key, from the table or from the one column that says it. More than one of these is an error.
    fn primary_key(&mut self, site: &Site, node: Node<'_>) -> Option<PrimaryKey> {
        let flagged: Vec<(&str, Node<'_>)> = node
            .get("columns")
            .iter()
            .flat_map(Node::entries)
            .filter(|(_, _, column)| column.flag_at("primary_key"))
            .map(|(name, _, column)| (name, column))
            .collect();
        let at_table = node.get("primary_key").filter(|key| key.is_table() || key.value().is_some_and(toml::de::DeValue::is_array));
        if let Some((_, column)) = flagged.get(usize::from(at_table.is_none())) {
            let names: Vec<String> = flagged.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let help = if at_table.is_some() {
                "take 'primary_key' out of the column: the table names the key's columns".to_owned()
            } else {
                format!("a key of several columns is written at the table: primary_key = [{}]", names.join(", "))
            };
            self.say(column.key_place("primary_key"), format!("the table '{}' is given a primary key twice", site.name), help);
        }
        if let Some(key) = at_table {
            return Some(self.long_primary_key(site, key));
        }
        let (name, column) = flagged.first()?;
        let mut key = plain_key(&site.name, vec![(*name).to_owned()]);
        self.spans.record(&below(&site.path, &["primary_key"]), column.key_place("primary_key"));
        if column.get("unique").is_none() {
            key.on_duplicate = Hint(words::on_duplicate(*column));
        }
        Some(key)
    }

    fn long_primary_key(&mut self, site: &Site, node: Node<'_>) -> PrimaryKey {
        let list = node.get("columns").unwrap_or(node);
        if list.items().next().is_none() && list.value().is_some_and(toml::de::DeValue::is_array) {
            self.say(list.place(), "a primary key has at least one column", "name its columns, or leave 'primary_key' out");
        }
        let parts: Vec<IndexPart> = list.items().filter_map(|item| self.index_part(item)).collect();
        let mut key = plain_key(&site.name, parts.iter().filter_map(|part| part.key.column_name().map(str::to_owned)).collect());
        if parts.iter().any(|part| part.length.is_some() || part.order == Order::Desc) {
            key.parts = parts;
        }
        if let Some(name) = node.text_at("name") {
            key.name = name;
        }
        key.include = node.texts_at("include");
        key.deferrable = words::deferrable(node);
        key.comment = node.text_at("comment");
        key.using = node.text_at("using").map(|method| method.to_uppercase());
        key.on_duplicate = Hint(words::on_duplicate(node));
        key
    }

    /// An engine without enumerations holds the values in a CHECK. It is named last, so that it gives way to the user's own.
    fn enum_checks(&mut self, site: &Site, table: &mut Table) {
        for (column, values) in &site.enum_checks {
            let values: Vec<String> = values.iter().map(|value| self.dialect.literal(value)).collect();
            let expr = format!("{} IN ({})", self.dialect.quote(column), values.join(", "));
            let usual = default_name(&site.name.name, &[column], "check");
            let name = if table.checks.contains_key(&usual) { default_name(&site.name.name, &[column], "enum_check") } else { usual };
            let place = self.spans.nearest(&below(&site.path, &["columns", column, "type"])).unwrap_or_default();
            self.spans.record(&below(&site.path, &["checks", &name]), place);
            table.checks.insert(name, super::keys::column_check(expr, column));
        }
    }

    /// A foreign key that names only its table points at that table's primary key.
    pub fn point_at_primary_keys(&mut self) {
        let keys: IndexMap<Name, Vec<String>> = self.schema.tables.iter().map(|(name, table)| (name.clone(), table.key_columns().to_vec())).collect();
        let fold = self.dialect.folds_case();
        for foreign_key in self.schema.tables.values_mut().flat_map(|table| table.foreign_keys.values_mut()) {
            if foreign_key.target_columns.is_empty() {
                let target = &foreign_key.target;
                let same = |name: &Name| name.schema == target.schema && fold && name.name.eq_ignore_ascii_case(&target.name);
                let found = keys.get(target).or_else(|| keys.iter().find(|(name, _)| same(name)).map(|(_, key)| key));
                foreign_key.target_columns = found.cloned().unwrap_or_default();
            }
        }
    }

    /// The columns that a list of index parts names.
    pub fn part_key(&mut self, node: Node<'_>) -> Option<KeyOf> {
        let both = node.get("column").is_some() && node.get("sql").is_some();
        let neither = node.is_table() && node.get("column").is_none() && node.get("sql").is_none();
        if both || neither {
            let help = "write { column = \"due\" } or { sql = \"lower(email)\" }";
            self.say(node.place(), "a part of an index is a column or an expression, one of the two", help);
            return None;
        }
        match node.get("sql") {
            Some(sql) => self.sql_or(sql, "sql").map(KeyOf::Expr),
            None => node.get("column").unwrap_or(node).text().map(|column| KeyOf::Column(column.to_owned())),
        }
    }
}

/// A column as a child gets it: comments, numbers of an identity and fix-ups are the parent's own.
fn inherited(column: &Column) -> Column {
    let fill = if matches!(column.fill, Fill::Identity(_)) { Fill::None } else { column.fill.clone() };
    Column { fill, comment: None, hints: Hint::default(), ..column.clone() }
}

fn plain_key(table: &Name, columns: Vec<String>) -> PrimaryKey {
    PrimaryKey {
        name: default_name(&table.name, &[], "pkey"),
        unnamed: Hint(false),
        columns,
        include: Vec::new(),
        deferrable: Deferrable::No,
        comment: None,
        using: None,
        parts: Vec::new(),
        on_duplicate: Hint::default(),
    }
}

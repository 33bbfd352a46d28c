//! What of a database is dbtool's to manage: all but what the configuration, or common sense, leaves to others.

use std::collections::BTreeSet;

use wildmatch::WildMatch;

use crate::model::{Key, Name, ObjectId, Schema, Unmodelled};
use crate::plan::mentions;

/// Tables in which other tools keep their own state.
const OTHER_TOOLS: [&str; 26] = [
    "alembic_version",
    "_sqlx_migrations",
    "schema_migrations",
    "ar_internal_metadata",
    "_prisma_migrations",
    "atlas_schema_revisions",
    "flyway_schema_history",
    "databasechangelog",
    "databasechangeloglock",
    "goose_db_version",
    "__diesel_schema_migrations",
    "refinery_schema_history",
    "django_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "sequelizemeta",
    "typeorm_metadata",
    "phinxlog",
    "doctrine_migration_versions",
    "__efmigrationshistory",
    "pgmigrations",
    "schemaversion",
    "gorp_migrations",
    "seaql_migrations",
    "_yoyo_migration",
    "_yoyo_log",
];

/// What is managed and what is not.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Begins the names of the tool's own tables.
    pub prefix: String,
    ignore: Vec<Pattern>,
    manage: Vec<Pattern>,
}

/// A name with `*` and `?`, and the kind of the objects where it is about one alone: `audit.*`, `view:report_*`.
#[derive(Debug, Clone)]
struct Pattern {
    kind: Option<String>,
    name: WildMatch,
}

impl Pattern {
    fn new(written: &str) -> Self {
        match written.split_once(':') {
            Some((kind, name)) => Self { kind: Some(kind.trim().to_lowercase()), name: WildMatch::new(name.trim()) },
            None => Self { kind: None, name: WildMatch::new(written.trim()) },
        }
    }

    fn matches(&self, kind: &str, name: &str) -> bool {
        self.kind.as_ref().is_none_or(|wanted| wanted == kind) && self.name.matches(name)
    }
}

impl Scope {
    /// Everything but the tables whose names begin with `prefix`, those of other tools, and what `ignore` names; where `manage` names
    /// something, nothing but that.
    pub fn new(prefix: &str, ignore: &[String], manage: &[String]) -> Self {
        let patterns = |list: &[String]| list.iter().map(|written| Pattern::new(written)).collect();
        Self { prefix: prefix.to_owned(), ignore: patterns(ignore), manage: patterns(manage) }
    }

    /// True where the object is somebody else's.
    pub fn leaves_out(&self, kind: &str, name: &Name) -> bool {
        let full = name.to_string();
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(kind, &full));
        let other_tool = || kind == "table" && OTHER_TOOLS.iter().any(|known| name.name.eq_ignore_ascii_case(known));
        any(&self.ignore) || if self.manage.is_empty() { other_tool() } else { !any(&self.manage) }
    }

    /// Takes out of the schema what is not managed. It is remembered with what it stands on, so that nothing under it is taken away.
    pub fn apply(&self, schema: &mut Schema) {
        schema.ignored.clear();
        let mut out: BTreeSet<Key> = BTreeSet::new();
        for name in schema.tables.keys().filter(|name| self.leaves_out("table", name)) {
            out.insert(Key::Table(name.clone()));
        }
        let gone = |name: &Name| out.contains(&Key::Table(name.clone()));
        let mut more: Vec<Key> = Vec::new();
        let with_owner = |(_, sequence): &(&Name, &crate::model::Sequence)| sequence.owned_by.as_ref().is_some_and(|(table, _)| gone(table));
        more.extend(
            schema.sequences.iter().filter(|it| self.leaves_out("sequence", it.0) || with_owner(it)).map(|(name, _)| Key::Sequence(name.clone())),
        );
        more.extend(schema.enums.keys().filter(|name| self.leaves_out("enum", name)).map(|name| Key::Enum(name.clone())));
        more.extend(schema.domains.keys().filter(|name| self.leaves_out("domain", name)).map(|name| Key::Domain(name.clone())));
        more.extend(schema.composites.keys().filter(|name| self.leaves_out("type", name)).map(|name| Key::Composite(name.clone())));
        more.extend(schema.namespaces.keys().filter(|name| self.leaves_out("schema", &Name::new(*name))).map(|name| Key::Namespace(name.clone())));
        more.extend(schema.extensions.keys().filter(|name| self.leaves_out("extension", &Name::new(*name))).map(|name| Key::Extension(name.clone())));
        let left_out = |id: &&ObjectId| self.leaves_out(id.kind.word(), &id.name) || id.table().is_some_and(gone);
        more.extend(schema.objects.keys().filter(left_out).map(|id| Key::Object(id.clone())));
        out.extend(more);
        // What the language has no word for is no finding where it is somebody else's.
        let unmodelled = std::mem::take(&mut schema.unmodelled.0);
        let (theirs, ours) = unmodelled.into_iter().partition(|it| self.leaves_out(&it.kind, &Name::new(&it.name)));
        schema.unmodelled.0 = ours;
        schema.ignored.0 = theirs;
        for key in &out {
            let object = remembered(schema, key);
            schema.ignored.push(object);
            remove(schema, key);
        }
        // What belongs to an ignored view goes with it.
        let orphans: Vec<ObjectId> =
            schema.objects.keys().filter(|id| id.table().is_some_and(|table| out.iter().any(|key| is_view(key, table)))).cloned().collect();
        orphans.iter().for_each(|id| _ = schema.objects.shift_remove(id));
    }
}

fn is_view(key: &Key, name: &Name) -> bool {
    matches!(key, Key::Object(id) if id.kind.is_relation() && id.name == *name)
}

/// The thing by kind and name, and the tables and columns that it stands on.
fn remembered(schema: &Schema, key: &Key) -> Unmodelled {
    let (kind, name) = match key {
        Key::Object(id) => (id.kind.word(), id.full_name()),
        Key::Table(name) => ("table", name.to_string()),
        Key::Sequence(name) => ("sequence", name.to_string()),
        Key::Enum(name) => ("enum", name.to_string()),
        Key::Domain(name) => ("domain", name.to_string()),
        Key::Composite(name) => ("type", name.to_string()),
        Key::Namespace(name) => ("schema", name.clone()),
        Key::Extension(name) => ("extension", name.clone()),
        other => ("object", format!("{other:?}")),
    };
    let mut stands_on = Vec::new();
    for on in schema.dependencies.of(key) {
        match on {
            Key::Table(table) => stands_on.push((table.clone(), None)),
            Key::Column(table, column) => stands_on.extend([(table.clone(), None), (table.clone(), Some(column.clone()))]),
            _ => {}
        }
    }
    if let (Key::Object(id), true) = (key, schema.dependencies.is_empty()) {
        // A server that does not say what stands on what: its text does.
        let text = schema.objects.get(id).map(|object| object.definition.text.as_str()).unwrap_or_default();
        for (table, shape) in schema.tables.iter().filter(|(table, _)| mentions(text, &table.name)) {
            stands_on.push((table.clone(), None));
            stands_on.extend(shape.columns.keys().filter(|column| mentions(text, column)).map(|column| (table.clone(), Some(column.clone()))));
        }
    }
    if let Key::Table(name) = key {
        let keys = schema.tables.get(name).into_iter().flat_map(|table| table.foreign_keys.values());
        for key in keys.filter(|key| key.target != *name) {
            stands_on.push((key.target.clone(), None));
            stands_on.extend(key.target_columns.iter().map(|column| (key.target.clone(), Some(column.clone()))));
        }
    }
    Unmodelled { kind: kind.to_owned(), name, stands_on }
}

fn remove(schema: &mut Schema, key: &Key) {
    match key {
        Key::Object(id) => _ = schema.objects.shift_remove(id),
        Key::Table(name) => _ = schema.tables.shift_remove(name),
        Key::Sequence(name) => _ = schema.sequences.shift_remove(name),
        Key::Enum(name) => _ = schema.enums.shift_remove(name),
        Key::Domain(name) => _ = schema.domains.shift_remove(name),
        Key::Composite(name) => _ = schema.composites.shift_remove(name),
        Key::Namespace(name) => _ = schema.namespaces.shift_remove(name),
        Key::Extension(name) => _ = schema.extensions.shift_remove(name),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Object, Table};

    fn schema() -> Schema {
        let mut schema = Schema::default();
        for name in ["todos", "alembic_version", "tmp_a"] {
            schema.tables.insert(Name::new(name), Table::default());
        }
        schema.objects.insert(ObjectId::view(Name::within(Some("audit"), "log")), Object::new("SELECT 1"));
        schema
    }

    fn left(scope: &Scope) -> (Vec<String>, usize) {
        let mut schema = schema();
        scope.apply(&mut schema);
        (schema.tables.keys().map(Name::to_string).collect(), schema.objects.len())
    }

    #[test]
    fn the_tables_of_other_tools_are_theirs() {
        assert_eq!(left(&Scope::new("dbtool_", &[], &[])), (vec!["todos".to_owned(), "tmp_a".to_owned()], 1));
    }

    #[test]
    fn patterns_say_what_is_ignored_or_managed() {
        assert_eq!(left(&Scope::new("dbtool_", &["tmp_*".into(), "view:audit.*".into()], &[])), (vec!["todos".to_owned()], 0));
        assert_eq!(left(&Scope::new("dbtool_", &["table:audit.*".into()], &["t*".into()])), (vec!["todos".to_owned(), "tmp_a".to_owned()], 0));
    }
}

//! Reading a database's schema from the catalogs, in one snapshot and with the same queries however many tables there are.
//!
//! Each query is a file of its own and comes back as one JSON document a row. The server spells every type and expression; the search
//! path is pinned to the default namespace meanwhile, so that what lives there is spelled without a schema and the rest with its own.

mod catalog;
mod defined;
mod keys;
mod objects;
mod rows;
mod tables;

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Row as _};

use super::quote::literal;
use crate::model::{Hint, Key, Namespace, Object, ObjectId, Schema, Unmodelled};
use catalog::Catalog;

/// Reads the schema in a transaction of its own, which writes nothing and sees one moment.
///
/// Tables and sequences whose name begins with `state_prefix` are the tool's own and left out, and so are namespaces with such a name
/// besides the default one.
pub(in crate::dialect) async fn introspect(conn: &mut PgConnection, state_prefix: &str) -> anyhow::Result<Schema> {
    run(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let schema = read(conn, state_prefix).await;
    // Nothing was written, and all settings were local: rolling back takes them off as a commit would.
    let ended = run(conn, "ROLLBACK").await;
    let schema = schema?;
    ended?;
    Ok(schema)
}

/// Reads the schema as the open transaction sees it, its own changes included. The search path is put back afterwards.
pub async fn introspect_within(conn: &mut PgConnection, state_prefix: &str) -> anyhow::Result<Schema> {
    let before: Vec<rows::Settings> =
        fetch(conn, "settings", "SELECT current_setting('search_path') AS search_path").await.context("reading the search path")?;
    let schema = read(conn, state_prefix).await?;
    for settings in before {
        run(conn, &format!("SELECT set_config('search_path', {}, true)", literal(&settings.search_path))).await?;
    }
    Ok(schema)
}

async fn read(conn: &mut PgConnection, state_prefix: &str) -> anyhow::Result<Schema> {
    run(conn, &format!("SELECT set_config('dbtool.prefix', {}, true)", literal(state_prefix))).await?;
    let settings: Vec<rows::Settings> = fetch(conn, "settings", include_str!("../queries/settings.sql")).await?;
    let user = settings.into_iter().next().map(|settings| settings.user).unwrap_or_default();
    let mut schema = Schema { user: Hint(user.clone()), ..Schema::default() };
    let mut catalog = Catalog::default();
    let present: Vec<rows::Present> = fetch(conn, "kinds", include_str!("../queries/present.sql")).await?;
    let present = Present(present.into_iter().flat_map(|row| row.kinds).collect());
    simple(conn, &present, &mut schema, &mut catalog).await?;
    tables(conn, &present, &mut schema, &mut catalog).await?;
    defined(conn, &present, &mut schema, &mut catalog, &user).await?;

    let granted: Vec<rows::Granted> = present.fetch(conn, "privileges", include_str!("../queries/grants.sql")).await?;
    let owners: Vec<rows::Owner> = present.fetch(conn, "owners", include_str!("../queries/owners.sql")).await?;
    let dependencies: Vec<rows::Dependency> = fetch(conn, "dependencies", include_str!("../queries/dependencies.sql")).await?;
    let unmodelled: Vec<rows::Unmodelled> = present.fetch(conn, "other objects", include_str!("../queries/unmodelled.sql")).await?;
    catalog.grant(&mut schema, granted);
    schema.owners.extend(catalog.owners(owners));
    schema.dependencies = Hint(catalog.dependencies(&dependencies));
    schema.unmodelled.extend(objects::unmodelled(unmodelled));
    Ok(schema)
}

/// The kinds of objects that the database has.
struct Present(Vec<String>);

impl Present {
    /// The rows of a query, which is not asked where there can be none.
    async fn fetch<T: DeserializeOwned>(&self, conn: &mut PgConnection, what: &str, query: &str) -> anyhow::Result<Vec<T>> {
        if self.0.iter().any(|kind| kind == what) { fetch(conn, what, query).await } else { Ok(Vec::new()) }
    }
}

/// Namespaces, extensions, types and sequences.
async fn simple(conn: &mut PgConnection, present: &Present, schema: &mut Schema, catalog: &mut Catalog) -> anyhow::Result<()> {
    let namespaces: Vec<rows::Namespace> = fetch(conn, "namespaces", include_str!("../queries/namespaces.sql")).await?;
    for row in namespaces {
        catalog.add(catalog::NAMESPACE, row.id, Key::Namespace(row.name.clone()));
        schema.namespaces.insert(row.name, Namespace { comment: row.comment, ..Namespace::default() });
    }
    let extensions: Vec<rows::Extension> = fetch(conn, "extensions", include_str!("../queries/extensions.sql")).await?;
    for row in extensions {
        catalog.add(catalog::EXTENSION, row.id, Key::Extension(row.name.clone()));
        schema.extensions.insert(row.name, row.schema);
    }
    let enums: Vec<rows::Enum> = present.fetch(conn, "enums", include_str!("../queries/enums.sql")).await?;
    for row in enums {
        let id = row.id;
        let (name, ty) = objects::enumeration(row);
        catalog.add(catalog::TYPE, id, Key::Enum(name.clone()));
        schema.enums.insert(name, ty);
    }
    let domains: Vec<rows::Domain> = present.fetch(conn, "domains", include_str!("../queries/domains.sql")).await?;
    for row in domains {
        let id = row.id;
        let (name, domain) = defined::domain(row);
        catalog.add(catalog::TYPE, id, Key::Domain(name.clone()));
        schema.domains.insert(name, domain);
    }
    let composites: Vec<rows::Composite> = present.fetch(conn, "composite types", include_str!("../queries/composites.sql")).await?;
    for row in composites {
        let ids = [(catalog::TYPE, row.id), (catalog::CLASS, row.relation)];
        let (name, composite) = defined::composite(row);
        ids.into_iter().for_each(|(class, id)| catalog.add(class, id, Key::Composite(name.clone())));
        schema.composites.insert(name, composite);
    }
    let sequences: Vec<rows::Sequence> = present.fetch(conn, "sequences", include_str!("../queries/sequences.sql")).await?;
    for row in sequences {
        let id = row.id;
        let (name, sequence) = objects::sequence(row);
        catalog.add(catalog::CLASS, id, Key::Sequence(name.clone()));
        schema.sequences.insert(name, sequence);
    }
    Ok(())
}

/// Tables and what they are made of; views, because an index may be one's.
async fn tables(conn: &mut PgConnection, present: &Present, schema: &mut Schema, catalog: &mut Catalog) -> anyhow::Result<()> {
    let mut found = tables::Tables::new(fetch(conn, "tables", include_str!("../queries/tables.sql")).await?);
    found.register(catalog);
    // Of columns there are more than of anything else, so none is kept as a row.
    each(conn, "columns", include_str!("../queries/columns.sql"), |row| found.add_column(row, catalog)).await?;
    let views: Vec<rows::Object> = present.fetch(conn, "views", include_str!("../queries/objects/views.sql")).await?;
    for row in views {
        let id = row.id;
        if let Some((name, view)) = defined::object(row) {
            catalog.add(catalog::CLASS, id, Key::Object(name.clone()));
            note(schema, &name, &view);
            found.add_view(id, name, view);
        }
    }
    let mut owned = keys::Owned::default();
    each(conn, "indexes", include_str!("../queries/indexes.sql"), |row| keys::add_index(&mut found, &mut owned, row, catalog)).await?;
    each(conn, "constraints", include_str!("../queries/constraints.sql"), |row| keys::add_constraint(&mut found, &mut owned, row, catalog)).await?;
    found.finish(schema);
    Ok(())
}

/// The queries for the objects that are told by their definition, but for views.
const DEFINED: [(&str, &str); 14] = [
    ("routines", include_str!("../queries/objects/routines.sql")),
    ("aggregates", include_str!("../queries/objects/aggregates.sql")),
    ("operators", include_str!("../queries/objects/operators.sql")),
    ("casts", include_str!("../queries/objects/casts.sql")),
    ("collations", include_str!("../queries/objects/collations.sql")),
    ("range types", include_str!("../queries/objects/ranges.sql")),
    ("text search objects", include_str!("../queries/objects/text_search.sql")),
    ("foreign servers", include_str!("../queries/objects/foreign.sql")),
    ("statistics objects", include_str!("../queries/objects/statistics.sql")),
    ("triggers", include_str!("../queries/objects/triggers.sql")),
    ("rules", include_str!("../queries/objects/rules.sql")),
    ("policies", include_str!("../queries/objects/policies.sql")),
    ("event triggers", include_str!("../queries/objects/event_triggers.sql")),
    ("publications", include_str!("../queries/objects/publications.sql")),
];

async fn defined(conn: &mut PgConnection, present: &Present, schema: &mut Schema, catalog: &mut Catalog, user: &str) -> anyhow::Result<()> {
    for (what, query) in DEFINED {
        let rows: Vec<rows::Object> = present.fetch(conn, what, query).await?;
        for row in rows {
            let (id, owner) = (row.id, row.owner.clone());
            let Some((name, object)) = defined::object(row) else { continue };
            catalog.add(catalog::catalog_of(&name), id, Key::Object(name.clone()));
            if let Some(owner) = owner.filter(|owner| owner != user) {
                schema.owners.insert(Key::Object(name.clone()), owner);
            }
            note(schema, &name, &object);
            schema.objects.insert(name, object);
        }
    }
    let privileges: Vec<rows::DefaultPrivileges> =
        present.fetch(conn, "default privileges", include_str!("../queries/objects/default_privileges.sql")).await?;
    schema.objects.extend(privileges.into_iter().map(defined::default_privileges));
    Ok(())
}

/// Names what an object's definition does not say.
fn note(schema: &mut Schema, id: &ObjectId, object: &Object) {
    let remarks = object.hints.unmodelled.iter();
    schema.unmodelled.extend(remarks.map(|what| Unmodelled {
        kind: format!("{what} of {}", id.kind.word()),
        name: id.full_name(),
        stands_on: Vec::new(),
    }));
}

async fn run(conn: &mut PgConnection, sql: &str) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await.with_context(|| format!("the server refused: {sql}"))?;
    Ok(())
}

/// The rows of one query. JSON spares a second list of the columns and their order, and holds lists as lists. Each row is read as it comes,
/// so that no more than one is held as text.
async fn fetch<T: DeserializeOwned>(conn: &mut PgConnection, what: &str, query: &str) -> anyhow::Result<Vec<T>> {
    let mut found = Vec::new();
    each(conn, what, query, |row| found.push(row)).await?;
    Ok(found)
}

/// The same, each row given to `take` as it comes.
async fn each<T: DeserializeOwned>(conn: &mut PgConnection, what: &str, query: &str, mut take: impl FnMut(T)) -> anyhow::Result<()> {
    let sql = format!("SELECT row_to_json(found)::text FROM (\n{query}\n) AS found");
    let mut rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(conn);
    while let Some(row) = rows.try_next().await.with_context(|| format!("reading the {what} of the database"))? {
        let json: &str = row.try_get_unchecked(0)?;
        take(serde_json::from_str(json).with_context(|| format!("reading the {what} of the database"))?);
    }
    Ok(())
}

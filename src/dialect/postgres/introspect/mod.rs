//! Reading a database's schema from the catalogs, in one snapshot and with the same ten queries however many tables there are.
//!
//! Each query is a file of its own and comes back as one JSON document a row. The server spells every type and expression; the search
//! path is pinned to the default namespace meanwhile, so that what lives there is spelled without a schema and the rest with its own.

mod keys;
mod objects;
mod rows;
mod tables;

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Row as _};

use super::quote::literal;
use crate::model::{Hint, Schema};

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
    let _: Vec<rows::Settings> = fetch(conn, "settings", include_str!("../queries/settings.sql")).await?;
    let namespaces: Vec<rows::Namespace> = fetch(conn, "namespaces", include_str!("../queries/namespaces.sql")).await?;
    let extensions: Vec<rows::Extension> = fetch(conn, "extensions", include_str!("../queries/extensions.sql")).await?;
    let enums: Vec<rows::Enum> = fetch(conn, "enums", include_str!("../queries/enums.sql")).await?;
    let sequences: Vec<rows::Sequence> = fetch(conn, "sequences", include_str!("../queries/sequences.sql")).await?;
    let tables: Vec<rows::Table> = fetch(conn, "tables", include_str!("../queries/tables.sql")).await?;
    let columns: Vec<rows::Column> = fetch(conn, "columns", include_str!("../queries/columns.sql")).await?;
    let constraints: Vec<rows::Constraint> = fetch(conn, "constraints", include_str!("../queries/constraints.sql")).await?;
    let indexes: Vec<rows::Index> = fetch(conn, "indexes", include_str!("../queries/indexes.sql")).await?;
    let unmodelled: Vec<rows::Unmodelled> = fetch(conn, "other objects", include_str!("../queries/unmodelled.sql")).await?;

    let mut found = tables::Tables::new(tables);
    found.add_columns(columns);
    keys::add(&mut found, constraints, indexes);
    Ok(Schema {
        namespaces: namespaces.into_iter().map(|namespace| (namespace.name, namespace.comment)).collect(),
        extensions: extensions.into_iter().map(|extension| (extension.name, extension.schema)).collect(),
        enums: objects::enums(enums),
        sequences: objects::sequences(sequences),
        tables: found.into_tables(),
        unmodelled: Hint(objects::unmodelled(unmodelled)),
        ..Schema::default()
    })
}

async fn run(conn: &mut PgConnection, sql: &str) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await.with_context(|| format!("the server refused: {sql}"))?;
    Ok(())
}

/// The rows of one query. JSON spares a second list of the columns and their order, and holds lists as lists.
async fn fetch<T: DeserializeOwned>(conn: &mut PgConnection, what: &str, query: &str) -> anyhow::Result<Vec<T>> {
    let sql = format!("SELECT row_to_json(found)::text FROM (\n{query}\n) AS found");
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(conn).await.with_context(|| format!("reading the {what} of the database"))?;
    rows.iter()
        .map(|row| {
            let json: String = row.try_get_unchecked(0)?;
            serde_json::from_str(&json).with_context(|| format!("reading the {what} of the database"))
        })
        .collect()
}

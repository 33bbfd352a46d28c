//! What a database holds, from what the server itself writes down of it: SHOW CREATE of each thing, all of them in a few round trips.
//!
//! `information_schema` leaves out parsers of indexes, periods, how a default was written and more; and on MariaDB it opens every table
//! for each of its queries as well.

mod column;
mod cursor;
mod keys;
mod objects;
mod table;

pub(super) use cursor::bare;
pub(super) use keys::{is_plain, unique};
pub(super) use objects::UNREADABLE;

use indexmap::IndexMap;
use sqlx::mysql::MySqlConnection;

use super::connect::rows;
use super::quote::{always, literal};
use super::types;
use crate::dialect::Row;
use crate::model::{Defaults, Hint, Name, Schema, Unmodelled, default_name};
use cursor::{without_database, without_introducers};
use table::Charsets;

/// How many SHOW statements are sent at once.
const TOGETHER: usize = 200;

/// What a database lists: names and what kind of thing each is.
struct Listed {
    kind: String,
    name: String,
}

/// The session as far as it decides what has to be said of an object: who asks, and in which mode.
pub(super) struct Asking {
    pub user: String,
    pub sql_mode: String,
    pub is_mariadb: bool,
    pub database: String,
}

/// Reads the database of the session. dbtool's own tables, whose names begin with `prefix`, are left out.
pub async fn introspect(conn: &mut MySqlConnection, prefix: &str) -> anyhow::Result<Schema> {
    let settings = rows(conn, SETTINGS).await?.into_iter().next().unwrap_or_default();
    let mut cells = settings.into_iter().map(Option::unwrap_or_default);
    let mut next = || cells.next().unwrap_or_default();
    let defaults = Defaults { engine: next(), charset: next(), collation: next() };
    let asking = Asking { user: next(), sql_mode: next(), is_mariadb: next().contains("MariaDB"), database: next() };
    let charsets: Charsets = rows(conn, CHARSETS).await?.into_iter().filter_map(pair).collect();
    let listed: Vec<Listed> = rows(conn, LISTED)
        .await?
        .into_iter()
        .filter_map(pair)
        .map(|(kind, name)| Listed { kind, name })
        .filter(|listed| prefix.is_empty() || !listed.name.starts_with(prefix))
        .collect();
    let mut schema = Schema { defaults: Hint(defaults), user: Hint(asking.user.clone()), ..Schema::default() };
    let of = |kinds: &[&str]| -> Vec<&Listed> { listed.iter().filter(|listed| kinds.contains(&listed.kind.as_str())).collect() };
    tables(conn, &of(&["BASE TABLE", "SYSTEM VERSIONED"]), &charsets, &asking, &mut schema).await?;
    objects::sequences(conn, &of(&["SEQUENCE"]), &mut schema).await?;
    objects::views(conn, &of(&["VIEW"]), &asking, &mut schema).await?;
    objects::routines(conn, &of(&["FUNCTION", "PROCEDURE"]), &asking, &mut schema).await?;
    objects::triggers(conn, &of(&["TRIGGER"]), &asking, &mut schema).await?;
    objects::events(conn, &of(&["EVENT"]), &asking, &mut schema).await?;
    for listed in of(&["PACKAGE", "PACKAGE BODY"]) {
        schema.unmodelled.push(Unmodelled { kind: listed.kind.to_lowercase(), name: listed.name.clone(), stands_on: Vec::new() });
    }
    Ok(schema)
}

const SETTINGS: &str =
    "SELECT @@default_storage_engine, @@character_set_database, @@collation_database, CURRENT_USER(), @@sql_mode, VERSION(), DATABASE()";

const CHARSETS: &str = "SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS";

/// Names in the order in which things are to be read; a trigger's is that in which it fires.
const LISTED: &str = "SELECT kind, name FROM ( \
    SELECT TABLE_TYPE AS kind, TABLE_NAME AS name, 0 AS place FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() \
    UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME, 0 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() \
    UNION ALL SELECT 'TRIGGER', TRIGGER_NAME, ACTION_ORDER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() \
    UNION ALL SELECT 'EVENT', EVENT_NAME, 0 FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() \
    ) AS listed ORDER BY kind, place, name";

fn pair(row: Row) -> Option<(String, String)> {
    let mut cells = row.into_iter();
    Some((cells.next()??, cells.next()??))
}

/// The column `at` of what `SHOW CREATE word` answers for each name. `None` for a thing that cannot be shown: it is gone meanwhile, broken,
/// or the user may not see it.
async fn show_create(conn: &mut MySqlConnection, word: &str, names: &[&str], at: usize) -> anyhow::Result<Vec<Option<Row>>> {
    let mut shown: Vec<Option<Row>> = Vec::with_capacity(names.len());
    for chunk in names.chunks(TOGETHER) {
        let statements: Vec<String> = chunk.iter().map(|name| format!("SHOW CREATE {word} {}", always(name))).collect();
        let complete = |row: &Row| row.get(at).is_some_and(Option::is_some);
        match rows(conn, &statements.join(";\n")).await {
            Ok(found) if found.len() == chunk.len() => shown.extend(found.into_iter().map(|row| Some(row).filter(complete))),
            // One that fails ends them all: which one is it?
            Ok(_) | Err(sqlx::Error::Database(_)) => {
                for statement in &statements {
                    match rows(conn, statement).await {
                        Ok(found) => shown.push(found.into_iter().next().filter(complete)),
                        Err(sqlx::Error::Database(_)) => shown.push(None),
                        Err(error) => return Err(error.into()),
                    }
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(shown)
}

async fn tables(conn: &mut MySqlConnection, listed: &[&Listed], charsets: &Charsets, asking: &Asking, schema: &mut Schema) -> anyhow::Result<()> {
    let names: Vec<&str> = listed.iter().map(|listed| listed.name.as_str()).collect();
    let shown = show_create(conn, "TABLE", &names, 1).await?;
    for (listed, row) in listed.iter().zip(shown) {
        let Some(sql) = row.and_then(|row| row.into_iter().nth(1).flatten()) else {
            schema.unmodelled.push(Unmodelled { kind: "table".to_owned(), name: listed.name.clone(), stands_on: Vec::new() });
            continue;
        };
        let sql = without_database(&if asking.is_mariadb { sql } else { without_introducers(&sql) }, &asking.database);
        let mut table = table::table(&sql, charsets);
        if table.columns.is_empty() {
            anyhow::bail!("the server's account of table {} has no columns: {sql}", listed.name);
        }
        if let Some(key) = &mut table.primary_key {
            key.name = default_name(&listed.name, &[], "pkey");
        }
        let elsewhere: Vec<String> = table.foreign_keys.iter().filter(|(_, key)| key.target.schema.is_some()).map(|(name, _)| name.clone()).collect();
        for name in elsewhere {
            if let Some(key) = table.foreign_keys.shift_remove(&name) {
                let columns = key.columns.iter().map(|column| always(column)).collect::<Vec<_>>().join(", ");
                table.unmodelled.push(format!("the foreign key {name} on {columns} to {} in another database", key.target));
            }
        }
        schema.tables.insert(Name::new(&listed.name), table);
    }
    if asking.is_mariadb {
        spatial_systems(conn, schema).await?;
    }
    beginnings(conn, schema).await
}

/// MariaDB's SHOW CREATE leaves out the spatial reference system of a column: <https://mariadb.com/kb/en/information-schema-geometry_columns-table/>.
async fn spatial_systems(conn: &mut MySqlConnection, schema: &mut Schema) -> anyhow::Result<()> {
    let sql = "SELECT G_TABLE_NAME, G_GEOMETRY_COLUMN, CAST(SRID AS CHAR) FROM information_schema.GEOMETRY_COLUMNS \
               WHERE G_TABLE_SCHEMA = DATABASE() AND SRID <> 0";
    let is_spatial = |column: &crate::model::Column| types::is_spatial(&column.ty.key);
    if !schema.tables.values().flat_map(|table| table.columns.values()).any(is_spatial) {
        return Ok(());
    }
    for row in rows(conn, sql).await? {
        let [Some(table), Some(column), Some(srid)] = row.as_slice() else { continue };
        let column = schema.tables.get_mut(&Name::new(table)).and_then(|table| table.columns.get_mut(column));
        if let Some(column) = column {
            column.options.srid = srid.parse().ok();
        }
    }
    Ok(())
}

/// Where AUTO_INCREMENT stands says something of the schema only as long as there are no rows.
async fn beginnings(conn: &mut MySqlConnection, schema: &mut Schema) -> anyhow::Result<()> {
    let counting: Vec<String> =
        schema.tables.iter().filter(|(_, table)| table.options.auto_increment.is_some()).map(|(name, _)| name.name.clone()).collect();
    for chunk in counting.chunks(TOGETHER) {
        let asked: Vec<String> =
            chunk.iter().map(|name| format!("SELECT {} FROM DUAL WHERE EXISTS (SELECT 1 FROM {})", literal(name), always(name))).collect();
        for name in rows(conn, &asked.join(" UNION ALL ")).await?.into_iter().flatten().flatten() {
            if let Some(table) = schema.tables.get_mut(&Name::new(name)) {
                table.options.auto_increment = Hint(None);
            }
        }
    }
    Ok(())
}

/// The values of a query's two columns, by the first.
pub(super) async fn map(conn: &mut MySqlConnection, sql: &str) -> Result<IndexMap<String, String>, sqlx::Error> {
    Ok(rows(conn, sql).await?.into_iter().filter_map(pair).collect())
}

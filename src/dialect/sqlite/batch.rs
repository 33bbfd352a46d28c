//! What the batches of a backfill go by in SQLite: the primary key where no row can be without one, else the rowid.
//!
//! A primary key that is not an INTEGER PRIMARY KEY may hold NULL in a rowid table, and a range of keys would pass such rows over:
//! <https://www.sqlite.org/lang_createtable.html#the_primary_key>.

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row as _};

use super::Sqlite;
use super::lexer::significant;
use crate::UserError;
use crate::dialect::Dialect;
use crate::dialect::batch::{BatchKey, Batching, TableSize};

/// How `table`, a name as SQL spells it, is cut. The columns `wanted` have to be there, and are not needed.
pub async fn batching(conn: &mut SqliteConnection, table: &str, wanted: &[String]) -> anyhow::Result<Batching> {
    let name = significant(table).last().map(super::lexer::Token::unquoted).unwrap_or_default();
    let literal = Sqlite.literal(&name);
    let kind = format!("SELECT type, wr FROM pragma_table_list WHERE lower(name) = lower({literal}) ORDER BY schema <> 'main' LIMIT 1");
    let Some(row) = sqlx::raw_sql(AssertSqlSafe(kind)).fetch_all(&mut *conn).await?.pop() else {
        return Err(UserError::new(format!("the backfill goes over {table}, and there is no such table"))
            .with_help("write the table's name as it stands in the statement: -- dbtool: backfill table=NAME")
            .into());
    };
    let (kind, without_rowid): (String, i64) = (row.try_get_unchecked(0)?, row.try_get_unchecked(1)?);
    if kind == "view" {
        return Err(UserError::new(format!("the backfill goes over {table}, which is a view")).with_help("name the table behind it").into());
    }
    let columns = columns(conn, &literal).await?;
    let known = |column: &&String| {
        let bare = significant(column).last().map(super::lexer::Token::unquoted).unwrap_or_default();
        columns.iter().any(|known| known.name.eq_ignore_ascii_case(&bare))
    };
    if let Some(column) = wanted.iter().find(|column| !known(column)) {
        return Err(UserError::new(format!("the backfill goes over {table} by {column}, which is no column of it"))
            .with_help("leave key out: SQLite's batches go by the primary key or the rowid")
            .into());
    }
    let free = |name: &&str| columns.iter().all(|column| !column.name.eq_ignore_ascii_case(name));
    let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(free).map(|name| vec![name.to_owned()]);
    let keys: Vec<&Column> = columns.iter().filter(|column| column.pk > 0).collect();
    let is_alias = matches!(keys.as_slice(), [key] if key.ty.eq_ignore_ascii_case("integer"));
    let primary = || keys.iter().map(|key| Sqlite.quote(&key.name)).collect::<Vec<_>>();
    // Rowids without an INTEGER PRIMARY KEY hold until the next VACUUM: https://www.sqlite.org/lang_vacuum.html
    let (key, lasts) = match rowid {
        _ if without_rowid != 0 => (primary(), true),
        _ if is_alias => (primary(), true),
        _ if !keys.is_empty() && keys.iter().all(|key| key.required) => (primary(), true),
        Some(rowid) => (rowid, false),
        None => {
            return Err(UserError::new(format!("{table} has no key for batches: its columns hide the rowid under all of its names"))
                .with_help("take the backfill directive away, so that the statement runs in one go")
                .into());
        }
    };
    let is_integer = is_alias || !lasts;
    let epoch = if lasts { None } else { Some(schema_version(conn).await?) };
    let count = sqlx::raw_sql(AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(&mut *conn).await?;
    let rows: i64 = count.try_get_unchecked(0)?;
    Ok(Batching { key: BatchKey::Columns(key), rows: u64::try_from(rows).unwrap_or(0), blocks: 0, is_integer, epoch })
}

struct Column {
    name: String,
    ty: String,
    required: bool,
    /// The place in the primary key, from 1; 0 for none.
    pk: i64,
}

async fn columns(conn: &mut SqliteConnection, table: &str) -> Result<Vec<Column>, sqlx::Error> {
    let sql = format!("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo({table}) ORDER BY pk, cid");
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut *conn).await?;
    let column = |row: &sqlx::sqlite::SqliteRow| {
        let required: i64 = row.try_get_unchecked(2)?;
        Ok(Column { name: row.try_get_unchecked(0)?, ty: row.try_get_unchecked(1)?, required: required != 0, pk: row.try_get_unchecked(3)? })
    };
    rows.iter().map(column).collect()
}

async fn schema_version(conn: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let row = sqlx::raw_sql("PRAGMA schema_version").fetch_one(&mut *conn).await?;
    let version: i64 = row.try_get_unchecked(0)?;
    Ok(u64::try_from(version).unwrap_or(0))
}

/// The rows of `table` and the bytes of its pages: <https://www.sqlite.org/dbstat.html>.
pub async fn table_size(conn: &mut SqliteConnection, table: &str) -> anyhow::Result<TableSize> {
    let name = significant(table).last().map(super::lexer::Token::unquoted).unwrap_or_default();
    let sql =
        format!("SELECT (SELECT count(*) FROM {table}), (SELECT pgsize FROM dbstat WHERE aggregate = TRUE AND name = {})", Sqlite.literal(&name));
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(&mut *conn).await?;
    let number = |index: usize| row.try_get_unchecked::<i64, _>(index).ok().and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    Ok(TableSize { rows: number(0), bytes: number(1) })
}

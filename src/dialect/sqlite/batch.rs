//! What the batches of a backfill go by in SQLite: the rowid wherever there is one.
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

/// How `table`, a name as SQL spells it, is cut.
pub async fn batching(conn: &mut SqliteConnection, table: &str) -> anyhow::Result<Batching> {
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
    let columns = format!("SELECT name, pk FROM pragma_table_xinfo({literal}) ORDER BY pk, cid");
    let columns = sqlx::raw_sql(AssertSqlSafe(columns)).fetch_all(&mut *conn).await?;
    let columns = columns.iter().map(|row| Ok((row.try_get_unchecked(0)?, row.try_get_unchecked(1)?)));
    let columns: Vec<(String, i64)> = columns.collect::<Result<_, sqlx::Error>>()?;
    let free = |name: &&str| columns.iter().all(|(column, _)| !column.eq_ignore_ascii_case(name));
    let key = match ["rowid", "_rowid_", "oid"].into_iter().find(free) {
        Some(rowid) if without_rowid == 0 => vec![rowid.to_owned()],
        Some(_) | None if without_rowid != 0 => columns.iter().filter(|(_, pk)| *pk > 0).map(|(column, _)| Sqlite.quote(column)).collect(),
        _ => {
            return Err(UserError::new(format!("{table} has no key for batches: its columns hide the rowid under all of its names"))
                .with_help("take the backfill directive away, so that the statement runs in one go")
                .into());
        }
    };
    let count = sqlx::raw_sql(AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(&mut *conn).await?;
    let rows: i64 = count.try_get_unchecked(0)?;
    Ok(Batching { key: BatchKey::Columns(key), rows: u64::try_from(rows).unwrap_or(0), blocks: 0 })
}

/// The rows of `table` and the bytes of its pages: <https://www.sqlite.org/dbstat.html>.
pub async fn table_size(conn: &mut SqliteConnection, table: &str) -> anyhow::Result<TableSize> {
    let name = significant(table).last().map(super::lexer::Token::unquoted).unwrap_or_default();
    let sql = format!("SELECT (SELECT count(*) FROM {table}), (SELECT pgsize FROM dbstat WHERE aggregate AND name = {})", Sqlite.literal(&name));
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(&mut *conn).await?;
    let number = |index: usize| row.try_get_unchecked::<i64, _>(index).ok().and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    Ok(TableSize { rows: number(0), bytes: number(1) })
}

//! What the batches of a backfill go by in PostgreSQL: the columns that the script names, the primary key, the smallest unique key without
//! NULLs, else ranges of blocks.

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::Postgres;
use crate::UserError;
use crate::dialect::Dialect;
use crate::dialect::batch::{BatchKey, Batching, TableSize};

/// Types whose order or text is no safe ground for ranges.
const FLOATS: &str = "'real'::regtype, 'double precision'::regtype";

/// How `table` is cut, both names as SQL spells them. `repeats` is true where the statement may see a row twice.
pub async fn batching(conn: &mut PgConnection, table: &str, wanted: &[String], repeats: bool) -> anyhow::Result<Batching> {
    let oid = format!("to_regclass({})", Postgres.literal(table));
    let (TableSize { rows, .. }, blocks) = size(conn, table, &oid).await?;
    if !wanted.is_empty() {
        let key = named_key(conn, table, &oid, wanted).await?;
        return of_columns(conn, &oid, key, rows, blocks).await;
    }
    let key = unique_key(conn, &oid).await?;
    if !key.is_empty() {
        return of_columns(conn, &oid, key, rows, blocks).await;
    }
    if !repeats {
        return Err(UserError::new(format!("{table} has no primary key and no unique key without NULLs that batches could go by"))
            .with_help(format!(
                "name columns that are NOT NULL: -- dbtool: backfill table={table} key=COLUMN; or say how to tell the rows that are still to do, so that \
                 ranges of blocks serve: -- dbtool: verify SELECT ...; or take the directive away, so that the statement runs in one go"
            ))
            .into());
    }
    Ok(Batching { key: BatchKey::Blocks, rows, blocks, is_integer: false, epoch: None })
}

async fn of_columns(conn: &mut PgConnection, oid: &str, key: Vec<String>, rows: u64, blocks: u64) -> anyhow::Result<Batching> {
    let is_integer = match key.as_slice() {
        [column] => {
            let sql = format!(
                "SELECT count(*)::text FROM pg_catalog.pg_attribute WHERE attrelid = {oid} AND quote_ident(attname) = {} \
                 AND atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)",
                Postgres.literal(column)
            );
            cell(&one(conn, &sql).await?, 0).as_deref() == Some("1")
        }
        _ => false,
    };
    Ok(Batching { key: BatchKey::Columns(key), rows, blocks, is_integer, epoch: None })
}

pub async fn table_size(conn: &mut PgConnection, table: &str) -> anyhow::Result<TableSize> {
    let oid = format!("to_regclass({})", Postgres.literal(table));
    Ok(size(conn, table, &oid).await?.0)
}

/// The rows, about, and the blocks of the table and of those that inherit from it.
async fn size(conn: &mut PgConnection, table: &str, oid: &str) -> anyhow::Result<(TableSize, u64)> {
    let sql = format!(
        "WITH RECURSIVE tree (oid) AS (SELECT {oid}::oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN tree ON i.inhparent = tree.oid) \
         SELECT coalesce(max(pg_relation_size(c.oid)) / current_setting('block_size')::bigint, 0)::text, \
                sum(pg_relation_size(c.oid))::bigint::text, bool_or(c.relkind IN ('v', 'f', 'm'))::text \
         FROM tree JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid"
    );
    let row = one(conn, &sql).await?;
    let number = |index: usize| cell(&row, index).and_then(|text| text.parse::<u64>().ok());
    let (Some(blocks), Some(bytes)) = (number(0), number(1)) else {
        return Err(UserError::new(format!("the backfill goes over {table}, and there is no such table"))
            .with_help("write the table's name as it stands in the statement: -- dbtool: backfill table=NAME")
            .into());
    };
    if cell(&row, 2).as_deref() == Some("true") {
        return Err(UserError::new(format!("the backfill goes over {table}, which is no table of this database"))
            .with_help("name the table behind it")
            .into());
    }
    // 64 MiB are counted in well under a second. The planner's guess goes by the size that the table has now, not when it was analysed.
    let rows = if bytes < 64 << 20 {
        let row = one(conn, &format!("SELECT count(*)::text FROM {table}")).await?;
        cell(&row, 0).and_then(|text| text.parse().ok()).unwrap_or(0)
    } else {
        let row = one(conn, &format!("EXPLAIN (FORMAT JSON) SELECT FROM {table}")).await?;
        let plan: Option<serde_json::Value> = cell(&row, 0).and_then(|text| serde_json::from_str(&text).ok());
        plan.and_then(|plan| plan[0]["Plan"]["Plan Rows"].as_u64()).unwrap_or(0)
    };
    Ok((TableSize { rows, bytes }, blocks))
}

/// A key that somebody named, in the server's spelling of its columns.
async fn named_key(conn: &mut PgConnection, table: &str, oid: &str, wanted: &[String]) -> anyhow::Result<Vec<String>> {
    let help = "name other columns (key=COLUMN,COLUMN), or leave key out and dbtool chooses";
    let mut key = Vec::new();
    for column in wanted {
        let literal = Postgres.literal(column);
        let sql = format!(
            "SELECT ({})::text, (a.atttypid IN ({FLOATS}))::text, coalesce(c.collisdeterministic, true)::text, (t.typcategory IN ('A', 'C'))::text, \
             quote_ident(a.attname) \
             FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid \
             LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation \
             WHERE a.attrelid = {oid} AND NOT a.attisdropped AND a.attnum > 0 \
               AND {literal} IN (quote_ident(a.attname), '\"' || replace(a.attname, '\"', '\"\"') || '\"', a.attname)",
            required("a.attrelid", "a.attnum", "a.attnotnull")
        );
        let found = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut *conn).await?;
        let fault = match found.first().map(|row| [0, 1, 2, 3].map(|index| cell(row, index).as_deref() == Some("true"))) {
            None => "is no column of it",
            Some([false, ..]) => "may be NULL, and such rows would be passed over",
            Some([_, true, ..]) => "is a floating-point number, whose text need not be its value",
            Some([_, _, false, _]) => "has a nondeterministic collation, under which different values count as one",
            Some([.., true]) => "holds more than one value in each row",
            Some([true, false, true, false]) => {
                key.extend(found.first().and_then(|row| cell(row, 4)));
                continue;
            }
        };
        return Err(UserError::new(format!("the backfill goes over {table} by {column}, which {fault}")).with_help(help).into());
    }
    // Without an index every batch would read and sort the whole table.
    let names = key.iter().map(|column| Postgres.literal(column)).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT count(*)::text FROM pg_catalog.pg_index AS i WHERE i.indrelid = {oid} AND i.indisvalid AND i.indpred IS NULL AND ARRAY[{names}] = ARRAY( \
           SELECT quote_ident(a.attname) FROM generate_series(0, {} - 1) AS place JOIN pg_catalog.pg_attribute AS a \
           ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place] ORDER BY place)",
        key.len()
    );
    if cell(&one(conn, &sql).await?, 0).as_deref() == Some("0") {
        let text = key.join(", ");
        return Err(UserError::new(format!(
            "the backfill goes over {table} by {text}, and no index begins with that: every batch would read the whole table"
        ))
        .with_help(format!("make one first (CREATE INDEX CONCURRENTLY ... ON {table} ({text})), or {help}"))
        .into());
    }
    Ok(key)
}

/// The columns of the primary key, else of the unique key with the fewest columns, in the order of its index.
async fn unique_key(conn: &mut PgConnection, oid: &str) -> anyhow::Result<Vec<String>> {
    let sql = format!(
        "WITH key AS (SELECT i.* FROM pg_catalog.pg_index AS i WHERE i.indrelid = {oid} AND i.indisunique AND i.indisvalid \
           AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS ( \
             SELECT 1 FROM pg_catalog.pg_attribute AS a LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation \
             WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::smallint[])[0:i.indnkeyatts - 1]) \
               AND (NOT ({}) OR a.atttypid IN ({FLOATS}) OR NOT coalesce(c.collisdeterministic, true) \
                 OR EXISTS (SELECT 1 FROM pg_catalog.pg_type AS t WHERE t.oid = a.atttypid AND t.typcategory IN ('A', 'C')))) \
           ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) \
         SELECT quote_ident(a.attname) FROM key, generate_series(0, key.indnkeyatts - 1) AS place \
         JOIN pg_catalog.pg_attribute AS a ON true WHERE a.attrelid = key.indrelid AND a.attnum = key.indkey[place] ORDER BY place",
        required("a.attrelid", "a.attnum", "a.attnotnull")
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut *conn).await?;
    Ok(rows.iter().filter_map(|row| cell(row, 0)).collect())
}

/// A column without NULLs. From PostgreSQL 18 on `attnotnull` is true for one whose NOT NULL is not validated too.
fn required(table: &str, number: &str, not_null: &str) -> String {
    format!(
        "{not_null} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS n \
         WHERE n.conrelid = {table} AND n.contype = 'n' AND NOT n.convalidated AND {number} = ANY (n.conkey))"
    )
}

async fn one(conn: &mut PgConnection, sql: &str) -> Result<PgRow, sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_one(&mut *conn).await
}

fn cell(row: &PgRow, index: usize) -> Option<String> {
    row.try_get_unchecked(index).ok()
}

//! What the batches of a backfill go by: the columns that the script names, the primary key, else the smallest unique key without NULLs.

use sqlx::mysql::MySqlConnection;

use super::connect::rows;
use super::lexer::{Kind, significant};
use super::quote::{literal, quote};
use crate::UserError;
use crate::dialect::batch::{BatchKey, Batching, TableSize};

/// How `table` is cut, both names as SQL spells them.
pub async fn batching(conn: &mut MySqlConnection, table: &str, wanted: &[String]) -> anyhow::Result<Batching> {
    let facts = facts(conn, table).await?;
    if !facts.is_transactional {
        return Err(UserError::new(format!(
            "{table} is kept by {}, which has no transactions: a batch and its place could not be noted together",
            facts.engine
        ))
        .with_help("make it an InnoDB table first (engine = \"InnoDB\"), or take the directive away, so that the statement runs in one go")
        .into());
    }
    let keys = keys(conn, table).await?;
    let key = if wanted.is_empty() { chosen(&keys) } else { Some(named(table, wanted, &keys)?) };
    let Some(key) = key else {
        return Err(UserError::new(format!("{table} has no primary key and no unique key without NULLs that batches could go by"))
            .with_help(format!(
                "name columns that are NOT NULL: -- dbtool: backfill table={table} key=COLUMN; or take the directive away, so that the statement runs in one go"
            ))
            .into());
    };
    let is_integer = key.len() == 1 && key[0].is_integer;
    let columns = key.iter().map(|column| quote(&column.name)).collect();
    Ok(Batching { key: BatchKey::Nested(columns), rows: facts.size.rows, blocks: 0, is_integer, epoch: None })
}

/// How large a table is: InnoDB's own estimate, exact where it is small.
pub async fn table_size(conn: &mut MySqlConnection, table: &str) -> anyhow::Result<TableSize> {
    Ok(facts(conn, table).await?.size)
}

struct Facts {
    engine: String,
    is_transactional: bool,
    size: TableSize,
}

async fn facts(conn: &mut MySqlConnection, table: &str) -> anyhow::Result<Facts> {
    let sql = format!(
        "SELECT t.TABLE_TYPE, t.ENGINE, e.TRANSACTIONS, CAST(t.DATA_LENGTH AS CHAR), CAST(t.TABLE_ROWS AS CHAR) FROM information_schema.TABLES AS t \
         LEFT JOIN information_schema.ENGINES AS e ON e.ENGINE = t.ENGINE WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = {}",
        literal(&bare(table))
    );
    let row = rows(conn, &sql).await?.into_iter().next().unwrap_or_default();
    let cell = |index: usize| row.get(index).cloned().flatten().unwrap_or_default();
    if !matches!(cell(0).as_str(), "BASE TABLE" | "SYSTEM VERSIONED") {
        return Err(UserError::new(format!("the backfill goes over {table}, which is no table of this database"))
            .with_help("write the table's name as it stands in the statement: -- dbtool: backfill table=NAME")
            .into());
    }
    let (bytes, estimate) = (cell(3).parse::<u64>().unwrap_or(0), cell(4).parse::<u64>().unwrap_or(0));
    // 64 MiB are counted in about a second; the estimate of a table that was never analysed may be nothing.
    let counted = if bytes < 64 << 20 {
        let rows = rows(conn, &format!("SELECT count(*) FROM {table}")).await?;
        rows.into_iter().flatten().flatten().next().and_then(|text| text.parse().ok())
    } else {
        None
    };
    let size = TableSize { rows: counted.unwrap_or(estimate), bytes };
    Ok(Facts { engine: cell(1), is_transactional: cell(2) == "YES", size })
}

/// The name without its quotes.
fn bare(name: &str) -> String {
    match significant(name).as_slice() {
        [token] if matches!(token.kind, Kind::Word | Kind::Quoted) => token.unquoted(),
        _ => name.to_owned(),
    }
}

/// A column of an index.
struct KeyColumn {
    index: String,
    name: String,
    is_unique: bool,
    /// Not NULL, whole rather than a prefix, and of a type whose text is its value.
    is_sound: bool,
    is_integer: bool,
}

async fn keys(conn: &mut MySqlConnection, table: &str) -> Result<Vec<KeyColumn>, sqlx::Error> {
    let sql = format!(
        "SELECT s.INDEX_NAME, s.COLUMN_NAME, s.NON_UNIQUE = 0, c.IS_NULLABLE = 'NO' AND s.SUB_PART IS NULL AND c.DATA_TYPE NOT IN ('float', 'double', 'bit', 'enum', 'set', 'decimal'), \
         c.DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint') \
         FROM information_schema.STATISTICS AS s JOIN information_schema.COLUMNS AS c \
           ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME \
         WHERE s.TABLE_SCHEMA = DATABASE() AND s.TABLE_NAME = {} ORDER BY s.INDEX_NAME <> 'PRIMARY', s.INDEX_NAME, s.SEQ_IN_INDEX",
        literal(&bare(table))
    );
    let found = rows(conn, &sql).await?.into_iter().map(|row| {
        let cell = |index: usize| row.get(index).cloned().flatten().unwrap_or_default();
        KeyColumn { index: cell(0), name: cell(1), is_unique: cell(2) == "1", is_sound: cell(3) == "1", is_integer: cell(4) == "1" }
    });
    Ok(found.collect())
}

/// The primary key, else the unique key with the fewest columns.
fn chosen(keys: &[KeyColumn]) -> Option<Vec<&KeyColumn>> {
    let indexes: Vec<Vec<&KeyColumn>> = keys.chunk_by(|a, b| a.index == b.index).map(|index| index.iter().collect()).collect();
    let sound = indexes.into_iter().filter(|index| index.iter().all(|column| column.is_unique && column.is_sound));
    sound.min_by_key(|index| (index[0].index != "PRIMARY", index.len()))
}

/// The columns that somebody named: all sound, and an index begins with them, since every batch would read the whole table otherwise.
fn named<'k>(table: &str, wanted: &[String], keys: &'k [KeyColumn]) -> Result<Vec<&'k KeyColumn>, UserError> {
    let wanted: Vec<String> = wanted.iter().map(|column| bare(column)).collect();
    let text = wanted.join(", ");
    let help = "name other columns (key=COLUMN,COLUMN), or leave key out and dbtool chooses";
    let begins = |index: &&[KeyColumn]| {
        index.len() >= wanted.len() && index.iter().zip(&wanted).all(|(column, wanted)| column.name.eq_ignore_ascii_case(wanted))
    };
    let Some(index) = keys.chunk_by(|a, b| a.index == b.index).find(begins) else {
        return Err(UserError::new(format!(
            "the backfill goes over {table} by {text}, and no index begins with that: every batch would read the whole table"
        ))
        .with_help(format!("make one first (CREATE INDEX ... ON {table} ({text})), or {help}")));
    };
    let key: Vec<&KeyColumn> = index.iter().take(wanted.len()).collect();
    match key.iter().find(|column| !column.is_sound) {
        None => Ok(key),
        Some(column) => Err(UserError::new(format!(
            "the backfill goes over {table} by {}, which may be NULL or has values that are not their text: such rows would be passed over",
            column.name
        ))
        .with_help(help)),
    }
}

/// An expression for a value as a literal that reads back as it: numbers without quotes, so that they are compared as such, bytes in
/// hexadecimal. What a column is tells its coercibility, which is 2 for text and bytes, and for numbers and times 5, on MariaDB 11.8 even 7:
/// <https://dev.mysql.com/doc/refman/8.4/en/information-functions.html#function_coercibility>.
pub fn literal_of(column: &str) -> String {
    format!(
        "CASE WHEN COERCIBILITY({column}) >= 5 AND CAST({column} AS CHAR) REGEXP '^-?[0-9]+([.][0-9]+)?$' THEN CAST({column} AS CHAR) \
         WHEN COERCIBILITY({column}) < 5 AND CHARSET({column}) = 'binary' THEN CONCAT('X''', HEX({column}), '''') ELSE QUOTE({column}) END"
    )
}

//! What SQLite itself says of a database: the stored statements, and the pragmas as tables, so that no query is asked per table.

use indexmap::IndexMap;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row as _};

/// `sqlite_` begins the names that SQLite keeps for itself.
const OBJECTS: &str = r"
SELECT type, name, tbl_name, sql
FROM main.sqlite_schema
WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY rowid";

const TABLES: &str = "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'";

/// Virtual tables are left out: their module may be one that this program does not have.
const COLUMNS: &str = r#"
SELECT t.name, c.name, c.type, c."notnull", c.pk, c.hidden
FROM main.sqlite_schema AS t, pragma_table_xinfo(t.name, 'main') AS c
WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'
ORDER BY t.rowid, c.cid"#;

const INDEXES: &str = r#"
SELECT t.name, i.name, i."unique", i.origin, i.partial, k.name, k."desc", k.coll
FROM main.sqlite_schema AS t, pragma_index_list(t.name, 'main') AS i, pragma_index_xinfo(i.name, 'main') AS k
WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND k.key
ORDER BY t.rowid, i.seq, k.seqno"#;

type Row = Vec<Option<String>>;

#[derive(Debug, Default)]
pub struct Facts {
    pub objects: Vec<Object>,
    pub tables: IndexMap<String, TableFacts>,
    /// The modules for virtual tables that this program has.
    pub modules: Vec<String>,
}

/// A row of `sqlite_schema`.
#[derive(Debug)]
pub struct Object {
    /// `table`, `index`, `view` or `trigger`.
    pub kind: String,
    pub name: String,
    /// The table that an index or a trigger belongs to.
    pub table: String,
    pub sql: String,
}

#[derive(Debug, Default)]
pub struct TableFacts {
    /// `table`, `virtual`, `shadow` or `view`.
    pub kind: String,
    pub without_rowid: bool,
    pub strict: bool,
    pub columns: Vec<ColumnFacts>,
    pub indexes: IndexMap<String, IndexFacts>,
}

#[derive(Debug)]
pub struct ColumnFacts {
    pub name: String,
    pub ty: String,
    pub not_null: bool,
    /// The place in the primary key, from 1; 0 outside of it.
    pub key: usize,
    /// 2 is a virtual generated column, 3 a stored one.
    pub hidden: usize,
}

#[derive(Debug, Default)]
pub struct IndexFacts {
    pub unique: bool,
    /// `c` for CREATE INDEX, `u` for UNIQUE, `pk` for PRIMARY KEY.
    pub origin: String,
    pub partial: bool,
    /// The column (none for an expression), whether it is descending, and its collation.
    pub keys: Vec<(Option<String>, bool, String)>,
}

/// Asks for all of it. The queries see one state of the database, because a savepoint outside a transaction is one.
pub async fn facts(conn: &mut SqliteConnection) -> Result<Facts, sqlx::Error> {
    rows(conn, "SAVEPOINT dbtool_introspect").await?;
    let facts = ask(conn).await;
    rows(conn, "RELEASE dbtool_introspect").await?;
    facts
}

async fn ask(conn: &mut SqliteConnection) -> Result<Facts, sqlx::Error> {
    let mut facts = Facts::default();
    for row in rows(conn, OBJECTS).await? {
        facts.objects.push(Object { kind: text(&row, 0), name: text(&row, 1), table: text(&row, 2), sql: text(&row, 3) });
    }
    for row in rows(conn, TABLES).await? {
        let table = TableFacts { kind: text(&row, 1), without_rowid: flag(&row, 2), strict: flag(&row, 3), ..TableFacts::default() };
        facts.tables.insert(text(&row, 0), table);
    }
    facts.modules = rows(conn, "SELECT name FROM pragma_module_list").await?.iter().map(|row| text(row, 0)).collect();
    for row in rows(conn, COLUMNS).await? {
        let column = ColumnFacts { name: text(&row, 1), ty: text(&row, 2), not_null: flag(&row, 3), key: number(&row, 4), hidden: number(&row, 5) };
        facts.tables.entry(text(&row, 0)).or_default().columns.push(column);
    }
    for row in rows(conn, INDEXES).await? {
        let index = facts.tables.entry(text(&row, 0)).or_default().indexes.entry(text(&row, 1)).or_default();
        index.unique = flag(&row, 2);
        index.origin = text(&row, 3);
        index.partial = flag(&row, 4);
        index.keys.push((row.get(5).cloned().flatten(), flag(&row, 6), text(&row, 7)));
    }
    Ok(facts)
}

async fn rows(conn: &mut SqliteConnection, sql: &'static str) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(conn).await?;
    rows.iter().map(|row| (0..row.len()).map(|index| row.try_get_unchecked(index)).collect()).collect()
}

fn text(row: &Row, index: usize) -> String {
    row.get(index).cloned().flatten().unwrap_or_default()
}

fn number(row: &Row, index: usize) -> usize {
    text(row, index).parse().unwrap_or(0)
}

fn flag(row: &Row, index: usize) -> bool {
    number(row, index) != 0
}

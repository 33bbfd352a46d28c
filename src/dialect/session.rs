//! A connection to one database: the only way to a server.

use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::{Batching, Dialect, Kind, Scope, TableSize, mysql, postgres, sqlite};
use crate::config::DatabaseUrl;
use crate::model::Schema;

/// A row as text: what every server can say of a value. `None` is NULL.
pub type Row = Vec<Option<String>>;

/// An open connection. A closed set of engines, so an enum and a `match` rather than a trait object.
pub enum Session {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

/// What a connection may do, and whether it may make the database it is to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing is written, and a SQLite file that is not there is not made: the database counts as empty.
    ReadOnly,
    /// Writes, and makes a SQLite file that is not there.
    ReadWrite,
}

impl Session {
    /// Opens the database at `url`.
    ///
    /// # Errors
    /// One sentence that says what failed and what to do, without the password.
    pub async fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<Session> {
        match url.kind() {
            Kind::Sqlite => Ok(Session::Sqlite(sqlite::connect(url, access).await?)),
            Kind::Postgres => Ok(Session::Postgres(postgres::connect(url, access).await?)),
            Kind::Mysql => Ok(Session::Mysql(mysql::connect(url, access).await?)),
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Session::Sqlite(_) => Kind::Sqlite,
            Session::Postgres(_) => Kind::Postgres,
            Session::Mysql(_) => Kind::Mysql,
        }
    }

    pub fn dialect(&self) -> &'static dyn Dialect {
        self.kind().dialect()
    }

    /// The server's version as the engine numbers it: PostgreSQL 150004, SQLite 3051003, MySQL 90700, MariaDB 101114.
    pub async fn server_version(&mut self) -> Result<u32, sqlx::Error> {
        match self {
            Session::Postgres(conn) => return Ok(conn.server_version_num().unwrap_or(0)),
            Session::Mysql(conn) => return mysql::server_version(conn).await,
            Session::Sqlite(_) => {}
        }
        let rows = self.rows("SELECT sqlite_version()").await?;
        let text = rows.into_iter().flatten().flatten().next().unwrap_or_default();
        Ok(text.split('.').filter_map(|number| number.parse::<u32>().ok()).fold(0, |number, part| number * 1000 + part))
    }

    /// Runs one or more statements as they stand and drops what they return. Gives the number of rows changed.
    pub async fn run(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Session::Sqlite(conn) => Ok(query.execute(conn).await?.rows_affected()),
            Session::Postgres(conn) => Ok(query.execute(conn).await?.rows_affected()),
            Session::Mysql(conn) => Ok(query.execute(conn).await?.rows_affected()),
        }
    }

    /// Runs one query and gives its rows as text.
    pub async fn rows(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Session::Sqlite(conn) => {
                let rows = query.fetch_all(conn).await?;
                rows.iter().map(|row| (0..row.len()).map(|i| sqlite_text(row, i)).collect()).collect()
            }
            Session::Postgres(conn) => {
                let rows = query.fetch_all(conn).await?;
                rows.iter().map(|row| (0..row.len()).map(|i| row.try_get_unchecked(i)).collect()).collect()
            }
            Session::Mysql(conn) => mysql::rows(conn, sql).await,
        }
    }

    /// The first column of the first row as a number, 0 where there is none.
    pub async fn count(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        let rows = self.rows(sql).await?;
        let first = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
        Ok(first.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Reads the schema of the database: all that dbtool manages, and the names of what it does not. The tool's own tables
    /// and what `scope` leaves to others are left out. The number of queries does not grow with the number of tables.
    pub async fn introspect(&mut self, scope: &Scope) -> anyhow::Result<Schema> {
        let mut schema = match self {
            Session::Sqlite(conn) => sqlite::introspect(conn, &scope.prefix).await?,
            Session::Postgres(conn) => postgres::introspect(conn, &scope.prefix).await?,
            Session::Mysql(conn) => mysql::introspect(conn, &scope.prefix).await?,
        };
        scope.apply(&mut schema);
        Ok(schema)
    }

    /// The same inside a transaction that is already open, so that what it has done is seen.
    pub async fn introspect_within(&mut self, scope: &Scope) -> anyhow::Result<Schema> {
        let Session::Postgres(conn) = self else { return self.introspect(scope).await };
        let mut schema = postgres::introspect_within(conn, &scope.prefix).await?;
        scope.apply(&mut schema);
        Ok(schema)
    }

    /// How the rows of `table` are cut into batches, by the columns `wanted` where the script names some. `repeats` is true where the
    /// statement leaves alone what it has done, so that it may see a row twice.
    ///
    /// # Errors
    /// Where nothing serves as a key, with the way out.
    pub async fn batching(&mut self, table: &str, wanted: &[String], repeats: bool) -> anyhow::Result<Batching> {
        match self {
            // The rowid is as good as any key and better than most.
            Session::Sqlite(conn) => sqlite::batching(conn, table, wanted).await,
            Session::Postgres(conn) => postgres::batching(conn, table, wanted, repeats).await,
            Session::Mysql(conn) => mysql::batching(conn, table, wanted).await,
        }
    }

    /// How large `table` is, a name as SQL spells it, with what inherits from it.
    pub async fn table_size(&mut self, table: &str) -> anyhow::Result<TableSize> {
        match self {
            Session::Sqlite(conn) => sqlite::table_size(conn, table).await,
            Session::Postgres(conn) => postgres::table_size(conn, table).await,
            Session::Mysql(conn) => mysql::table_size(conn, table).await,
        }
    }

    /// Says goodbye to the server. Errors do not matter any more.
    pub async fn close(self) {
        use sqlx::Connection as _;
        let _ = match self {
            Session::Sqlite(conn) => conn.close().await,
            Session::Postgres(conn) => conn.close().await,
            Session::Mysql(conn) => conn.close().await,
        };
    }
}

/// A value as SQLite spells it. A column of any type may hold bytes that are no text; what is shown of them is as good as it gets.
fn sqlite_text(row: &SqliteRow, index: usize) -> Result<Option<String>, sqlx::Error> {
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(index)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn every_value_of_sqlite_can_be_shown() {
        let mut session = Session::Sqlite(sqlite::memory().await.expect("a database in memory"));
        let rows = session.rows("SELECT 1, 1.5, 'a', NULL, x'41ff'").await.expect("rows");
        assert_eq!(rows, [[Some("1"), Some("1.5"), Some("a"), None, Some("A\u{fffd}")].map(|text| text.map(str::to_owned))]);
    }
}

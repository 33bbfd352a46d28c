//! A database of our own on the server, in which schemas are built and plans proven.

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::connect::{open, options, rows, settle};
use super::quote::{always, literal};
use crate::UserError;
use crate::config::DatabaseUrl;

/// What a user who may make no database can do.
const NAME_A_SERVER: &str = "grant the right to make databases whose names begin with dbtool_scratch_ (GRANT ALL ON `dbtool\\_scratch\\_%`.* TO ...), \
     name a server for scratch with --scratch-url, or go without a proof (--no-verify)";

/// The database, and what it is made with.
pub struct ScratchDatabase {
    name: String,
    /// Character set and collation as the user's own database has them: a table that says nothing gets these.
    charset: String,
    collation: String,
    url: DatabaseUrl,
    options: MySqlConnectOptions,
}

impl ScratchDatabase {
    /// Makes it on the server of `url`, or on the one that `scratch_url` names, and opens a session in it. What an earlier run has left
    /// behind goes.
    ///
    /// # Errors
    /// Where the user may make no database; the message names the way out.
    pub async fn create(url: &DatabaseUrl, scratch_url: Option<&DatabaseUrl>) -> anyhow::Result<(Self, MySqlConnection)> {
        let mut live = open(url, &options(url)?).await?;
        let defaults = rows(&mut live, "SELECT @@character_set_database, @@collation_database").await?;
        let _ = live.close().await;
        let mut defaults = defaults.into_iter().flatten().map(Option::unwrap_or_default);
        let (charset, collation) = (defaults.next().unwrap_or_default(), defaults.next().unwrap_or_default());
        let url = scratch_url.unwrap_or(url).clone();
        let options = options(&url)?;
        let mut conn = open(&url, &options.clone().database("information_schema")).await?;
        clear_leftovers(&mut conn).await?;
        let id = rows(&mut conn, "SELECT CAST(CONNECTION_ID() AS CHAR)").await?.into_iter().flatten().flatten().next().unwrap_or_default();
        let of: String = options.get_database().unwrap_or_default().chars().take(24).collect();
        let database = Self { name: format!("{PREFIX}{of}_{id}_{}", std::process::id()), charset, collation, url, options };
        // Held as long as the session lasts, so that nobody takes the database for a leftover.
        conn.execute(AssertSqlSafe(format!("DO GET_LOCK({}, 0)", literal(&database.name)))).await?;
        database.make(&mut conn).await?;
        Ok((database, conn))
    }

    async fn make(&self, conn: &mut MySqlConnection) -> anyhow::Result<()> {
        let sql = format!("CREATE DATABASE {} CHARACTER SET {} COLLATE {}", always(&self.name), self.charset, self.collation);
        conn.execute(AssertSqlSafe(sql)).await.map_err(|error| {
            let words = crate::run::server_words(&error);
            UserError::new(format!("no database for scratch can be made on {}: {words}", self.url)).with_help(NAME_A_SERVER)
        })?;
        conn.execute(AssertSqlSafe(format!("USE {}", always(&self.name)))).await?;
        settle(conn).await?;
        Ok(())
    }

    /// Empties it. Settings that a script has made on the session go back to what they were.
    pub async fn reset(&self, conn: &mut MySqlConnection) -> anyhow::Result<()> {
        conn.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {}", always(&self.name)))).await?;
        self.make(conn).await?;
        conn.execute("SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1").await?;
        Ok(())
    }

    pub async fn drop(self) {
        if let Ok(mut conn) = open(&self.url, &self.options.clone().database("information_schema")).await {
            let _ = conn.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {}", always(&self.name)))).await;
            let _ = conn.close().await;
        }
    }
}

const PREFIX: &str = "dbtool_scratch_";

/// Takes away the databases of runs that were killed: nobody holds the lock of their name any more.
async fn clear_leftovers(conn: &mut MySqlConnection) -> anyhow::Result<()> {
    let sql = format!(
        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '{}%' AND IS_FREE_LOCK(SCHEMA_NAME) = 1",
        PREFIX.replace('_', "\\_")
    );
    for name in rows(conn, &sql).await?.into_iter().flatten().flatten() {
        // Somebody else may be doing the same.
        let _ = conn.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {}", always(&name)))).await;
    }
    Ok(())
}

//! A scratch database on the user's server: made beside the user's own, or, without the right to make one, a schema in a transaction.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::Postgres;
use super::connect::connect_to;
use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::{Access, Dialect, Session};

/// The way out where the user may make no database on the server.
pub const NAME_A_SERVER: &str = "name a server where you may make databases: --scratch-url postgres://user@localhost/postgres, \
     or scratch_url in dbtool.toml";

/// What a scratch database is called, so that one left behind by a process that was killed is known and taken away.
const PREFIX: &str = "dbtool_scratch_";

/// A database of our own. It goes with [`ScratchDatabase::drop`]; should the process end before, the next one that is made takes it away.
pub struct ScratchDatabase {
    url: DatabaseUrl,
    name: String,
    prelude: Prelude,
}

/// Where scratch work can be done.
pub enum ScratchPlace {
    Database(ScratchDatabase, PgConnection),
    Transaction(PgConnection),
}

/// What expressions may call that is not part of the schema: extensions and functions of the live database, and its default namespace.
#[derive(Default)]
struct Prelude {
    default_schema: String,
    statements: Vec<String>,
}

impl ScratchDatabase {
    /// Makes an empty database on the server of `url`, or opens a transaction with an empty schema where that is not allowed.
    pub async fn create(url: &DatabaseUrl, live: Option<&mut Session>) -> anyhow::Result<ScratchPlace> {
        let mut admin = super::connect(url, Access::ReadWrite).await?;
        let prelude = match live {
            Some(Session::Postgres(conn)) => Prelude::of(conn).await?,
            _ => Prelude::of(&mut admin).await?,
        };
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let name = format!("{PREFIX}{}_{seconds}", std::process::id());
        sweep(&mut admin).await;
        // template0 is the only template that takes another encoding, and that nobody has put anything into.
        let locale = one(&mut admin, LOCALE).await?;
        if let Err(error) = run(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE template0 {locale}")).await {
            return transaction(admin, &prelude, &error).await;
        }
        let _ = admin.close().await;
        let mut conn = connect_to(url, &name).await?;
        let database = ScratchDatabase { url: url.clone(), name, prelude };
        // A new database has a schema public, which need not be one of the user's.
        if let Err(error) = database.reset(&mut conn).await {
            let _ = conn.close().await;
            database.drop().await;
            return Err(error);
        }
        Ok(ScratchPlace::Database(database, conn))
    }

    /// Empties the database.
    pub async fn reset(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        self.empty(conn).await?;
        let default = Postgres.quote(&self.prelude.default_schema);
        run(conn, &format!("CREATE SCHEMA IF NOT EXISTS {default}; SET search_path = {default}")).await?;
        Ok(())
    }

    /// Puts the session back to where a new one is: what a script has set and made for the session alone is gone.
    pub async fn settle(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        let default = Postgres.quote(&self.prelude.default_schema);
        run(conn, "DISCARD TEMP").await?;
        run(conn, &format!("SET search_path = {default}")).await?;
        Ok(())
    }

    /// What the live database has besides its schema, as statements.
    pub fn prelude(&self) -> &[String] {
        &self.prelude.statements
    }

    /// Makes what the live database has besides its schema.
    pub async fn apply_prelude(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        self.prelude.apply(conn).await
    }

    async fn empty(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        let rows = sqlx::raw_sql(include_str!("queries/empty.sql")).fetch_all(&mut *conn).await?;
        for row in rows {
            let statement: String = row.try_get_unchecked(0)?;
            run(conn, &statement).await.context("empty the scratch database")?;
        }
        Ok(())
    }

    /// Takes the database away. A failure is left to the next run's sweep.
    pub async fn drop(self) {
        if let Ok(mut admin) = super::connect(&self.url, Access::ReadWrite).await {
            let _ = run(&mut admin, &format!("DROP DATABASE IF EXISTS {}", self.name)).await;
            let _ = admin.close().await;
        }
    }
}

/// Encoding and locale of the user's database, as options of CREATE DATABASE: they decide how text compares.
const LOCALE: &str = "SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype) \
                      FROM pg_database WHERE datname = current_database()";

/// Drops scratch databases whose process is gone: nobody is connected to them. A process that is just making one is not through CREATE
/// DATABASE yet or is about to connect, so only those that are older than a minute are touched.
async fn sweep(admin: &mut PgConnection) {
    let idle = format!(
        "SELECT datname FROM pg_database d WHERE datname ~ '^{PREFIX}[0-9]+_[0-9]+$' \
         AND substring(datname FROM '_([0-9]+)$')::numeric < (extract(epoch FROM now()) - 60) * 1e9 \
         AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)"
    );
    let Ok(rows) = sqlx::raw_sql(AssertSqlSafe(idle)).fetch_all(&mut *admin).await else { return };
    for row in rows {
        if let Ok(name) = row.try_get_unchecked::<String, _>(0) {
            let _ = run(admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
        }
    }
}

/// A schema of our own in a transaction that nobody commits.
async fn transaction(mut conn: PgConnection, prelude: &Prelude, refused: &sqlx::Error) -> anyhow::Result<ScratchPlace> {
    let default = Postgres.quote(&prelude.default_schema);
    let made = run(&mut conn, &format!("BEGIN; CREATE SCHEMA {PREFIX}work; SET LOCAL search_path = {PREFIX}work, {default}")).await;
    match made {
        Ok(()) => Ok(ScratchPlace::Transaction(conn)),
        Err(error) => Err(UserError::new(format!(
            "plans cannot be proven on this server: it allows neither a scratch database ({refused}) nor a scratch schema ({error})"
        ))
        .with_help(NAME_A_SERVER)
        .into()),
    }
}

/// Empties the schema of a scratch that lives in a transaction.
pub async fn reset_scratch_schema(session: &mut Session) -> anyhow::Result<()> {
    session.run(&format!("DROP SCHEMA {PREFIX}work CASCADE; CREATE SCHEMA {PREFIX}work")).await.context("empty the scratch schema")?;
    Ok(())
}

impl Prelude {
    async fn of(conn: &mut PgConnection) -> anyhow::Result<Prelude> {
        let default_schema = one(conn, "SELECT coalesce(current_schema(), 'public')").await?;
        let rows = sqlx::raw_sql(include_str!("queries/prelude.sql")).fetch_all(conn).await?;
        let statements = rows.iter().map(|row| row.try_get_unchecked(0)).collect::<Result<_, _>>()?;
        Ok(Prelude { default_schema, statements })
    }

    /// Makes what can be made. What fails (a function over a table that is not there yet, an extension this user may not install) is
    /// missed only if an expression calls it, and then the server says so.
    async fn apply(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        run(conn, "SET check_function_bodies = off").await?;
        let mut left: Vec<&String> = self.statements.iter().collect();
        loop {
            let before = left.len();
            let mut failed = Vec::new();
            for statement in left {
                if run(conn, statement).await.is_err() {
                    failed.push(statement);
                }
            }
            if failed.is_empty() || failed.len() == before {
                return Ok(run(conn, "RESET check_function_bodies").await?);
            }
            left = failed;
        }
    }
}

async fn run(conn: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await.map(|_| ())
}

async fn one(conn: &mut PgConnection, sql: &'static str) -> anyhow::Result<String> {
    Ok(sqlx::raw_sql(sql).fetch_one(conn).await?.try_get_unchecked(0)?)
}

//! A throw-away database: where the server spells what people wrote, and where every plan is proven before it is written.
//!
//! SQLite: a database in memory. PostgreSQL: a database of our own beside the user's, or, without the right to make one, a schema in a
//! transaction that is rolled back. MySQL: a database of our own, emptied after each use, as nothing there is taken back by a rollback. Whatever is done here is gone when the [`Scratch`] is, and no table of the user's is ever touched.

mod adopt;
mod build;
mod compare;
mod gentle;
mod known;
mod partial;
mod prove;
mod rehearse;
mod remedy;
mod trail;

pub(crate) use build::several;
pub use compare::{Comparison, compare};
pub use known::{Replayed, replay};
pub use prove::{Unproven, prove, same};
pub use rehearse::{Fault, Rehearsal, rehearse};

use anyhow::Context as _;

use crate::UserError;
use crate::config::DatabaseUrl;
use crate::dialect::{Dialect, Kind, Scope, Session, mysql, postgres};
use crate::diff::diff;
use crate::model::{ObjectKind, Schema};
use crate::plan::{Plan, Style};

/// The throw-away database.
pub struct Scratch {
    session: Session,
    place: Place,
    scope: Scope,
    /// The version of its server, for which plans are made.
    version: u32,
    /// The other databases of its server, where a script can name them.
    others: Vec<String>,
    /// True where the server is the user's own and only lends a place: then nothing is done to the server itself.
    is_lent: bool,
    /// What of scripts was not run because of that, each with its reason.
    left_out: Vec<String>,
}

/// Where it lives, and so how it goes.
enum Place {
    Memory,
    /// A database of our own on the server.
    Database(postgres::ScratchDatabase),
    /// A schema of our own in an open transaction on the user's server.
    Transaction,
    /// A database of our own where no statement that makes or changes a table can be taken back.
    Emptied(Box<mysql::ScratchDatabase>),
}

impl Scratch {
    /// Makes an empty scratch database for the engine of `url`, on that server or on the one that `scratch_url` names.
    ///
    /// `live` is the database whose extensions and functions expressions may call.
    ///
    /// # Errors
    /// Where the server allows neither a database nor a schema; the message names `--scratch-url`.
    pub async fn open(url: &DatabaseUrl, scratch_url: Option<&DatabaseUrl>, scope: Scope, live: Option<&mut Session>) -> anyhow::Result<Scratch> {
        let (mut session, place) = match url.kind() {
            Kind::Sqlite => (memory().await?, Place::Memory),
            Kind::Postgres => match postgres::ScratchDatabase::create(scratch_url.unwrap_or(url), live).await? {
                postgres::ScratchPlace::Database(database, session) => (Session::Postgres(session), Place::Database(database)),
                postgres::ScratchPlace::Transaction(session) => (Session::Postgres(session), Place::Transaction),
            },
            Kind::Mysql => {
                let (database, session) = mysql::ScratchDatabase::create(url, scratch_url).await?;
                (Session::Mysql(session), Place::Emptied(Box::new(database)))
            }
        };
        let version = session.server_version().await?;
        let others = match session {
            Session::Mysql(_) => session.rows("SHOW DATABASES").await?.into_iter().flatten().flatten().filter(|name| is_others(name)).collect(),
            Session::Sqlite(_) | Session::Postgres(_) => Vec::new(),
        };
        let is_lent = scratch_url.is_none();
        Ok(Scratch { session, place, scope, version, others, is_lent, left_out: Vec::new() })
    }

    /// What of the scripts was left out, because it is about the server and that is the user's own.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Another one in memory.
    async fn beside(&self) -> anyhow::Result<Scratch> {
        let (scope, others) = (self.scope.clone(), Vec::new());
        Ok(Scratch { session: memory().await?, place: Place::Memory, scope, version: self.version, others, is_lent: true, left_out: Vec::new() })
    }

    /// For statements that run here: nobody else uses the tables.
    pub(crate) fn style(&self) -> Style {
        Style { online: false, server_version: self.version }
    }

    /// The version of its server, as [`Session::server_version`] numbers it.
    pub fn version(&self) -> u32 {
        self.version
    }

    pub fn dialect(&self) -> &'static dyn Dialect {
        self.session.dialect()
    }

    /// In a transaction there is one schema of our own, and it stands for the default one. What stands in no schema could not be told from
    /// the user's own.
    fn refuse_namespaces(&self, schema: &Schema) -> Result<(), UserError> {
        if !matches!(self.place, Place::Transaction) {
            return Ok(());
        }
        let namespace = schema.namespaces.keys().next().map(|name| format!("schema {name}"));
        let object = || schema.objects.keys().find(|id| in_no_schema(id.kind)).map(ToString::to_string);
        let Some(what) = namespace.or_else(object) else { return Ok(()) };
        Err(UserError::new(format!("{what} cannot be built in scratch: this user may make no database on the server"))
            .with_help(postgres::NAME_A_SERVER))
    }

    /// Builds `schema` in the empty scratch, reads it back in the server's spelling, and takes it away again.
    ///
    /// # Errors
    /// What the server says of the statement it refuses, with the object's name.
    pub async fn read(&mut self, schema: &Schema) -> anyhow::Result<Schema> {
        self.begin().await?;
        let result = match self.build(schema).await {
            Ok(()) => self.introspect_within().await,
            Err(error) => Err(error),
        };
        self.rollback().await?;
        result
    }

    /// Builds what `schema` says, then runs `plan`, and reads the outcome; the scratch is empty again afterwards.
    pub(crate) async fn read_after(&mut self, schema: &Schema, plan: &Plan) -> anyhow::Result<Schema> {
        self.begin().await?;
        let mut result = self.build(schema).await;
        if result.is_ok() {
            result = self.run_plan(plan).await;
        }
        let read = match result {
            Ok(()) => self.introspect_within().await,
            Err(error) => Err(error),
        };
        self.rollback().await?;
        read
    }

    /// Which of the queries run on `schema`; the scratch is empty again afterwards.
    pub(crate) async fn runs(&mut self, schema: &Schema, queries: &[&str]) -> anyhow::Result<Vec<bool>> {
        self.begin().await?;
        let mut runs = Vec::new();
        let built = self.build(schema).await;
        if built.is_ok() {
            for query in queries {
                self.savepoint("SAVEPOINT dbtool_look").await?;
                runs.push(self.session.rows(query).await.is_ok());
                self.savepoint("ROLLBACK TO SAVEPOINT dbtool_look").await?;
            }
        }
        self.rollback().await?;
        built.map(|()| runs)
    }

    /// `declared` in the server's spelling, with the texts and hints of schema.toml.
    pub async fn canonicalise(&mut self, declared: &Schema) -> anyhow::Result<Schema> {
        let spelled = self.read(declared).await?;
        Ok(adopt::adopt(declared, spelled))
    }

    /// The same schema with its keys in the spelling that the server does not change any more by reading it again.
    ///
    /// PostgreSQL spells `CHECK (varchar IN (...))` one way when it reads it first and another way when it reads its own spelling; from
    /// then on it stays.
    pub async fn settle(&mut self, schema: &Schema) -> anyhow::Result<Schema> {
        let mut current = schema.clone();
        adopt::spell_by_key(&mut current);
        for _ in 0..4 {
            let mut next = self.read(&current).await?;
            adopt::carry_hints(&current, &mut next);
            if diff(&current, &next).is_empty() {
                break;
            }
            current = next;
        }
        Ok(adopt::adopt(schema, current))
    }

    /// Reads what the scratch holds, between transactions.
    pub async fn introspect(&mut self) -> anyhow::Result<Schema> {
        match self.place {
            Place::Transaction => self.introspect_within().await,
            Place::Memory | Place::Database(_) | Place::Emptied(_) => {
                let mut schema = self.session.introspect(&self.scope).await?;
                self.dialect().unmute(&mut schema);
                Ok(schema)
            }
        }
    }

    /// Reads what the scratch holds inside the open transaction.
    async fn introspect_within(&mut self) -> anyhow::Result<Schema> {
        let mut schema = self.session.introspect_within(&self.scope).await?;
        self.dialect().unmute(&mut schema);
        if matches!(self.place, Place::Transaction) {
            only_default_namespace(&mut schema);
        }
        Ok(schema)
    }

    async fn begin(&mut self) -> anyhow::Result<()> {
        if !self.dialect().has_transactional_ddl() {
            return Ok(());
        }
        let sql = if matches!(self.place, Place::Transaction) { "SAVEPOINT dbtool_read" } else { "BEGIN" };
        self.session.run(sql).await.context("begin in scratch")?;
        Ok(())
    }

    async fn rollback(&mut self) -> anyhow::Result<()> {
        if !self.dialect().has_transactional_ddl() {
            return self.reset().await;
        }
        let sql = if matches!(self.place, Place::Transaction) { "ROLLBACK TO SAVEPOINT dbtool_read" } else { "ROLLBACK" };
        self.session.run(sql).await.context("roll back in scratch")?;
        Ok(())
    }

    /// Refuses to run scripts that somebody may have written by hand where their names could reach the user's own tables, or where what they
    /// do (`setval`) is not undone by a rollback.
    pub(crate) fn refuse_foreign_scripts(&self) -> Result<(), UserError> {
        if !matches!(self.place, Place::Transaction) {
            return Ok(());
        }
        Err(UserError::new("the revisions cannot be replayed on this server: this user may make no database there, and in the user's own their names could reach live tables")
            .with_help(postgres::NAME_A_SERVER))
    }

    /// Empties the scratch for good, so that scripts can commit in it: it is as a new database is.
    pub async fn reset(&mut self) -> anyhow::Result<()> {
        match &mut self.place {
            Place::Memory => self.session = memory().await?,
            Place::Database(database) => {
                if let Session::Postgres(conn) = &mut self.session {
                    database.reset(conn).await?;
                }
            }
            Place::Transaction => postgres::reset_scratch_schema(&mut self.session).await?,
            Place::Emptied(database) => {
                if let Session::Mysql(conn) = &mut self.session {
                    database.reset(conn).await?;
                }
            }
        }
        Ok(())
    }

    /// The same, with what the live database has besides its schema.
    pub async fn reset_with_prelude(&mut self) -> anyhow::Result<()> {
        self.reset().await?;
        match (&mut self.place, &mut self.session) {
            (Place::Database(database), Session::Postgres(conn)) => database.apply_prelude(conn).await,
            _ => Ok(()),
        }
    }

    /// Takes the scratch away. It is taken away without this too, if the process ends, at the next time that dbtool needs one.
    pub async fn close(self) {
        self.session.close().await;
        match self.place {
            Place::Database(database) => database.drop().await,
            Place::Emptied(database) => (*database).drop().await,
            Place::Memory | Place::Transaction => {}
        }
    }
}

/// True for a database that a script in scratch must not touch. Everybody may read what the server tells of itself.
fn is_others(name: &str) -> bool {
    !name.starts_with("dbtool_scratch_") && !name.eq_ignore_ascii_case("information_schema")
}

async fn memory() -> anyhow::Result<Session> {
    Ok(Session::Sqlite(crate::dialect::sqlite::memory().await?))
}

/// In a transaction on the user's own database everything but our schema belongs to the user.
fn only_default_namespace(schema: &mut Schema) {
    schema.namespaces.clear();
    schema.enums.retain(|name, _| name.schema.is_none());
    schema.sequences.retain(|name, _| name.schema.is_none());
    schema.tables.retain(|name, _| name.schema.is_none());
    schema.domains.retain(|name, _| name.schema.is_none());
    schema.composites.retain(|name, _| name.schema.is_none());
    schema.objects.retain(|id, _| id.name.schema.is_none() && !in_no_schema(id.kind));
}

/// True for what belongs to the database as a whole.
fn in_no_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Cast
            | ObjectKind::EventTrigger
            | ObjectKind::Publication
            | ObjectKind::DefaultPrivileges
            | ObjectKind::ForeignServer
            | ObjectKind::ForeignDataWrapper
    )
}

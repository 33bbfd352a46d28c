//! Throw-away databases, reached through the engines' own clients.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::command::{Output, run};
use super::engine::Engine;
use super::{mysql_client, mysql_dump, pg_dump, sqlite_dump};

/// An empty database that is gone when the value is dropped.
#[derive(Debug)]
pub enum Database {
    Sqlite {
        file: PathBuf,
    },
    /// `server` is the database through which it was made, and is taken away again.
    Postgres {
        url: String,
        name: String,
        server: String,
    },
    /// The same on MariaDB or MySQL.
    Mariadb {
        url: String,
        name: String,
        server: String,
    },
}

impl Database {
    /// Makes a database; a SQLite file goes into `folder` and with it.
    pub fn create(engine: Engine, folder: &Path) -> Self {
        match engine {
            Engine::Sqlite => {
                // An empty file is an empty database, so that reading it before anything is written is no special case.
                let file = folder.join("test.db");
                std::fs::write(&file, "").expect("the temporary folder can be written");
                Database::Sqlite { file }
            }
            Engine::Postgres => Self::create_at(&engine.server()),
            Engine::Mariadb => Self::create_on_mariadb(&engine.server()),
        }
    }

    /// Makes a database on the PostgreSQL server of a URL.
    pub fn create_at(server: &str) -> Self {
        let name = new_name();
        let sql = format!("CREATE DATABASE {name}");
        // Copying files is the faster way where nobody waits for the disk; PostgreSQL 14 has no such words and no other way.
        let copied = run(&mut psql(server), &format!("{sql} STRATEGY file_copy"));
        let output = if copied.status == 0 { copied } else { run(&mut psql(server), &sql) };
        assert!(output.status == 0, "{sql}: {}", output.report());
        Database::Postgres { url: with_database(server, &name), name, server: server.to_owned() }
    }

    /// Makes a database on the MariaDB or MySQL server of a URL. The collation is one that both have, whichever is their usual one.
    pub fn create_on_mariadb(server: &str) -> Self {
        let name = new_name();
        let sql = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;");
        let output = mysql_client::script(server, &sql);
        assert!(output.status == 0, "{sql}: {}", output.report());
        Database::Mariadb { url: with_database(server, &name), name, server: server.to_owned() }
    }

    pub fn engine(&self) -> Engine {
        match self {
            Database::Sqlite { .. } => Engine::Sqlite,
            Database::Postgres { .. } => Engine::Postgres,
            Database::Mariadb { .. } => Engine::Mariadb,
        }
    }

    /// The URL by which dbtool is told of the database.
    pub fn url(&self) -> String {
        match self {
            Database::Sqlite { file } => format!("sqlite:///{}", file.display()),
            Database::Postgres { url, .. } | Database::Mariadb { url, .. } => url.clone(),
        }
    }

    /// Runs a script with the engine's own client, which stops at the first error.
    pub fn run(&self, sql: &str) -> Output {
        match self {
            Database::Sqlite { file } => {
                // The application's connections check foreign keys, so the tests' do too.
                let keys = "PRAGMA foreign_keys = ON";
                run(Command::new("sqlite3").args(["-batch", "-bail", "-init", "/dev/null", "-cmd", keys]).arg(file), sql)
            }
            Database::Postgres { url, .. } => run(&mut psql(url), sql),
            Database::Mariadb { url, .. } => mysql_client::script(url, sql),
        }
    }

    /// The engine's own client for one who types: it does one statement after the other as they come, and goes on behind an error.
    pub fn client(&self) -> Command {
        match self {
            Database::Sqlite { file } => {
                let mut command = Command::new("sqlite3");
                command.args(["-batch", "-init", "/dev/null"]).arg(file);
                command
            }
            Database::Postgres { url, .. } => {
                let mut command = Command::new("psql");
                command.args(["-X", "-q", "-d", url]);
                command
            }
            Database::Mariadb { url, .. } => {
                let mut command = mysql_client::client(url);
                command.args(["--force", "--unbuffered"]);
                command
            }
        }
    }

    /// Reads the schema with the engine's own tools: sorted facts, one in a line, in which the order of columns and statements does not count.
    pub fn dump(&self) -> String {
        let mut facts = match self {
            Database::Sqlite { .. } => sqlite_dump::facts(&self.answer(sqlite_dump::QUERY)),
            Database::Postgres { url, .. } => pg_dump::facts(&pg_dump::script(url)),
            Database::Mariadb { url, .. } => mysql_dump::facts(url),
        };
        facts.sort();
        facts.join("\n")
    }

    /// All that the database holds, dbtool's own tables and the rows of all tables included.
    pub fn everything(&self) -> String {
        let output = match self {
            Database::Sqlite { file } => run(Command::new("sqlite3").arg(file).arg(".dump"), ""),
            Database::Postgres { url, .. } => run(Command::new("pg_dump").args(["-d", url]), ""),
            Database::Mariadb { url, .. } => return mysql_dump::everything(url),
        };
        assert!(output.status == 0, "{}: {}", self.engine(), output.report());
        // The lines with psql's \restrict hold a random key.
        output.stdout.lines().filter(|line| !line.starts_with('\\')).map(|line| format!("{line}\n")).collect()
    }

    /// The dump of a database that was made from this one's dump.
    ///
    /// PostgreSQL spells some expressions another way once it has read its own spelling (a CHECK with IN on a varchar, for one). Two
    /// databases that settle to the same dump hold the same schema.
    pub fn settled(&self) -> String {
        let Database::Postgres { url, .. } = self else { return self.dump() };
        let again = Database::create(Engine::Postgres, Path::new(""));
        // What a fresh database has already makes its statement fail, for example CREATE SCHEMA public; that changes nothing.
        let Database::Postgres { url: target, .. } = &again else { unreachable!("a PostgreSQL database was made") };
        run(Command::new("psql").args(["-X", "-q", "-d", target]), &pg_dump::script(url));
        again.dump()
    }

    /// What a query answers: no header, `|` between columns, nothing for NULL.
    pub fn answer(&self, sql: &str) -> String {
        let output = self.run(sql);
        assert!(output.status == 0, "the query failed on {}: {sql}\n{}", self.engine(), output.report());
        output.stdout
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A test that fails must not fail twice, so the outcome does not matter; scripts/test removes the whole server.
        match self {
            Database::Sqlite { .. } => {}
            Database::Postgres { name, server, .. } => {
                run(&mut psql(server), &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
            Database::Mariadb { name, server, .. } => {
                mysql_client::script(server, &format!("DROP DATABASE IF EXISTS {name};"));
            }
        }
    }
}

/// A name that no other database of the tests has.
fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// psql as a script runs it: no user settings, no header, stops at the first error. It reads what to do from its standard input.
fn psql(url: &str) -> Command {
    let mut command = Command::new("psql");
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url]).env("PGOPTIONS", "-c client_min_messages=warning");
    command
}

/// `url` with another database: what stands between the last slash and the parameters.
fn with_database(url: &str, name: &str) -> String {
    let (base, parameters) = url.split_once('?').map_or((url, None), |(base, parameters)| (base, Some(parameters)));
    let (host, _) = base.rsplit_once('/').expect("a URL has a slash");
    match parameters {
        Some(parameters) => format!("{host}/{name}?{parameters}"),
        None => format!("{host}/{name}"),
    }
}

#[test]
fn a_dump_sees_what_matters_and_nothing_else() {
    let make = "CREATE TABLE parents (id integer PRIMARY KEY);";
    let table = |rest: &str| format!("{make} CREATE TABLE t (a integer NOT NULL DEFAULT 1, b varchar(10), {rest});");
    let wanted = table("CONSTRAINT positive CHECK (a > 0), FOREIGN KEY (a) REFERENCES parents (id)") + "CREATE INDEX i ON t (b) WHERE a > 1;";
    let same = "CREATE TABLE parents (id integer PRIMARY KEY); CREATE TABLE t (b varchar(10), a integer DEFAULT 1 NOT NULL,
        FOREIGN KEY (a) REFERENCES parents (id), CONSTRAINT positive CHECK ((a>0))); create index i on t(b) where a>1; CREATE TABLE dbtool_x (y integer);";
    let others = [
        table("CONSTRAINT positive CHECK (a > 0), FOREIGN KEY (a) REFERENCES parents (id)") + "CREATE INDEX i ON t (b) WHERE a > 2;",
        table("CONSTRAINT positive CHECK (a > 1), FOREIGN KEY (a) REFERENCES parents (id)") + "CREATE INDEX i ON t (b) WHERE a > 1;",
        table("CONSTRAINT negative CHECK (a > 0), FOREIGN KEY (a) REFERENCES parents (id)") + "CREATE INDEX i ON t (b) WHERE a > 1;",
        table("CONSTRAINT positive CHECK (a > 0)") + "CREATE INDEX i ON t (b) WHERE a > 1;",
        table("CONSTRAINT positive CHECK (a > 0), FOREIGN KEY (a) REFERENCES parents (id)") + "CREATE UNIQUE INDEX i ON t (b) WHERE a > 1;",
    ];
    for engine in Engine::available() {
        // MariaDB has no indexes on some of the rows.
        let spelled = |sql: &str| match engine {
            Engine::Sqlite | Engine::Postgres => sql.to_owned(),
            Engine::Mariadb => sql.replace("(b) WHERE a > 2", "(b, a)").replace(" WHERE a > 1", "").replace(" where a>1", ""),
        };
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let dump = |script: &str| {
            let inner = tempfile::tempdir_in(&folder).expect("a temporary folder can be made");
            let database = Database::create(engine, inner.path());
            let output = database.run(&spelled(script));
            assert!(output.status == 0, "{engine}: {}", output.report());
            database.dump()
        };
        let wanted = dump(&wanted);
        assert_eq!(dump(same), wanted, "{engine}");
        for other in &others {
            assert_ne!(dump(other), wanted, "{engine}: {other}");
        }
    }
}

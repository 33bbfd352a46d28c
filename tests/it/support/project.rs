//! A project as a user has it: a folder with a schema file and migrations, and a database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::command::{Output, run};
use super::database::Database;
use super::engine::Engine;

/// A folder and a database of its own, both gone when the value is dropped.
#[derive(Debug)]
pub struct Project {
    database: Database,
    folder: TempDir,
}

impl Project {
    /// An empty folder and an empty database.
    pub fn new(engine: Engine) -> Self {
        let folder = folder();
        Self { database: Database::create(engine, folder.path()), folder }
    }

    /// An empty folder and a database that was made elsewhere.
    pub fn on(database: Database) -> Self {
        Self { database, folder: folder() }
    }

    /// A project in which `dbtool init` has run and the schema file says `schema`.
    pub fn with_schema(engine: Engine, schema: &str) -> Self {
        let project = Self::new(engine);
        project.ok(&["init"]);
        project.write("schema.toml", schema);
        project
    }

    pub fn engine(&self) -> Engine {
        self.database.engine()
    }

    pub fn url(&self) -> String {
        self.database.url()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// `dbtool` in this project, with nothing of the developer's environment that could change what it does.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dbtool"));
        command.current_dir(self.folder()).env_clear().env("HOME", self.folder()).env("DATABASE_URL", self.url());
        for kept in ["PATH", "TMPDIR", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
    }

    /// Runs `dbtool` without a terminal and with nothing to read.
    pub fn dbtool(&self, arguments: &[&str]) -> Output {
        run(self.command().args(arguments), "")
    }

    /// Runs `dbtool` and expects it to succeed.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> Output {
        self.expect_status(0, arguments)
    }

    /// Runs `dbtool` and expects one exit status.
    #[track_caller]
    pub fn expect_status(&self, status: i32, arguments: &[&str]) -> Output {
        let output = self.dbtool(arguments);
        assert!(output.status == status, "dbtool {} on {}: expected {status}, got {}", arguments.join(" "), self.engine(), output.report());
        output
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        let folder = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Reads a file of the project.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The migration files, oldest first.
    pub fn migrations(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.folder().join("migrations")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
        files.sort();
        files
    }

    /// The newest pair of migration files as one text, for the message of a test that failed.
    pub fn newest_migration(&self) -> String {
        let files = self.migrations();
        let newest = files.iter().rev().take(2).rev();
        newest.map(|file| format!("--- {}\n{}", file.display(), fs::read_to_string(file).unwrap_or_default())).collect()
    }

    /// Runs a script with the engine's own client.
    #[track_caller]
    pub fn sql(&self, script: &str) {
        let output = self.database.run(script);
        assert!(output.status == 0, "{} refused the script: {}", self.engine(), output.report());
    }

    /// What a query answers, by the engine's own client: `|` between columns, nothing for NULL.
    #[track_caller]
    pub fn query(&self, sql: &str) -> String {
        self.database.answer(sql)
    }

    /// All rows of a table, sorted, by the engine's own client.
    #[track_caller]
    pub fn rows(&self, table: &str) -> String {
        let answer = self.query(&format!("SELECT * FROM {table}"));
        let mut rows: Vec<&str> = answer.lines().collect();
        rows.sort_unstable();
        rows.join("\n")
    }

    /// The names of the schemas of the database, on MariaDB those of its databases, in which a scratch left behind would show.
    #[track_caller]
    pub fn namespaces(&self) -> String {
        match self.engine() {
            Engine::Sqlite => self.query("SELECT name FROM pragma_database_list"),
            Engine::Postgres => self.query("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY nspname"),
            // Other tests make databases meanwhile; the name of a scratch holds the name of its database.
            Engine::Mariadb => {
                self.query("SELECT schema_name FROM information_schema.schemata WHERE schema_name REGEXP concat(database(), '([^0-9]|$)') ORDER BY 1")
            }
        }
    }

    /// The schema by the engine's own tools, without dbtool's tables.
    #[track_caller]
    pub fn dump(&self) -> String {
        self.database.dump()
    }
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("dbtool-test-").tempdir().expect("a temporary folder can be made")
}

//! The engines that the tests know, and which of them can be tested here.

use std::env;
use std::fmt;
use std::io::Write as _;
use std::sync::{Once, OnceLock};

use super::mysql_client;

/// The engines the tests know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
    /// MariaDB or MySQL: [`Flavour::here`] tells which.
    Mariadb,
}

/// Two servers of one engine, which differ in what they print and in what they can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Mariadb,
    Mysql,
}

impl Engine {
    pub const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mariadb];

    /// The name in the names of files.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
            Engine::Mariadb => "mariadb",
        }
    }

    /// The names that files of a case may have for what runs here, the most particular first.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Engine::Sqlite => &["sqlite"],
            Engine::Postgres => &["postgres"],
            Engine::Mariadb => match Flavour::here() {
                Flavour::Mariadb => &["mariadb"],
                Flavour::Mysql => &["mysql", "mariadb"],
            },
        }
    }

    /// What the tests that do not run are called, and the variable with the URL of a server on which they may make databases.
    fn needs(self) -> Option<(&'static str, &'static str)> {
        match self {
            Engine::Sqlite => None,
            Engine::Postgres => Some(("PostgreSQL", "DBTOOL_TEST_POSTGRES")),
            Engine::Mariadb => Some(("MariaDB", "DBTOOL_TEST_MARIADB")),
        }
    }

    /// The URL of the server on which the tests make databases.
    pub(super) fn server(self) -> String {
        let (_, variable) = self.needs().expect("the engine has a server");
        env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: run the tests with scripts/test"))
    }

    /// True where the engine can be tested here. What cannot is said once, loudly, and is an error in CI. `DBTOOL_TEST_ONLY` names the only
    /// engine whose tests shall run.
    pub fn is_available(self) -> bool {
        if env::var("DBTOOL_TEST_ONLY").is_ok_and(|only| only != self.name()) {
            return false;
        }
        static NOTICES: [Once; Engine::ALL.len()] = [const { Once::new() }; Engine::ALL.len()];
        let Some((label, variable)) = self.needs() else { return true };
        if env::var_os(variable).is_some() {
            return true;
        }
        assert!(env::var("CI").as_deref() != Ok("true"), "{variable} is not set: run the tests with scripts/test");
        // Not eprintln!, which the test harness swallows when the test passes.
        let notice = format!("\nWARNING: NO TEST RUNS ON {label}: {variable} is not set. scripts/test starts a server.\n");
        NOTICES[self as usize].call_once(|| drop(std::io::stderr().write_all(notice.as_bytes())));
        false
    }

    /// The engines that can be tested here.
    pub fn available() -> impl Iterator<Item = Engine> {
        Engine::ALL.into_iter().filter(|engine| engine.is_available())
    }
}

impl Flavour {
    /// Which of them the server of the tests is.
    pub fn here() -> Self {
        static HERE: OnceLock<Flavour> = OnceLock::new();
        *HERE.get_or_init(|| {
            let output = mysql_client::script(&Engine::Mariadb.server(), "SELECT version();");
            assert!(output.status == 0, "the server does not tell its version: {}", output.report());
            if output.stdout.contains("MariaDB") { Flavour::Mariadb } else { Flavour::Mysql }
        })
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

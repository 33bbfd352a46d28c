//! An application's schema with many kinds of objects: from nothing to the whole, through ten changes with rows in it, and back, judged by
//! `pg_dump`.
//!
//! One database is changed by hand, as `pagila/README.md` tells; dbtool reads it and leads another one after it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{Database, Engine, Project, difference};

const CHANGES: u32 = 10;

/// The tables that the changes drop, rows and all.
const DROPPED: [&str; 1] = ["desk.scan_buffer"];

/// The rows of each table, partitions one by one.
const COUNTS: &str = "
SELECT n.nspname || '.' || c.relname,
  (xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n FROM ONLY %I.%I', n.nspname, c.relname), true, false, '')))[1]
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_|^information_schema$' AND c.relname !~ '^dbtool_'";

/// The database that is changed by hand, and the project that follows it.
struct Club {
    model: Database,
    project: Project,
}

impl Club {
    fn new() -> Self {
        let club = Self { model: Database::create(Engine::Postgres, Path::new("")), project: Project::new(Engine::Postgres) };
        run(&club.model, "roles.sql");
        run(&club.model, "schema.sql");
        club.project.ok(&["init"]);
        club
    }

    /// Writes what the model is into schema.toml, of which nothing may be left out, and a migration to it.
    fn migrate(&self, message: &str) {
        self.project.ok(&["--database-url", &self.model.url(), "inspect", "--strict", "--output", "schema.toml"]);
        self.project.ok(&["migrate", "-m", message, "--assume-empty"]);
    }

    #[track_caller]
    fn upgrade(&self, what: &str) {
        self.project.ok(&["upgrade"]);
        same(&State::of(&self.model), &State::of(self.project.database()), &format!("{what}, upgraded"), &self.project);
    }

    fn rows(&self) -> BTreeMap<String, String> {
        let answer = self.project.query(COUNTS);
        answer.lines().filter_map(|line| line.split_once('|')).map(|(table, rows)| (table.to_owned(), rows.to_owned())).collect()
    }
}

/// A schema as `pg_dump` tells it, at once and after the server has read it again.
struct State {
    dump: String,
    settled: String,
}

impl State {
    fn of(database: &Database) -> Self {
        Self { dump: database.dump(), settled: database.settled() }
    }
}

#[track_caller]
fn same(wanted: &State, got: &State, what: &str, project: &Project) {
    let equal = wanted.dump == got.dump || wanted.settled == got.settled;
    assert!(equal, "{what}:\n{}\n{}", difference(&wanted.dump, &got.dump), project.newest_migration());
}

/// Runs one of the files beside this one.
#[track_caller]
fn run(database: &Database, file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mixed/pagila").join(file);
    let sql = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let output = database.run(&sql);
    assert!(output.status == 0, "{file}: {}", output.report());
}

/// No row comes or goes, but with the tables that a change drops.
#[track_caller]
fn kept(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, what: &str) {
    for (table, rows) in before {
        let found = after.get(table);
        assert!(found == Some(rows) || found.is_none() && DROPPED.contains(&table.as_str()), "{what}: {rows} rows of {table} became {found:?}");
    }
}

/// Change `number` by hand, by dbtool, back and again.
fn change(club: &Club, number: u32) {
    let what = format!("change_{number:02}");
    let project = &club.project;
    let (before, rows) = (State::of(project.database()), club.rows());
    run(&club.model, &format!("{what}.sql"));
    club.migrate(&what);
    club.upgrade(&what);
    kept(&rows, &club.rows(), &what);
    project.ok(&["check", "--live"]);
    project.ok(&["downgrade"]);
    same(&before, &State::of(project.database()), &format!("{what}, downgraded"), project);
    kept(&rows, &club.rows(), &format!("{what}, downgraded"));
    club.upgrade(&what);
}

#[test]
fn an_application_goes_through_ten_changes_and_back_to_nothing() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let club = Club::new();
    let nothing = club.project.dump();
    club.migrate("all");
    club.upgrade("all");
    run(club.project.database(), "rows.sql");
    for number in 1..=CHANGES {
        change(&club, number);
    }
    club.project.ok(&["downgrade", "base"]);
    assert_eq!(club.project.dump(), nothing, "something is left");
}

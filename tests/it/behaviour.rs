//! Every case under `tests/cases` by its whole life: create, fill, change, compare, undo, compare, and change again.
//!
//! A case is a folder. Any of its files may have the engine before its ending (`seed.sqlite.sql`), which then wins for that engine. What
//! holds for MariaDB holds for MySQL as long as there is no file of MySQL's own (`seed.mysql.sql`).
//!
//! | file | |
//! |---|---|
//! | `before.toml`, `after.toml` | the two schemas |
//! | `seed.sql` | rows, put in between them |
//! | `aside.sql` | what a database holds that is not in schema.toml, made in every database of the case before anything else |
//! | `engines` | the engines the case is for, where not all; an empty `engines.mysql` keeps one for MariaDB away from MySQL |
//! | `expect.sql`, `expect.txt` | a query, and what the engine's client prints for it after the upgrade |
//! | `expect_down.txt` | what it, or `expect_down.sql` where that is there, prints after the downgrade |
//! | `refuse.txt` | instead: `migrate` must end with status 2, name each of these lines, and leave everything as it was |
//! | `refuse_down.txt` | instead of undoing: `downgrade` must end with status 2, name each of these lines, and leave everything as it was |
//! | `same` | instead: `migrate` must find no difference |
//!
//! `DBTOOL_CASE=indexes/` runs only the cases whose name contains that.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};
use std::thread;

use crate::support::{Database, Engine, Project, difference};

/// How many cases of one engine run at the same time.
const WORKERS: usize = 4;

/// The name of the threads in which cases run.
const WORKER: &str = "case";

#[test]
fn every_case_on_sqlite() {
    run_all(Engine::Sqlite);
}

#[test]
fn every_case_on_postgres() {
    run_all(Engine::Postgres);
}

#[test]
fn every_case_on_mariadb() {
    run_all(Engine::Mariadb);
}

fn run_all(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    let cases: Vec<Case> = Case::all().into_iter().filter(|case| case.is_for(engine)).collect();
    assert!(!cases.is_empty(), "no case of this name is for {engine}");
    quieten_workers();
    let total = cases.len();
    let waiting = Mutex::new(cases.into_iter());
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let work = || {
                loop {
                    let Some(case) = waiting.lock().expect("no worker panics with the lock").next() else { break };
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| case.run(engine))) {
                        let message = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
                        failures.lock().expect("no worker panics with the lock").push((case.name, message.unwrap_or_default()));
                    }
                }
            };
            thread::Builder::new().name(WORKER.to_owned()).spawn_scoped(scope, work).expect("a thread can be started");
        }
    });
    report(failures.into_inner().expect("no worker panics with the lock"), total, engine);
}

/// Fails with the name and message of every case that failed; a message that many cases have in common stands there once.
fn report(mut failures: Vec<(String, String)>, total: usize, engine: Engine) {
    failures.sort();
    let mut by_message: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, message) in &failures {
        match by_message.iter_mut().find(|(known, _)| known == message) {
            Some((_, names)) => names.push(name),
            None => by_message.push((message, vec![name])),
        }
    }
    let text: String = by_message.iter().map(|(message, names)| format!("\n==== {}\n{message}\n", names.join(" "))).collect();
    assert!(failures.is_empty(), "{text}\n{} of {total} cases fail on {engine}", failures.len());
}

/// Keeps what a worker's panic would print, message and backtrace, out of the output: the list at the end has it all.
fn quieten_workers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(WORKER) {
                usual(info);
            }
        }));
    });
}

/// A folder of `tests/cases`.
struct Case {
    name: String,
    folder: PathBuf,
}

impl Case {
    /// All cases that the developer did not filter out, by name.
    fn all() -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let filter = std::env::var("DBTOOL_CASE").unwrap_or_default();
        let mut cases: Vec<Case> = folders(&root)
            .iter()
            .flat_map(|topic| folders(topic))
            .map(|folder| Case { name: folder.strip_prefix(&root).expect("the case is below the root").display().to_string(), folder })
            .filter(|case| case.name.contains(&filter))
            .collect();
        cases.sort_by(|left, right| left.name.cmp(&right.name));
        cases
    }

    fn is_for(&self, engine: Engine) -> bool {
        self.find(engine, "engines").is_none_or(|engines| engines.split_whitespace().any(|name| engine.names().contains(&name)))
    }

    /// The text of a file, the engine's own before the common one.
    fn find(&self, engine: Engine, file: &str) -> Option<String> {
        let own = |name: &&str| match file.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}.{name}.{ending}"),
            None => format!("{file}.{name}"),
        };
        engine.names().iter().map(own).chain([file.to_owned()]).find_map(|file| fs::read_to_string(self.folder.join(file)).ok())
    }

    fn read(&self, engine: Engine, file: &str) -> String {
        self.find(engine, file).unwrap_or_else(|| panic!("the case has no {file} for {engine}"))
    }

    fn run(&self, engine: Engine) {
        let life = Life { case: self, engine, project: self.project(engine) };
        life.begin();
        let before = life.project.dump();
        life.project.sql(&self.find(engine, "seed.sql").unwrap_or_default());
        if let Some(lines) = self.find(engine, "refuse.txt") {
            return life.must_refuse(&lines, &["migrate", "-m", "after"]);
        }
        life.project.write("schema.toml", &self.read(engine, "after.toml"));
        if self.find(engine, "same").is_some() {
            return life.must_be_settled("the two schemas are the same");
        }
        let straight = self.straight(engine);
        life.forward();
        life.must_equal(straight.database(), "the upgrade differs from a database made from after.toml");
        life.must_be_settled("migrate finds a difference after the upgrade");
        life.must_answer("expect", "the upgrade");
        life.must_be_the_same_by_hand(straight.database());
        must_read_back(&straight);
        if let Some(lines) = self.find(engine, "refuse_down.txt") {
            return life.must_refuse(&lines, &["downgrade"]);
        }
        life.back(&before);
        life.must_answer("expect_down", "the downgrade");
        life.project.ok(&["upgrade"]);
        life.must_equal(straight.database(), "the second upgrade differs from a database made from after.toml");
    }

    /// A project whose database holds what is not dbtool's business in this case.
    fn project(&self, engine: Engine) -> Project {
        let project = Project::new(engine);
        project.sql(&self.find(engine, "aside.sql").unwrap_or_default());
        project.ok(&["init"]);
        project
    }

    /// A database made straight from after.toml, without a past.
    fn straight(&self, engine: Engine) -> Project {
        let project = self.project(engine);
        project.write("schema.toml", &self.read(engine, "after.toml"));
        project.ok(&["migrate", "-m", "straight", "--assume-empty"]);
        project.ok(&["upgrade"]);
        project
    }
}

/// One case on one engine, with the project it happens in.
struct Life<'a> {
    case: &'a Case,
    engine: Engine,
    project: Project,
}

impl Life<'_> {
    /// Makes the database that before.toml declares. An empty before.toml needs no revision.
    fn begin(&self) {
        let before = self.case.read(self.engine, "before.toml");
        self.project.write("schema.toml", &before);
        self.project.ok(&["migrate", "-m", "before"]);
        self.project.ok(&["upgrade"]);
    }

    fn forward(&self) {
        let files = self.project.migrations().len();
        self.project.ok(&["migrate", "-m", "after"]);
        assert!(self.project.migrations().len() == files + 2, "migrate wrote no pair of files");
        self.ok(&["upgrade"]);
    }

    fn back(&self, before: &str) {
        self.ok(&["downgrade"]);
        let got = self.project.dump();
        if got == before {
            return;
        }
        // PostgreSQL may spell an expression another way once it has read its own spelling; only a database of the same age tells.
        let fresh = self.case.project(self.engine);
        fresh.write("schema.toml", &self.case.read(self.engine, "before.toml"));
        fresh.ok(&["migrate", "-m", "before", "--assume-empty"]);
        fresh.ok(&["upgrade"]);
        self.must_equal(fresh.database(), "the downgrade does not lead back");
    }

    /// Runs dbtool and shows the migration it was about when that fails.
    fn ok(&self, arguments: &[&str]) {
        let output = self.project.dbtool(arguments);
        assert!(output.status == 0, "dbtool {}: {}\n{}", arguments.join(" "), output.report(), self.project.newest_migration());
    }

    fn must_equal(&self, wanted: &Database, otherwise: &str) {
        let (mut want, mut got) = (wanted.dump(), self.project.dump());
        if want != got {
            (want, got) = (wanted.settled(), self.project.database().settled());
        }
        assert!(want == got, "{otherwise}:\n{}\n{}", difference(&want, &got), self.project.newest_migration());
    }

    /// The files, run with the engine's own client, must do what dbtool did.
    fn must_be_the_same_by_hand(&self, wanted: &Database) {
        let hand = Project::new(self.engine);
        hand.sql(&self.case.find(self.engine, "aside.sql").unwrap_or_default());
        let mut files = self.project.migrations();
        files.retain(|file| file.to_string_lossy().ends_with(".up.sql"));
        let (after, before) = files.split_last().expect("a migration was written");
        let run = |file: &PathBuf| hand.sql(&fs::read_to_string(file).expect("the migration can be read"));
        before.iter().for_each(run);
        hand.sql(&self.case.find(self.engine, "seed.sql").unwrap_or_default());
        run(after);
        let life = Life { case: self.case, engine: self.engine, project: hand };
        life.must_equal(wanted, "the files run by hand differ from a database made from after.toml");
        life.must_answer("expect", "the upgrade by hand");
    }

    fn must_be_settled(&self, otherwise: &str) {
        let files = self.project.migrations();
        let output = self.project.ok(&["migrate", "-m", "again"]);
        assert!(self.project.migrations() == files, "{otherwise}: {}\n{}", output.report(), self.project.newest_migration());
    }

    fn must_answer(&self, stem: &str, when: &str) {
        let Some(expected) = self.case.find(self.engine, &format!("{stem}.txt")) else { return };
        let query = self.case.find(self.engine, &format!("{stem}.sql")).unwrap_or_else(|| self.case.read(self.engine, "expect.sql"));
        let answer = self.project.query(&query);
        assert!(answer == expected, "the rows after {when}:\n{}\n{}", difference(&expected, &answer), self.project.newest_migration());
    }

    /// The command must fail with each of `lines` in its message and change neither files nor database.
    fn must_refuse(&self, lines: &str, arguments: &[&str]) {
        if arguments[0] == "migrate" {
            self.project.write("schema.toml", &self.case.read(self.engine, "after.toml"));
        }
        let (files, schema) = (self.project.migrations(), self.project.dump());
        let rows = self.case.find(self.engine, "expect.sql").map(|sql| self.project.query(&sql));
        let output = self.project.dbtool(arguments);
        assert!(output.status == 2, "dbtool {} must refuse: {}\n{}", arguments.join(" "), output.report(), self.project.newest_migration());
        for line in lines.lines() {
            assert!(output.stderr.contains(line), "the message does not say {line:?}: {}", output.report());
        }
        assert!(self.project.migrations() == files, "a file was written although dbtool refused: {}", output.report());
        assert!(self.project.dump() == schema, "the schema changed although dbtool refused:\n{}", difference(&schema, &self.project.dump()));
        assert!(rows == self.case.find(self.engine, "expect.sql").map(|sql| self.project.query(&sql)), "rows changed although dbtool refused");
    }
}

/// What `inspect` prints must be the schema of the database it read, so that nothing is left to migrate.
fn must_read_back(project: &Project) {
    let printed = project.ok(&["inspect"]).stdout;
    project.write("schema.toml", &printed);
    let files = project.migrations();
    let output = project.ok(&["migrate", "-m", "again"]);
    assert!(project.migrations() == files, "inspect does not print what is there: {}\n{printed}\n{}", output.report(), project.newest_migration());
}

/// The folders in a folder.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("the folder can be read").path()).filter(|path| path.is_dir()).collect()
}

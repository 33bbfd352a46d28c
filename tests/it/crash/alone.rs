//! Runs on MariaDB that end in the middle of a statement that commits by itself: the server goes on without them, or gives it up.

use std::thread;
use std::time::Duration;

use super::wait_until;
use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project, Running};

/// The index comes first on the way up, and goes last on the way down.
const PLAN: Plan = Plan { shape: Shape::Edges, rows: 1_000, batch: 500, pause: "0%", slow: None };

/// What happens in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The run is killed, and the server ends the statement alone.
    Killed,
    /// The run is killed, and then the server's session too.
    BothKilled,
    /// The session is ended under the run.
    SessionEnded,
}

/// The session of [`block`].
const BLOCKER: &str = "info LIKE 'SELECT sleep(600)%'";

/// A transaction that has read the table, for which every change of it waits.
fn block(work: &Work, table: &str) -> Running {
    let mut client = work.project.database().client();
    let blocker = Running::start(client.arg(format!("--execute=BEGIN; SELECT count(*) FROM {table}; SELECT sleep(600)")));
    wait_until("the table is blocked", || sessions(work, BLOCKER).len() == 1);
    blocker
}

/// The sessions that are so.
fn sessions(work: &Work, condition: &str) -> Vec<String> {
    let sql = format!("SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id() AND {condition};");
    work.project.query(&sql).lines().map(str::to_owned).collect()
}

fn end(work: &Work, condition: &str) {
    let ids = sessions(work, condition);
    assert_eq!(ids.len(), 1, "{condition}");
    work.project.sql(&format!("KILL {};", ids[0]));
    wait_until("the session is gone", || sessions(work, condition).is_empty());
}

fn meet(fate: Fate) {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let schemas = Schemas::of(Engine::Mariadb, PLAN);
    let work = Work::new(Project::new(Engine::Mariadb), PLAN);
    for way in Way::BOTH {
        let what = format!("{way:?}, {fate:?}");
        let statement = match way {
            Way::Up => "info LIKE 'CREATE INDEX%'",
            Way::Down => "info LIKE 'DROP INDEX%'",
        };
        if way == Way::Down {
            // What comes before it needs the table for itself. The third statement that stands alone is the index.
            let prepared = Running::start(work.command(way).env("DBTOOL_FAILPOINT", "before-alone:3")).wait();
            assert!(prepared.signal == Some(9), "{what}: {}", prepared.report());
        }
        let blocker = block(&work, "t");
        let start = || Running::start(work.command(way).env("DBTOOL_TABLE_LOCK_TIMEOUT", "60"));
        let run = start();
        wait_until("the statement waits", || sessions(&work, &format!("{statement} AND state LIKE 'Waiting for%lock'")).len() == 1);
        match fate {
            Fate::Killed | Fate::BothKilled => {
                assert_eq!(run.kill().signal, Some(9), "{what}");
                assert_eq!(sessions(&work, statement).len(), 1, "{what}: the server goes on");
                if fate == Fate::BothKilled {
                    end(&work, statement);
                }
                let next = start();
                // Time to see the lock, or what is there, before the way is free.
                thread::sleep(Duration::from_millis(600));
                end(&work, BLOCKER);
                let next = next.wait();
                assert!(next.status == 0, "{what}: {}", next.report());
                assert_eq!(next.stderr.contains("Waiting for the lock"), fate == Fate::Killed, "{what}: {}", next.report());
            }
            Fate::SessionEnded => {
                end(&work, statement);
                thread::sleep(Duration::from_millis(600));
                end(&work, BLOCKER);
                let run = run.wait();
                assert!(run.status == 0, "{what}: {}", run.report());
            }
        }
        blocker.wait();
        work.check(way, &schemas, &what);
    }
}

#[test]
fn a_statement_that_the_server_ends_alone_is_taken_as_done() {
    meet(Fate::Killed);
}

#[test]
fn a_statement_that_ended_with_its_session_is_run_again() {
    meet(Fate::BothKilled);
}

#[test]
fn a_session_that_is_ended_at_a_statement_is_replaced() {
    meet(Fate::SessionEnded);
}

/// Whether the statement was done is asked of its table, and where that cannot be looked at nobody knows.
#[test]
fn a_table_that_cannot_be_looked_at_is_not_taken_for_one_that_is_gone() {
    if !Engine::Mariadb.is_available() {
        return;
    }
    let schemas = Schemas::of(Engine::Mariadb, PLAN);
    let work = Work::new(Project::new(Engine::Mariadb), PLAN);
    work.project.sql("CREATE TABLE zoo (id integer);");
    let killed = Running::start(work.command(Way::Up).env("DBTOOL_FAILPOINT", "before-alone")).wait();
    assert_eq!(killed.signal, Some(9), "{}", killed.report());
    // Somebody has the table for himself, and waits for another one: locks are taken in the order of the names.
    let holder = block(&work, "zoo");
    let rename = "info LIKE 'RENAME TABLE%'";
    let renaming = Running::start(work.project.database().client().arg("--execute=RENAME TABLE t TO elsewhere, zoo TO t, elsewhere TO zoo"));
    wait_until("the table is blocked", || sessions(&work, &format!("{rename} AND state LIKE 'Waiting for%lock'")).len() == 1);
    let next = Running::start(work.command(Way::Up).env("DBTOOL_TABLE_LOCK_TIMEOUT", "1"));
    thread::sleep(Duration::from_millis(2_500));
    end(&work, rename);
    end(&work, BLOCKER);
    let next = next.wait();
    renaming.wait();
    holder.wait();
    if next.status != 0 {
        work.start(Way::Up).wait();
    }
    work.project.sql("DROP TABLE zoo;");
    work.check(Way::Up, &schemas, "the table could not be looked at");
}

//! Runs on PostgreSQL that end in the middle of CREATE or DROP INDEX CONCURRENTLY: the server goes on without them, or leaves half an
//! index behind.

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

/// A transaction that has written to the table, for which every CONCURRENTLY waits.
fn block(work: &Work) -> Running {
    let script = "BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE; SELECT pg_sleep(600)";
    let mut psql = std::process::Command::new("psql");
    psql.args(["-X", "-q", "-d", &work.project.url(), "-c", script]).env("PGAPPNAME", "blocker");
    let blocker = Running::start(&mut psql);
    wait_until("the table is blocked", || sessions(work, "application_name = 'blocker' AND wait_event = 'PgSleep'") == 1);
    blocker
}

/// How many sessions are so.
fn sessions(work: &Work, condition: &str) -> u32 {
    let sql = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition};");
    work.project.query(&sql).trim().parse().expect("a number")
}

fn end(work: &Work, condition: &str) {
    let sql = format!("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND {condition};");
    assert_eq!(work.project.query(&sql), "1\n", "{condition}");
    wait_until("the session is gone", || sessions(work, condition) == 0);
}

/// The number of the index, which another one of the same name does not have.
fn index(work: &Work) -> String {
    work.project.query("SELECT to_regclass('t_n')::oid;")
}

fn meet(fate: Fate) {
    if !Engine::Postgres.is_available() {
        return;
    }
    let schemas = Schemas::of(Engine::Postgres, PLAN);
    let work = Work::new(Project::new(Engine::Postgres), PLAN);
    for way in Way::BOTH {
        let what = format!("{way:?}, {fate:?}");
        let statement = match way {
            Way::Up => "application_name = 'dbtool' AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active'",
            Way::Down => "application_name = 'dbtool' AND query LIKE 'DROP INDEX CONCURRENTLY%' AND state = 'active'",
        };
        if way == Way::Down {
            // What comes before it needs the table for itself.
            let prepared = Running::start(work.command(way).env("DBTOOL_FAILPOINT", "before-alone")).wait();
            assert!(prepared.signal == Some(9), "{what}: {}", prepared.report());
        }
        let blocker = block(&work);
        let run = work.start(way);
        wait_until("the statement waits", || sessions(&work, &format!("{statement} AND wait_event_type = 'Lock'")) == 1);
        let half = index(&work);
        assert_eq!(work.project.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid;"), "1\n", "{what}: half of the work is done");
        match fate {
            Fate::Killed | Fate::BothKilled => {
                assert_eq!(run.kill().signal, Some(9), "{what}");
                assert_eq!(sessions(&work, statement), 1, "{what}: the server goes on");
                if fate == Fate::BothKilled {
                    end(&work, statement);
                }
                let next = work.start(way);
                // Time to see the lock, or the index, before the way is free.
                std::thread::sleep(std::time::Duration::from_millis(600));
                end(&work, "application_name = 'blocker'");
                let next = next.wait();
                assert!(next.status == 0, "{what}: {}", next.report());
                assert_eq!(next.stderr.contains("Waiting for the lock"), fate == Fate::Killed, "{what}: {}", next.report());
            }
            Fate::SessionEnded => {
                end(&work, statement);
                std::thread::sleep(std::time::Duration::from_millis(600));
                end(&work, "application_name = 'blocker'");
                let run = run.wait();
                assert!(run.status == 0, "{what}: {}", run.report());
            }
        }
        blocker.wait();
        work.check(way, &schemas, &what);
        if way == Way::Up {
            assert_eq!(index(&work) == half, fate == Fate::Killed, "{what}: what the server has built is kept, what it has not is built anew");
        }
    }
}

#[test]
fn an_index_that_the_server_ends_alone_is_taken_as_it_is() {
    meet(Fate::Killed);
}

#[test]
fn half_an_index_that_a_killed_run_leaves_behind_is_made_whole() {
    meet(Fate::BothKilled);
}

#[test]
fn a_session_that_is_ended_at_an_index_is_replaced() {
    meet(Fate::SessionEnded);
}

//! Runs on a server whose connection goes away in the middle: they take a new one and go on.

use super::wait_until;
use super::work::{MARIADB_HOLDER, Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project};

const BATCHES: u64 = 40;
const PLAN: Plan = Plan { shape: Shape::Between, rows: 100 * BATCHES, batch: 100, pause: "60ms", slow: Some("1.5") };

/// Ends the session that holds the run's lock, which is the one that works, as soon as it runs a statement with these words in it.
#[track_caller]
fn end_session(work: &Work, words: &str, what: &str) {
    let ended = || match work.engine() {
        Engine::Sqlite => unreachable!("a file has no sessions"),
        Engine::Postgres => {
            let sql = format!(
                "SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid \
                 WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.query LIKE '%{words}%';"
            );
            work.project.query(&sql) == "1\n"
        }
        Engine::Mariadb => {
            let holder =
                format!("SELECT id FROM information_schema.processlist WHERE id = {MARIADB_HOLDER} AND coalesce(info, '') LIKE '%{words}%';");
            let id = work.project.query(&holder);
            // One that has gone meanwhile cannot be ended.
            !id.is_empty() && work.project.database().run(&format!("KILL {id};")).status == 0
        }
    };
    wait_until(what, ended);
}

/// Ends it once the backfill has done so many batches.
#[track_caller]
fn end_session_behind(work: &Work, batches: u64) {
    wait_until("the backfill has come further", || work.batches().is_some_and(|done| done >= batches));
    end_session(work, "", "a session works on the backfill");
}

fn sessions_are_ended(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    let schemas = Schemas::of(engine, PLAN);
    let work = Work::new(Project::new(engine), PLAN);
    for way in Way::BOTH {
        let run = work.start(way);
        end_session(&work, "sleep(", "the first transaction is under way");
        for batches in [1, 15, 30] {
            end_session_behind(&work, batches);
        }
        wait_until("the backfill is done", || work.batches() == Some(BATCHES));
        end_session(&work, "sleep(", "the last transaction is under way");
        let output = run.wait();
        assert!(output.status == 0, "{engine}, {way:?}: {}", output.report());
        assert_eq!(output.stderr.matches("the connection was lost").count(), 5, "{engine}, {way:?}: each loss is told: {}", output.report());
        work.check(way, &schemas, "five sessions were ended");
    }
}

/// A backfill of days meets more than a handful of them.
fn losses_do_not_add_up(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    let plan = Plan { slow: None, ..PLAN };
    let schemas = Schemas::of(engine, plan);
    let work = Work::new(Project::new(engine), plan);
    let run = work.start(Way::Up);
    // One more than a run puts up with where it gets no further.
    for loss in 1..=6 {
        end_session_behind(&work, 5 * loss);
    }
    let output = run.wait();
    assert!(output.status == 0, "{engine}: six losses, with batches between any two: {}", output.report());
    work.check(Way::Up, &schemas, "six sessions were ended");
}

#[test]
fn a_run_on_postgres_whose_sessions_are_ended_takes_new_ones_and_goes_on() {
    sessions_are_ended(Engine::Postgres);
}

#[test]
fn a_run_on_mariadb_whose_sessions_are_ended_takes_new_ones_and_goes_on() {
    sessions_are_ended(Engine::Mariadb);
}

#[test]
fn losses_on_postgres_do_not_add_up_as_long_as_the_run_gets_further() {
    losses_do_not_add_up(Engine::Postgres);
}

#[test]
fn losses_on_mariadb_do_not_add_up_as_long_as_the_run_gets_further() {
    losses_do_not_add_up(Engine::Mariadb);
}

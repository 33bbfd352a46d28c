//! Runs on PostgreSQL whose connection goes away in the middle: they take a new one and go on.

use super::wait_until;
use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project};

const PLAN: Plan = Plan { shape: Shape::Between, rows: 4_000, batch: 100, pause: "20ms", slow: true };

/// Ends the session that holds the run's lock, which is the one that works. True where there was one.
fn end_session(work: &Work) -> bool {
    let holder = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted \
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database());";
    work.project.query(holder) == "1\n"
}

/// True while a statement of a run is under way that has these words in it.
fn is_running(work: &Work, words: &str) -> bool {
    let running = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dbtool' AND state = 'active' \
         AND query LIKE '%{words}%';"
    );
    work.project.query(&running) != "0\n"
}

#[test]
fn a_run_whose_sessions_are_ended_takes_new_ones_and_goes_on() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let schemas = Schemas::of(Engine::Postgres, PLAN);
    let work = Work::new(Project::new(Engine::Postgres), PLAN);
    for way in Way::BOTH {
        let run = work.start(way);
        wait_until("the first transaction is under way", || is_running(&work, "pg_sleep"));
        assert!(end_session(&work), "{way:?}: in the first transaction");
        for batches in [1, 10, 20] {
            wait_until("the backfill has come further", || work.batches().is_some_and(|done| done >= batches));
            assert!(end_session(&work), "{way:?}: in the backfill");
        }
        wait_until("the last transaction is under way", || work.batches() == Some(40) && is_running(&work, "pg_sleep"));
        assert!(end_session(&work), "{way:?}: in the last transaction");
        let output = run.wait();
        assert!(output.status == 0, "{way:?}: {}", output.report());
        assert_eq!(output.stderr.matches("the connection was lost").count(), 5, "{way:?}: each loss is told: {}", output.report());
        work.check(way, &schemas, "five sessions were ended");
    }
}

/// A backfill of days meets more than a handful of them.
#[test]
fn losses_do_not_add_up_as_long_as_the_run_gets_further() {
    if !Engine::Postgres.is_available() {
        return;
    }
    let plan = Plan { slow: false, ..PLAN };
    let schemas = Schemas::of(Engine::Postgres, plan);
    let work = Work::new(Project::new(Engine::Postgres), plan);
    let mut run = work.start(Way::Up);
    for batches in 1..=9 {
        wait_until("the backfill has come further", || run.is_over() || work.batches().is_some_and(|done| done >= 3 * batches));
        if run.is_over() {
            break;
        }
        assert!(end_session(&work), "behind {batches} losses");
    }
    let output = run.wait();
    assert!(output.status == 0, "nine losses, three batches between any two: {}", output.report());
    work.check(Way::Up, &schemas, "nine sessions were ended");
}

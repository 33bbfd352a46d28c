//! Runs on PostgreSQL whose connection goes away in the middle: they take a new one and go on.

use super::wait_until;
use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project};

const BATCHES: u64 = 40;
const PLAN: Plan = Plan { shape: Shape::Between, rows: 100 * BATCHES, batch: 100, pause: "25ms", slow: true };

/// Ends the session that holds the run's lock, which is the one that works, as soon as it runs a statement with these words in it.
#[track_caller]
fn end_session(work: &Work, words: &str, what: &str) {
    let sql = format!(
        "SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.query LIKE '%{words}%';"
    );
    wait_until(what, || work.project.query(&sql) == "1\n");
}

/// Ends it once the backfill has done so many batches.
#[track_caller]
fn end_session_behind(work: &Work, batches: u64) {
    wait_until("the backfill has come further", || work.batches().is_some_and(|done| done >= batches));
    end_session(work, "", "a session works on the backfill");
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
        end_session(&work, "pg_sleep", "the first transaction is under way");
        for batches in [1, 15, 30] {
            end_session_behind(&work, batches);
        }
        wait_until("the backfill is done", || work.batches() == Some(BATCHES));
        end_session(&work, "pg_sleep", "the last transaction is under way");
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
    let run = work.start(Way::Up);
    // One more than a run puts up with where it gets no further.
    for loss in 1..=6 {
        end_session_behind(&work, 5 * loss);
    }
    let output = run.wait();
    assert!(output.status == 0, "six losses, with batches between any two: {}", output.report());
    work.check(Way::Up, &schemas, "six sessions were ended");
}

//! A run that is killed at each place where that could matter, and what the next run makes of it.

use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project, Running};

const BATCHES: u64 = 10;
const PLAN: Plan = Plan { shape: Shape::Between, rows: 3_000, batch: 300, pause: "0%", slow: false };

/// The named places of a debug build, and how often a run of the work comes by on SQLite and on PostgreSQL.
const PLACES: [(&str, u64, u64); 14] = [
    ("before-lock", 1, 1),
    ("locked", 1, 1),
    ("in-transaction", 4, 4),
    ("before-commit", 2, 2),
    ("after-commit", 2, 2),
    ("before-alone", 1, 1),
    ("after-alone", 1, 1),
    ("backfill-begun", 1, 1),
    ("in-batch", BATCHES, BATCHES),
    ("after-batch-statement", BATCHES, BATCHES),
    ("before-batch-commit", BATCHES, BATCHES),
    ("after-batch-commit", BATCHES, BATCHES),
    ("before-verify", 1, 1),
    ("before-backfill-done", 1, 1),
];

/// Kills a run at every place, every time that it comes by. Of the batches it is the first, the second and the last.
fn every_place(engine: Engine, shape: Shape) {
    if !engine.is_available() {
        return;
    }
    let plan = Plan { shape, ..PLAN };
    let schemas = Schemas::of(engine, plan);
    let work = Work::new(Project::new(engine), plan);
    for (place, on_sqlite, on_postgres) in PLACES {
        let times = match engine {
            Engine::Sqlite => on_sqlite,
            Engine::Postgres => on_postgres,
        };
        for time in (1..=times).filter(|&time| time <= 4 || time == times).filter(|&time| times != BATCHES || time < 3 || time == times) {
            for way in Way::BOTH {
                let what = format!("{way:?} killed at {place}:{time}");
                let killed = run_to(&work, way, place, time);
                assert!(killed.signal == Some(9), "{engine}, {what}: it was not killed: {}", killed.report());
                work.finish(way, &schemas, &what);
            }
            // So that the next one has to make the tables.
            work.forget();
        }
        for way in Way::BOTH {
            let what = format!("{way:?} never comes to {place}:{}", times + 1);
            let unharmed = run_to(&work, way, place, times + 1);
            assert!(unharmed.status == 0, "{engine}, {what}: {}", unharmed.report());
            work.check_rows(way, &what);
        }
        work.forget();
    }
}

fn run_to(work: &Work, way: Way, place: &str, time: u64) -> crate::support::Output {
    Running::start(work.command(way).env("DBTOOL_FAILPOINT", format!("{place}:{time}"))).wait()
}

#[test]
fn a_run_on_sqlite_is_finished_wherever_it_is_killed() {
    every_place(Engine::Sqlite, Shape::Between);
}

#[test]
fn a_run_on_postgres_is_finished_wherever_it_is_killed() {
    every_place(Engine::Postgres, Shape::Between);
}

#[test]
fn a_run_on_sqlite_that_ends_with_a_backfill_or_a_lone_statement_is_finished_wherever_it_is_killed() {
    every_place(Engine::Sqlite, Shape::Edges);
}

#[test]
fn a_run_on_postgres_that_ends_with_a_backfill_or_a_lone_statement_is_finished_wherever_it_is_killed() {
    every_place(Engine::Postgres, Shape::Edges);
}

/// Each run gets a little further than the one before, and there are as many as it takes.
#[test]
fn a_run_that_is_killed_behind_each_of_its_batches_gets_to_its_end() {
    for engine in Engine::available() {
        let schemas = Schemas::of(engine, PLAN);
        let work = Work::new(Project::new(engine), PLAN);
        for way in Way::BOTH {
            for batch in 1..=BATCHES {
                let killed = run_to(&work, way, "after-batch-commit", 1);
                assert!(killed.signal == Some(9), "{engine}, {way:?}: {}", killed.report());
                assert_eq!(work.batches(), Some(batch), "{engine}, {way:?}: each run does one batch");
            }
            work.finish(way, &schemas, "killed behind each batch");
        }
    }
}

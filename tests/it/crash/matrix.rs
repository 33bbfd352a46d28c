//! A run that is killed at each place where that could matter, and what the next run makes of it.

use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Output, Project, Running};

const BATCHES: u64 = 10;
const PLAN: Plan = Plan { shape: Shape::Between, rows: 3_000, batch: 300, pause: "0%", slow: None };

/// The named places of a debug build, and how often a run of the work comes by on SQLite and PostgreSQL, and on MariaDB, where each change of
/// the schema stands alone.
const PLACES: [(&str, u64, u64); 14] = [
    ("before-lock", 1, 1),
    ("locked", 1, 1),
    ("in-transaction", 4, 2),
    ("before-commit", 2, 2),
    ("after-commit", 2, 2),
    ("before-alone", 1, 3),
    ("after-alone", 1, 3),
    ("backfill-begun", 1, 1),
    ("in-batch", BATCHES, BATCHES),
    ("after-batch-statement", BATCHES, BATCHES),
    ("before-batch-commit", BATCHES, BATCHES),
    ("after-batch-commit", BATCHES, BATCHES),
    ("before-verify", 1, 1),
    ("before-backfill-done", 1, 1),
];

/// Kills a run at every place, every time that it comes by. Of the batches it is the first, the second and the last.
fn every_place(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    let schemas = Schemas::of(engine, PLAN);
    let work = Work::new(Project::new(engine), PLAN);
    for (place, times) in places(engine) {
        for time in (1..=times).filter(|&time| times != BATCHES || time < 3 || time == times) {
            kill(&work, &schemas, place, time);
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

/// Kills a run at every place, the last time that it comes by, where its last part is not a transaction.
fn every_place_of_edges(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    let plan = Plan { shape: Shape::Edges, ..PLAN };
    let schemas = Schemas::of(engine, plan);
    let work = Work::new(Project::new(engine), plan);
    for (place, times) in places(engine) {
        kill(&work, &schemas, place, times);
    }
}

/// The places, and how often a run comes by.
fn places(engine: Engine) -> impl Iterator<Item = (&'static str, u64)> {
    PLACES.into_iter().map(move |(place, usually, on_mariadb)| match engine {
        Engine::Sqlite | Engine::Postgres => (place, usually),
        Engine::Mariadb => (place, on_mariadb),
    })
}

/// Kills a run up and one down, each of which the next one ends.
fn kill(work: &Work, schemas: &Schemas, place: &str, time: u64) {
    for way in Way::BOTH {
        let what = format!("{way:?} killed at {place}:{time}");
        let killed = run_to(work, way, place, time);
        assert!(killed.signal == Some(9), "{}, {what}: it was not killed: {}", work.engine(), killed.report());
        work.finish(way, schemas, &what);
    }
    // So that the next run has to make the tables.
    work.forget();
}

fn run_to(work: &Work, way: Way, place: &str, time: u64) -> Output {
    Running::start(work.command(way).env("DBTOOL_FAILPOINT", format!("{place}:{time}"))).wait()
}

#[test]
fn a_run_on_sqlite_is_finished_wherever_it_is_killed() {
    every_place(Engine::Sqlite);
}

#[test]
fn a_run_on_postgres_is_finished_wherever_it_is_killed() {
    every_place(Engine::Postgres);
}

#[test]
fn a_run_on_mariadb_is_finished_wherever_it_is_killed() {
    every_place(Engine::Mariadb);
}

#[test]
fn a_run_on_sqlite_that_ends_with_a_backfill_or_a_lone_statement_is_finished_wherever_it_is_killed() {
    every_place_of_edges(Engine::Sqlite);
}

#[test]
fn a_run_on_postgres_that_ends_with_a_backfill_or_a_lone_statement_is_finished_wherever_it_is_killed() {
    every_place_of_edges(Engine::Postgres);
}

#[test]
fn a_run_on_mariadb_that_ends_with_a_backfill_or_a_lone_statement_is_finished_wherever_it_is_killed() {
    every_place_of_edges(Engine::Mariadb);
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

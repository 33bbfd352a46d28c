//! Many runs that start at the same moment, on a database that knows nothing of dbtool yet.

use std::sync::Barrier;
use std::thread;

use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Output, Project};

const RUNS: usize = 8;
const ROUNDS: usize = 20;

fn crowd(engine: Engine) {
    if !engine.is_available() {
        return;
    }
    for round in 1..=ROUNDS {
        let shape = if round % 2 == 0 { Shape::Between } else { Shape::Edges };
        let plan = Plan { shape, rows: 300, batch: 100, pause: "0%", slow: None };
        let work = Work::new(Project::new(engine), plan);
        let barrier = Barrier::new(RUNS);
        let outputs: Vec<Output> = thread::scope(|scope| {
            let start = || {
                barrier.wait();
                work.start(Way::Up).wait()
            };
            let runs: Vec<_> = (0..RUNS).map(|_| scope.spawn(start)).collect();
            runs.into_iter().map(|run| run.join().expect("a run that does not end is reported")).collect()
        });
        for output in &outputs {
            assert!(output.status == 0, "{engine}, round {round}: {}", output.report());
        }
        let idle = outputs.iter().filter(|output| output.stderr.contains("Already at head")).count();
        assert_eq!(idle, RUNS - 1, "{engine}, round {round}: one run does the work");
        let what = format!("{RUNS} runs at once, round {round}");
        work.check_rows(Way::Up, &what);
        if round > ROUNDS - 2 {
            work.check(Way::Up, &Schemas::of(engine, plan), &what);
        }
    }
}

#[test]
fn a_crowd_of_upgrades_on_sqlite_does_the_work_of_one() {
    crowd(Engine::Sqlite);
}

#[test]
fn a_crowd_of_upgrades_on_postgres_does_the_work_of_one() {
    crowd(Engine::Postgres);
}

#[test]
fn a_crowd_of_upgrades_on_mariadb_does_the_work_of_one() {
    crowd(Engine::Mariadb);
}

//! Runs that are killed at random moments, again and again.
//!
//! `DBTOOL_TEST_SEED=N` throws the dice of an earlier run again; the moments are those of the clock, so the same dice may fall otherwise.

use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Database, Engine, Project};

// The transactions take less than the longest that a run lives.
const PLAN: Plan = Plan { shape: Shape::Between, rows: 10_000, batch: 50, pause: "1ms", slow: Some("0.15") };

/// Random numbers enough for this: <https://prng.di.unimi.it/splitmix64.c>.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

fn seed() -> u64 {
    let given = std::env::var("DBTOOL_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let nanoseconds = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::from(since.subsec_nanos()));
    given.unwrap_or_else(nanoseconds)
}

/// Kills so many runs, up and down by turns, and ends the last one.
fn kill_at_random(engine: Engine, kills: u32) {
    if !engine.is_available() {
        return;
    }
    let seed = seed();
    let mut dice = Dice(seed);
    let plan = Plan { shape: if dice.below(2) == 0 { Shape::Between } else { Shape::Edges }, ..PLAN };
    let schemas = Schemas::of(engine, plan);
    let work = Work::new(Project::new(engine), plan);
    let (mut way, mut killed, mut in_the_middle) = (Way::Up, 0, 0);
    while killed < kills {
        let what = format!("{way:?} after {killed} kills with DBTOOL_TEST_SEED={seed}");
        let wait = Duration::from_millis(20 + dice.below(450));
        let mut running = work.start(way);
        let started = Instant::now();
        while started.elapsed() < wait && !running.is_over() {
            thread::sleep(Duration::from_millis(1));
        }
        let output = running.kill();
        if output.signal.is_some() {
            killed += 1;
            in_the_middle += u32::from(is_in_the_middle(&work, &what));
        } else {
            assert!(output.status == 0, "{engine}, {what}: {}", output.report());
            work.check(way, &schemas, &what);
            way = way.back();
        }
    }
    let what = format!("{way:?} after all {killed} kills with DBTOOL_TEST_SEED={seed}");
    work.finish(way, &schemas, &what);
    work.finish(way.back(), &schemas, &what);
    assert!(in_the_middle * 2 >= kills, "{engine}: only {in_the_middle} of {kills} kills met the middle of a run (DBTOOL_TEST_SEED={seed})");
}

/// True where the work is begun and not done. Whatever a run has got to, no row has been changed twice.
fn is_in_the_middle(work: &Work, what: &str) -> bool {
    let look = |database: &Database| {
        let twice = database.answer("SELECT count(*) FROM t WHERE n NOT IN (id, id + 1);");
        assert_eq!(twice, "0\n", "{}, {what}: rows were changed more than once", work.engine());
        // Before the first run there is no such table.
        database.run("SELECT state FROM dbtool_migrations ORDER BY revision;").stdout.trim().ends_with("grading")
    };
    let Database::Sqlite { file } = work.project.database() else { return look(work.project.database()) };
    // Whoever opens the file rolls back what a dead process has left in its journal, and that is for dbtool to do: so a copy is looked at.
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copy = folder.path().join("test.db");
    fs::copy(file, &copy).expect("the database can be copied");
    let journal = file.with_extension("db-journal");
    if journal.exists() {
        fs::copy(&journal, folder.path().join("test.db-journal")).expect("the journal can be copied");
    }
    look(&Database::Sqlite { file: copy })
}

#[test]
fn runs_on_sqlite_that_are_killed_at_random_lose_nothing_and_do_nothing_twice() {
    kill_at_random(Engine::Sqlite, 20);
}

#[test]
fn runs_on_postgres_that_are_killed_at_random_lose_nothing_and_do_nothing_twice() {
    kill_at_random(Engine::Postgres, 20);
}

#[test]
fn runs_on_mariadb_that_are_killed_at_random_lose_nothing_and_do_nothing_twice() {
    kill_at_random(Engine::Mariadb, 20);
}

#[test]
#[ignore = "takes minutes: scripts/test --all"]
fn hundreds_of_runs_that_are_killed_at_random_lose_nothing_and_do_nothing_twice() {
    for engine in Engine::available() {
        // Each round throws other dice, and so has the parts in another order.
        for _ in 0..4 {
            kill_at_random(engine, 50);
        }
    }
}

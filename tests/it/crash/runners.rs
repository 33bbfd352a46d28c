//! Two runs at once: the second one waits for the first, and says for whom.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::wait_until;
use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Engine, Project, Running};

const PLAN: Plan = Plan { shape: Shape::Between, rows: 2_000, batch: 200, pause: "100ms", slow: None };

/// The holder of the run's lock as a waiting run is to name it, by the engine's own account.
fn holder(work: &Work, run: &Running) -> String {
    match work.engine() {
        Engine::Sqlite => format!("pid {} on ", run.id()),
        Engine::Postgres => format!("pid {} (dbtool", work.session().expect("a session holds the lock")),
        Engine::Mariadb => format!("connection {} (dbtool", work.session().expect("a session holds the lock")),
    }
}

#[test]
fn a_second_run_waits_for_the_first_and_then_has_nothing_to_do() {
    for engine in Engine::available() {
        let schemas = Schemas::of(engine, PLAN);
        let work = Work::new(Project::new(engine), PLAN);
        for way in Way::BOTH {
            let first = work.start(way);
            wait_until("the backfill is under way", || work.batches().is_some_and(|done| done > 0));
            let holder = holder(&work, &first);
            let second = work.start(way).wait();
            assert!(second.status == 0, "{engine}, {way:?}: {}", second.report());
            let says = |words: &str| assert!(second.stderr.contains(words), "{engine}, {way:?}: {words} is missing: {}", second.report());
            says(&format!("Waiting for the lock, held by {holder}"));
            says(if way == Way::Up { "Already at head" } else { "Nothing to do" });
            let first = first.wait();
            assert!(first.status == 0, "{engine}, {way:?}: {}", first.report());
            work.check(way, &schemas, "two runs");
        }
    }
}

#[test]
fn a_run_that_is_stopped_for_a_while_keeps_its_lock_and_goes_on() {
    for engine in Engine::available() {
        let schemas = Schemas::of(engine, PLAN);
        let work = Work::new(Project::new(engine), PLAN);
        let way = Way::Up;
        let first = work.start(way);
        // Behind a batch comes a pause, in which a SQLite file is not locked.
        wait_until("the backfill is under way", || work.batches().is_some_and(|done| done > 0));
        first.signal("STOP");
        let holder = holder(&work, &first);
        let second = Running::start(work.command(way).args(["--lock-timeout", "2"])).wait();
        first.signal("CONT");
        assert!(second.status == 2, "{engine}, {way:?}: the second run gives up: {}", second.report());
        assert!(second.stderr.contains(&holder), "{engine}, {way:?}: {holder} is not named: {}", second.report());
        let first = first.wait();
        assert!(first.status == 0, "{engine}, {way:?}: {}", first.report());
        work.check(way, &schemas, "stopped for two seconds");
    }
}

/// A transaction that has changed more than SQLite's page cache holds keeps everybody from reading the file until it ends:
/// <https://www.sqlite.org/lockingv3.html#writing>. A run that comes meanwhile has to wait all the same.
#[test]
fn a_second_run_waits_also_where_the_first_lets_nobody_read_the_file() {
    let work = Work::new(Project::new(Engine::Sqlite), PLAN);
    let file = "migrations/20990101000001_once.up.sql";
    let busy = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT count(*) FROM c;";
    work.project.write(
        file,
        &format!(
            "-- dbtool: revision 20990101000001\n-- Once\n\nBEGIN;\nCREATE TABLE large AS SELECT a.n, hex(zeroblob(1000)) AS filler FROM t AS a, tally, \
             (VALUES (1), (2), (3)) AS more;\n{busy}\nUPDATE tally SET begun = begun + 1;\nCOMMIT;\n"
        ),
    );
    let mut first = work.start(Way::Up);
    // The client gives up at once where it may not read. The end of any transaction keeps it out for a moment, which is not meant.
    let is_closed = || work.project.database().run("SELECT * FROM tally;").status != 0;
    wait_until("nobody may read the file", || {
        assert!(!first.is_over(), "the file could be read to the end");
        let is_stopped = is_closed() && {
            first.signal("STOP");
            true
        };
        let stays_closed = is_stopped && is_closed();
        if is_stopped && !stays_closed {
            first.signal("CONT");
        }
        stays_closed
    });
    let stopped = Instant::now();
    let hurried = Running::start(work.command(Way::Up).args(["--lock-timeout", "2"]));
    let patient = work.start(Way::Up);
    let hurried = hurried.wait();
    // Longer than a statement waits for a locked file.
    thread::sleep(Duration::from_secs(6).saturating_sub(stopped.elapsed()));
    first.signal("CONT");
    let (first, patient) = (first.wait(), patient.wait());
    assert!(first.status == 0, "{}", first.report());
    assert_eq!(work.project.query("SELECT begun FROM tally;"), "1\n");
    assert!(patient.status == 0 && patient.stderr.contains("Already at head"), "the run that had time waits: {}", patient.report());
    let holder = "the database is locked by another run: pid ";
    assert!(hurried.status == 2 && hurried.stderr.contains(holder), "the one that had none names the holder: {}", hurried.report());
}

#[test]
fn nothing_of_a_lock_stays_beside_a_sqlite_file() {
    let work = Work::new(Project::new(Engine::Sqlite), PLAN);
    work.project.ok(&["upgrade"]);
    let beside = fs::read_dir(work.project.folder()).expect("the folder can be read").map(|entry| entry.expect("an entry").file_name());
    let stray: Vec<_> = beside.filter(|name| name.to_string_lossy().starts_with("test.db") && name != "test.db").collect();
    assert!(stray.is_empty(), "{stray:?}");
}

//! A backfill by dbtool against the one UPDATE that a person would write, in the same run on the same machine: how long each takes, and
//! what an application that writes meanwhile feels of it.
//!
//! `scripts/bench backfill [ROWS]` starts a PostgreSQL server for it; `DBTOOL_BENCH_POSTGRES` names one, on which it may make a database.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// How long writers write before and behind what is measured.
const MARGIN: Duration = Duration::from_millis(500);
const IDLE: Duration = Duration::from_secs(5);
const WRITERS: u64 = 2;
/// How often it is measured without writers; the median counts.
const TURNS: usize = 3;

fn main() {
    let rows: u64 = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(2_000_000);
    println!("{rows} rows, {WRITERS} writers; times in seconds, latencies of a writer's statement in milliseconds\n");
    println!("{:<10} {:<24} {:>8} {:>7} {:>9} {:>9} {:>9} {:>9}", "engine", "", "time", "ratio", "writes", "p50", "p99", "longest");
    let folder = tempfile::tempdir().expect("a folder");
    measure(&Sqlite { file: folder.path().join("bench.db") }, rows);
    match std::env::var("DBTOOL_BENCH_POSTGRES") {
        Ok(server) => measure(&Postgres::create(server), rows),
        Err(_) => println!("PostgreSQL: not measured, DBTOOL_BENCH_POSTGRES is not set"),
    }
}

/// A database and how to talk to it.
trait Engine: Sync {
    fn name(&self) -> &'static str;
    fn url(&self) -> String;
    /// Makes the table anew with so many rows.
    fn fill(&self, rows: u64);
    /// The value of the column to fill.
    fn expression(&self) -> &'static str;
    fn run(&self, sql: &str);
    /// Writes until `done` and gives the latency of each statement.
    fn write(&self, writer: u64, rows: u64, done: &AtomicBool) -> Vec<Duration>;
}

fn measure(engine: &dyn Engine, rows: u64) {
    engine.fill(rows);
    let idle = with_writers(engine, rows, || thread::sleep(IDLE));
    report(engine, "idle", idle.0, None, &idle.1);
    let update = format!("UPDATE t SET domain = {} WHERE domain IS NULL", engine.expression());
    let single = |writers: bool| {
        engine.fill(rows);
        timed(engine, rows, writers, || engine.run(&update))
    };
    let project = Project::new(engine);
    let batched = |writers: bool| {
        engine.fill(rows);
        project.forget();
        timed(engine, rows, writers, || project.upgrade())
    };
    // In turns, so that what else the machine does meets both.
    let turns: Vec<(Duration, Duration)> = (0..TURNS).map(|_| (single(false).0, batched(false).0)).collect();
    let alone = median(turns.iter().map(|turn| turn.0));
    report(engine, "one UPDATE", alone, Some(1.0), &[]);
    let time = median(turns.iter().map(|turn| turn.1));
    report(engine, "dbtool", time, Some(time.as_secs_f64() / alone.as_secs_f64()), &[]);
    let (busy, latencies) = single(true);
    report(engine, "one UPDATE, writers", busy, Some(1.0), &latencies);
    let (time, latencies) = batched(true);
    report(engine, "dbtool, writers", time, Some(time.as_secs_f64() / busy.as_secs_f64()), &latencies);
    println!();
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn timed(engine: &dyn Engine, rows: u64, writers: bool, work: impl Fn() + Sync) -> (Duration, Vec<Duration>) {
    if writers {
        return with_writers(engine, rows, work);
    }
    let started = Instant::now();
    work();
    (started.elapsed(), Vec::new())
}

/// The time of `work`, and the latencies of those who write meanwhile.
fn with_writers(engine: &dyn Engine, rows: u64, work: impl Fn() + Sync) -> (Duration, Vec<Duration>) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn({
                    let done = &done;
                    move || engine.write(writer, rows, done)
                })
            })
            .collect();
        thread::sleep(MARGIN);
        let started = Instant::now();
        work();
        let time = started.elapsed();
        thread::sleep(MARGIN);
        done.store(true, Ordering::Relaxed);
        (time, writers.into_iter().flat_map(|writer| writer.join().expect("a writer ends")).collect())
    })
}

fn report(engine: &dyn Engine, what: &str, time: Duration, ratio: Option<f64>, latencies: &[Duration]) {
    let mut sorted = latencies.to_vec();
    sorted.sort_unstable();
    let at = |share: f64| sorted.get((sorted.len() as f64 * share) as usize).or(sorted.last());
    let shown = |latency: Option<&Duration>| latency.map_or_else(String::new, |latency| format!("{:.1}", latency.as_secs_f64() * 1000.0));
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let count = if sorted.is_empty() { String::new() } else { sorted.len().to_string() };
    let (p50, p99, longest) = (shown(at(0.5)), shown(at(0.99)), shown(sorted.last()));
    println!("{:<10} {what:<24} {:>8.2} {ratio:>7} {count:>9} {p50:>9} {p99:>9} {longest:>9}", engine.name(), time.as_secs_f64());
}

/// A folder with one revision: the backfill.
struct Project<'e> {
    engine: &'e dyn Engine,
    folder: tempfile::TempDir,
}

impl<'e> Project<'e> {
    fn new(engine: &'e dyn Engine) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("migrations")).expect("a folder");
        let text = format!(
            "-- dbtool: revision 20260101000000\n-- backfill\n-- dbtool: backfill table=t\nUPDATE t SET domain = {} WHERE domain IS NULL /* dbtool:range t */;\n",
            engine.expression()
        );
        std::fs::write(folder.path().join("migrations/20260101000000_backfill.up.sql"), text).expect("written");
        Self { engine, folder }
    }

    fn forget(&self) {
        self.dbtool(&["stamp", "base", "--purge"]);
    }

    fn upgrade(&self) {
        self.dbtool(&["upgrade"]);
    }

    fn dbtool(&self, words: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dbtool"));
        command.current_dir(&self.folder).args(words).env("DATABASE_URL", self.engine.url()).stdout(Stdio::null()).stderr(Stdio::piped());
        let output = command.output().expect("dbtool runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// A row that nobody else is likely to write just now.
fn some_row(writer: u64, n: u64, rows: u64) -> u64 {
    1 + (n.wrapping_mul(7919).wrapping_add(writer * 104_729)) % rows
}

struct Sqlite {
    file: PathBuf,
}

impl Sqlite {
    async fn open(file: &Path) -> sqlx::sqlite::SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true).busy_timeout(Duration::from_secs(60));
        options.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal).connect().await.expect("it opens")
    }
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn url(&self) -> String {
        format!("sqlite:///{}", self.file.display())
    }

    fn expression(&self) -> &'static str {
        "substr(email, instr(email, '@') + 1)"
    }

    fn fill(&self, rows: u64) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.file.display()));
        }
        self.run(&format!(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL, visits INTEGER NOT NULL DEFAULT 0, domain TEXT); \
             WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows}) \
             INSERT INTO t (id, email) SELECT i, 'user' || i || '@host' || i % 1000 || '.example' FROM s; PRAGMA wal_checkpoint(TRUNCATE)"
        ));
    }

    fn run(&self, sql: &str) {
        block(async {
            let mut conn = Self::open(&self.file).await;
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.expect(sql);
            conn.close().await.expect("it closes");
        });
    }

    fn write(&self, writer: u64, rows: u64, done: &AtomicBool) -> Vec<Duration> {
        block(async {
            let mut conn = Self::open(&self.file).await;
            let mut latencies = Vec::new();
            while !done.load(Ordering::Relaxed) {
                let id = some_row(writer, latencies.len() as u64, rows);
                let started = Instant::now();
                let sql = format!("UPDATE t SET visits = visits + 1 WHERE id = {id}");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.expect("written");
                latencies.push(started.elapsed());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            latencies
        })
    }
}

struct Postgres {
    url: String,
}

impl Postgres {
    fn create(server: String) -> Self {
        let made = Self { url: server.clone() };
        made.run("DROP DATABASE IF EXISTS dbtool_bench WITH (FORCE)");
        made.run("CREATE DATABASE dbtool_bench");
        let (base, _) = server.rsplit_once('/').expect("a URL has a slash");
        Self { url: format!("{base}/dbtool_bench") }
    }

    async fn open(url: &str) -> sqlx::postgres::PgConnection {
        sqlx::postgres::PgConnection::connect(url).await.expect("it opens")
    }
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn url(&self) -> String {
        self.url.clone()
    }

    fn expression(&self) -> &'static str {
        "split_part(email, '@', 2)"
    }

    fn fill(&self, rows: u64) {
        self.run(&format!(
            "DROP TABLE IF EXISTS t; CREATE TABLE t (id bigint PRIMARY KEY, email text NOT NULL, visits integer NOT NULL DEFAULT 0, domain text); \
             INSERT INTO t (id, email) SELECT i, 'user' || i || '@host' || i % 1000 || '.example' FROM generate_series(1, {rows}) AS i"
        ));
        self.run("VACUUM ANALYZE t");
        self.run("CHECKPOINT");
    }

    fn run(&self, sql: &str) {
        block(async {
            let mut conn = Self::open(&self.url).await;
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.expect(sql);
            conn.close().await.expect("it closes");
        });
    }

    fn write(&self, writer: u64, rows: u64, done: &AtomicBool) -> Vec<Duration> {
        block(async {
            let mut conn = Self::open(&self.url).await;
            let mut latencies = Vec::new();
            while !done.load(Ordering::Relaxed) {
                let n = latencies.len() as u64;
                let id = some_row(writer, n, rows);
                let sql = if n.is_multiple_of(4) {
                    format!("INSERT INTO t (id, email) VALUES ({}, 'new@late.example')", rows + 1 + writer * 1_000_000_000 + n)
                } else {
                    format!("UPDATE t SET visits = visits + 1 WHERE id = {id}")
                };
                let started = Instant::now();
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.expect("written");
                latencies.push(started.elapsed());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            latencies
        })
    }
}

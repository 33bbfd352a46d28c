//! `dbtool inspect` against `pg_dump -s` on the same database, in the same run on the same machine: how long each takes, and how much memory
//! dbtool needs at most.
//!
//! `scripts/bench inspect [TABLES ...]` starts a PostgreSQL server for it; `DBTOOL_BENCH_POSTGRES` names one, on which it may make databases.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// How often each is measured; the median counts.
const TURNS: usize = 5;

fn main() {
    let Ok(server) = std::env::var("DBTOOL_BENCH_POSTGRES") else {
        println!("not measured: DBTOOL_BENCH_POSTGRES is not set");
        return;
    };
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if given.is_empty() { vec![1_000, 5_000] } else { given };
    println!("tables of 10 columns with a key, a foreign key, a check, a unique constraint and two indexes; medians of {TURNS}\n");
    println!("{:>7} {:>12} {:>12} {:>7} {:>14}", "tables", "pg_dump -s", "inspect", "ratio", "inspect's peak");
    for tables in sizes {
        let url = fill(&server, tables);
        let (mut theirs, mut ours, mut peak) = (Vec::new(), Vec::new(), 0);
        for _ in 0..TURNS {
            theirs.push(run(Command::new("pg_dump").arg("-s").arg(&url)).0);
            let (time, memory) = run(Command::new(env!("CARGO_BIN_EXE_dbtool")).args(["--database-url", &url, "inspect"]));
            ours.push(time);
            peak = peak.max(memory);
        }
        let (theirs, ours) = (median(theirs), median(ours));
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("{tables:>7} {:>10.2} s {:>10.2} s {ratio:>7.2} {:>11.1} MB", theirs.as_secs_f64(), ours.as_secs_f64(), peak as f64 / 1000.0);
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A database of its own with so many tables; gives its URL.
fn fill(server: &str, tables: usize) -> String {
    let name = format!("bench_inspect_{tables}");
    execute(server, &format!("DROP DATABASE IF EXISTS {name}"));
    execute(server, &format!("CREATE DATABASE {name}"));
    let url = format!("{}/{name}", server.rsplit_once('/').map_or(server, |(head, _)| head));
    // In pieces, because every table is a lock until the commit.
    for start in (1..=tables).step_by(100) {
        let script: String = (start..=tables.min(start + 99)).map(table).collect();
        execute(&url, &script);
    }
    execute(&url, "VACUUM ANALYZE");
    url
}

fn table(number: usize) -> String {
    let parent = number.saturating_sub(1).max(1);
    format!(
        "CREATE TABLE t{number} (id bigserial PRIMARY KEY, parent_id bigint REFERENCES t{parent} (id), a text, b integer NOT NULL DEFAULT 0, \
         c varchar(40) NOT NULL UNIQUE, d timestamptz DEFAULT now(), e boolean, f numeric(10,2) CHECK (f >= 0), g jsonb, h uuid);\n\
         CREATE INDEX ON t{number} (parent_id);\nCREATE INDEX ON t{number} (lower(a));\n"
    )
}

fn execute(url: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a URL");
        let mut conn = options.disable_statement_logging().connect().await.expect("a connection");
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.expect(sql);
        conn.close().await.expect("a goodbye");
    });
}

/// How long a command takes, and the most memory it had at a time, in kB; its output goes nowhere.
fn run(command: &mut Command) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0));
        match child.try_wait().expect("the command can be waited for") {
            Some(exit) => {
                assert!(exit.success(), "{command:?} fails");
                return (started.elapsed(), peak);
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

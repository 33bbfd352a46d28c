//! `dbtool check` on many small revisions beside the sqlite3 program that runs the same files: `scripts/bench check [REVISIONS]`.
//!
//! `check` does more than run them up: it runs every down script too and looks after each whether the schema is what it was, judges every
//! statement, and compares what comes out with schema.toml.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often everything is measured; the fastest counts.
const ROUNDS: usize = 3;

fn main() {
    let revisions = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000);
    let folder = tempfile::tempdir().expect("a folder");
    write_project(folder.path(), revisions);
    let fastest = |work: &dyn Fn()| (0..ROUNDS).map(|_| timed(work)).min().unwrap_or_default();
    let check = fastest(&|| {
        let status = Command::new(env!("CARGO_BIN_EXE_dbtool")).arg("check").current_dir(folder.path()).stdout(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "check finds something");
    });
    let files = scripts(folder.path());
    let each = fastest(&|| files.iter().for_each(|file| sqlite3(folder.path(), &fs::read_to_string(file).expect("a file"))));
    let at_once = fastest(&|| sqlite3(folder.path(), &files.iter().map(|file| format!(".read {file}\n")).collect::<String>()));
    println!("{revisions} revisions, each a statement up and one down");
    println!("dbtool check                          {:>8.2} s", check.as_secs_f64());
    for (name, time) in [("sqlite3, once for each file", each), ("sqlite3, once for all of them (.read)", at_once)] {
        println!("{name:<37} {:>8.2} s   check takes {:.1} times as long", time.as_secs_f64(), check.as_secs_f64() / time.as_secs_f64());
    }
}

fn timed(work: &dyn Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Feeds the script to sqlite3 on a database file, which is made anew for the first script of a run.
fn sqlite3(folder: &Path, script: &str) {
    let database = folder.join("by_hand.db");
    if script.contains(".read") || script.contains("CREATE TABLE t1 ") {
        let _ = fs::remove_file(&database);
    }
    let input = folder.join("input.sql");
    fs::write(&input, script).expect("a file");
    let status = Command::new("sqlite3").arg("-bail").arg(&database).current_dir(folder).stdin(fs::File::open(&input).expect("a file")).status();
    assert!(status.is_ok_and(|status| status.success()), "sqlite3 runs the files");
}

fn scripts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("migrations")).expect("the folder");
    let mut files: Vec<String> =
        entries.map(|entry| entry.expect("an entry").path().display().to_string()).filter(|path| path.ends_with(".up.sql")).collect();
    files.sort();
    files
}

/// A table, two columns and an index, again and again.
fn write_project(folder: &Path, revisions: usize) {
    let migrations = folder.join("migrations");
    fs::create_dir_all(&migrations).expect("a folder");
    let mut schema = String::new();
    for number in 0..revisions {
        let table = format!("t{}", number / 4 + 1);
        let (up, down, declared) = match number % 4 {
            0 => (
                format!("CREATE TABLE {table} (\n  id integer PRIMARY KEY,\n  name text NOT NULL\n);"),
                format!("DROP TABLE {table};"),
                format!(
                    "[tables.{table}.columns]\nid = {{ type = \"integer\", primary_key = true, identity = true }}\nname = {{ type = \"text\", nullable = false }}\n"
                ),
            ),
            1 => (
                format!("ALTER TABLE {table} ADD COLUMN a integer;"),
                format!("ALTER TABLE {table} DROP COLUMN a;"),
                "a = { type = \"integer\" }\n".to_owned(),
            ),
            2 => (
                format!("ALTER TABLE {table} ADD COLUMN b text;"),
                format!("ALTER TABLE {table} DROP COLUMN b;"),
                "b = { type = \"text\" }\n".to_owned(),
            ),
            _ => (
                format!("CREATE INDEX {table}_a ON {table} (a);"),
                format!("DROP INDEX {table}_a;"),
                format!("[tables.{table}.indexes.{table}_a]\ncolumns = [\"a\"]\n"),
            ),
        };
        schema.push_str(&declared);
        let id = |number: usize| format!("{:014}", 20_260_101_000_000_u64 + number as u64);
        let mut header = format!("-- dbtool: revision {}", id(number));
        if number > 0 {
            write!(header, " parent {}", id(number - 1)).expect("text grows");
        }
        for (direction, sql) in [("up", up), ("down", down)] {
            fs::write(migrations.join(format!("{}_r.{direction}.sql", id(number))), format!("{header}\n-- r\n\n{sql}\n")).expect("a file");
        }
    }
    fs::write(folder.join("schema.toml"), schema).expect("a file");
    fs::write(folder.join("dbtool.toml"), "database_url = \"sqlite:///dev.db\"\n").expect("a file");
}

//! SQLite databases on a disk that runs full: the run says so, the database stays whole, and with more space the next run ends the work.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use tempfile::TempDir;

use super::work::{Plan, Schemas, Shape, Way, Work};
use crate::support::{Database, Engine, Project};

/// A small disk of its own, gone with the value.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// `None` where this user may not mount one, which is said loudly and is an error in CI.
    fn new(kibibytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("size={kibibytes}k"), "tmpfs"], folder.path());
        let Err(why) = mounted else { return Some(Disk { folder }) };
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no disk can be mounted here, so nothing tests a full one: {why}");
        static NOTICE: Once = Once::new();
        let notice = format!("\nWARNING: NO TEST FILLS A DISK: only root on Linux can mount one ({why}).\n");
        NOTICE.call_once(|| drop(std::io::stderr().write_all(notice.as_bytes())));
        None
    }

    fn grow(&self, kibibytes: u64) {
        mount(&["-o", &format!("remount,size={kibibytes}k")], self.folder.path()).expect("what is mounted can be made larger");
    }

    /// A project whose database lies here.
    fn project(&self) -> Project {
        let file = self.folder.path().join("test.db");
        fs::write(&file, "").expect("the disk can be written");
        Project::on(Database::Sqlite { file })
    }

    /// Takes all space but so much.
    fn leave(&self, kibibytes: u64) {
        let ballast = self.folder.path().join("ballast");
        let _ = fs::remove_file(&ballast);
        let mut file = fs::File::create(&ballast).expect("the disk can be written");
        while file.write_all(&[0; 4096]).is_ok() {}
        let size = file.metadata().expect("the file is there").len();
        // A block that was written in part counts as a whole one.
        file.set_len((size / 4096 * 4096).saturating_sub(kibibytes * 1024)).expect("a file can be made shorter");
    }

    fn make_room(&self) {
        fs::remove_file(self.folder.path().join("ballast")).expect("the ballast is there");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A test that fails must not fail twice.
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> Result<(), String> {
    let output = Command::new("mount").args(arguments).arg(folder).output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}

/// Runs and expects to hear of the full disk. The database is whole.
#[track_caller]
fn runs_full(project: &Project, arguments: &[&str]) {
    let output = project.expect_status(2, arguments);
    assert!(output.stderr.contains("full") || output.stderr.contains("No space left"), "the disk is to blame: {}", output.report());
    assert!(!output.stderr.contains("panicked"), "{}", output.report());
    assert_eq!(project.query("PRAGMA integrity_check;"), "ok\n");
}

#[test]
fn a_backfill_that_fills_the_disk_stops_behind_a_batch_and_goes_on_when_there_is_space() {
    let Some(disk) = Disk::new(1_500) else { return };
    let project = disk.project();
    project.sql(
        "CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL, filler text); \
         INSERT INTO t (id, n) WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000) SELECT x, x FROM c;",
    );
    project.write(
        "migrations/20990101000001_fill.up.sql",
        "-- dbtool: revision 20990101000001\n-- Fill\n\n-- dbtool: backfill table=t\n\
         UPDATE t SET n = n + 1, filler = hex(zeroblob(500)) WHERE 1 = 1 /* dbtool:range t */;\n",
    );
    // How far it is, how far the cursor says, and whether the rows are those up to it.
    let state = "SELECT count(*), (SELECT rows_changed FROM dbtool_backfills), max(id) FROM t WHERE n = id + 1;";
    let mut before = String::new();
    for _ in 0..2 {
        runs_full(&project, &["upgrade", "--batch", "100"]);
        let found = project.query(state);
        let numbers: Vec<u64> = found.trim().split('|').map(|number| number.parse().expect("a number")).collect();
        assert!(numbers[0] >= 100 && numbers[0] < 2_000, "some batches are done and others not: {found}");
        assert!(numbers.iter().all(|number| *number == numbers[0]), "the cursor and the rows agree: {found}");
        assert_eq!(project.query("SELECT count(*) FROM t WHERE n NOT IN (id, id + 1);"), "0\n");
        assert!(before.is_empty() || before == found, "a second run gets no further: {before}, then {found}");
        before = found;
    }
    disk.grow(16_000);
    project.ok(&["upgrade", "--batch", "100"]);
    assert_eq!(project.query("SELECT count(*), min(n - id), max(n - id), min(length(filler)) FROM t;"), "2000|1|1|1000\n");
    assert_eq!(project.query("SELECT count(*) FROM dbtool_steps; SELECT count(*) FROM dbtool_backfills; PRAGMA integrity_check;"), "0\n0\nok\n");
}

#[test]
fn a_rebuild_for_which_there_is_no_room_is_not_begun() {
    let schema = "[tables.t.columns]\nid = { type = \"integer\", primary_key = true }\nfiller = { type = \"text\", nullable = true }\n";
    let Some(disk) = Disk::new(1_500) else { return };
    let project = disk.project();
    project.ok(&["init"]);
    project.write("schema.toml", schema);
    project.ok(&["migrate", "-m", "one"]);
    project.ok(&["upgrade"]);
    project.sql("INSERT INTO t WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 900) SELECT x, hex(zeroblob(500)) FROM c;");
    project.write("schema.toml", &schema.replace("nullable = true", "nullable = false, check = \"length(filler) > 9\", backfill = \"long enough\""));
    project.ok(&["migrate", "-m", "two"]);
    let (dump, rows) = (project.dump(), project.rows("t"));
    for _ in 0..2 {
        let output = project.expect_status(2, &["upgrade"]);
        assert!(output.stderr.contains("the disk has ") && output.stderr.contains("make room"), "it is seen before: {}", output.report());
        assert_eq!((project.dump(), project.rows("t")), (dump.clone(), rows.clone()), "nothing is changed");
    }
    disk.grow(16_000);
    project.ok(&["upgrade"]);
    assert_eq!(project.rows("t"), rows);
    assert_ne!(project.dump(), dump);
    assert_eq!(project.query("PRAGMA integrity_check;"), "ok\n");
}

#[test]
fn a_disk_may_run_full_at_any_place() {
    for shape in [Shape::Between, Shape::Edges] {
        let plan = Plan { shape, rows: 3_000, batch: 500, pause: "0%", slow: None };
        let Some(disk) = Disk::new(2_000) else { return };
        let schemas = Schemas::of(Engine::Sqlite, plan);
        let work = Work::new(disk.project(), plan);
        let mut full = 0;
        for space in [0, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 256] {
            for way in Way::BOTH {
                disk.leave(space);
                let output = work.start(way).wait();
                let what = format!("{way:?} with {space} KiB of space");
                assert!(output.status == 0 || output.status == 2, "{what}: {}", output.report());
                assert_eq!(work.project.query("PRAGMA integrity_check;"), "ok\n", "{what}");
                if output.status == 2 {
                    full += 1;
                    assert!(output.stderr.contains("full") || output.stderr.contains("No space left"), "{what}: {}", output.report());
                }
                disk.make_room();
                work.finish(way, &schemas, &what);
            }
        }
        assert!(full > 10, "{full} runs met a full disk");
        disk.leave(512);
        work.start(Way::Up).wait();
        work.check(Way::Up, &schemas, "with half a megabyte of space");
    }
}
